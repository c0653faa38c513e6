"""Reports, a file with customers, company details, a name that was changed."""

from playwright.sync_api import expect

from docs.guide.camera import PATIENCE, Camera

ROWS = """Name,E-mail,Mobile,Suburb
Alder Street Bakery,orders@alder.example,0400 111 222,Newtown
Banksia Dental,front@banksia.example,0400 111 333,Marrickville
Corella Strata,not an address,0400 111 444,Enmore
,nobody@example.test,,Redfern
"""


def office(camera: Camera) -> None:
    """What is looked at in the office, away from jobs."""
    camera.take("reports", at="/reports/")
    camera.take("receivables", at="/reports/receivables/")
    camera.take("gst", at="/reports/gst/")
    camera.take("company-details", at="/administration/company/")
    _file(camera)
    _history(camera)


def _file(camera: Camera) -> None:
    page = camera.page
    page.goto("/import/file/")
    page.locator("select[name=kind]").select_option(label="Customers")
    page.locator("[name=file]").set_input_files(
        {"name": "customers.csv", "mimeType": "text/csv", "buffer": ROWS.encode()}
    )
    page.get_by_role("button", name="Next: choose the columns").click()
    page.wait_for_url("**/columns/")
    camera.take("import-columns")
    page.get_by_role("button", name="Next: look through the file").click()
    page.get_by_text("would be added").wait_for(timeout=3 * PATIENCE)
    camera.take("import-preview")
    page.get_by_role("button", name="Import ", exact=False).last.click()
    page.get_by_role("link", name="Take the import back").wait_for(timeout=3 * PATIENCE)
    camera.open_window("Take the import back")
    camera.window.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("The import was taken back")).to_be_visible(timeout=3 * PATIENCE)


def _history(camera: Camera) -> None:
    camera.open_first("/customers/")
    camera.open_window("Edit")
    camera.fill(phone="02 9555 0199")
    camera.press("Save")
    camera.page.reload()
    camera.take("history", of=".card:has(> .card-header:has-text('History'))")
