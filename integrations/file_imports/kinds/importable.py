"""What the engine of file imports must know of a kind, and the check that all kinds share."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model

from ascora.common.wording import unit_price
from ascora.tenancy.models import Organization, OwnedModel, User
from ascora.tenancy.owned import OwnedQuerySet
from integrations.file_imports.columns import Field

Values = Mapping[str, object]
Cell = str | Decimal
# Every kind can be archived; the common model does not know it.
_CURRENT: dict[str, Any] = {"archived_at": None}


@dataclass(frozen=True, slots=True)
class Importable:
    """One kind. Values are what cells say; `resolve` turns names of other rows into those rows.

    `key` is what a row is matched by, folded; `find` gives the current rows of ours behind keys.
    `refuse` says what is wrong with values that would be added, or given to the row that exists.
    """

    fields: Sequence[Field]
    key: Callable[[Values], str]
    name: Callable[[Values], str]
    find: Callable[[Organization, Iterable[str]], Mapping[str, OwnedModel]]
    refuse: Callable[[Organization, Values, OwnedModel | None], list[str]]
    resolve: Callable[[Organization, Values, User | None], dict[str, Any]]
    add: Callable[[Organization, dict[str, Any], User | None], OwnedModel]
    change: Callable[[Any, dict[str, Any], User | None], OwnedModel]
    archive: Callable[[Any, User | None], object]
    shown: Callable[[OwnedModel, str], str]
    model: type[OwnedModel]
    references: frozenset[str] = frozenset()

    def by_pk(self, organization: Organization, pk: int | None) -> OwnedModel | None:
        """The row of ours with this key, whatever became of it."""
        rows: OwnedQuerySet[OwnedModel] = self.model.objects.owned_by(organization)
        return rows.filter(pk=pk).select_related("organization").first()

    def cells(self, organization: Organization) -> list[list[Cell]]:
        """Every current row, a cell per field: a file that can be changed and imported again."""
        rows = self.model.objects.owned_by(organization).filter(**_CURRENT)
        related = rows.select_related(*sorted(self.references)).order_by("pk")
        names = [field.name for field in self.fields]
        return [[self._cell(row, name) for name in names] for row in related.iterator()]

    def _cell(self, row: OwnedModel, name: str) -> Cell:
        value = getattr(row, name)
        return value if isinstance(value, Decimal) else self.shown(row, name)

    def nothing(self, name: str) -> str | None:
        """What an empty field holds."""
        return None if name in self.references else ""

    def changes(self, existing: OwnedModel, values: Values) -> dict[str, tuple[str, str]]:
        """Per field what it is and what it would become, as texts; only what differs."""
        pairs = {name: (self.shown(existing, name), as_text(new)) for name, new in values.items()}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def as_text(value: object) -> str:
    """A value as a person reads it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return unit_price(value)
    return "" if value is None else str(value)


def misfits(row: Model, *, fields: Iterable[Field], names: Iterable[str]) -> list[str]:
    """What the columns of a row cannot hold, each with its label."""
    labels = {field.name: field.label for field in fields}
    judged = set(names)
    exclude = {column.name for column in row._meta.fields} - judged
    try:
        row.clean_fields(exclude=exclude)
    except ValidationError as error:
        return [
            f"{labels.get(name, name)}: {' '.join(messages).rstrip('.')}"
            for name, messages in error.message_dict.items()
        ]
    return []
