"""Settings of a company: closing, numbers, credits, custom fields, connected apps."""

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
    named: dict[str, str] = desk.books.facts["sales_fields"]
    fields = [
        {
            "number": number,
            "name": named.get(number, ""),
            "on": number in named and desk.books.shows_field(number),
        }
        for number in ("1", "2", "3")
    ]
    return desk.show("settings.html", "settings", apps=apps, fields=fields)


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


def credits_(desk: Desk) -> Told:
    """The automatic use of credit memos on or off, as the form asks."""
    on = desk.typed("applies_credits") == "on"
    desk.press("apply_credits", {"applies_credits": on})
    return Told(f"Using credits automatically is {'on' if on else 'off'}.")


def tax(desk: Desk) -> Told:
    """Automated sales tax on or off, as the form asks."""
    on = desk.typed("works_out_tax") == "on"
    desk.press("work_out_tax", {"works_out_tax": on})
    return Told(f"Automated sales tax is {'on' if on else 'off'}.")


def rename(desk: Desk) -> Told:
    """Name a custom field of sales forms; an empty name takes it away."""
    number, name = desk.typed("number"), desk.typed("name")
    desk.press("name_custom_field", {"number": number, "name": name})
    return Told(f"Field {number} is now called {name}." if name else f"Field {number} is gone.")


def switch(desk: Desk) -> Told:
    """Switch a custom field of sales forms off or on."""
    number, on = desk.typed("number"), desk.typed("on") == "on"
    desk.press("switch_custom_field", {"number": number, "on": on})
    return Told(f"Field {number} is switched {'on' if on else 'off'}.")


def disconnect(desk: Desk) -> Told:
    """End every connection of the company, as its owner can from inside QuickBooks."""
    tokens.revoke_realm(desk.simulator, desk.books.realm)
    return Told("All apps are disconnected from this company.")


BUTTONS = Buttons(
    settings,
    {
        "close": close,
        "reopen": reopen,
        "numbers": numbers,
        "credits": credits_,
        "tax": tax,
        "rename": rename,
        "switch": switch,
        "disconnect": disconnect,
    },
)
PATH = "/companies/{realm}/settings"
ROUTES = [
    Route(PATH, at_company(settings)),
    Route(PATH + "/{action}", at_company(BUTTONS), methods=["GET", "POST"]),
]
