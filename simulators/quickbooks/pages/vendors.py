"""Suppliers: search, add, rename, change the e-mail, deactivate, merge into another."""

from starlette.responses import Response
from starlette.routing import Route

from simulators.quickbooks.entities.names import DELETED
from simulators.quickbooks.pages.desk import Buttons, Desk, Refusal, Told, at_company
from simulators.quickbooks.pages.purchases import BILL, CREDIT, EXPENSE, rows_of
from simulators.quickbooks.pages.shelves import Shelf, of_customer, slice_of

MOST = 50


def vendors(desk: Desk) -> Response:
    """A page of suppliers by name, of those whose name contains what is searched."""
    search = desk.asked.get("q", "").strip()
    where = ("instr(name_key, ?) > 0",) if search else ()
    values = (search.lower(),) if search else ()
    shelf = Shelf("Vendor", where=where, values=values, by_name=True)
    found = slice_of(desk.books, shelf, desk.asked, "q")
    return desk.show("vendors.html", "vendors", found=found, search=search)


def vendor(desk: Desk) -> Response:
    """One supplier with the newest documents."""
    document = desk.document("Vendor")
    today = desk.books.today()
    newest = {
        kind.path: rows_of(kind, of_customer(desk.books, kind.entity, desk.identifier, MOST), today)
        for kind in (BILL, CREDIT, EXPENSE)
    }
    context = {
        "vendor": document,
        "plain_name": document["DisplayName"].removesuffix(DELETED),
        "kinds": (BILL, CREDIT, EXPENSE),
        "newest": newest,
        "payments": of_customer(desk.books, "BillPayment", desk.identifier, MOST),
    }
    return desk.show("vendor.html", "vendors", **context)


def add(desk: Desk) -> Told:
    """A new supplier."""
    wish = {name: desk.typed(name) for name in ("name", "email", "phone") if desk.typed(name)}
    made = desk.press("add_vendor", wish)
    return Told(f"{made['DisplayName']} is added.", f"{desk.home}/vendors/{made['Id']}")


def rename(desk: Desk) -> Told:
    """Another display name."""
    made = desk.press("rename_vendor", {"id": desk.identifier, "name": desk.typed("name")})
    return Told(f"The supplier is now called {made['DisplayName']}.")


def email(desk: Desk) -> Told:
    """Another e-mail address."""
    address = desk.typed("email")
    value = {"email": address} if address else {"PrimaryEmailAddr": None}
    desk.press("edit_vendor", {"id": desk.identifier, **value})
    return Told(f"The e-mail address is now {address}." if address else "The e-mail is removed.")


def deactivate(desk: Desk) -> Told:
    """Make the supplier inactive."""
    made = desk.press("deactivate_vendor", {"id": desk.identifier})
    return Told(f"{made['DisplayName'].removesuffix(DELETED)} is inactive.")


def activate(desk: Desk) -> Told:
    """Make the supplier active again, under the name it had."""
    name = desk.document("Vendor")["DisplayName"].removesuffix(DELETED)
    desk.press("edit_vendor", {"id": desk.identifier, "Active": True, "DisplayName": name})
    return Told(f"{name} is active again.")


def merge(desk: Desk) -> Told:
    """Let this supplier go into the one whose name is typed."""
    name = desk.typed("into")
    row = desk.books.by_name("Vendor", name) if name else None
    if row is None or row["id"] == desk.identifier:
        raise Refusal(f"There is no other supplier called “{name}”.")
    gone = desk.document("Vendor")["DisplayName"]
    made = desk.press("merge_vendors", {"id": desk.identifier, "into": row["id"]})
    address = f"{desk.home}/vendors/{made['Id']}"
    return Told(f"{gone} went into {made['DisplayName']}.", address)


LIST = Buttons(vendors, {"add": add})
ONE = Buttons(
    vendor,
    {
        "rename": rename,
        "email": email,
        "deactivate": deactivate,
        "activate": activate,
        "merge": merge,
    },
)
PATH = "/companies/{realm}/vendors"
ROUTES = [
    Route(PATH, at_company(vendors)),
    Route(PATH + "/{id:int}", at_company(vendor)),
    Route(PATH + "/{id:int}/{action}", at_company(ONE), methods=["GET", "POST"]),
    Route(PATH + "/{action}", at_company(LIST), methods=["GET", "POST"]),
]
