"""Customers: search, add, rename, change the e-mail, deactivate, receive a payment on several."""

from starlette.responses import Response
from starlette.routing import Route

from simulators.quickbooks.entities.names import DELETED
from simulators.quickbooks.pages.desk import Buttons, Desk, Refusal, Told, at_company
from simulators.quickbooks.pages.invoices import into_account, payment_choices
from simulators.quickbooks.pages.purchases import EXPENSE, rows_of
from simulators.quickbooks.pages.shelves import Shelf, of_customer, slice_of
from simulators.quickbooks.pages.standing import credit_standing, standing
from simulators.quickbooks.serialise import cents
from simulators.quickbooks.store import Document

MOST = 50


def customers(desk: Desk) -> Response:
    """A page of customers by name, of those whose name contains what is searched."""
    search = desk.asked.get("q", "").strip()
    where = ("instr(name_key, ?) > 0",) if search else ()
    values = (search.lower(),) if search else ()
    shelf = Shelf("Customer", where=where, values=values, by_name=True)
    found = slice_of(desk.books, shelf, desk.asked, "q")
    return desk.show("customers.html", "customers", found=found, search=search)


def customer(desk: Desk) -> Response:
    """One customer with the newest documents."""
    document = desk.document("Customer")
    invoices = of_customer(desk.books, "Invoice", desk.identifier, MOST)
    today = desk.books.today()
    memos = of_customer(desk.books, "CreditMemo", desk.identifier, MOST)
    context = {
        "customer": document,
        "credits": [{**each, "standing": credit_standing(each)} for each in memos],
        "plain_name": document["DisplayName"].removesuffix(DELETED),
        "invoices": [{**each, "standing": standing(each, today)} for each in invoices],
        "open": [each for each in invoices if each["Balance"]],
        "payments": of_customer(desk.books, "Payment", desk.identifier, MOST),
        "kind": EXPENSE,
        "refunds": rows_of(
            EXPENSE, of_customer(desk.books, "Purchase", desk.identifier, MOST), today
        ),
        **payment_choices(desk),
    }
    return desk.show("customer.html", "customers", **context)


def add(desk: Desk) -> Told:
    """A new customer."""
    wish = {name: desk.typed(name) for name in ("name", "email", "phone") if desk.typed(name)}
    made = desk.press("add_customer", wish)
    address = f"{desk.home}/customers/{made['Id']}"
    return Told(f"{made['DisplayName']} is added.", address)


def rename(desk: Desk) -> Told:
    """Another display name."""
    made = desk.press("rename_customer", {"id": desk.identifier, "name": desk.typed("name")})
    return Told(f"The customer is now called {made['DisplayName']}.")


def email(desk: Desk) -> Told:
    """Another e-mail address."""
    address = desk.typed("email")
    value = {"email": address} if address else {"PrimaryEmailAddr": None}
    desk.press("edit_customer", {"id": desk.identifier, **value})
    return Told(f"The e-mail address is now {address}." if address else "The e-mail is removed.")


def deactivate(desk: Desk) -> Told:
    """Make the customer inactive."""
    made = desk.press("deactivate_customer", {"id": desk.identifier})
    return Told(f"{made['DisplayName'].removesuffix(DELETED)} is inactive.")


def activate(desk: Desk) -> Told:
    """Make the customer active again, under the name it had."""
    name = desk.document("Customer")["DisplayName"].removesuffix(DELETED)
    desk.press("edit_customer", {"id": desk.identifier, "Active": True, "DisplayName": name})
    return Told(f"{name} is active again.")


def receive(desk: Desk) -> Told:
    """One payment on several invoices of the customer, each with its amount."""
    parts: list[Document] = []
    for each in of_customer(desk.books, "Invoice", desk.identifier, MOST):
        name = f"amount_{each['Id']}"
        if desk.typed(name):
            parts.append({"invoice_id": each["Id"], "amount": desk.amount(name)[name]})
    parts = [part for part in parts if cents(part["amount"])]
    if not parts:
        raise Refusal("Give an amount for at least one invoice.")
    made = desk.press("receive_payment", {"invoice_ids": parts, **into_account(desk)})
    laid = "1 invoice" if len(parts) == 1 else f"{len(parts)} invoices"
    address = f"{desk.home}/payments/{made['Id']}"
    return Told(f"Received {made['TotalAmt']:,.2f} on {laid}.", address)


LIST = Buttons(customers, {"add": add})
ONE = Buttons(
    customer,
    {
        "rename": rename,
        "email": email,
        "deactivate": deactivate,
        "activate": activate,
        "receive": receive,
    },
)
PATH = "/companies/{realm}/customers"
ROUTES = [
    Route(PATH, at_company(customers)),
    Route(PATH + "/{id:int}", at_company(customer)),
    Route(PATH + "/{id:int}/{action}", at_company(ONE), methods=["GET", "POST"]),
    Route(PATH + "/{action}", at_company(LIST), methods=["GET", "POST"]),
]
