"""The use of credit: a payment of nothing that links credit notes with invoices, or with the
purchase by which credit was paid out; and that purchase.
"""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Q

from ascora.chart.models import AccountKind, LedgerAccount, TaxCode
from ascora.common.money import ZERO, total_of
from ascora.outbox.models import Hold, OutboxEntry
from ascora.outbox.selectors import entry_for
from ascora.tenancy.models import OwnedModel
from integrations.contracts import (
    Kind,
    PaidOut,
    PaymentDraft,
    PurchaseDraft,
    SettledInvoice,
    SpendingLineDraft,
    UsedCredit,
)
from integrations.errors import BeforeCutOff, NeedsMapping
from integrations.links import link_of
from integrations.snapshots.creditnotes import refuse_old_invoice
from integrations.snapshots.outcomes import (
    Books,
    Remove,
    Requires,
    Send,
    Snapshot,
    Stays,
    is_in_books,
    is_to_be_taken_back,
)
from payments.models import (
    CreditApplication,
    CreditNote,
    CreditPart,
    Invoice,
    Payment,
    PaymentOrigin,
    Refund,
)

_MARKER_DIGITS = 8
_OUT_OF_SCOPE = Q(name__icontains="out of scope") | Q(name__icontains="bas excluded")


def credit_use_marker(application: CreditApplication) -> str:
    """What a person reads on the payment of nothing, and by which it is found again."""
    return f"Ascora credit {application.public_id.hex[:_MARKER_DIGITS]}"


def credit_use_snapshot(
    books: Books, application: CreditApplication, entry: OutboxEntry
) -> Snapshot:
    """Credit notes, invoices and the refund go first; one that was taken back is deleted there."""
    link = link_of(books.connection, application)
    if application.is_reversed:
        return Remove() if is_in_books(link) else Stays("Taken back; nothing stands in the books.")
    if application.payment_id is not None:
        return Stays("Part of a payment in the books.")
    if link is not None and application.origin == PaymentOrigin.BOOKS:
        return Stays("Found in the books.")
    if link is None and (reason := _before_cut_off(books, application.applied_on, entry)):
        return reason
    parts = list(_parts_of(application))
    missing = _missing(books, application, parts)
    return Requires(missing) if missing else Send(_draft(books, application, parts))


def refund_snapshot(books: Books, refund: Refund, entry: OutboxEntry) -> Snapshot:
    """A purchase from the bank to receivables; its credit note goes first. One that was taken back
    is deleted there, after what links it.
    """
    link = link_of(books.connection, refund)
    if refund.is_reversed:
        return _refund_taken_back(books, refund)
    if link is None and (reason := _before_cut_off(books, refund.paid_on, entry)):
        return reason
    missing: list[OwnedModel] = []
    if link_of(books.connection, refund.customer) is None:
        missing.append(refund.customer)
    if refund.credit_note is not None:
        missing += _unsent_note(books, refund.credit_note)
    if refund.payment is not None:
        _refuse_old_payment(books, refund.payment)
    return Requires(tuple(missing)) if missing else Send(_purchase(books, refund))


def standing_refunds_of(payment: Payment) -> list[Refund]:
    """What of a payment was paid out and not taken back."""
    rows = Refund.objects.owned_by(payment.organization).filter(payment=payment, reversed_at=None)
    return list(rows.order_by("pk"))


def unsent(books: Books, documents: Iterable[OwnedModel]) -> list[OwnedModel]:
    """Those that are not in the books as they are now."""
    return [each for each in documents if _is_unsent(books, each)]


def paid_out(books: Books, refunds: Iterable[Refund]) -> tuple[PaidOut, ...]:
    """The purchases of these refunds, as a payment links them."""
    return tuple(PaidOut(_there(books, refund), refund.amount) for refund in refunds)


def _before_cut_off(books: Books, day: object, entry: OutboxEntry) -> Stays | None:
    if str(day) >= str(books.cut_off_on) or entry.asked_for_at is not None:
        return None
    first = f"{books.cut_off_on:%d %b %Y}"
    return Stays(
        f"Dated before {first}, the day from which documents are sent.", Hold.BEFORE_CUT_OFF
    )


def _parts_of(application: CreditApplication) -> Iterable[CreditPart]:
    parts = CreditPart.objects.owned_by(application.organization).filter(
        application=application, released_at=None
    )
    return parts.select_related("credit_note__organization", "invoice__organization")


def _is_unsent(books: Books, document: OwnedModel) -> bool:
    entry = entry_for(document)
    is_behind = entry is not None and entry.settled_version < entry.version
    return is_behind or link_of(books.connection, document) is None


def _missing(
    books: Books, application: CreditApplication, parts: Iterable[CreditPart]
) -> tuple[OwnedModel, ...]:
    missing: list[OwnedModel] = []
    if link_of(books.connection, application.customer) is None:
        missing.append(application.customer)
    for part in parts:
        missing += _unsent_note(books, part.credit_note)
        if part.invoice is not None and link_of(books.connection, part.invoice) is None:
            refuse_old_invoice(part.invoice)
        if part.invoice is not None:
            missing += unsent(books, [part.invoice])
    if application.refund is not None:
        missing += unsent(books, [application.refund])
    return tuple(dict.fromkeys(missing))


def _unsent_note(books: Books, credit_note: CreditNote) -> list[OwnedModel]:
    entry = entry_for(credit_note)
    is_old = entry is None or entry.hold == Hold.BEFORE_CUT_OFF
    if is_old and link_of(books.connection, credit_note) is None:
        raise BeforeCutOff(f"{credit_note} is from before the cut-off: send it too.")
    return unsent(books, [credit_note])


def _refuse_old_payment(books: Books, payment: Payment) -> None:
    entry = entry_for(payment)
    is_old = entry is None or entry.hold == Hold.BEFORE_CUT_OFF
    if is_old and link_of(books.connection, payment) is None:
        raise BeforeCutOff("The payment that this refunds is from before the cut-off: send it too.")


def _there(books: Books, document: OwnedModel) -> str:
    link = link_of(books.connection, document)
    if link is None:
        raise NeedsMapping(f"{document} is not in the books yet.")
    return link.remote_id


def _draft(
    books: Books, application: CreditApplication, parts: Iterable[CreditPart]
) -> PaymentDraft:
    used: dict[CreditNote, Decimal] = {}
    settled: dict[Invoice, Decimal] = {}
    for part in parts:
        note, invoice = part.credit_note, part.invoice
        used[note] = used.get(note, ZERO) + part.amount
        if invoice is not None:
            settled[invoice] = settled.get(invoice, ZERO) + part.amount
    refund = application.refund
    return PaymentDraft(
        customer_id=_there(books, application.customer),
        received_on=application.applied_on,
        total=ZERO,
        deposit_account_id="",
        settles=tuple(SettledInvoice(_there(books, i), amount) for i, amount in settled.items()),
        marker=credit_use_marker(application),
        credits=tuple(UsedCredit(_there(books, note), amount) for note, amount in used.items()),
        paid_out=paid_out(books, [refund]) if refund is not None else (),
    )


def _refund_taken_back(books: Books, refund: Refund) -> Snapshot:
    source: OwnedModel = refund.payment or refund.application
    if is_to_be_taken_back(books, source):
        return Requires((source,))
    if is_in_books(link_of(books.connection, refund)):
        return Remove()
    return Stays("Taken back; nothing stands in the books.")


def _purchase(books: Books, refund: Refund) -> PurchaseDraft:
    customer_id = _there(books, refund.customer)
    words = f"Refund of {refund.credit_note or refund.payment}"
    line = SpendingLineDraft(
        description=words,
        amount=refund.amount,
        account_id=receivable_id(books),
        tax_code_id=_untaxed_code_id(books),
        customer_id=customer_id,
    )
    return PurchaseDraft(
        number=refund.reference,
        payee_id=customer_id,
        payee_kind=Kind.CUSTOMER,
        dated_on=refund.paid_on,
        paid_from_id=refund.paid_from.remote_id,
        is_card=False,
        is_tax_inclusive=False,
        lines=(line,),
        subtotal=refund.amount,
        tax=ZERO,
        total=total_of([refund.amount]),
        marker=f"Ascora refund {refund.public_id.hex[:_MARKER_DIGITS]}",
    )


def _untaxed_code_id(books: Books) -> str:
    """Money paid back is nothing bought: out of scope, not free of tax. Companies that want a code
    on every line get the one for that, else the tax free one (D); others have none.
    """
    settings = books.settings
    codes = TaxCode.objects.owned_by(books.connection.organization)
    out_of_scope = codes.filter(_OUT_OF_SCOPE, is_active=True, purchase_percent=0).order_by("pk")
    code = settings.rounding_tax_code or out_of_scope.first() or settings.purchase_free_code
    return code.remote_id if code is not None else ""


def receivable_id(books: Books) -> str:
    """The account in which customers owe. Raises NeedsMapping where the books have none."""
    accounts = LedgerAccount.objects.owned_by(books.connection.organization)
    found = accounts.of_kind(AccountKind.RECEIVABLE).active().order_by("code", "pk").first()
    if found is None:
        raise NeedsMapping("Your books have no account for receivables: make one there.")
    return found.remote_id
