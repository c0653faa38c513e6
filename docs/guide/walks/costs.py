"""Suppliers, supplier invoices, expenses, and what a job earned."""

from io import BytesIO

from PIL import Image
from playwright.sync_api import expect

from docs.guide.camera import Camera


def costs(camera: Camera) -> str:
    """Gives the address of a job that has costs."""
    _supplier(camera)
    job = _job(camera)
    _supplier_invoice(camera)
    _expense(camera, job)
    return job


def _supplier(camera: Camera) -> None:
    camera.page.goto("/inventory/suppliers/")
    camera.open_window("+Add New")
    camera.fill(name="Reece Plumbing", tax_number="49004313133", payment_days="14")
    camera.fill(email="accounts@reece.example", phone="02 9555 0100")
    camera.take("supplier", of="#dialog[open]")
    camera.press("Save")


def _job(camera: Camera) -> str:
    camera.open_first("/jobs/?status=in_progress")
    return camera.page.url


def _supplier_invoice(camera: Camera) -> None:
    page = camera.page
    page.goto("/inventory/supplier-invoices/")
    camera.open_window("New Supplier Invoice")
    camera.choose("supplier", "Reece Plumbing")
    camera.fill(number="R-20417")
    camera.window.get_by_role("button", name="Enter its lines").click()
    page.wait_for_url("**/edit/")
    found = page.locator("#new-supply option").first
    found.wait_for(state="attached")
    page.get_by_role("button", name="Add supply").click()
    line = page.get_by_role("group", name="Line 1")
    expect(line.get_by_label("Description")).not_to_have_value("")
    page.wait_for_load_state("networkidle")
    line.get_by_label("Cost each").fill("86.40")
    line.get_by_label("Quantity").fill("4")
    expect(page.locator("#cost-totals .total")).to_contain_text("380.16")
    camera.take("supplier-invoice-lines")
    page.get_by_role("button", name="Save Draft").click()
    page.get_by_role("link", name="Allocate").click()
    camera.window.locator("#id_job").select_option(index=0)
    camera.window.get_by_label("Amount").fill("172.80")
    camera.press("Allocate")
    camera.open_window("Update prices")
    camera.take("new-prices", of="#dialog[open]")
    camera.press("Update Prices")
    page.get_by_role("button", name="Approve").click()
    camera.await_books()
    page.reload()
    camera.take("supplier-invoice")


def _expense(camera: Camera, job: str) -> None:
    page = camera.page
    page.goto(job)
    camera.open_window("+Add Expense")
    camera.fill(description="Scissor lift, two days", unit_cost="330", markup="15")
    camera.choose("supplier", "Reece Plumbing")
    camera.window.get_by_label("The cost includes tax").check()
    camera.window.locator("[name=receipt]").set_input_files(
        {"name": "receipt.png", "mimeType": "image/png", "buffer": _picture()}
    )
    camera.take("expense", of="#dialog[open]")
    camera.press("Save")
    page.get_by_role("button", name="Approve Scissor lift, two days").first.click()
    page.get_by_role("link", name="Scissor lift, two days").first.click()
    camera.await_books()
    camera.take("expense-in-the-books")
    page.goto(job)
    page.locator("#expenses").scroll_into_view_if_needed()
    camera.take("job-expenses", of="#expenses")
    page.get_by_text("Profit, before tax").wait_for()
    camera.take("job-profit", of=".card:has-text('Profit, before tax')")


def _picture() -> bytes:
    """A small photo of a receipt would look like nothing; a white page does as well."""
    kept = BytesIO()
    Image.new("RGB", (600, 800), "white").save(kept, "PNG")
    return kept.getvalue()
