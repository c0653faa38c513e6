"""What every page of a company shares: the books, the form, the buttons, the words afterwards."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote, unquote

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from simulators.quickbooks import bookkeeper, faults
from simulators.quickbooks.books import Books
from simulators.quickbooks.serialise import decimal, read
from simulators.quickbooks.simulator import Simulator
from simulators.quickbooks.store import Document
from simulators.quickbooks.templating import page

SAID = "qbsim_said"
REFUSED = 422
FOREIGN = ("cross-site", "same-site")


class Refusal(Exception):
    """Why a button did nothing, in words for the person who pressed it."""


@dataclass(frozen=True)
class Told:
    """What a button did, and the address to go on at; none is the page it stood on."""

    message: str
    address: str = ""


@dataclass
class Desk:
    """One person's request at one company's books."""

    request: Request
    simulator: Simulator
    books: Books
    form: FormData
    failed: str = ""
    problem: str = ""

    @property
    def home(self) -> str:
        """The address that all pages of the company begin with."""
        return f"/companies/{self.books.realm}"

    @property
    def asked(self) -> Mapping[str, str]:
        """The parameters behind the question mark."""
        return self.request.query_params

    @property
    def identifier(self) -> str:
        """The id in the address."""
        return str(self.request.path_params["id"])

    def typed(self, name: str) -> str:
        """What was typed into a field."""
        return str(self.form.get(name, "")).strip()

    def kept(self, form: str, name: str, otherwise: Any) -> Any:
        """What a field is to show: after a refusal, what was typed."""
        return self.form.get(name, "") if self.failed == form else otherwise

    def amount(self, name: str) -> Document:
        """A typed amount as a wish of that name; Refusal when it is none."""
        text = self.typed(name).replace(",", "").removeprefix("$")
        try:
            return {name: decimal(text)}
        except ValueError as error:
            raise Refusal(f"“{self.typed(name)}” is not an amount of money.") from error

    def day(self, name: str) -> str:
        """A typed date, or nothing; Refusal when it is none."""
        text = self.typed(name)
        try:
            return date.fromisoformat(text).isoformat() if text else ""
        except ValueError as error:
            raise Refusal(f"“{text}” is not a date.") from error

    def press(self, action: str, wish: Document) -> Document:
        """Let the bookkeeper act, as the control API does: one transaction, then the webhooks."""
        try:
            with self.simulator.store.transaction():
                document = bookkeeper.act(self.books, action, wish)
        except faults.Fault as fault:
            raise Refusal(words(fault)) from fault
        except (ValueError, TypeError, KeyError) as error:
            raise Refusal(f"The simulator did not understand this: {error}.") from error
        self.simulator.publish(self.books)
        return document

    def document(self, kind: str) -> Document:
        """The document in the address; a deleted one as it was."""
        row = self.books.store.row(
            "SELECT status, coalesce(last_body, body) AS body FROM objects "
            "WHERE realm = ? AND entity = ? AND id = ?",
            self.books.realm,
            kind,
            self.identifier,
        )
        if row is None:
            raise LookupError(f"There is no {kind.lower()} {self.identifier} in this company.")
        return read_row(row)

    def show(self, template: str, tab: str, **context: Any) -> Response:
        """A page inside the company's frame; a refusal keeps what was typed."""
        said = unquote(self.request.cookies.get(SAID, ""))
        told = {"said": "" if self.problem else said, "problem": self.problem}
        everything = {"desk": self, "tab": tab, **told}
        status = REFUSED if self.problem else 200
        response = page(template, {**everything, **context}, status=status)
        if said:
            response.delete_cookie(SAID)
        return response


Handler = Callable[[Desk], Response]
Button = Callable[[Desk], Told]


def read_row(row: Any) -> Document:
    """A stored document with the status of its row."""
    return {**read(row["body"]), "status": row["status"]}


def words(fault: faults.Fault) -> str:
    """A fault as a sentence, with its code."""
    said = []
    for error in fault.errors:
        same = error.detail in ("", error.message)
        text = error.message if same else f"{error.message}: {error.detail}"
        said.append(f"{text} (fault {error.code})")
    return "QuickBooks refuses: " + " ".join(said)


def at_company(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """A page of the company in the address; a form from another site is not listened to."""

    async def endpoint(request: Request) -> Response:
        simulator: Simulator = request.app.state.simulator
        foreign = request.headers.get("Sec-Fetch-Site", "") in FOREIGN
        if request.method == "POST" and foreign:
            return page("refused.html", {"problem": "This form came from elsewhere."}, status=403)
        form = await request.form() if request.method == "POST" else FormData()
        try:
            books = simulator.books(request.path_params["realm"])
        except KeyError:
            return page("refused.html", {"problem": "There is no such company."}, status=404)
        try:
            return handler(Desk(request, simulator, books, form))
        except LookupError as error:
            return page("refused.html", {"problem": str(error)}, status=404)

    return endpoint


@dataclass(frozen=True)
class Buttons:
    """The buttons of a page, and the page to show again when one refuses."""

    show: Handler
    actions: Mapping[str, Button] = field(default_factory=dict)

    def __call__(self, desk: Desk) -> Response:
        """Press the button that the address names."""
        path = desk.request.url.path.rpartition("/")[0]
        name = desk.request.path_params["action"]
        action = self.actions.get(name)
        if action is None:
            raise LookupError(f"There is no button {name} here.")
        if desk.request.method != "POST":
            return RedirectResponse(path, 303)
        try:
            told = action(desk)
        except Refusal as refusal:
            fresh = desk.simulator.books(desk.books.realm)
            again = Desk(desk.request, desk.simulator, fresh, desk.form, name, str(refusal))
            return self.show(again)
        return going(told.address or path, told.message)


def going(address: str, message: str) -> Response:
    """Go on to a page that will say this once."""
    response = RedirectResponse(address, 303)
    response.set_cookie(SAID, quote(message), max_age=60, httponly=True, samesite="lax")
    return response
