"""A payment: one in the books for one here, linked to all its invoices."""

from dataclasses import replace

from ascora.chart.models import AccountKind, BooksPaymentMethod, LedgerAccount
from ascora.outbox.models import Hold, OutboxEntry
from ascora.outbox.selectors import entry_for
from ascora.tenancy.models import OwnedModel
from integrations.contracts import PaymentDraft, SettledInvoice
from integrations.errors import BeforeCutOff, NeedsMapping
from integrations.links import link_of
from integrations.models import RemoteLink
from integrations.snapshots.credituse import paid_out, standing_refunds_of, unsent
from integrations.snapshots.outcomes import (
    WHERE,
    Books,
    Requires,
    Send,
    Snapshot,
    Stays,
    Void,
    is_in_books,
    trouble_of,
)
from payments.models import (
    Allocation,
    Invoice,
    Payment,
    PaymentOrigin,
    PaymentSettings,
    Refund,
)

_MARKER_DIGITS = 8
# What a payment may go to.
DEPOSIT_KINDS = (AccountKind.BANK, AccountKind.UNDEPOSITED, AccountKind.CURRENT_ASSET)


def payment_marker(payment: Payment) -> str:
    """What a person reads on the payment in the books, and by which it is found again."""
    return f"Ascora payment {payment.public_id.hex[:_MARKER_DIGITS]}"


def payment_snapshot(books: Books, payment: Payment, entry: OutboxEntry) -> Snapshot:
    """Its customer and its invoices' newest state go first; a reversed one is voided there."""
    link = link_of(books.connection, payment)
    if payment.is_reversed:
        return Void() if is_in_books(link) else Stays("Reversed; nothing stands in the books.")
    refunds = standing_refunds_of(payment)
    if link is not None and not _is_ours_to_send(payment, link):
        return Stays("Found in the books.")
    if link is None and (reason := _stays_here(books, payment, entry)):
        return reason
    allocations = list(
        Allocation.objects.owned_by(payment.organization)
        .filter(payment=payment, released_at=None)
        .select_related("invoice")
    )
    missing = (*_missing(books, payment, allocations), *unsent(books, refunds))
    draft = None if missing else _draft(books, payment, allocations)
    if draft is None:
        return Requires(missing)
    return Send(replace(draft, paid_out=paid_out(books, refunds)))


def _is_ours_to_send(payment: Payment, link: RemoteLink) -> bool:
    """One found in the books is theirs, but for what Ascora paid out of it: then the purchase is
    linked to it, provided that it settles nothing but invoices of ours.
    """
    if payment.origin != PaymentOrigin.BOOKS:
        return True
    refunds = Refund.objects.owned_by(payment.organization).filter(payment=payment)
    return link.total == payment.amount and refunds.exists()


def _stays_here(books: Books, payment: Payment, entry: OutboxEntry) -> Stays | None:
    if payment.method and payment.method.is_card and not _accepts_cards(payment):
        return Stays("Card payments are not sent: setting F is off.")
    if payment.received_on < books.cut_off_on and entry.asked_for_at is None:
        day = f"{books.cut_off_on:%d %b %Y}"
        return Stays(
            f"Dated before {day}, the day from which documents are sent.", Hold.BEFORE_CUT_OFF
        )
    return None


def _accepts_cards(payment: Payment) -> bool:
    settings = PaymentSettings.objects.owned_by(payment.organization).first()
    return settings is None or settings.accepts_cards


def _missing(
    books: Books, payment: Payment, allocations: list[Allocation]
) -> tuple[OwnedModel, ...]:
    """The customer and the invoices that are not in the books as they are now."""
    missing: list[OwnedModel] = []
    if link_of(books.connection, payment.customer) is None:
        missing.append(payment.customer)
    for allocation in allocations:
        invoice = allocation.invoice
        entry = entry_for(invoice)
        if link_of(books.connection, invoice) is None:
            _refuse_old(invoice, entry)
            missing.append(invoice)
        elif entry is not None and entry.settled_version < entry.version:
            missing.append(invoice)
    return tuple(missing)


def _refuse_old(invoice: Invoice, entry: OutboxEntry | None) -> None:
    if entry is None or entry.hold == Hold.BEFORE_CUT_OFF:
        raise BeforeCutOff(
            f"Invoice {invoice.number} is from before the cut-off: link it to the invoice that is"
            " already in the books, or send that invoice too."
        )


def _draft(books: Books, payment: Payment, allocations: list[Allocation]) -> PaymentDraft:
    return PaymentDraft(
        customer_id=_linked(books, payment.customer).remote_id,
        received_on=payment.received_on,
        total=payment.amount,
        deposit_account_id=_usable_deposit_account(books, payment).remote_id,
        settles=tuple(
            SettledInvoice(
                invoice_id=_linked(books, allocation.invoice).remote_id, amount=allocation.amount
            )
            for allocation in allocations
        ),
        method_id=_method_id(payment),
        reference=payment.reference,
        marker=payment_marker(payment) if payment.origin == PaymentOrigin.ENTERED else "",
    )


def _linked(books: Books, document: OwnedModel) -> RemoteLink:
    link = link_of(books.connection, document)
    if link is None:
        raise NeedsMapping(f"{document} is not in the books yet.")
    return link


def deposit_account(books: Books, payment: Payment) -> LedgerAccount:
    """Where the money goes: where it stands already; else the card account for card payments, or
    the account for payments (G).
    """
    if stands_somewhere(payment) and payment.deposit_account is not None:
        return payment.deposit_account
    settings = books.settings
    account = settings.payments_account
    if payment.method is not None and payment.method.is_card and settings.card_account:
        account = settings.card_account
    if account is None:
        raise NeedsMapping(f"Choose the Account for Payments (G) in {WHERE}.")
    return account


def stands_somewhere(payment: Payment) -> bool:
    """Its money was sent to, or found in, an account of the company that is connected."""
    account = payment.deposit_account
    return account is not None and not account.is_put_away


def _usable_deposit_account(books: Books, payment: Payment) -> LedgerAccount:
    """The same, refused when no new payment may go there. Raises NeedsMapping."""
    account = deposit_account(books, payment)
    trouble = trouble_of(account, DEPOSIT_KINDS)
    if trouble and not stands_somewhere(payment):
        raise NeedsMapping(f"The account {account} {trouble}: choose another in {WHERE}.")
    return account


def _method_id(payment: Payment) -> str:
    """The books' method of the same name; empty when they have none."""
    if payment.method is None:
        return ""
    methods = BooksPaymentMethod.objects.owned_by(payment.organization)
    same = methods.filter(name__iexact=payment.method.name, is_active=True).first()
    return same.remote_id if same else ""
