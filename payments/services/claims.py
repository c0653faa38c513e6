"""Deposits and progress claims: part of a fixed price on an invoice of its own."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from ascora.tenancy.models import User
from jobs.models import Job, Pricing
from jobs.services.jobs import locked_job
from payments.claims import share_of
from payments.models import Invoice
from payments.selectors import FixedPrice, fixed_price_of
from payments.services.charging import claim_line
from payments.services.invoices import keep_new_draft, new_invoice
from payments.services.prices import refuse_over_price
from payments.services.refusals import Refused


@dataclass(frozen=True, slots=True)
class Share:
    """How much of the price: so many per cent, an amount before tax, or (neither) the rest."""

    percent: Decimal | None = None
    amount: Decimal | None = None

    def of(self, price: FixedPrice) -> Decimal:
        """What it comes to, before tax."""
        if self.percent is not None:
            return share_of(price.price, self.percent, price.claims)
        return price.left if self.amount is None else self.amount


@transaction.atomic
def claim_fixed_price(
    *, job: Job, name: str, share: Share, by: User | None, allows_more: bool = False
) -> Invoice:
    """A draft that claims a share of the fixed price, named for what it is ("Deposit").

    Further lines (variations) may be added to the draft: they are not part of the price. Refused
    when nothing is left; raises OverPrice when it would be more than the price and nobody
    `allows_more`.
    """
    job = locked_job(job)
    if job.pricing != Pricing.FIXED_PRICE or not job.fixed_price:
        raise Refused("Only a job with a fixed price is claimed in parts. Enter it on the job.")
    price = fixed_price_of(job)
    amount = share.of(price)
    if amount <= 0:
        raise Refused(_nothing_to_claim(price, share))
    is_taxed = job.billed.is_taxed
    line = claim_line(job, _named(name, share), amount, is_taxed=is_taxed, percent=share.percent)
    invoice = keep_new_draft(new_invoice(job.customer, job.billed, by), [job], [line])
    if not allows_more:
        refuse_over_price(job)
    return invoice


def _nothing_to_claim(price: FixedPrice, share: Share) -> str:
    if price.left <= 0 and share.amount is None:
        return f"All of the fixed price of ${price.price:,.2f} is claimed already."
    return "A claim is at least one cent."


def _named(name: str, share: Share) -> str:
    if share.percent is None or "%" in name:
        return name
    return f"{name} {share.percent.normalize():f} %"
