"""How documents are numbered."""

from dataclasses import dataclass

from django.http import Http404

from ascora.tenancy.models import NumberSequence, Organization
from ascora.tenancy.numbering import FIRST_NUMBERS

LABELS = {"invoice": "Invoice", "job": "Job", "credit_note": "Credit note"}


@dataclass(frozen=True, slots=True)
class Numbering:
    """The numbers of a kind of document."""

    kind: str
    label: str
    sequence: NumberSequence


def numbering_for(organization: Organization, kind: str) -> Numbering:
    """As it stands, or as it begins; Http404 for what has no numbers."""
    if kind not in LABELS:
        raise Http404
    prefix, first = FIRST_NUMBERS[kind]
    found = NumberSequence.objects.owned_by(organization).filter(kind=kind).first()
    usual = NumberSequence(organization=organization, kind=kind, prefix=prefix, next_number=first)
    return Numbering(kind, LABELS[kind], found or usual)


def numberings_of(organization: Organization) -> list[Numbering]:
    """All kinds."""
    return [numbering_for(organization, kind) for kind in LABELS]
