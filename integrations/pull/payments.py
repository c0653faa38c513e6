"""A payment of the books: on our invoices and into our account it marks them paid; elsewhere it is
told.
"""

from decimal import Decimal

from ascora.chart.models import AccountKind, BooksPaymentMethod, LedgerAccount
from ascora.common.money import total_of
from ascora.outbox.models import Hold
from ascora.outbox.queue import hold_document
from ascora.outbox.selectors import entry_for
from ascora.tenancy.models import OwnedModel
from integrations import attempts
from integrations.contracts import PaymentRecord
from integrations.links import (
    document_at,
    follow_revision,
    link_to,
    links_of,
    note,
    remember,
    was_edited,
)
from integrations.models import AccountingSettings, Connection, RemoteLink
from integrations.pull.credits import apply_known_use, apply_new_use, follow_with_money
from integrations.shares import (
    customer_of,
    customer_pks,
    our_credit_notes,
    our_invoices,
    without_credit,
)
from payments.models import (
    CreditApplication,
    Invoice,
    Payment,
    PaymentMethod,
    PaymentOrigin,
    PaymentSettings,
)
from payments.services import record_external_payment, reverse_external_payment

_MARK = "Ascora payment "
_REFERENCE = 21


def apply_payment(connection: Connection, record: PaymentRecord) -> bool:
    """Apply one payment. True when something changed here."""
    link = link_to(connection, record.ref)
    if link is not None:
        return _apply_known(connection, link, record)
    if record.is_void or not record.settles or _is_our_own(connection, record):
        return False
    ours = our_invoices(connection, record)
    if not ours:
        return False
    if not record.total:
        return apply_new_use(connection, record)
    account = _deposit_account(connection, record)
    if not _is_ours(connection, account):
        return _tell_of_other_account(connection, ours, record, account)
    _take(connection, record, ours, payment=None, account=account)
    return True


def take_payment(connection: Connection, record: PaymentRecord) -> bool:
    """Take a payment whatever account it went to: a person pressed for it."""
    ours = our_invoices(connection, record)
    if not ours or link_to(connection, record.ref) is not None:
        return False
    account = _deposit_account(connection, record)
    _take(connection, record, ours, payment=None, account=account)
    return True


def reverse_here(connection: Connection, payment: Payment, *, reason: str) -> None:
    """Reverse our payment because of what happened there; again is harmless."""
    if not payment.is_reversed:
        reverse_external_payment(payment=payment, reason=reason, origin=str(connection.public_id))


def _apply_known(connection: Connection, link: RemoteLink, record: PaymentRecord) -> bool:
    """Our own payment coming back, or one that was pulled before."""
    if not was_edited(link, record):
        follow_revision(link, record)
        return False
    document = document_at(connection, label=link.label, pk=link.object_pk)
    if isinstance(document, CreditApplication):
        return apply_known_use(connection, link, document, record)
    return _apply_own(connection, link, document, record)


def _apply_own(
    connection: Connection, link: RemoteLink, payment: OwnedModel | None, record: PaymentRecord
) -> bool:
    """A payment of ours that was edited there."""
    if not isinstance(payment, Payment) or attempts.is_in_doubt(connection, payment):
        return False
    if record.is_void:
        return _follow_void(connection, link, payment, record)
    if payment.is_reversed:
        return False
    if payment.origin == PaymentOrigin.BOOKS:
        return _follow(connection, link, payment, record)
    return _tell_of_change(connection, link, payment, record)


def _follow_void(
    connection: Connection, link: RemoteLink, payment: Payment, record: PaymentRecord
) -> bool:
    """Voided there: reversed here, unless it is already."""
    note(link, record)
    if payment.is_reversed:
        return False
    reverse_here(connection, payment, reason="Voided in the books")
    message = "Voided in the books. Reversed here."
    attempts.note_read(connection, payment, record.ref, message=message)
    return True


def _follow(
    connection: Connection, link: RemoteLink, payment: Payment, record: PaymentRecord
) -> bool:
    """A payment that was found in the books follows them: amount, invoices, date."""
    ours = our_invoices(connection, record)
    if not ours:
        note(link, record)
        reverse_here(
            connection, payment, reason="No longer settles an invoice of ours in the books"
        )
        message = "It no longer settles an invoice of ours in the books. Reversed here."
        attempts.note_read(connection, payment, record.ref, message=message)
        return True
    account = _deposit_account(connection, record)
    _take(connection, record, ours, payment=payment, account=account)
    return True


def _change(
    connection: Connection, link: RemoteLink, payment: Payment, record: PaymentRecord
) -> str:
    """What of it is another there, the amount first."""
    if record.total != payment.amount:
        return f"{record.total:,.2f} there, {payment.amount:,.2f} here"
    if record.received_on != payment.received_on:
        return f"dated {record.received_on:%d %b %Y} there"
    account = _deposit_account(connection, record)
    if account and link.seen.get("is", {}).get("deposit_account_id") != account.remote_id:
        return f"the money goes to {account} there"
    return "the amount is the same"


def _tell_of_change(
    connection: Connection, link: RemoteLink, payment: Payment, record: PaymentRecord
) -> bool:
    """A payment that was entered here and edited there: a person decides."""
    entry = entry_for(payment)
    message = (
        f"It was changed in the books: {_change(connection, link, payment, record)}."
        " Send Ascora's version, or reverse it here and enter it as it is there."
    )
    if entry is None or entry.hold == Hold.CHANGED_THERE:
        return False
    if not hold_document(entry, why=Hold.CHANGED_THERE, message=message):
        return False
    attempts.note_read(connection, payment, record.ref, message=message)
    link.changed_there_at = record.changed_at
    link.save(update_fields=["changed_there_at"])
    return True


def _take(
    connection: Connection,
    record: PaymentRecord,
    ours: dict[Invoice, Decimal],
    *,
    payment: Payment | None,
    account: LedgerAccount | None,
) -> None:
    """Record what the books say. The part that settles other invoices than ours is none of ours."""
    by_money, _ = without_credit(ours, our_credit_notes(connection, record))
    amount = min(total_of(by_money.values()) + record.unapplied, record.total)
    taken = record_external_payment(
        organization=connection.organization,
        customer=customer_of(connection, record, ours),
        received_on=record.received_on,
        amount=amount,
        allocations=by_money,
        method=_method(connection, record),
        reference=record.reference[:_REFERENCE],
        deposit_account=account,
        origin=str(connection.public_id),
        payment=payment,
    )
    remember(connection, taken, record)
    follow_with_money(connection, taken, record)
    _forget_elsewhere(connection, ours, record)
    numbers = ", ".join(invoice.number for invoice in ours)
    did = "Changed in the books" if payment else "Received in the books"
    message = f"{did}: {total_of(ours.values()):,.2f} for {numbers}."
    attempts.note_read(connection, taken, record.ref, message=message)


def _is_our_own(connection: Connection, record: PaymentRecord) -> bool:
    """It carries our mark: the worker that sent it has not stored the answer yet."""
    if not record.marker.startswith(_MARK):
        return False
    beginning = record.marker.removeprefix(_MARK)[:8]
    payments = Payment.objects.owned_by(connection.organization)
    ids = payments.filter(customer_id__in=customer_pks(connection, record))
    return any(pk.hex.startswith(beginning) for pk in ids.values_list("public_id", flat=True))


def _deposit_account(connection: Connection, record: PaymentRecord) -> LedgerAccount | None:
    """Where the money is; a payment that names no account waits in Undeposited Funds."""
    accounts = LedgerAccount.objects.owned_by(connection.organization)
    if not record.deposit_account_id:
        return accounts.of_kind(AccountKind.UNDEPOSITED).order_by("-is_active", "pk").first()
    return accounts.filter(remote_id=record.deposit_account_id).first()


def _is_ours(connection: Connection, account: LedgerAccount | None) -> bool:
    """The account for payments (G), the one for cards, or Undeposited Funds."""
    if account is None:
        return False
    settings = AccountingSettings.objects.owned_by(connection.organization).get(
        connection=connection
    )
    chosen = {settings.payments_account_id, settings.card_account_id}
    return account.pk in chosen or account.kind == AccountKind.UNDEPOSITED


def _tell_of_other_account(
    connection: Connection,
    ours: dict[Invoice, Decimal],
    record: PaymentRecord,
    account: LedgerAccount | None,
) -> bool:
    """The invoice says "paid in the books into X", and one press takes it."""
    is_new = False
    for invoice, amount in ours.items():
        link = links_of(connection).get(
            label="payments.invoice", object_pk=invoice.pk, gone_at=None
        )
        elsewhere = dict(link.seen.get("elsewhere", {}))
        said = {
            "account": str(account or "another account"),
            "amount": str(amount),
            "date": record.received_on.isoformat(),
        }
        if elsewhere.get(record.ref.id) == said:
            continue
        link.seen = link.seen | {"elsewhere": elsewhere | {record.ref.id: said}}
        link.save(update_fields=["seen"])
        message = f"Paid in the books into {said['account']}: {amount:,.2f}. Not taken by itself."
        attempts.note_read(connection, invoice, record.ref, message=message)
        is_new = True
    return is_new


def _forget_elsewhere(
    connection: Connection, ours: dict[Invoice, Decimal], record: PaymentRecord
) -> None:
    pks = [invoice.pk for invoice in ours]
    for link in links_of(connection).filter(label="payments.invoice", object_pk__in=pks):
        elsewhere = dict(link.seen.get("elsewhere", {}))
        if elsewhere.pop(record.ref.id, None) is not None:
            link.seen = link.seen | {"elsewhere": elsewhere}
            link.save(update_fields=["seen"])


def _method(connection: Connection, record: PaymentRecord) -> PaymentMethod | None:
    """Ours of the same name as theirs, else the default payment method (H)."""
    methods = PaymentMethod.objects.owned_by(connection.organization)
    if record.method_id:
        all_theirs = BooksPaymentMethod.objects.owned_by(connection.organization)
        theirs = all_theirs.filter(remote_id=record.method_id).first()
        same = methods.filter(name__iexact=theirs.name).first() if theirs else None
        if same is not None:
            return same
    settings = PaymentSettings.objects.owned_by(connection.organization)
    chosen = settings.select_related("default_method").first()
    return chosen.default_method if chosen else None
