"""Two sides of a business, Ascora and its books, driven at random with faults between: what may
happen, and what must be true when it has become quiet.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from ascora.chart.models import TaxCode
from ascora.outbox.models import EntryState, Hold, OutboxEntry
from ascora.tenancy.models import OwnedModel
from integrations.links import link_of
from integrations.models import RemoteLink
from integrations.pull import pull
from integrations.push import checkpoints
from inventory.models import Supplier, SupplierInvoice
from inventory.services import void_supplier_invoice
from jobs.models import Customer
from jobs.services import change_customer
from payments.models import CreditNote, Invoice, Payment, PaymentOrigin
from payments.services import (
    Refused,
    amend_invoice,
    apply_credit_note,
    record_payment,
    reverse_payment,
    set_surcharge,
    void_credit_note,
    void_invoice,
)
from tests.builders import (
    a_credit_note,
    a_customer,
    a_line,
    a_method,
    a_supplier,
    an_approved_supplier_invoice,
    an_invoice,
)
from tests.engine.business import ISSUED_ON
from tests.engine.connected import Connected

DEATHS = ("k3", "k4", "k7", "k8")
QUIET_AFTER = 12
# What nobody may ever be told: these are our own faults.
OURS = {Hold.INTERNAL, Hold.DUPLICATE_FOUND, Hold.AMOUNT_DIFFERS}
NUMBERED = {"Invoice": Invoice, "CreditMemo": CreditNote, "Bill": SupplierInvoice}
KINDS = ("Customer", "Vendor", *NUMBERED, "Payment")


class Killed(BaseException):
    """The process is no more: nothing in it may catch this."""


def die(_process: int, _signal: int) -> None:
    """Instead of the system's kill: the engine is in the test's own process."""
    raise Killed


class Side:
    """One business: what its people do, what its bookkeeper does, and its faults."""

    def __init__(self, business: Connected, mark: str) -> None:
        self.business, self.mark = business, mark
        self.organization = business.organization

    def set_up(self) -> None:
        """The codes of credit notes and purchases, and a card that costs more."""
        business = self.business
        with business.acting():
            codes = TaxCode.objects.owned_by(self.organization).order_by("pk")
            business.set(
                credit_note_account=business.accounts["4300"],
                supplier_invoice_account=business.accounts["5100"],
                purchase_tax_code=codes.filter(purchase_percent=10).first(),
                purchase_free_code=codes.filter(purchase_percent=0).first(),
            )
            card = a_method(self.organization, "Mastercard")
            card.surcharge_account = business.accounts["4300"]
            card.save()
            terms = {"percentage": Decimal("1.75"), "fixed": Decimal("0.30")}
            set_surcharge(method=card, by=None, begins_on=ISSUED_ON, **terms)

    def some(self, model: type[Any], which: int, **like: object) -> Any:
        """The n-th of these, or None when there is none."""
        with self.business.acting():
            rows = list(model.objects.owned_by(self.organization).filter(**like).order_by("pk"))
        return rows[which % len(rows)] if rows else None

    def there(self, document: OwnedModel | None) -> str:
        """Its id in the books; empty when it is not there."""
        if document is None:
            return ""
        with self.business.acting():
            link = link_of(self.business.connection, document)
        return link.remote_id if link else ""

    def press(self, act: Callable[[], object]) -> None:
        """Somebody here does something; what is refused changes nothing."""
        with suppress(Refused, ValidationError), self.business.acting():
            act()

    def bookkeeper(self, action: str, **wish: object) -> None:
        """Somebody does something over there, where it may be refused as well."""
        path = f"/companies/{self.business.company.realm}/bookkeeper/{action}"
        running = self.business.company.running
        answer = running.send("POST", f"/_simulator{path}", json.dumps(wish, default=float))
        assert answer.status in {200, 400}, answer.text

    # --- Here -------------------------------------------------------------------------------------

    def invoices(self, which: int, amount: Decimal, mode: str) -> None:
        """Of a new customer, or of one that is known."""

        def act() -> None:
            known = self.some(Customer, which) if which % 2 else None
            name = f"{self.mark} {which} {Customer.objects.owned_by(self.organization).count()}"
            customer = known or a_customer(self.organization, name=name)
            lines = [a_line(str(amount), description=self.mark), a_line("7.77", is_taxed=False)]
            values = {"lines": lines, "tax_mode": mode, "issued_on": ISSUED_ON}
            an_invoice(self.organization, customer=customer, **values)

        self.press(act)

    def amends(self, which: int, amount: Decimal, mode: str) -> None:
        invoice = self.some(Invoice, which)
        lines = [a_line(str(amount), description=f"{self.mark} amended {mode}")]
        if invoice:
            self.press(lambda: amend_invoice(invoice=invoice, reason="Said", by=None, lines=lines))

    def voids(self, which: int, _amount: Decimal, mode: str) -> None:
        why = {"reason": "Wrong", "by": None}
        if mode == "inclusive" and (note := self.some(CreditNote, which)):
            self.press(lambda: void_credit_note(credit_note=note, **why))
        elif invoice := self.some(Invoice, which):
            self.press(lambda: void_invoice(invoice=invoice, **why))

    def is_paid(self, which: int, amount: Decimal, mode: str) -> None:
        """In cash, or with a card that costs more."""
        invoice = self.some(Invoice, which)
        if invoice is None:
            return
        part = min(amount, invoice.balance)
        name = "Mastercard" if mode == "inclusive" else "Cash"
        with self.business.acting():
            method = a_method(self.organization, name)
        terms = {"method": method, "received_on": ISSUED_ON, "by": None}
        self.press(
            lambda: record_payment(customer=invoice.customer, allocations={invoice: part}, **terms)
        )

    def takes_back(self, which: int, _amount: Decimal, _mode: str) -> None:
        payment = self.some(Payment, which, origin=PaymentOrigin.ENTERED)
        if payment:
            self.press(lambda: reverse_payment(payment=payment, reason="Bounced", by=None))

    def credits(self, which: int, amount: Decimal, mode: str) -> None:
        invoice = self.some(Invoice, which)
        values = {"tax_mode": mode, "issued_on": ISSUED_ON, "reason": self.mark}

        def act() -> None:
            a_credit_note(self.organization, str(amount), customer=invoice.customer, **values)

        if invoice:
            self.press(act)

    def uses_credit(self, which: int, amount: Decimal, _mode: str) -> None:
        note = self.some(CreditNote, which)
        invoice = self.some(Invoice, which, customer=note.customer_id) if note else None
        if invoice:
            part = {invoice: min(amount, invoice.balance)}
            values = {"by": None, "applied_on": ISSUED_ON}
            self.press(lambda: apply_credit_note(credit_note=note, allocations=part, **values))

    def buys(self, which: int, amount: Decimal, mode: str) -> None:
        def act() -> None:
            name = f"{self.mark} supplies {which}"
            known = self.some(Supplier, 0, name=name)
            supplier = known or a_supplier(self.organization, name=name)
            values = {"supplier": supplier, "dated_on": ISSUED_ON, "tax_mode": mode}
            an_approved_supplier_invoice(self.organization, str(amount), **values)

        self.press(act)

    def sends_back(self, which: int, _amount: Decimal, _mode: str) -> None:
        bill = self.some(SupplierInvoice, which)
        if bill:
            self.press(lambda: void_supplier_invoice(invoice=bill, by=None))

    def is_called_otherwise(self, which: int, amount: Decimal, _mode: str) -> None:
        customer = self.some(Customer, which)
        if customer:
            phone = f"02 {amount}"
            self.press(lambda: change_customer(customer=customer, by=None, phone=phone))

    # --- Over there -------------------------------------------------------------------------------

    def paid_there(self, which: int, amount: Decimal, _mode: str) -> None:
        """Of what is open over there, whatever Ascora thinks of it by now."""
        identifier = self.there(self.some(Invoice, which))
        owed = {row["Id"]: row.get("Balance", 0) for row in self.rows_there("Invoice")}
        part = min(amount, owed.get(identifier, 0))
        if part > 0:
            wish = {"invoice_ids": [{"invoice_id": identifier}], "amount": part}
            self.bookkeeper("receive_payment", account_number="1100", **wish)

    def unpaid_there(self, which: int, _amount: Decimal, mode: str) -> None:
        identifier = self.there(self.some(Payment, which, origin=PaymentOrigin.BOOKS))
        if identifier:
            action = "void" if mode == "inclusive" else "delete"
            self.bookkeeper(action, kind="Payment", id=identifier)

    def edited_there(self, which: int, amount: Decimal, _mode: str) -> None:
        identifier = self.there(self.some(Customer, which))
        if identifier:
            self.bookkeeper("edit_customer", id=identifier, email=f"n{int(amount)}@books.test")

    # --- The engine -------------------------------------------------------------------------------

    def pushes(self, *_given: object) -> None:
        self.business.drain()

    def reads(self, *_given: object) -> None:
        pull(self.organization)

    def waits(self, *_given: object) -> None:
        self.business.time_passes()

    # --- What must be true ------------------------------------------------------------------------

    def becomes_quiet(self) -> None:
        """No fault any more, and as much time as it takes; it must take little."""
        for _ in range(QUIET_AFTER):
            self.business.time_passes()
            self.business.drain(3)
            assert pull(self.organization).bad == []
            if not self.waiting() and not pull(self.organization).applied:
                return
        pytest.fail(f"{self.mark} never becomes quiet: {self.waiting()}")

    def waiting(self) -> list[str]:
        return [f"{entry.label} {entry.message}" for entry in self._entries(EntryState.WAITING)]

    def held(self) -> list[OutboxEntry]:
        return self._entries(EntryState.HELD)

    def _entries(self, state: str) -> list[OutboxEntry]:
        with self.business.acting():
            return list(OutboxEntry.objects.owned_by(self.organization).filter(state=state))

    def rows_there(self, kind: str) -> list[dict[str, Any]]:
        path = f"/companies/{self.business.company.realm}/documents?kind={kind}"
        return self.business.company.running.control(path)

    def proves(self, strangers: list[str]) -> None:
        """Each document once, the same cents on both sides, and nothing of anybody else."""
        for entry in self.held():
            assert entry.message
            assert entry.hold not in OURS, entry.message
        rows = {kind: self.rows_there(kind) for kind in KINDS}
        self._stands_once(rows)
        for mark in strangers:
            assert mark not in json.dumps(rows, default=str)
        if not self.held():
            assert self.business.differences() == []

    def _stands_once(self, rows: dict[str, list[dict[str, Any]]]) -> None:
        for kind, model in NUMBERED.items():
            live = [row["DocNumber"] for row in rows[kind] if row["simulator_status"] == "live"]
            assert len(live) == len(set(live)), f"{kind} twice: {sorted(live)}"
            with self.business.acting():
                ours = {row.number for row in model.objects.owned_by(self.organization)}
            assert set(live) <= ours
        names = [row["DisplayName"] for row in rows["Customer"]]
        assert len(names) == len(set(names))
        self._payments_stand_once(rows["Payment"])

    def _payments_stand_once(self, rows: list[dict[str, Any]]) -> None:
        live = {row["Id"] for row in rows if row["simulator_status"] == "live"}
        with self.business.acting():
            links = RemoteLink.objects.owned_by(self.organization).filter(kind="payment")
            assert live <= {link.remote_id for link in links}, f"a payment twice: {rows}"


@contextmanager
def dying_at(point: str) -> Iterator[None]:
    """The worker ends at this place, between two steps, as kill -9 would end it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checkpoints, "os", SimpleNamespace(kill=die, getpid=os.getpid))
        patch.setattr(checkpoints, "settings", SimpleNamespace(CRASH_AT=point))
        with suppress(Killed):
            yield
