"""A day of the office at a browser: from the supplier's invoice to the reports of the month.

After every step the two sides are equal to the cent, account by account.
"""

import re
import time
from decimal import Decimal

from playwright.sync_api import Locator, expect

from tests.browser.chromium import SECONDS
from tests.browser.person import Person
from tests.slice.books_over_there import Books

SUPPLIER = "Wire & Cable Pty Ltd"


class OfficeDay:
    """One person, one day; the books are connected and the account codes chosen."""

    def __init__(self, person: Person, books: Books) -> None:
        self.person, self.page, self.books = person, person.page, books
        self.job = self.customer = ""

    def live_through(self) -> None:
        """From morning to evening."""
        self.a_supplier()
        self.a_fixed_price_job()
        self.a_supplier_invoice_for_the_job()
        self.an_expense_from_the_bank()
        deposit = self.a_deposit_of_thirty_per_cent()
        self.the_final_claim()
        self.the_deposit_is_paid_by_mastercard(deposit)
        self.a_credit_note_used_for_the_rest()
        self.the_statement()
        self.the_months_reports()

    def a_supplier(self) -> None:
        """With an account code of its own."""
        self.person.menu("Inventory", "Suppliers")
        window = self.person.open_window("+Add New", "New Supplier")
        window.locator("[name=name]").fill(SUPPLIER)
        self.person.choose("Account Code", "6100")
        self._save_and_see(window, SUPPLIER)

    def a_fixed_price_job(self) -> None:
        """A cent less than 1,000.00 before tax: no part of it is round."""
        self.person.menu("Jobs")
        window = self.person.open_window("New Job", "New Job")
        self.person.find(window.get_by_label("Find the customer"), "b")
        window.locator("[name=customer]").select_option(index=0)
        window.locator("[name=description]").fill("New switchboard")
        window.locator("[name=pricing]").select_option("fixed_price")
        window.locator("[name=fixed_price]").fill("999.99")
        self.person.choose("Job type", "Domestic")
        window.get_by_role("button", name="Save", exact=True).click()
        self.page.wait_for_url(re.compile(r"/jobs/[0-9a-f-]{36}/$"))
        self.job = self.page.url
        customer = self.page.locator("main a[href^='/customers/']").first
        self.customer = str(customer.get_attribute("href"))
        self.person.can_be_used_by_everybody()

    def a_supplier_invoice_for_the_job(self) -> None:
        """330.00 with tax; 200.00 before tax of it for the job."""
        self.person.menu("Inventory", "Supplier Invoices")
        window = self.person.open_window("New Supplier Invoice", "New Supplier Invoice")
        self.person.choose("Supplier", SUPPLIER)
        window.get_by_label("Supplier's number").fill("W-771")
        window.get_by_role("button", name="Enter its lines").click()
        self.page.wait_for_url("**/edit/")
        line = self.page.get_by_role("group", name="Line 1")
        line.get_by_label("Description").fill("Cable drum")
        line.get_by_label("Quantity").fill("1")
        line.get_by_label("Cost each").fill("300")
        expect(self.page.locator("#cost-totals .total")).to_contain_text("$330.00")
        self.page.get_by_role("button", name="Save Draft").click()
        self._share("200")
        self.page.get_by_role("button", name="Approve").click()
        self.person.reads("approved.")
        self.agree()

    def _share(self, amount: str) -> None:
        self.page.get_by_role("link", name="Allocate").click()
        window = self.person.window
        self.person.find(window.get_by_label("Find the job"), "New switch")
        window.locator("#id_job").select_option(index=0)
        window.get_by_label("Amount").fill(amount)
        window.get_by_role("button", name="Allocate").click()
        expect(self.page.get_by_text("100.00 for no job")).to_be_visible()

    def an_expense_from_the_bank(self) -> None:
        """60.00 with tax, paid on the spot; it counts as the job's cost."""
        self.page.goto(self.job)
        window = self.person.open_window("Add Expense", "Add Expense")
        window.locator("[name=description]").fill("Scaffold hire")
        window.locator("[name=unit_cost]").fill("60")
        window.locator("[name=cost_includes_tax]").check()
        self.person.choose("Payment", "1100")
        self.person.save()
        self.page.get_by_role("link", name="Scaffold hire").first.click()
        self.page.get_by_role("button", name="Approve").click()
        self.person.reads("approved.")
        self.agree()
        self.page.goto(self.job)
        expect(self.page.locator("body")).to_contain_text("$254.55")

    def a_deposit_of_thirty_per_cent(self) -> str:
        """330.00 with tax; gives the page of the invoice."""
        self.page.goto(self.job)
        window = self._claim()
        window.locator("[name=name]").fill("Deposit")
        window.locator("[name=basis][value=percent]").check()
        window.locator("[name=percent]").fill("30")
        return self._issue_claim(window, "$330.00")

    def the_final_claim(self) -> None:
        """The last takes the rest to the cent."""
        self.page.goto(self.job)
        window = self._claim()
        window.locator("[name=name]").fill("Final claim")
        window.locator("[name=basis][value=rest]").check()
        self._issue_claim(window, "$769.99")

    def _claim(self) -> Locator:
        self.page.get_by_role("link", name=re.compile("laim")).first.click()
        expect(self.person.window).to_have_count(1)
        self.person.can_be_used_by_everybody()
        return self.person.window

    def _issue_claim(self, window: Locator, total: str) -> str:
        window.get_by_role("button", name="Write the claim").click()
        self.page.wait_for_url("**/invoices/**")
        self.person.reads(total)
        self.person.open_window("Issue", "Issue Invoice")
        self.person.save("Issue")
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("INV-")
        self.agree()
        return self.page.url

    def the_deposit_is_paid_by_mastercard(self, deposit: str) -> None:
        """330.00 and the surcharge of 6.08, shown before it is taken."""
        self.page.goto(deposit)
        window = self.person.open_window("Record Payment", "Record Payment")
        amounts = window.locator("[name^=pay_]")
        for place in range(amounts.count()):
            amounts.nth(place).fill("")
        key = deposit.rstrip("/").rsplit("/", 1)[-1].replace("-", "")
        window.locator(f"[name=pay_{key}]").fill("330")
        self.person.choose("Payment method", "Mastercard")
        expect(window.locator("#payment-quote")).to_contain_text("6.08")
        self.person.save("Take Payment")
        expect(self.page.locator("#invoice-status")).to_contain_text("Paid")
        self.agree()

    def a_credit_note_used_for_the_rest(self) -> None:
        """55.00 with tax: 33.00 for the final claim, 22.00 paid out."""
        self.person.menu("Administration", "Credit Notes")
        window = self.person.open_window("New Credit Note", "New Credit Note")
        name = self._name_of_customer()
        self.person.find(window.get_by_label("Find the customer"), name)
        self.person.choose("Customer", name)
        window.get_by_role("button", name="Write the credit note").click()
        self.page.wait_for_url("**/edit/")
        line = self.page.get_by_role("group", name="Line 1")
        line.get_by_label("Description").fill("Damaged wall")
        line.get_by_label(re.compile("Price")).fill("50")
        self.page.get_by_role("button", name="Save Draft").click()
        self.person.reads("$55.00")
        self.person.open_window("Issue", "Issue Credit Note")
        self.person.save("Issue")
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("CN-")
        self.agree()
        self._use("33")
        self._pay_out("22")

    def _name_of_customer(self) -> str:
        heading = self.person.context.request.get(self.customer).text()
        found = re.search(r"<h1[^>]*>\s*([^<]+?)\s*<", heading)
        assert found
        return found.group(1).replace("&amp;", "&").replace("&#x27;", "'")

    def _use(self, amount: str) -> None:
        self.page.get_by_role("link", name="Apply").first.click()
        expect(self.person.window).to_have_count(1)
        self.person.window.locator("[name^=pay_]").first.fill(amount)
        self.person.save("Apply It")
        self.agree()

    def _pay_out(self, amount: str) -> None:
        self.page.get_by_role("link", name="Refund").first.click()
        expect(self.person.window).to_have_count(1)
        self.person.window.locator("[name=amount]").fill(amount)
        self.person.choose("Paid from", "1100")
        self.person.save("Record Refund")
        self.agree()

    def the_statement(self) -> None:
        """On screen, and as a PDF that is one."""
        self.page.goto(f"{self.customer}statement/")
        self.person.reads("INV-", "CN-")
        self.person.can_be_used_by_everybody()
        link = self.page.get_by_role("link", name="Download PDF")
        answer = self.person.context.request.get(str(link.get_attribute("href")))
        assert answer.body().startswith(b"%PDF")

    def the_months_reports(self) -> None:
        """Each opens, and the CSV of receivables ends with what the books say is owed."""
        self.person.goto("/reports/")
        for slug in ("receivables", "income", "gst", "ledger"):
            self.person.goto(f"/reports/{slug}/")
            assert self.page.locator("table").count(), slug
        text = self.person.context.request.get("/reports/receivables/?as=csv").text()
        owed = Decimal(text.strip().splitlines()[-1].rsplit(",", 1)[-1])
        assert owed == self.books.balances()["1200"][1]

    def _save_and_see(self, window: Locator, text: str) -> None:
        window.get_by_role("button", name="Save", exact=True).click()
        expect(self.person.window).to_have_count(0)
        self.person.reads(text)

    def agree(self) -> None:
        """Wait a bounded while until both sides say the same."""
        deadline = time.monotonic() + SECONDS
        while (apart := self._apart()) and time.monotonic() < deadline:
            time.sleep(0.3)
        assert not apart

    def _apart(self) -> dict[str, tuple[Decimal, Decimal]]:
        ours = figures_of(self.person)
        theirs = {number: balance for number, (_, balance) in self.books.balances().items()}
        return {
            number: (ours.get(number, Decimal(0)), theirs.get(number, Decimal(0)))
            for number in ours.keys() | theirs.keys()
            if ours.get(number, Decimal(0)) != theirs.get(number, Decimal(0))
        }


def figures_of(person: Person) -> dict[str, Decimal]:
    """Account by account, Ascora's figures from its documents alone."""
    text = person.context.request.get("/reports/ledger/?as=csv").text()
    rows = [line.rsplit(",", 1) for line in text.strip().splitlines()[1:-1]]
    return {left.split(",")[0] or "2200": Decimal(amount) for left, amount in rows if amount}
