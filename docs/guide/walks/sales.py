"""Claims, many invoices at once, who is billed, e-mail, payments."""

from contextlib import suppress

from playwright.sync_api import TimeoutError as TooSlow

from docs.guide.camera import PATIENCE, Camera


def sales(camera: Camera) -> None:
    """From the job board to a payment."""
    camera.take("job-board", at="/jobs/?view=board")
    camera.page.goto("/jobs/?view=list")
    _claim(camera)
    camera.take("several-jobs", at="/invoices/of-jobs/")
    _billed(camera)
    _payment(camera)
    _letter(camera)
    camera.page.goto(camera.page.url)
    why = camera.page.get_by_text("Why this account?").first
    why.click()
    camera.take("why-this-account", of=".card:has-text('Why this account?')")


def _claim(camera: Camera) -> None:
    page = camera.page
    camera.open_first("/jobs/?status=booked")
    job = page.url
    camera.open_window("Edit")
    camera.choose("pricing", "Fixed Price")
    camera.fill(fixed_price="12500")
    camera.press("Save")
    camera.open_window("Deposit or claim")
    camera.fill(name="Deposit", percent="30")
    camera.take("claim", of="#dialog[open]")
    camera.window.get_by_role("button", name="Write the claim").click()
    page.wait_for_url("**/invoices/**")
    camera.open_window("Issue")
    camera.press("Issue")
    camera.await_books()
    page.goto(job)
    page.get_by_text("Left to claim").wait_for()
    camera.take("claimed", of="#job-invoices")


def _billed(camera: Camera) -> None:
    camera.open_first("/customers/")
    camera.open_window("Edit")
    payer = camera.window.locator("select[name=billing_customer]")
    payer.locator("option").nth(2).wait_for(state="attached")
    payer.select_option(index=2)
    payer.scroll_into_view_if_needed()
    camera.take("who-is-billed", of="#dialog[open]")
    camera.press("Save")


def _payment(camera: Camera) -> None:
    page = camera.page
    camera.open_first("/invoices/?status=open")
    camera.open_window("Record Payment")
    camera.choose("method", "Mastercard")
    page.locator("#payment-quote", has_text="Mastercard").wait_for()
    with suppress(TooSlow):
        page.locator("#payment-quote", has_text="1.75").wait_for(timeout=3000)
    camera.take("payment", phone=True)
    page.get_by_role("button", name="Take Payment").click()
    page.locator("#invoice-status", has_text="Paid").wait_for()
    camera.await_books()
    page.reload()
    page.locator("#lamp", has_text="up to date").wait_for(timeout=3 * PATIENCE)
    camera.take("invoice", phone=True)


def several_invoices(camera: Camera) -> None:
    """A customer who owes more than one invoice pays them together."""
    page = camera.page
    page.goto("/reports/open-invoices/")
    names = page.locator("table tbody tr td:nth-child(2)").all_inner_texts()
    several = next(name for name in names if names.count(name) > 1)
    page.locator("table tbody tr", has_text=several).first.get_by_role("link").click()
    camera.open_window("Record Payment")
    for row in camera.window.locator("tr", has=page.locator("input[name^=pay_]")).all():
        owed = row.locator("td.number").first.inner_text().strip()
        row.locator("input[name^=pay_]").fill(owed.replace(",", ""))
    camera.choose("method", "Cash")
    page.locator("#payment-quote", has_text="Cash").wait_for()
    camera.take("several-invoices", of="#dialog[open]")
    camera.window.get_by_role("button", name="Cancel").click()


def _letter(camera: Camera) -> None:
    camera.open_window("E-mail")
    to = camera.window.locator("[name=to]")
    if not to.input_value():
        to.fill("customer@example.test")
    camera.take("e-mail", of="#dialog[open]")
    camera.press("Send")
    camera.page.get_by_text("Sent to").first.wait_for(timeout=3 * PATIENCE)
