"""The files of attachables: by a temporary address, or from a page of the company."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from simulators.quickbooks.attachments import content_of, may_fetch
from simulators.quickbooks.books import Books
from simulators.quickbooks.pages.desk import Desk, at_company
from simulators.quickbooks.simulator import Simulator
from simulators.quickbooks.store import Document


async def temporary(request: Request) -> Response:
    """The file behind an address that an API answer gave."""
    simulator: Simulator = request.app.state.simulator
    identifier, asked = request.path_params["id"], request.query_params
    try:
        books = simulator.books(request.path_params["realm"])
    except KeyError:
        return PlainTextResponse("NoSuchKey", 404)
    if not may_fetch(books, identifier, asked.get("Expires", ""), asked.get("Signature", "")):
        return PlainTextResponse("AccessDenied: Request has expired", 403)
    return _file(books, identifier) or PlainTextResponse("NoSuchKey", 404)


def _file(books: Books, identifier: str) -> Response | None:
    document = books.find("Attachable", identifier)
    content = content_of(books, identifier)
    if document is None or content is None:
        return None
    name = quote(document["FileName"], safe="")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    kind = document.get("ContentType", "application/octet-stream")
    return Response(content, 200, headers, kind)


def download(desk: Desk) -> Response:
    """The file, for the person at the page."""
    found = _file(desk.books, desk.identifier)
    if found is None:
        raise LookupError("There is no such file in this company.")
    return found


def attached_to(books: Books, kind: str, identifier: str) -> list[Document]:
    """The attachables that hang on a document, oldest first."""
    wanted = {"value": identifier, "type": kind}
    return [
        each
        for each in books.live_rows("Attachable")
        if any(part["EntityRef"] == wanted for part in each.get("AttachableRef", ()))
    ]


ROUTES = [
    Route("/attachments/{realm}/{id}/{name}", temporary),
    Route("/companies/{realm}/attachments/{id:int}", at_company(download)),
]
