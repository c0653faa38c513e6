"""Pages for people: the companies, one company's books, and QuickBooks' own deep links."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from simulators.quickbooks import posting
from simulators.quickbooks.books import Books
from simulators.quickbooks.serialise import amount_text, cents
from simulators.quickbooks.store import Document
from simulators.quickbooks.templating import page

KINDS = ("Invoice", "Payment", "Deposit")


async def companies(request: Request) -> Response:
    """The list of companies."""
    return page("companies.html", {"companies": request.app.state.simulator.companies()})


async def company(request: Request) -> Response:
    """Accounts with balances, and documents."""
    try:
        books: Books = request.app.state.simulator.books(request.path_params["realm"])
    except KeyError:
        return page("refused.html", {"problem": "There is no such company."}, status=404)
    context = {
        "company": {"realm": books.realm, "name": books.name, "country": books.country},
        "balance": posting.trial_balance(books),
        "documents": documents_shown(books),
    }
    return page("company.html", context)


def documents_shown(books: Books) -> list[Document]:
    """One row per living document, newest first."""
    rows = [
        {
            "kind": kind,
            "id": document["Id"],
            "number": document.get("DocNumber", ""),
            "date": document["TxnDate"],
            "total": amount_text(cents(document["TotalAmt"])),
        }
        for kind in KINDS
        for document in books.live_rows(kind)
    ]
    return sorted(rows, key=lambda row: int(row["id"]), reverse=True)


async def deep_link(request: Request) -> Response:
    """The addresses that lead into QuickBooks itself."""
    asked = request.query_params
    kind = request.path_params["kind"]
    realm = asked.get("companyId", "")
    if kind == "customerdetail":
        return RedirectResponse(f"/companies/{realm}#Customer-{asked.get('nameId', '')}", 302)
    name = {"invoice": "Invoice", "recvpayment": "Payment", "deposit": "Deposit"}.get(kind, kind)
    return RedirectResponse(f"/companies/{realm}#{name}-{asked.get('txnId', '')}", 302)


ROUTES = [
    Route("/", companies),
    Route("/companies/{realm}", company),
    Route("/app/{kind}", deep_link),
]
