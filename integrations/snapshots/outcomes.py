"""What a snapshot may answer, and what every snapshot looks at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ascora.chart.models import LedgerAccount
from ascora.chart.selectors import INCOME_KINDS
from ascora.outbox.models import Hold
from ascora.outbox.selectors import entry_for
from ascora.tenancy.models import OwnedModel
from integrations.contracts import Draft
from integrations.errors import NeedsMapping
from integrations.links import link_of
from integrations.models import AccountingSettings, Connection, RemoteLink
from integrations.posting import Code, Defaults, SpendingDefaults

WHERE = "Administration > Accounts Integration"


@dataclass(frozen=True, slots=True)
class Send:
    """Create it there, or bring it up to date."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class Void:
    """Void it there."""


@dataclass(frozen=True, slots=True)
class Remove:
    """Delete it there: what the books cannot void, or what goes on as another document.

    Afterwards the link is gone; a document that still has something to send is sent anew.
    """


@dataclass(frozen=True, slots=True)
class Requires:
    """These documents must be in the books first."""

    documents: tuple[OwnedModel, ...]


@dataclass(frozen=True, slots=True)
class Stays:
    """Nothing is to be sent, and why."""

    message: str
    why: Hold = Hold.NONE


Snapshot = Send | Void | Remove | Requires | Stays


@dataclass(frozen=True, slots=True)
class Books:
    """The connection and its accounting settings."""

    connection: Connection
    settings: AccountingSettings

    @property
    def cut_off_on(self) -> date:
        """Documents dated before this day are not sent by accident."""
        return self.settings.cut_off_on

    @property
    def defaults(self) -> Defaults:
        """The account codes K and L, and the one for cash rounding."""
        return Defaults(
            labour=income_code_of(self.settings.labour_account),
            materials=income_code_of(self.settings.materials_account),
            rounding=income_code_of(self.settings.rounding_account),
        )

    @property
    def spending_defaults(self) -> SpendingDefaults:
        """The account codes I and J."""
        return SpendingDefaults(
            supplier_invoice=code_of(self.settings.supplier_invoice_account),
            expense=code_of(self.settings.expense_account),
        )

    def tax_code_id(self, *, is_taxed: bool) -> str:
        """The tax code of a line that is sold, or NeedsMapping."""
        code = self.settings.sales_tax_code if is_taxed else self.settings.sales_free_code
        if code is None:
            name = "Sales Tax Code (A)" if is_taxed else "Sales Tax Free Code (B)"
            raise NeedsMapping(f"Choose the {name} in {WHERE}.")
        return code.remote_id

    def rounding_tax_code_id(self) -> str:
        """The out-of-scope tax code of cash rounding, or NeedsMapping."""
        code = self.settings.rounding_tax_code
        if code is None:
            raise NeedsMapping(f"Choose the Tax Code for Cash Rounding in {WHERE}.")
        return code.remote_id

    def purchase_tax_code_id(self, *, is_taxed: bool) -> str:
        """The tax code of a line that is bought, or NeedsMapping."""
        code = self.settings.purchase_tax_code if is_taxed else self.settings.purchase_free_code
        if code is None:
            name = "Purchases Tax Code (C)" if is_taxed else "Purchases Tax Free Code (D)"
            raise NeedsMapping(f"Choose the {name} in {WHERE}.")
        return code.remote_id


def books_of(connection: Connection) -> Books:
    """The connection with the accounting settings as they are now."""
    rows = AccountingSettings.objects.owned_by(connection.organization).select_related(
        "sales_tax_code", "sales_free_code", "rounding_tax_code", "lead_source_field",
        "payments_account", "card_account", "labour_account", "materials_account",
        "rounding_account",
    )  # fmt: skip
    return Books(connection=connection, settings=rows.get(connection=connection))


def code_of(account: LedgerAccount | None, *, kinds: Sequence[str] = ()) -> Code | None:
    """An account as `posting` knows it. `kinds` are those that may be used; all when left out."""
    if account is None:
        return None
    trouble = trouble_of(account, kinds)
    return Code(id=account.remote_id, code=account.code, name=account.name, trouble=trouble)


def income_code_of(account: LedgerAccount | None) -> Code | None:
    """The same for an account of something that is sold."""
    return code_of(account, kinds=INCOME_KINDS)


def trouble_of(account: LedgerAccount, kinds: Sequence[str] = ()) -> str:
    """Why nothing new may go to this account; empty when it may."""
    if not account.is_active:
        return "is no longer active in the books"
    if kinds and account.kind not in kinds:
        return f"has become another kind of account there ({account.get_kind_display()})"
    return ""


def question_about_lead_source(settings: AccountingSettings) -> str:
    """What a person must say about the custom field chosen at E; empty when it is as it was."""
    field, name = settings.lead_source_field, settings.lead_source_name
    if field is None:
        return ""
    if not field.is_active:
        return (
            f"The custom field {name or field.name} is gone from the books: where shall the lead"
            " source (E) go, or nowhere?"
        )
    if name and field.name != name:
        return (
            f"The custom field {name} is called {field.name} in the books now: shall the lead"
            " source (E) still go there?"
        )
    return ""


def clean(text: str, *, limit: int) -> str:
    """One line without what the books refuse in names: colons, tabs, line breaks."""
    return " ".join(text.replace(":", " - ").split())[:limit].strip()


def is_in_books(link: RemoteLink | None) -> bool:
    """It stands there and is worth something."""
    return link is not None and link.voided_at is None


def is_to_be_taken_back(books: Books, document: OwnedModel) -> bool:
    """It stands in the books still, and its newest state here has not reached them."""
    entry = entry_for(document)
    is_unsettled = entry is not None and entry.settled_version < entry.version
    return is_unsettled and is_in_books(link_of(books.connection, document))
