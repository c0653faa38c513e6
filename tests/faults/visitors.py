"""R36: many people of several businesses at once on few connections to the database."""

import http.client
import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from tests.faults.machines import start_web
from tests.faults.world import World

VISITORS = 64
VISITS = 30
# The third is nowhere, the fourth refuses what it is sent: a request that ends in the middle.
PAGES = ("/customers/", "/invoices/", "/customers/99999999/", "/customers/new/")
FINE = (200, 302, 403, 404)


def visit(world: World) -> list[str]:
    """Everybody looks at the own business; a sentence for everything of another that was shown."""
    start_web(world)
    people = world.clerk("sessions")
    who = itertools.islice(itertools.cycle(people.items()), VISITORS)
    with ThreadPoolExecutor(VISITORS) as pool:
        seen = pool.map(lambda person: list(_walk(world, person, set(people))), who)
        return sorted({line for lines in seen for line in lines})


def _walk(world: World, person: tuple[str, str], marks: set[str]) -> Iterator[str]:
    mark, cookie = person
    line = http.client.HTTPConnection("localhost", world.place.web_port, timeout=60)
    try:
        for page in itertools.islice(itertools.cycle(PAGES), VISITS):
            line.request("GET", page, headers={"Cookie": cookie})
            answer = line.getresponse()
            text = answer.read().decode(errors="replace")
            if answer.status not in FINE:
                yield f"{page} answers {answer.status} to {mark}"
            if page == PAGES[0] and f"{mark} " not in text:
                yield f"{mark} does not see its own customers: {answer.status}"
            yield from (f"{mark} sees {other}" for other in marks - {mark} if f"{other} " in text)
    finally:
        line.close()
