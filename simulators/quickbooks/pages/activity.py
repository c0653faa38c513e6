"""What went over the wire lately: webhooks and requests, with the clock and the meter."""

from starlette.responses import Response
from starlette.routing import Route

from simulators.quickbooks import gate
from simulators.quickbooks.pages.desk import Desk, at_company
from simulators.quickbooks.pages.shelves import LENGTH
from simulators.quickbooks.store import Document

MOST_WEBHOOKS = 20


def activity(desk: Desk) -> Response:
    """Webhooks and requests of this company, newest first."""
    edge = desk.asked.get("after", "")
    rows = desk.books.store.rows(
        "SELECT * FROM requests WHERE realm = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?",
        desk.books.realm,
        int(edge) if edge.isdigit() else 2**62,
        LENGTH + 1,
    )
    meter = gate.meter(desk.simulator)
    context = {
        "requests": rows[:LENGTH],
        "more": rows[LENGTH - 1]["sequence"] if len(rows) > LENGTH else "",
        "webhooks": webhooks(desk),
        "waiting": sum(
            1
            for event in desk.simulator.courier.waiting.values()
            if event.realm == desk.books.realm
        ),
        "now": desk.simulator.clock.now(),
        "allowance": meter["allowance"],
        "reads": [row for row in meter["reads"] if row["realm"] == desk.books.realm],
    }
    return desk.show("activity.html", "activity", **context)


def webhooks(desk: Desk) -> list[Document]:
    """The latest deliveries that told of this company, with the changes they told of."""
    found: list[Document] = []
    for attempt in reversed(desk.simulator.courier.delivered):
        events = [event for event in attempt["events"] if event["realm"] == desk.books.realm]
        if events:
            found.append({**attempt, "events": events})
        if len(found) == MOST_WEBHOOKS:
            break
    return found


ROUTES = [Route("/companies/{realm}/activity", at_company(activity))]
