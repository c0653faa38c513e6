"""What a document, or a part of it, comes to for the tax office. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from ascora.common.money import ZERO, split_by, total_of


@dataclass(frozen=True, slots=True)
class Taxed:
    """A total with tax, the tax in it, and the part of the total that bears none."""

    total: Decimal = ZERO
    tax: Decimal = ZERO
    free: Decimal = ZERO

    def share(self, part: Decimal) -> "Taxed":
        """What a part of the total carries, in whole cents."""
        if not self.total:
            return Taxed(part)
        return Taxed(part, _share(self.tax, part, self.total), _share(self.free, part, self.total))

    def less(self, other: "Taxed") -> "Taxed":
        """The difference."""
        return Taxed(self.total - other.total, self.tax - other.tax, self.free - other.free)


def sum_of(parts: Iterable[Taxed]) -> Taxed:
    """All of it together."""
    found = list(parts)
    return Taxed(
        total_of(each.total for each in found),
        total_of(each.tax for each in found),
        total_of(each.free for each in found),
    )


def _share(amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    return split_by(amount, [part, whole - part])[0]
