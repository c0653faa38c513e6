"""What a report is: columns, rows and a last row, alike on screen and in files. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ascora.common.wording import plain_money


@dataclass(frozen=True, slots=True)
class Linked:
    """A text that leads to a page of Ascora."""

    text: str
    address: str

    def __str__(self) -> str:
        return self.text


Cell = str | int | Decimal | date | Linked
Table = list[tuple[Cell, ...]]


@dataclass(frozen=True, slots=True)
class Period:
    """Both days included. What stands "as of" a day stands at the end of `ends_on`."""

    begins_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell as a person reads it."""

    text: str
    is_number: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """`total` is the last row or nothing. Amounts are in home currency."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    total: Sequence[Cell] = field(default_factory=tuple)
    note: str = ""

    @property
    def shown_columns(self) -> list[Shown]:
        """The heads, aligned as what stands below them."""
        return [
            Shown(head, any(_is_number(row[place]) for row in self.rows))
            for place, head in enumerate(self.columns)
        ]

    @property
    def shown_rows(self) -> list[list[Shown]]:
        """The rows as a person reads them."""
        return [[_shown(cell) for cell in row] for row in self.rows]

    @property
    def shown_total(self) -> list[Shown]:
        """The last row as a person reads it."""
        return [_shown(cell) for cell in self.total]


def sums(label: str, table: Sequence[Sequence[Cell]]) -> tuple[Cell, ...]:
    """The sum of every column of amounts or counts; nothing when there are no rows."""
    if not table:
        return ()
    columns = list(zip(*table, strict=True))[1:]
    return (label, *(_sum_of(column) for column in columns))


def _sum_of(column: Sequence[Cell]) -> Cell:
    numbers = [cell for cell in column if isinstance(cell, Decimal | int)]
    if len(numbers) < len(column):
        return ""
    return sum(numbers[1:], start=numbers[0])


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, Decimal | int)


def _shown(cell: Cell) -> Shown:
    if isinstance(cell, Decimal):
        return Shown(plain_money(cell), is_number=True)
    if isinstance(cell, date):
        return Shown(f"{cell:%-d %b %Y}")
    address = cell.address if isinstance(cell, Linked) else ""
    return Shown(str(cell), _is_number(cell), address)
