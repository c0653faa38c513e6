"""How an entity is declared: a table of fields in the order in which answers write them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from simulators.quickbooks.serialise import cents

if TYPE_CHECKING:
    from simulators.quickbooks.books import Books

Document = dict[str, Any]

COMMON = ("domain", "sparse", "Id", "SyncToken", "MetaData")
LINE_KEYS = frozenset(
    (
        "Id",
        "LineNum",
        "Description",
        "Amount",
        "LinkedTxn",
        "DetailType",
        "CustomExtensions",
        "Line",
        "LineEx",
        "ReceivedAmt",
        "CustomField",
        "Received",
        "TaxLineDetail",
        "SalesItemLineDetail",
        "SubTotalLineDetail",
        "DescriptionLineDetail",
        "DescriptionOnly",
        "DiscountLineDetail",
        "GroupLineDetail",
        "DepositLineDetail",
        "JournalEntryLineDetail",
        "AccountBasedExpenseLineDetail",
        "ItemBasedExpenseLineDetail",
    )
)


@dataclass(frozen=True)
class Field:
    """One property of an entity.

    `kind` is one of text, money, number, boolean, date, ref, address, phone, email, web, memo,
    enum, lines, raw (kept as it comes) and ignored (accepted, never kept).
    """

    name: str
    kind: str = "text"
    maximum: int = 0
    target: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    read_only: bool = False
    filterable: bool = True
    named: bool = True
    sticky: bool = False


def computed(name: str, kind: str = "money", *, filterable: bool = True) -> Field:
    """A property that only the server sets."""
    return Field(name, kind, read_only=True, filterable=filterable)


def reference(name: str, target: str, *, required: bool = False, named: bool = True) -> Field:
    """A property that points at another object."""
    return Field(
        name,
        "ref",
        target=target,
        required=required,
        named=named,
        filterable=target in ("Customer", "Vendor"),
    )


def ignored(*names: str) -> tuple[Field, ...]:
    """Properties that QuickBooks knows and the simulator has no use for."""
    return tuple(Field(name, "ignored", filterable=False) for name in names)


class Entity:
    """One kind of object. Subclasses declare a table and, where needed, rules and postings."""

    name = ""
    fields: tuple[Field, ...] = ()
    family = ""
    name_field = ""
    words = ""
    list_label = ""
    is_transaction = False
    can_void = False
    can_create = True
    in_changes = True
    counts_total = False
    suffix_when_inactive = True
    keeps_on_full_update: tuple[str, ...] = ()
    hidden_after_write: tuple[str, ...] = ()
    hidden_on_read: tuple[str, ...] = ()
    needed_on_update: tuple[str, ...] = ()
    conditions: Mapping[str, str] = MappingProxyType({})
    names_editor = False
    notifies = True
    voids_by_hand = False
    deletes_without_token = False
    deletable = False

    def __init__(self) -> None:
        self.by_name = {item.name: item for item in self.fields}
        self.by_lower = {item.name.lower(): item for item in self.fields}
        self.order = self._order()

    def _order(self) -> dict[str, int]:
        names: list[str] = []
        for item in self.fields:
            names.extend(COMMON if item.name == "domain" else (item.name,))
        if "domain" not in names:
            names.extend(COMMON)
        return {name: place for place, name in enumerate(names)}

    @property
    def can_delete(self) -> bool:
        """Transactions are deleted; entries of lists are made inactive."""
        return self.is_transaction or self.deletable

    def known(self) -> list[str]:
        """The names a body may carry."""
        return [*list(self.order), "status", "any"]

    def prepare(self, books: "Books", draft: Document, previous: Document | None) -> None:
        """Apply rules, fill in defaults and computed values, or raise a Fault."""

    def settle(self, books: "Books", document: Document, previous: Document | None) -> None:
        """Whatever else moves when this document is written: postings, links, balances."""

    def follow_ups(self, books: "Books", document: Document) -> list[tuple[str, Document]]:
        """What the company makes by itself once this was made: kinds and their bodies."""
        return []

    def void(self, books: "Books", document: Document) -> None:
        """Turn a document into its voided self."""

    def before_delete(self, books: "Books", document: Document) -> None:
        """Refuse a deletion, or let go of what is linked."""

    def after_delete(self, books: "Books", document: Document) -> None:
        """Whatever else moves when this document is gone."""

    def relinked(self, books: "Books", document: Document) -> None:
        """What was laid on this document changed: show it, before it is stored again."""
        links = books.payments_of(self.name, document["Id"])
        document["LinkedTxn"] = links
        if not links:
            document.pop("LinkedTxn")

    def settle_links(self, books: "Books", document: Document) -> None:
        """Whatever else moves when something is laid on this document."""

    def open_amount(self, books: "Books", document: Document) -> int:
        """How much can still be laid on this document, in cents."""
        return cents(document.get("Balance", 0))

    def overlay(self, books: "Books", documents: list[Document]) -> None:
        """Values that are worked out at the moment of reading."""


GROUP = Field("domain", "ignored", filterable=False)
