"""Shares of a fixed price: what a claim by percentage comes to, so that all claims together are
the price to the cent. Pure; rounds only through money.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from ascora.common.money import CENT, percent_of, total_of

WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Claim:
    """What stands claimed: before tax, and the percentage that was asked for, if one was."""

    net: Decimal
    percent: Decimal | None = None


def left_of(price: Decimal, standing: Iterable[Claim]) -> Decimal:
    """What of the price nobody has claimed yet; negative when more was claimed on purpose."""
    return price - total_of(claim.net for claim in standing)


def share_of(price: Decimal, percent: Decimal, standing: Iterable[Claim]) -> Decimal:
    """What so many per cent of the price come to, before tax.

    The claim that completes a hundred per cent takes the rest to the cent. So does one that would
    take more than the rest only because earlier claims were rounded up.
    """
    claims = list(standing)
    left = left_of(price, claims)
    asked = [claim.percent for claim in claims if claim.percent is not None]
    if len(asked) == len(claims) and sum(asked, percent) == WHOLE:
        return left
    share = percent_of(price, percent)
    rounding = CENT * (len(claims) + 1)
    return left if left < share <= left + rounding else share


def with_tax(net: Decimal, percent: Decimal) -> Decimal:
    """The amount in a document whose prices include tax; its net is this one again, exactly."""
    return net + percent_of(net, percent)
