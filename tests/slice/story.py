"""The story of part 6: a trades business connects its books, sends an invoice, and sees it paid.

Every step presses what a person presses, by its label, over HTTP; nothing is set up behind the back
of the screens.
"""

import re
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from tests.slice.books_over_there import Books, Simulator
from tests.slice.pages import Browser, Page, StoryError

T = TypeVar("T")
PASSWORD = "a-long-enough-password"
PATIENCE = 25
# Ascora knows tax by its code; over there it stands in this account.
GST = "2200"
HALF = "867.35"


class Business:
    """A business in its owner's browser, and its company over there."""

    def __init__(self, ascora: str, simulator: Simulator, name: str, *, customers: int) -> None:
        self.name, self.simulator = name, simulator
        self.browser = Browser(ascora)
        self.books: Books = simulator.company(f"{name} Pty Ltd", customers=customers, seed=7)
        self.email = f"owner@{re.sub('[^a-z]', '', name.lower())}.test"

    # Getting in.

    def sign_up(self) -> Page:
        """Sign up, press the link in the mail, log in."""
        form = self.browser.get("/accounts/signup/").form(button="Sign up")
        form.fill(
            name="Olive Owner",
            email=self.email,
            password1=PASSWORD,
            organization_name=self.name,
            country="AU",
            time_zone="Australia/Sydney",
        )
        form.submit("Sign up")
        self.browser.get(self._link_in_mail()).form(action="confirm-email").submit()
        page = self.browser.get("/")
        if "Log in" in page.text and self.name not in page.text:
            form = self.browser.get("/accounts/login/").form(action="login")
            page = form.fill(login=self.email, password=PASSWORD).submit()
        return self.browser.get("/").says(self.name)

    def _link_in_mail(self) -> str:
        text = until(lambda: self.browser.get("/mail/").text, lambda t: self.email in t)
        letter = text[text.index(self.email) :]
        found = re.search(r"http\S+confirm-email/\S+", letter)
        if found is None:
            raise StoryError(f"no link in the mail: {letter[:500]}")
        return found.group()

    # Connecting.

    def connect(self) -> Page:
        """Steps 1 to 5 of the help page; gives the settings."""
        page = self.browser.get("/").follow("Accounts Integration")
        page = page.form(button="Show summary").choose("Accounting package", "QuickBooks").submit()
        page.says("What will flow which way")
        page = page.form(button="Connect to QuickBooks").submit().follow("Continue to QuickBooks")
        page = page.form(button="Sign In").submit("Sign In")
        form = page.form(button="Connect").choose("Company", f"{self.name} Pty Ltd")
        return form.submit("Connect").says("Connected to", "Save Accounting Settings")

    def choose_account_codes(self, page: Page) -> Page:
        """Step 6: A to M."""
        form = page.form(button="Save Accounting Settings")
        form.choose("A - Sales Tax Code", "GST")
        form.choose("G - Account for Payments", "1100")
        form.choose("K - Labour Income Account", "4100")
        form.choose("L - Materials Income Account", "4200")
        form.choose("M - Credit Note Account", "4900")
        form.choose("E - Lead Source Field", "Lead Source")
        for label in ("Do not send", "I -", "J -", "B -", "C -", "D -"):
            if not any(form.values_of(label)):
                raise StoryError(f"{label!r} has no preset")
        return form.submit("Save Accounting Settings").says("Import customer information?")

    def import_customers(self, page: Page, expected: int) -> None:
        """Step 7: Yes, import all my customers."""
        page = page.form(button="Yes, import all my customers").submit()
        progress = f"{page.address}progress/"
        done = until(
            lambda: self.browser.get(progress).text, lambda text: "customers of QuickBooks" in text
        )
        if f"{expected} added" not in done:
            raise StoryError(f"expected {expected} added: {done}")

    # The daily work.

    def add_job_type(self) -> None:
        """Domestic, with codes of its own."""
        form = self.browser.get("/administration/jobs/types/new/").form(button="Save")
        form.label("Name", "Domestic").choose("Labour Income Account Code", "4110")
        form.choose("Materials Income Account Code", "4210").submit("Save").says("Domestic")

    def add_supplies(self) -> None:
        """One that follows the job type, one with an income code of its own."""
        form = self.browser.get("/inventory/supplies/new/").form(button="Save")
        form.fill(description="Consumer mains, 16 mm2", part_number="CAB-16", unit="m")
        form.fill(cost_price="3.10", sell_price="5.37", is_taxed=True).submit().says("CAB-16")
        form = self.browser.get("/inventory/supplies/new/").form(button="Save")
        form.fill(description="Elevated work platform", part_number="HIRE-EWP", unit="day")
        form.fill(cost_price="165", sell_price="310", is_taxed=True)
        form.choose("Income Account Code", "4400").submit().says("HIRE-EWP")

    def set_mastercard(self, today: date) -> None:
        """Mastercard 1.75 % + $0.30 from today, to its own account; Visa's rule has ended."""
        page = self.browser.get("/administration/payments-tax/")
        form = _edit(page, "Mastercard").form(button="Save")
        form.fill(percentage="1.75", fixed="0.30", begins_on=today.isoformat())
        form.choose("Surcharge Income Account Code", "4300").submit("Save")
        form = _edit(page, "Visa").form(button="Save")
        began, ended = today - timedelta(days=30), today - timedelta(days=1)
        form.fill(percentage="2", begins_on=began.isoformat(), ends_on=ended.isoformat())
        form.submit("Save")

    def do_a_job(self) -> Page:
        """3.5 hours and two supplies: 420.00 + 537.00 + 620.00 before tax."""
        form = self.browser.get("/jobs/new/").form(button="Save")
        first = next(o["value"] for o in form.options("customer") if o["value"])
        form.fill(customer=first, description="Upgrade the consumer mains")
        job = form.choose("Job type", "Domestic").submit("Save")
        labour = self.browser.get(f"{job.address}labour/new/").form(button="Save")
        labour.fill(worker="Mick", hours="3.5", hourly_rate="120").submit("Save")
        for supply, quantity in (("Consumer mains", "100"), ("Elevated work platform", "2")):
            use = self.browser.get(f"{job.address}supplies/new/").form(button="Save")
            use.choose("Supply", supply).fill(quantity=quantity).submit("Save")
        return self.browser.get(job.address).says("3.5")

    def invoice(self, job: Page) -> Page:
        """Invoice this job, issue; a second press finds nothing left."""
        page = self.browser.get(f"{job.address}invoices/")
        page = page.form(button="Invoice this job").submit("Invoice this job")
        page = page.says("$1,734.70").follow("Issue").form(action="issue").submit()
        invoice = page.says("INV-", "$1,734.70")
        left = self.browser.get(f"{job.address}invoices/").text
        if "Invoice this job" in left:
            raise StoryError("the job can be invoiced twice")
        return invoice

    def take_half_by_mastercard(self, invoice: Page) -> Page:
        """Visa's rule is over and says so; Mastercard's adds 15.48, shown before it is taken."""
        form = invoice.follow("Record Payment").form(button="Take Payment")
        pay = next(name for name, _ in form.values if name.startswith("pay_"))
        customer = re.sub(r"new/.*", "quote/", form.page.address)
        form.fill(**{pay: HALF}).choose("Payment method", "Visa")
        form.page.browser.post(customer, form.values, came_from=form.page.address).says(HALF)
        form.choose("Payment method", "Mastercard")
        shown = form.page.browser.post(customer, form.values, came_from=form.page.address)
        shown.says("15.48", "882.83")
        form.values = [(n, v) for n, v in form.values if n != "shown"] + _hidden(shown)
        return form.submit("Take Payment").says("Part paid")

    # Waiting for both sides.

    def in_books(self, number: str) -> dict[str, object]:
        """The invoice over there, when it has arrived."""
        rows = until(
            lambda: [r for r in self.books.documents("Invoice") if r.get("DocNumber") == number],
            bool,
        )
        return rows[0]

    def page_says(self, address: str, *texts: str) -> Page:
        """The page, as soon as it says all of this."""
        page = until(
            lambda: self.browser.get(address), lambda p: all(text in p.text for text in texts)
        )
        return page.says(*texts)

    def own_figures(self) -> dict[str, Decimal]:
        """Account number to balance, from Ascora's documents alone."""
        text = self.browser.text("/reports/ledger/?as=csv")
        rows = [line.rsplit(",", 1) for line in text.strip().splitlines()[1:-1]]
        return {left.split(",")[0] or GST: Decimal(amount) for left, amount in rows if amount}


def _edit(page: Page, name: str) -> Page:
    """The pop-up behind the Edit of a row."""
    for row in page.root.all("tr"):
        if name in row.text:
            for link in row.all("a", "button"):
                where = link["href"] or link["hx-get"]
                if "edit" in where:
                    return page.browser.get(where)
    raise StoryError(f"no row {name!r} to edit")


def _hidden(page: Page) -> list[tuple[str, str]]:
    return [(i["name"], i["value"]) for i in page.root.all("input") if i["name"] == "shown"]


def settled(look: Callable[[], T], is_good: Callable[[T], object], trouble: str) -> T:
    """As `until`, but it fails with what was seen last."""
    seen = until(look, is_good)
    if not is_good(seen):
        raise StoryError(f"{trouble}: {seen}")
    return seen


def until(look: Callable[[], T], is_good: Callable[[T], object]) -> T:
    """Look until it is good, at most PATIENCE seconds; gives the last look."""
    deadline = time.monotonic() + PATIENCE
    seen = look()
    while not is_good(seen) and time.monotonic() < deadline:
        time.sleep(0.2)
        seen = look()
    return seen
