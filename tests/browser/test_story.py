"""The whole story in a real Chromium: sign up, connect, a job, its invoice, its two payments."""

import re
import time
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import SECONDS
from tests.browser.conftest import Running
from tests.browser.day import OfficeDay, figures_of
from tests.browser.person import Person, focused, seconds_until
from tests.slice.books_over_there import Books

pytestmark = [pytest.mark.browser, pytest.mark.slice]

BUSINESS = "Bright Spark Electrical"
PASSWORD = "a-long-enough-password"
EMAIL = "olive@brightspark.test"
# What the issue promises for a payment received over there.
PROMISED = 5.0


@pytest.fixture(scope="module")
def books(site: Running) -> Books:
    """The company over there, with customers to import."""
    return site.simulator.company(f"{BUSINESS} Pty Ltd", customers=40, seed=7)


def test_a_business_connects_invoices_a_job_and_sees_it_paid(chromium, site, books) -> None:
    olive = Person(chromium, site.url)
    sign_up(olive)
    connect(olive)
    choose_account_codes(olive)
    import_customers(olive)
    prepare_the_business(olive)
    do_a_job(olive)
    number = invoice_the_job(olive)
    remote = in_books(books, number, Decimal("1734.70"))
    assert income(books) == {"4110": -420, "4210": -537, "4400": -620}
    take_half_by_mastercard(olive)
    in_books(books, number, Decimal("867.35"))
    watch_it_turn_to_paid(olive, site, books, remote)
    both_sides_agree(olive, books)
    OfficeDay(olive, books).live_through()
    assert olive.trouble == []
    olive.context.close()


def sign_up(olive: Person) -> None:
    """Sign up, press the link in the mail, log in."""
    page = olive.page
    olive.goto("/accounts/signup/")
    page.get_by_label("Your name").fill("Olive Owner")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Business name").fill(BUSINESS)
    olive.press("Sign up")
    page.wait_for_url("**/confirm-email/")
    letter = page.locator(".card", has_text=EMAIL)
    deadline = time.monotonic() + SECONDS
    olive.goto("/mail/")
    while not letter.count() and time.monotonic() < deadline:
        page.reload()
    letter.get_by_role("link", name=re.compile("confirm-email")).first.click()
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/accounts/login/")
    olive.can_be_used_by_everybody()
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    olive.reads(BUSINESS)


def connect(olive: Person) -> None:
    """Administration > Accounts Integration, the summary, Intuit's pages, and back."""
    page = olive.page
    olive.menu("Administration", "Accounts Integration")
    olive.choose("Accounting package", "QuickBooks")
    olive.reads("What will flow which way")
    olive.press("Connect to QuickBooks")
    page.get_by_role("button", name="Sign In").click()
    olive.choose("Company", f"{BUSINESS} Pty Ltd")
    page.get_by_role("button", name="Connect", exact=True).click()
    page.wait_for_url("**/administration/**")
    olive.reads(f"Connected to {BUSINESS} Pty Ltd")
    olive.can_be_used_by_everybody()


def choose_account_codes(olive: Person) -> None:
    """A, G, K, L, M chosen, the rest preset."""
    olive.choose("A - Sales Tax Code", "GST")
    olive.choose("G - Account for Payments", "1100")
    olive.choose("K - Labour Income Account", "4100")
    olive.choose("L - Materials Income Account", "4200")
    olive.choose("M - Credit Note Account", "4900")
    olive.choose("E - Lead Source Field", "Lead Source")
    olive.press("Save Accounting Settings")
    olive.reads("Import customer information?")


def import_customers(olive: Person) -> None:
    """Yes, all of them; the page counts by itself, and the list is searched while typing."""
    olive.press("Yes, import all my customers")
    olive.reads("40 customers of QuickBooks looked at", "40 added")
    olive.menu("Customers")
    names = olive.page.locator("#listing tbody .row-link")
    before, wanted = names.count(), names.first.inner_text().strip()
    olive.page.get_by_role("searchbox", name="Search").press_sequentially(wanted, delay=10)
    olive.page.wait_for_url("**/customers/?*q=*")
    expect(names.first).to_have_text(wanted)
    assert before > names.count() >= 1


def prepare_the_business(olive: Person) -> None:
    """A job type, two supplies and Mastercard's surcharge, each in its pop-up."""
    page = olive.page
    olive.menu("Administration", "Jobs")
    window = olive.open_window("+Add New", "New Job Type")
    window.get_by_label("Name").fill("Domestic")
    olive.choose("Labour Income Account Code", "4110")
    olive.choose("Materials Income Account Code", "4210")
    olive.save()
    olive.reads("Domestic")
    olive.menu("Inventory", "Supplies")
    add_supply(olive, ("Consumer mains, 16 mm2", "CAB-16", "m", "3.10", "5.37"))
    add_supply(olive, ("Elevated work platform", "HIRE-EWP", "day", "165", "310"), account="4400")
    olive.menu("Administration", "Payments & Tax")
    today = datetime.now(tz=ZoneInfo("Australia/Sydney")).date()
    set_surcharge(olive, "Mastercard", percentage="1.75", fixed="0.30", begins_on=today.isoformat())
    over = {"begins_on": today - timedelta(days=30), "ends_on": today - timedelta(days=1)}
    set_surcharge(olive, "Visa", percentage="2", **{n: d.isoformat() for n, d in over.items()})
    expect(page.locator("#payment-methods tr", has_text="Mastercard")).to_contain_text("1.75 %")


def add_supply(olive: Person, typed: tuple[str, ...], *, account: str = "") -> None:
    """One supply; a wrong price is refused first, and what was typed stays."""
    window = olive.open_window("+Add New", "New Supply")
    description, part, unit, cost, sell = typed
    window.locator("[name=description]").fill(description)
    window.locator("[name=part_number]").fill(part)
    window.locator("[name=unit]").fill(unit)
    window.locator("[name=cost_price]").fill(cost)
    window.locator("[name=sell_price]").fill("-1")
    window.get_by_role("button", name="Save", exact=True).click()
    expect(window).to_contain_text("A price is zero or more.")
    assert window.locator("[name=description]").input_value() == description
    assert focused(olive.page) == "sell_price"
    window.locator("[name=sell_price]").fill(sell)
    window.locator("[name=is_taxed]").check()
    if account:
        olive.choose("Income Account Code", account)
    olive.save()
    expect(olive.page.locator("#listing")).to_contain_text(part)


def set_surcharge(olive: Person, method: str, **rule: str) -> None:
    """The pop-up behind Edit; focus is back on it afterwards when nothing was changed."""
    row = olive.page.locator("#payment-methods tr", has_text=method)
    edit = row.get_by_role("link", name="Edit")
    edit.click()
    expect(olive.window).to_have_count(1)
    olive.page.keyboard.press("Escape")
    expect(olive.window).to_have_count(0)
    assert edit.evaluate("e => e === document.activeElement")
    edit.click()
    olive.can_be_used_by_everybody()
    for name, value in rule.items():
        olive.window.locator(f"[name={name}]").fill(value)
    if method == "Mastercard":
        olive.choose("Surcharge Income Account Code", "4300")
    olive.save()


def do_a_job(olive: Person) -> None:
    """The customer found while typing; 3.5 hours and two supplies."""
    page = olive.page
    olive.menu("Jobs")
    window = olive.open_window("New Job", "New Job")
    olive.find(window.get_by_label("Find the customer"), "a")
    window.locator("[name=customer]").select_option(index=1)
    window.locator("[name=description]").fill("Upgrade the consumer mains")
    olive.choose("Job type", "Domestic")
    window.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(re.compile(r"/jobs/[0-9a-f-]{36}/$"))
    window = olive.open_window("Add Labour", "Add Labour")
    window.locator("[name=worker]").fill("Mick")
    window.locator("[name=hours]").fill("3.5")
    window.locator("[name=hourly_rate]").fill("120")
    olive.save()
    for supply, quantity, price in (("Consumer", "100", "5.37"), ("Elevated", "2", "310.00")):
        window = olive.open_window("Add Supply", "Add Supply")
        olive.find(window.get_by_label("Find the supply"), supply)
        olive.choose("Supply", supply)
        expect(window.locator("[name=unit_price]")).to_have_value(price)
        window.locator("[name=quantity]").fill(quantity)
        olive.save()
    olive.reads("$1,577.00")


def invoice_the_job(olive: Person) -> str:
    """Everything uninvoiced, once; issued in a pop-up. Gives its number."""
    page = olive.page
    olive.press("Invoice this job")
    page.wait_for_url("**/invoices/**")
    olive.reads("$1,734.70")
    olive.open_window("Issue", "Issue Invoice")
    olive.save("Issue")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("INV-")
    olive.can_be_used_by_everybody()
    return heading.inner_text().split()[0]


def take_half_by_mastercard(olive: Person) -> None:
    """Visa's rule is over and says so; Mastercard's is worked out while typing."""
    window = olive.open_window("Record Payment", "Record Payment")
    quote = window.locator("#payment-quote")
    amount = window.locator("[name^=pay_]")
    assert amount.input_value() == "1734.70"
    amount.fill("867.35")
    olive.choose("Payment method", "Visa")
    expect(quote).to_contain_text("867.35")
    expect(quote).to_contain_text("ended")
    olive.choose("Payment method", "Mastercard")
    expect(quote).to_contain_text("15.48")
    expect(quote).to_contain_text("$882.83")
    olive.save("Take Payment")
    expect(olive.page.locator("#invoice-status")).to_contain_text("Part paid")


def watch_it_turn_to_paid(olive: Person, site: Running, books: Books, remote: str) -> None:
    """The invoice stays open; the bookkeeper receives the rest over there, in another tab."""
    status = olive.page.locator("#invoice-status")
    expect(status).to_contain_text("Part paid")
    expect(olive.page.locator("#document-state .state-line")).to_contain_text("In the books")
    bookkeeper = olive.another_tab()
    bookkeeper.goto(f"{site.simulator.url}/companies/{books.realm}/invoices/{remote}")
    receive_the_rest(bookkeeper)
    olive.page.bring_to_front()
    took = seconds_until(status, "Paid")
    expect(olive.page.locator("#invoice-live")).to_contain_text("$0.00")
    expect(olive.page.locator("#invoice-live")).to_contain_text("found in your books")
    assert took < PROMISED, f"it took {took:.1f} s"
    bookkeeper.close()


def receive_the_rest(bookkeeper: Page) -> None:
    """Into account G, by the button of the simulator's page."""
    form = bookkeeper.locator("form", has=bookkeeper.get_by_role("button", name="Receive payment"))
    place = form.locator("[name=account_id]")
    texts = place.locator("option").all_inner_texts()
    place.select_option(label=next(text for text in texts if "1100" in text))
    form.get_by_role("button", name="Receive payment").click()
    expect(bookkeeper.locator("body")).to_contain_text("paid in full")


def both_sides_agree(olive: Person, books: Books) -> None:
    """Account by account, Ascora's figures from its documents alone."""
    theirs = {number: balance for number, (_, balance) in books.balances().items()}
    assert {n: b for n, b in figures_of(olive).items() if b} == theirs


def in_books(books: Books, number: str, balance: Decimal) -> str:
    """Wait until the invoice over there owes this; gives its id."""
    deadline, seen = time.monotonic() + SECONDS, []
    while time.monotonic() < deadline:
        seen = [row for row in books.documents("Invoice") if row.get("DocNumber") == number]
        if seen and Decimal(str(seen[0]["Balance"])) == balance:
            assert len(seen) == 1
            return str(seen[0]["Id"])
        time.sleep(0.2)
    raise AssertionError(f"QuickBooks does not show {balance} open: {seen}")


def income(books: Books) -> dict[str, Any]:
    """The income accounts over there."""
    return {n: b for n, (_, b) in books.balances().items() if n.startswith("4")}
