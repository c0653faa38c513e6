"""Credit notes: from an invoice, applied, refunded."""

from docs.guide.camera import Camera


def credit_notes(camera: Camera) -> None:
    """Credit one line of several, apply some of it and pay the rest out."""
    page = camera.page
    _open_one_with_several_lines(camera)
    camera.open_window("Credit")
    boxes = camera.window.locator("input[name^=line_]")
    for box in boxes.all()[:-1]:
        box.fill("")
    camera.fill(reason="Not used: taken back to the store")
    camera.take("credit-an-invoice", of="#dialog[open]")
    camera.window.get_by_role("button", name="Write the Credit Note").click()
    page.wait_for_url("**/credit-notes/**")
    camera.open_window("Issue")
    camera.press("Issue")
    camera.await_books()
    camera.open_window("Apply")
    amounts = camera.window.locator("input[name^=pay_]")
    for amount in amounts.all():
        amount.fill("")
    amounts.last.fill("20.00")
    camera.take("apply-credit", of="#dialog[open]")
    camera.press("Apply It")
    camera.open_window("Refund")
    camera.fill(amount="15.00", reference="EFT 4471")
    paid_from = camera.window.locator("select[name=paid_from]")
    paid_from.select_option(index=1)
    camera.take("refund", of="#dialog[open]")
    camera.press("Record Refund")
    camera.await_books()
    camera.open_first("/administration/credit-notes/")
    camera.await_books()
    camera.take("credit-note")


def _open_one_with_several_lines(camera: Camera) -> None:
    """An unpaid invoice of at least three lines, the last of which is worth a credit."""
    page = camera.page
    page.goto("/invoices/?status=open")
    rows = page.locator("#listing tbody .row-link").all()
    for address in [row.get_attribute("href") for row in rows]:
        page.goto(str(address))
        amounts = page.locator("table.table-money tbody td.number:last-child").all_inner_texts()
        if len(amounts) >= 3 and 40 <= _money(amounts[-1]) <= 400:  # noqa: PLR2004
            return
    raise LookupError("no open invoice with several lines")


def _money(words: str) -> float:
    return float(words.strip().replace(",", "") or 0)
