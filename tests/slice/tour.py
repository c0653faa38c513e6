"""`make tour`: tells the story, prints both sides' books; non-zero at the first difference."""

import os
import sys
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tests.slice.books_over_there import Simulator
from tests.slice.day import Day
from tests.slice.pages import StoryError
from tests.slice.story import Business, settled


def main() -> int:
    """Tell it; 0 when both sides agree to the cent."""
    try:
        return tell(os.environ["ASCORA_URL"], os.environ["SIMULATOR_URL"])
    except StoryError as trouble:
        print(f"\nThe story stopped: {trouble}")
        return 1


def step(text: str) -> None:
    print(f"  {text}", flush=True)


def tell(ascora: str, simulator_url: str) -> int:
    """Every step in order."""
    simulator = Simulator(simulator_url)
    today = datetime.now(tz=ZoneInfo("Australia/Sydney")).date()
    stranger = Business(ascora, simulator, "Drain & Co", customers=3)
    stranger.sign_up()
    stranger.choose_account_codes(stranger.connect())
    step("Drain & Co signed up and connected its own company; it will see nothing of what follows")
    us = Business(ascora, simulator, "Bright Spark Electrical", customers=200)
    us.sign_up()
    step("Bright Spark Electrical signed up, e-mail confirmed")
    page = us.choose_account_codes(us.connect())
    step("connected to QuickBooks, account codes A to M saved")
    us.import_customers(page, 200)
    step("200 customers imported")
    us.add_job_type()
    us.add_supplies()
    us.set_mastercard(today)
    step("job type Domestic, two supplies, Mastercard 1.75 % + $0.30")
    invoice = us.invoice(us.do_a_job())
    number = invoice.root.all("h1")[0].text.split()[0]
    step(f"job invoiced and issued: {number}, $1,734.70")
    check_invoice(us, number, Decimal("1734.70"))
    step("QuickBooks shows it with the same total, its income in three accounts")
    us.take_half_by_mastercard(us.browser.get(invoice.address))
    step("half taken by Mastercard: $867.35 + $15.48 surcharge")
    check_invoice(us, number, Decimal("1750.18"))
    remote = wait_for_balance(us, number, Decimal("867.35"))
    step("QuickBooks shows the surcharge on the invoice, and the payment")
    us.books.do("receive_payment", invoice_ids=[remote["Id"]], account_number="1100")
    us.page_says(invoice.address, "Paid", "$0.00")
    step("the bookkeeper received the rest in QuickBooks; Ascora shows the invoice as paid")
    check_stranger(stranger)
    day = Day(us, today, step)
    day.tell()
    if os.environ.get("TAMPER"):
        us.books.tamper("4110")
        step("TAMPER: one cent was changed in QuickBooks behind everybody's back")
    return compare(us, day.paid_there)


def check_invoice(us: Business, number: str, total: Decimal) -> None:
    """The same total over there, the income where job type, supply and method say."""
    settled(
        lambda: Decimal(str(us.in_books(number)["TotalAmt"])),
        lambda amount: amount == total,
        f"QuickBooks does not show {total}",
    )
    income = {n: b for n, (_, b) in us.books.balances().items() if n.startswith("4")}
    expected = {"4110": Decimal(-420), "4210": Decimal(-537), "4400": Decimal(-620)}
    if total != Decimal("1734.70"):
        expected["4300"] = Decimal("-14.07")
    if income != expected:
        raise StoryError(f"income stands in {income}, not in {expected}")


def wait_for_balance(us: Business, number: str, balance: Decimal) -> dict[str, object]:
    """The invoice over there, once it owes this much."""
    return settled(
        lambda: us.in_books(number),
        lambda row: Decimal(str(row.get("Balance", 0))) == balance,
        f"QuickBooks does not show a balance of {balance}",
    )


def check_stranger(stranger: Business) -> None:
    """Not a row, not a document, not a word of the other business."""
    for address in ("/invoices/", "/customers/", "/payments/", "/books/", "/jobs/"):
        if "Bright Spark" in stranger.browser.get(address).text or (
            "INV-" in stranger.browser.get(address).text
        ):
            raise StoryError(f"Drain & Co sees something of Bright Spark at {address}")
    if stranger.books.documents("Invoice") or stranger.books.balances():
        raise StoryError("something of Bright Spark was posted in Drain & Co's company")
    step("Drain & Co saw none of it, here or in its own company")


def compare(us: Business, paid_there: dict[str, Decimal]) -> int:
    """Both sides' books, account by account. The bill that the bookkeeper paid there is his own
    document: what it moved is said and left out.
    """
    ours, theirs = us.own_figures(), us.books.balances()
    for account, moved in paid_there.items():
        name, balance = theirs.get(account, ("", Decimal(0)))
        theirs[account] = (name, balance - moved)
        print(f"  the bookkeeper's own bill payment moved {account} by {moved:,.2f}")
    print(f"\n  {'Account':<34}{'Ascora':>14}{'QuickBooks':>14}{'difference':>12}")
    worst = Decimal(0)
    for account in sorted(ours.keys() | theirs.keys()):
        name, over_there = theirs.get(account, ("", Decimal(0)))
        here = ours.get(account, Decimal(0))
        worst = max(worst, abs(over_there - here))
        label, apart = f"{account} {name}", over_there - here
        print(f"  {label:<34}{here:>14,.2f}{over_there:>14,.2f}{apart:>12,.2f}")
    verdict = "Books agree to the cent." if not worst else f"The books differ by {worst}."
    print(f"\n  {verdict}")
    return 0 if not worst else 1


if __name__ == "__main__":
    sys.exit(main())
