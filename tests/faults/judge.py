"""What became of every document, by the simulator's own journal and by both trial balances."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from ascora.outbox.models import EntryState, OutboxEntry
from integrations.models import Outcome, RemoteLink, SyncAttempt
from inventory.models import SupplierInvoice
from payments.models import CreditNote, Invoice, Payment, PaymentOrigin
from tests.engine.bothsides import OURS, Side

# What a link calls it, and how it is called over there.
NAMES = {
    "customer": "Customer", "supplier": "Vendor", "invoice": "Invoice", "payment": "Payment",
    "credit_note": "CreditMemo", "bill": "Bill", "supplier_credit": "VendorCredit",
    "purchase": "Purchase",
}  # fmt: skip
CERTAINLY = (Outcome.DONE, Outcome.ADOPTED)


@dataclass
class Verdict:
    """Each list is empty when the promise was kept; a line is a sentence for a person."""

    documents: int = 0
    pushes: int = 0
    looks: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def judge(sides: list[Side]) -> Verdict:
    """All businesses; every list names the business."""
    verdict = Verdict()
    for side in sides:
        realm = side.business.company.realm
        told = side.business.company.running.control(f"/judge?realm={realm}")
        objects = told["realms"][realm]["objects"]
        with side.business.acting():
            _compare(verdict, side, objects)
        if not side.held():
            verdict.differing += [f"{side.mark}: {each}" for each in side.business.differences()]
        _find_strangers(verdict, side, objects, [each.mark for each in sides])
    return verdict


def on_its_way(side: Side) -> list[OutboxEntry]:
    """What waits, but not behind something that a person must see to: that has come to its end."""
    with side.business.acting():
        entries = OutboxEntry.objects.owned_by(side.organization)
        stuck = set(entries.filter(state=EntryState.HELD).values_list("pk", flat=True))
        waiting = list(entries.filter(state=EntryState.WAITING))
    behind = [entry for entry in waiting if entry.blocked_by_id in stuck]
    while behind:
        stuck |= {entry.pk for entry in behind}
        behind = [e for e in waiting if e.pk not in stuck and e.blocked_by_id in stuck]
    return [entry for entry in waiting if entry.pk not in stuck]


def _compare(verdict: Verdict, side: Side, objects: list[dict[str, Any]]) -> None:
    live = {each["id"] + each["kind"]: each for each in objects if each["state"] == "live"}
    _count_twice(verdict, side, list(live.values()))
    _find_lost(verdict, side, {each["id"] for each in live.values()})
    _find_unknown(verdict, side, list(live.values()))
    entries = OutboxEntry.objects.owned_by(side.organization)
    verdict.documents += entries.count()
    for entry in on_its_way(side):
        verdict.lost.append(f"{side.mark}: {entry.label} still waits: {entry.message}")
    for entry in entries.filter(state=EntryState.HELD):
        where = verdict.strange if entry.hold in OURS or not entry.message else verdict.held
        where.append(f"{side.mark}: {entry.label} {entry.hold}: {entry.message}")
    _find_stale(verdict, side)


def _count_twice(verdict: Verdict, side: Side, live: list[dict[str, Any]]) -> None:
    """Two living documents with one marker, or one number of ours (a supplier's may repeat)."""
    for what, without in (("marker", ()), ("first_number", ("Bill", "VendorCredit"))):
        named = Counter(
            (each["kind"], each[what])
            for each in live
            if each[what] and each["kind"] not in without
        )
        for (kind, name), times in named.items():
            if times > 1:
                verdict.doubled.append(f"{side.mark}: {kind} {name} stands {times} times")


def _standing(side: Side) -> list[Any]:
    """What ought to be over there."""
    organization = side.organization
    invoices = [row for row in Invoice.objects.owned_by(organization) if row.status != "void"]
    notes = [row for row in CreditNote.objects.owned_by(organization) if not row.is_void]
    bills = [row for row in SupplierInvoice.objects.owned_by(organization) if not row.is_void]
    payments = Payment.objects.owned_by(organization).filter(origin=PaymentOrigin.ENTERED)
    return [*invoices, *notes, *bills, *payments.standing()]


def _find_lost(verdict: Verdict, side: Side, living: set[str]) -> None:
    links = {
        (link.label, link.object_pk): link.remote_id
        for link in RemoteLink.objects.owned_by(side.organization)
    }
    open_entries = OutboxEntry.objects.owned_by(side.organization).exclude(state=EntryState.DONE)
    open_ones = {(entry.label, entry.object_pk) for entry in open_entries}
    for document in _standing(side):
        key = (document._meta.label_lower, document.pk)
        if key not in open_ones and links.get(key) not in living:
            verdict.lost.append(f"{side.mark}: {document} is not in the books")


def _find_unknown(verdict: Verdict, side: Side, live: list[dict[str, Any]]) -> None:
    """What was created under a request id of ours, and no document here knows that it is there."""
    links = RemoteLink.objects.owned_by(side.organization)
    known = {(NAMES.get(link.kind), link.remote_id) for link in links}
    verdict.unknown += [
        f"{side.mark}: {each['kind']} {each['id']} ({each['marker']}) is unknown here"
        for each in live
        if each["request_id"]
        and each["kind"] in NAMES.values()
        and (each["kind"], each["id"]) not in known
    ]


def _find_stale(verdict: Verdict, side: Side) -> None:
    """Of what was sent under one request id, one answer was stored, and no later one over it."""
    attempts = SyncAttempt.objects.owned_by(side.organization).exclude(request_id="")
    verdict.pushes += attempts.count()
    stored = attempts.filter(outcome__in=CERTAINLY).values_list("request_id", flat=True)
    verdict.looks += attempts.filter(outcome=Outcome.ADOPTED).count()
    verdict.stale += [
        f"{side.mark}: {times} answers were stored for {request_id}"
        for request_id, times in Counter(stored).items()
        if times > 1
    ]


def _find_strangers(
    verdict: Verdict, side: Side, objects: list[dict[str, Any]], marks: list[str]
) -> None:
    others = [mark for mark in marks if mark != side.mark]
    text = " ".join(f"{each['name']} {each['note']} {each['marker']}" for each in objects)
    verdict.strange += [
        f"{side.mark}: {mark} in its books" for mark in others if f"{mark} " in text
    ]
