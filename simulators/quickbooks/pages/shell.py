"""The list of companies, the style sheet, the clock, and QuickBooks' own deep links."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from simulators.quickbooks import gate
from simulators.quickbooks.pages.desk import FOREIGN, SAID, going
from simulators.quickbooks.simulator import Simulator
from simulators.quickbooks.templating import page

STYLE = Path(__file__).parent.parent / "static" / "simulator.css"
DEEP = {
    "invoice": "invoices",
    "creditmemo": "creditmemos",
    "recvpayment": "payments",
    "deposit": "deposits",
    "bill": "bills",
    "billpayment": "billpayments",
    "vendorcredit": "vendorcredits",
    "expense": "expenses",
    "check": "expenses",
}
NAMES = {"customerdetail": "customers", "vendordetail": "vendors"}


async def companies(request: Request) -> Response:
    """The list of companies, with the clock and the meter they share."""
    return _companies(request, "")


def _companies(request: Request, problem: str) -> Response:
    simulator: Simulator = request.app.state.simulator
    said = unquote(request.cookies.get(SAID, ""))
    context = {
        "companies": simulator.companies(),
        "connected": simulator.connected_realms(),
        "now": datetime.fromtimestamp(simulator.clock.now(), UTC),
        "meter": gate.meter(simulator),
        "said": "" if problem else said,
        "problem": problem,
    }
    response = page("companies.html", context, status=422 if problem else 200)
    if said:
        response.delete_cookie(SAID)
    return response


async def advance(request: Request) -> Response:
    """Move the clock of all companies forward."""
    if request.headers.get("Sec-Fetch-Site", "") in FOREIGN:
        return page("refused.html", {"problem": "This form came from elsewhere."}, status=403)
    form = await request.form()
    simulator: Simulator = request.app.state.simulator
    try:
        hours = int(str(form.get("hours", "")))
    except ValueError:
        return _companies(request, "Give whole hours to move the clock by.")
    if not 0 < hours <= 24 * 400:
        return _companies(request, "The clock moves forward only, at most 400 days at a time.")
    simulator.advance(hours * 3600)
    realm = str(form.get("realm", ""))
    back = f"/companies/{quote(realm, safe='')}/activity" if realm else "/"
    return going(back, f"The clock stands {hours} hours later.")


async def style(_request: Request) -> Response:
    """The style sheet of these pages."""
    return FileResponse(STYLE, media_type="text/css", headers={"Cache-Control": "max-age=300"})


async def deep_link(request: Request) -> Response:
    """The addresses of QuickBooks itself; the simulator must be told which company is meant."""
    asked, kind = request.query_params, request.path_params["kind"]
    realm, noun = asked.get("companyId", ""), DEEP.get(kind, "")
    identifier = asked.get("txnId", "")
    if kind in NAMES:
        noun, identifier = NAMES[kind], asked.get("nameId", "")
    if not noun or not realm.isdigit() or not identifier.isdigit():
        problem = "This address names no company or no document."
        return page("refused.html", {"problem": problem}, status=404)
    return RedirectResponse(f"/companies/{realm}/{noun}/{identifier}", 302)


ROUTES = [
    Route("/", companies),
    Route("/clock", advance, methods=["POST"]),
    Route("/simulator.css", style),
    Route("/app/{kind}", deep_link),
]
