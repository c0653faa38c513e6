"""What somebody changes in QuickBooks, and what Ascora then asks; and a permission that ended."""

import json
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from docs.guide.camera import PATIENCE, Camera

CONNECTION = "/administration/accounts-integration/"
STATE = "#document-state"


class Bookkeeper:
    """Somebody at the simulator, whose address stands on an invoice that is in the books."""

    def __init__(self, camera: Camera) -> None:
        camera.open_first("/invoices/?status=paid")
        link = camera.page.get_by_role("link", name="Open in QuickBooks")
        address = urlsplit(link.get_attribute("href", timeout=PATIENCE) or "")
        self.control = f"{address.scheme}://{address.netloc}/_simulator"
        self.realm = str(self.ask("/companies")[0]["realm"])

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:  # noqa: ANN401
        """What the control interface answers."""
        request = Request(  # noqa: S310
            f"{self.control}{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback only
            return json.load(answer)

    def do(self, action: str, **wish: str) -> None:
        """One action in the first company."""
        self.ask(f"/companies/{self.realm}/bookkeeper/{action}", wish)

    def who_owe(self) -> list[dict[str, str]]:
        """Customers with an open invoice."""
        invoices = self.ask(f"/companies/{self.realm}/documents?kind=Invoice")
        owing = [each["CustomerRef"] for each in invoices if each["Balance"]]
        return list({each["value"]: each for each in owing}.values())


def there(camera: Camera) -> None:
    """The old invoices, then one change after the other, each answered."""
    camera.take("before-the-cut-off", at=_old_invoice(camera), of=STATE)
    bookkeeper = Bookkeeper(camera)
    bookkeeper.do("deactivate_account", account_number="4100")
    _await(camera, "/books/", "the accounting settings need an answer")
    camera.take("settings-need-an-answer")
    bookkeeper.do("activate_account", account_number="4100")
    gone, stays = bookkeeper.who_owe()[:2]
    bookkeeper.do("merge_customers", id=gone["value"], into=stays["value"])
    _await(camera, "/books/", f"It was merged into {stays['name']}")
    row = camera.page.locator("tr", has_text="It was merged into").first
    row.get_by_role("link", name="Look at it").click()
    camera.page.get_by_role("button", name="Merge here too").wait_for()
    camera.take("merged", of=STATE)
    camera.page.get_by_role("button", name="Merge here too").click()
    _connect_again(camera, bookkeeper)


def _old_invoice(camera: Camera) -> str:
    camera.page.goto("/invoices/?status=overdue&sort=date")
    link = camera.page.locator("#listing tbody .row-link").first
    return link.get_attribute("href") or ""


def _await(camera: Camera, address: str, words: str) -> None:
    for _ in range(30):
        camera.page.goto(address)
        if camera.page.get_by_text(words).count():
            return
        camera.page.wait_for_timeout(1000)


def _connect_again(camera: Camera, bookkeeper: Bookkeeper) -> None:
    page = camera.page
    bookkeeper.ask("/knobs", {"revoke_tokens": {"realm": bookkeeper.realm}})
    page.goto("/books/")
    page.get_by_role("button", name="Check QuickBooks now").click()
    _await(camera, CONNECTION, "At QuickBooks choose the same company")
    camera.take("connect-again")
    page.get_by_role("button", name="Connect to QuickBooks").click()
    page.get_by_role("button", name="Sign In").click()
    page.get_by_label("Company").select_option(value=bookkeeper.realm)
    page.get_by_role("button", name="Connect", exact=True).click()
    page.get_by_role("button", name="Save Accounting Settings").wait_for()
