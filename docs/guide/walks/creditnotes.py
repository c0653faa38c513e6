"""Credit notes: from an invoice, applied, refunded."""

from docs.guide.camera import Camera


def credit_notes(camera: Camera) -> None:
    """Credit the oldest open invoice of the list, apply some of it and pay the rest out."""
    page = camera.page
    camera.open_first("/invoices/?status=open")
    camera.open_window("Credit")
    camera.fill(reason="Goodwill: we came a day late")
    camera.take("credit-an-invoice", of="#dialog[open]")
    camera.window.get_by_role("button", name="Write the Credit Note").click()
    page.wait_for_url("**/credit-notes/**")
    camera.open_window("Issue")
    camera.press("Issue")
    camera.await_books()
    camera.open_window("Apply")
    first = camera.window.locator("input[name^=pay_]").first
    first.fill("20.00")
    camera.take("apply-credit", of="#dialog[open]")
    camera.press("Apply It")
    camera.open_window("Refund")
    camera.fill(amount="15.00", reference="EFT 4471")
    paid_from = camera.window.locator("select[name=paid_from]")
    paid_from.select_option(index=1)
    camera.take("refund", of="#dialog[open]")
    camera.press("Record Refund")
    camera.await_books()
    page.goto("/administration/credit-notes/")
    camera.open_first("/administration/credit-notes/")
    camera.await_books()
    camera.take("credit-note")
