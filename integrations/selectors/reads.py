"""The month's reads in words for the people of a business."""

from dataclasses import dataclass

from ascora.tenancy.models import Organization
from integrations.metering import Month, Standing, month_of, reads_of
from integrations.models import Connection
from integrations.registry import provider_for


@dataclass(frozen=True, slots=True)
class Reads:
    """How often this business's books were read in this month, and what people should know of the
    allowance that all businesses share. `tone`: info or warning; no words, no matter.
    """

    own: int
    tone: str = "info"
    title: str = ""
    words: str = ""

    @property
    def own_told(self) -> str:
        """How often these books were read."""
        return f"books read {self.own:,} time{'' if self.own == 1 else 's'} this month"


def reads_for(organization: Organization, connection: Connection) -> Reads:
    """What the sync centre says."""
    own, month = reads_of(organization), month_of(connection.provider)
    title, words = told(month, provider_for(connection.provider).label)
    return Reads(own, "info" if month.standing < Standing.SCARCE else "warning", title, words)


def told(month: Month, package: str) -> tuple[str, str]:
    """A title and a sentence; nothing while there is enough."""
    again = f"{month.next_begins.day} {month.next_begins:%B}"
    if month.standing == Standing.ENDED:
        return (
            f"{package} lets Ascora read nothing until {again}, or until the plan is enlarged",
            "What you issue and record here is still sent. Payments and changes made there come in"
            " when reading is possible again: do not enter them twice.",
        )
    if month.standing == Standing.SCARCE:
        return (
            f"{month.percent} % of this month's readings of {package} are used",
            f"What you issue is sent as always, and changes that {package} announces still come"
            f" in. Other changes are looked for less often until {again}; press Check"
            f" {package} now if one is missing.",
        )
    if month.standing == Standing.HIGH:
        return (
            f"{month.percent} % of this month's readings of {package} are used",
            f"All businesses on this site share them until {again}. Nothing changes for you yet.",
        )
    return "", ""
