"""A day in the life: what the office does from the supplier's invoice to the month's reports.

Every step presses what a person presses. After each the two trial balances are equal to the cent.
"""

import csv
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from tests.slice.pages import SECONDS, Page, StoryError
from tests.slice.story import GST, Business, settled, until

PAYABLE, RECEIVABLE, BANK = "2100", "1200", "1100"
PRICE = Decimal("999.99")
Step = Callable[[str], None]


class Day:
    """One day of a business whose books are connected."""

    def __init__(self, us: Business, today: date, step: Step) -> None:
        self.us, self.today, self.step = us, today, step
        self.browser = us.browser
        self.paid_there: dict[str, Decimal] = {}

    def tell(self) -> None:
        """From morning to evening."""
        supplier = self.a_supplier()
        job = self.a_fixed_price_job()
        bill = self.a_supplier_invoice(supplier, job)
        self.expenses(supplier, job)
        deposit = self.claim(job, percent="30", expected="$330.00")
        self.claim_the_rest(job)
        self.pay_by_mastercard(deposit)
        self.credit_and_refund(job)
        self.letters(deposit)
        self.bill_is_paid_there(bill)
        self.month_end(job)

    # Buying.

    def a_supplier(self) -> str:
        """With an account code of its own."""
        form = self.browser.get("/inventory/suppliers/new/").form(button="Save")
        form.fill(name="Wire & Cable Pty Ltd").choose("Account Code", "6100")
        page = form.submit("Save").says("Wire & Cable Pty Ltd")
        return page.address

    def a_supplier_invoice(self, supplier: str, job: Page) -> Page:
        """300.00 and 10 % for the job, 60.00 that stays with the business."""
        del supplier
        form = self.browser.get("/inventory/supplier-invoices/new/").form(button="Enter its lines")
        form.choose("Supplier", "Wire & Cable").fill(number="W-771")
        page = form.submit("Enter its lines")
        for description, cost in (("Cable drum", "300.00"), ("Workshop tape", "60.00")):
            page = self._cost_line(page, description, cost)
        page = page.form(button="Save Draft").submit("Save Draft").says("$396.00")
        self._share(page, job, "Cable drum")
        self.browser.get(page.address).form(action="approve").submit().says("Approved")
        self.agree("supplier invoice W-771 approved: $396.00, $300.00 of it for the job")
        return page

    def _cost_line(self, page: Page, description: str, cost: str) -> Page:
        form = page.form(button="Save Draft")
        count = sum(name.endswith("-unit_cost") for name, _ in form.values)
        blank = f"lines-{count - 1}-description"
        if not count or dict(form.values).get(blank):
            page = form.submit("Add line")
            form = page.form(button="Save Draft")
            count += 1
        line = f"lines-{count - 1}-"
        typed = {"description": description, "quantity": "1", "unit_cost": cost, "is_taxed": True}
        form.fill(**{f"{line}{name}": value for name, value in typed.items()})
        return form.submit("Add line")

    def _share(self, page: Page, job: Page, line: str) -> None:
        """All of a line for the job."""
        shares = self.browser.get(page.address + "jobs/").says(line)
        dialog = shares.follow("Allocate").form(button="Allocate")
        number = self._number(job)
        choice = next(o["value"] for o in dialog.options("job") if number in o.text)
        dialog.fill(job=choice, amount="300.00").submit("Allocate")

    def expenses(self, supplier: str, job: Page) -> None:
        """60.00 with tax paid from the bank, and 44.00 that is still to be paid."""
        del supplier
        self._expense(job, "Scaffold hire", "60.00", paid_from="1100")
        self.agree("expense paid from the bank: $60.00")
        owed = self._owed()
        self._expense(job, "Tip fees", "44.00", paid_from="")
        if self._owed() - owed != Decimal("44.00"):
            raise StoryError("the expense to be paid is not owed to its supplier")
        self.agree("expense to be paid: $44.00")

    def _owed(self) -> Decimal:
        return -self.us.own_figures().get(PAYABLE, Decimal(0))

    def _expense(self, job: Page, what: str, cost: str, *, paid_from: str) -> None:
        form = self.browser.get(f"{job.address}expenses/new/").form(button="Save")
        form.fill(description=what, unit_cost=cost, cost_includes_tax=True, is_billable=None)
        if paid_from:
            form.choose("Payment", paid_from)
        else:
            form.fill(paid_from="").choose("Supplier", "Wire & Cable")
        page = form.submit("Save")
        link = next(link for link in page.root.all("a") if what in link.text)
        detail = self.browser.get(link["href"])
        detail.form(action="approve").submit().says("Approved")

    # Selling.

    def a_fixed_price_job(self) -> Page:
        """1,000.00 less a cent, before tax: no part of it is round."""
        form = self.browser.get("/jobs/new/").form(button="Save")
        first = next(o["value"] for o in form.options("customer") if o["value"])
        form.fill(customer=first, description="New switchboard", pricing="fixed_price")
        form.fill(fixed_price=str(PRICE)).choose("Job type", "Domestic")
        return form.submit("Save").says("999.99")

    def claim(self, job: Page, *, percent: str, expected: str) -> Page:
        """A deposit by percentage, issued."""
        form = self.browser.get(f"{job.address}claim/").form(button="Write the claim")
        form.fill(name="Deposit", basis="percent", percent=percent)
        invoice = self._issued(form.submit("Write the claim").says(expected))
        self.agree(f"deposit of {percent} % issued: {expected}")
        return invoice

    def claim_the_rest(self, job: Page) -> Page:
        """The last claim takes the rest to the cent."""
        form = self.browser.get(f"{job.address}claim/").form(button="Write the claim")
        form.fill(name="Final claim", basis="rest")
        invoice = self._issued(form.submit("Write the claim").says("699.99", "$769.99"))
        self.agree("final claim takes the rest: $769.99")
        return invoice

    def _issued(self, draft: Page) -> Page:
        return draft.follow("Issue").form(action="issue").submit().says("INV-")

    def pay_by_mastercard(self, invoice: Page) -> None:
        """330.00 and the surcharge of 6.08, shown before it is taken."""
        form = (
            self.browser.get(invoice.address).follow("Record Payment").form(button="Take Payment")
        )
        balance = next(
            name
            for name, _ in form.values
            if name.startswith("pay_")
            and invoice.address.rstrip("/")[-36:].replace("-", "") in name
        )
        form.fill(**{balance: "330.00"}).choose("Payment method", "Mastercard")
        quote = form.page.address.replace("new/", "quote/").split("?")[0]
        shown = self.browser.post(quote, form.values, came_from=form.page.address).says("6.08")
        seen = [(i["name"], i["value"]) for i in shown.root.all("input") if i["name"] == "shown"]
        form.values = [(n, v) for n, v in form.values if n != "shown"] + seen
        form.submit("Take Payment").says("Paid")
        self.agree("deposit paid by Mastercard: $330.00 + $6.08 surcharge")

    def credit_and_refund(self, job: Page) -> None:
        """55.00 credited: 33.00 used for the final claim, 22.00 paid out."""
        form = self.browser.get("/administration/credit-notes/new/").form(
            button="Write the credit note"
        )
        name = self._customer_of(job)
        form.fill(customer=next(o["value"] for o in form.options("customer") if name in o.text))
        page = form.submit("Write the credit note")
        form = page.form(button="Save Draft")
        line = next(n for n, _ in form.values if n.endswith("-description")).rsplit("-", 1)[0]
        form.fill(**{f"{line}-description": "Damaged wall", f"{line}-unit_price": "50.00"})
        page = form.submit("Save Draft").says("$55.00")
        note = page.follow("Issue").form(action="issue").submit().says("CN-")
        self.agree("credit note issued: $55.00")
        form = note.follow("Apply").form(button="Apply It")
        for name in [n for n, _ in form.values if n.startswith("pay_")]:
            form.fill(**{name: "33.00"})
        form.submit("Apply It")
        self.agree("$33.00 of it used for the final claim: nothing moves but receivables")
        form = self.browser.get(note.address).follow("Refund").form(button="Record Refund")
        form.fill(amount="22.00").choose("Paid from", "1100").submit("Record Refund")
        self.agree("the other $22.00 paid out from the bank")

    # Paper.

    def letters(self, invoice: Page) -> None:
        """The PDF, the e-mail with it, and the statement."""
        page = self.browser.get(invoice.address)
        self._is_pdf(page.link("PDF"))
        dialog = page.follow("E-mail").form(button="Send")
        dialog.fill(to="customer@example.test").submit("Send")
        until(lambda: self.browser.get("/mail/").text, lambda text: "customer@example.test" in text)
        self.browser.get("/mail/").says("customer@example.test")
        self.step("invoice sent by e-mail with its PDF")
        customer = next(a["href"] for a in page.root.all("a") if _leads_to_customer(a["href"]))
        statement = self.browser.get(f"{customer}statement/").says("INV-", "CN-")
        self._is_pdf(statement.link("Download PDF"))
        self.step("statement: invoices, payment, credit note and refund with their balance")

    def _is_pdf(self, address: str) -> None:
        answer = self.browser.session.get(address, timeout=SECONDS)
        if not answer.content.startswith(b"%PDF"):
            raise StoryError(f"{address} is no PDF")

    # Over there, and the end of the month.

    def bill_is_paid_there(self, bill: Page) -> None:
        """The bookkeeper pays the supplier; the invoice here is marked."""
        remote = next(
            row for row in self.us.books.documents("Bill") if row.get("DocNumber") == "W-771"
        )
        before = self.us.books.balances()
        self.us.books.do("pay_bill", bill_ids=[remote["Id"]], account_number=BANK)
        after = self.us.books.balances()
        for account in (BANK, PAYABLE):
            moved = after.get(account, ("", Decimal(0)))[1] - before[account][1]
            self.paid_there[account] = moved
        self.us.page_says(bill.address, "Paid")
        self.agree("bill paid in QuickBooks by the bookkeeper: marked here")

    def month_end(self, job: Page) -> None:
        """The reports tie to the ledger's accounts."""
        ours = self.us.own_figures()
        days = f"begins_on={self.today.replace(day=1)}&ends_on={self.today}"
        ties = {
            RECEIVABLE: self._total("receivables", days, -1),
            GST: -self._total("gst", days, -1),
        }
        for account, total in ties.items():
            if ours.get(account, Decimal(0)) != total:
                raise StoryError(f"report of {account}: {total}, ledger {ours.get(account)}")
        income = -sum((b for a, b in ours.items() if a.startswith("4")), Decimal(0))
        if self._total("income", days, -1) != income:
            raise StoryError(f"income {self._total('income', days, -1)}, ledger {income}")
        self.browser.get(f"{job.address}").says("New switchboard")
        self.step("month-end reports tie to receivables, income and GST of the ledger")

    def _total(self, slug: str, days: str, column: int) -> Decimal:
        text = self.browser.text(f"/reports/{slug}/?{days}&as=csv")
        rows = [row for row in csv.reader(text.splitlines()) if row]
        return Decimal(rows[-1][column])

    def _customer_of(self, job: Page) -> str:
        return next(a.text for a in job.root.all("a") if _leads_to_customer(a["href"]))

    def _number(self, job: Page) -> str:
        return job.root.all("h1")[0].text.split()[0]

    def agree(self, what: str) -> None:
        """Both sides are equal, but for what the bookkeeper did there himself."""
        settled(self._apart, lambda found: not found, f"after “{what}” the books differ")
        self.step(what)

    def _apart(self) -> dict[str, Decimal]:
        ours, theirs = self.us.own_figures(), self.us.books.balances()
        apart: dict[str, Decimal] = {}
        for account in ours.keys() | theirs.keys():
            there = theirs.get(account, ("", Decimal(0)))[1] - self.paid_there.get(
                account, Decimal(0)
            )
            if there != ours.get(account, Decimal(0)):
                apart[account] = there - ours.get(account, Decimal(0))
        return apart


def _leads_to_customer(address: str) -> bool:
    return re.fullmatch(r"/customers/[0-9a-f-]{36}/", address) is not None
