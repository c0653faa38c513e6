"""Settings of a company: closing the books, own transaction numbers, connected apps."""

from starlette.responses import Response
from starlette.routing import Route

from simulators.quickbooks import tokens
from simulators.quickbooks.pages.desk import Buttons, Desk, Refusal, Told, at_company


def settings(desk: Desk) -> Response:
    """The switches as they stand."""
    apps = desk.books.store.rows(
        "SELECT client_id, max(issued) AS issued FROM grants WHERE realm = ? AND revoked = 0 "
        "GROUP BY client_id ORDER BY client_id",
        desk.books.realm,
    )
    return desk.show("settings.html", "settings", apps=apps)


def close(desk: Desk) -> Told:
    """Close the books up to a date."""
    until = desk.day("date")
    if not until:
        raise Refusal("Give the last day of the period to close.")
    desk.press("close_books", {"date": until})
    return Told(f"The books are closed up to {until}. Nothing on or before that day can change.")


def reopen(desk: Desk) -> Told:
    """Open the books again."""
    desk.press("close_books", {"date": ""})
    return Told("The books are open again.")


def numbers(desk: Desk) -> Told:
    """Custom transaction numbers on or off, as the form asks."""
    on = desk.typed("own_transaction_numbers") == "on"
    desk.press("number_documents", {"own_transaction_numbers": on})
    return Told(f"Custom transaction numbers are {'on' if on else 'off'}.")


def disconnect(desk: Desk) -> Told:
    """End every connection of the company, as its owner can from inside QuickBooks."""
    tokens.revoke_realm(desk.simulator, desk.books.realm)
    return Told("All apps are disconnected from this company.")


BUTTONS = Buttons(
    settings, {"close": close, "reopen": reopen, "numbers": numbers, "disconnect": disconnect}
)
PATH = "/companies/{realm}/settings"
ROUTES = [
    Route(PATH, at_company(settings)),
    Route(PATH + "/{action}", at_company(BUTTONS), methods=["GET", "POST"]),
]
