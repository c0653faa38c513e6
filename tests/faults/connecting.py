"""R16 and R17: an owner comes back from QuickBooks, twice at once, or with another company."""

import http.client
import random
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qsl, urlencode, urlsplit

from ascora.embedded.processes import EmbeddedError
from tests.faults.machines import start_web
from tests.faults.world import World

ROUNDS, OTHERS = 8, 2
STRANGER = "Somebody Else"
FOUND, FINE = 302, 200


def opens(world: World) -> None:
    """The web server, and a company that belongs to nobody here."""
    start_web(world)
    world.control("/companies", {"name": STRANGER, "country": "AU"})


def comes_back_twice(world: World, _chance: random.Random) -> None:
    """The browser loads the address twice at once: the code is exchanged once, and is good."""
    for mark, ways in world.clerk("begun", ROUNDS).items():
        realm = realm_of(world, mark)
        for cookie, address in ways:
            back, before = _agreed(world, address, realm), _exchanges(world, realm)
            with ThreadPoolExecutor(2) as pool:
                seen = sorted(pool.map(lambda _, b=back, c=cookie: _opened(world, b, c), range(2)))
            after = _exchanges(world, realm)
            if seen != [FINE, FOUND] or after != [before[0] + 1, before[1]]:
                raise EmbeddedError(f"{mark} saw {seen}; exchanges, refusals: {before}, {after}")


def brings_another_company(world: World, _chance: random.Random) -> None:
    """Whose documents are linked is told that this is another company, and stays connected."""
    world.becomes_quiet(seconds=60)
    for mark, ways in world.clerk("begun", OTHERS).items():
        for cookie, address in ways:
            seen = _opened(world, _agreed(world, address, realm_of(world, STRANGER)), cookie)
            if seen != FINE:
                raise EmbeddedError(f"{mark} saw {seen} when coming back with another company")


def nothing_is_there(world: World) -> list[str]:
    """What stands in the company of nobody."""
    realm = realm_of(world, STRANGER)
    told = world.control(f"/judge?realm={realm}")["realms"].get(realm, {"objects": []})
    ours = [each for each in told["objects"] if each["marker"]]
    return [f"{each['entity']} of ours stands in another company" for each in ours]


def realm_of(world: World, name: str) -> str:
    """The newest company of this name."""
    return str([e["realm"] for e in world.control("/companies") if e["name"] == name][-1])


def _exchanges(world: World, realm: str) -> list[int]:
    calls = world.control(f"/calls?realm={realm}")
    counts = calls.get("counts", calls)
    return [int(counts.get(kind, 0)) for kind in ("exchanges", "invalid_grants")]


def _agreed(world: World, address: str, realm: str) -> str:
    """Connect is pressed over there; where that leads, with a code."""
    fields = dict(parse_qsl(urlsplit(address).query)) | {"realm": realm}
    line = http.client.HTTPConnection("localhost", world.place.simulator_port, timeout=60)
    headers = {
        "Cookie": "qbsim_session=x",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    try:
        line.request("POST", "/connect/consent", urlencode(fields), headers)
        answer = line.getresponse()
        answer.read()
        return answer.headers["Location"] or ""
    finally:
        line.close()


def _opened(world: World, address: str, cookie: str) -> int:
    """The status of the page that the browser was led to."""
    to = urlsplit(address)
    line = http.client.HTTPConnection("localhost", world.place.web_port, timeout=60)
    try:
        line.request("GET", f"{to.path}?{to.query}", headers={"Cookie": cookie})
        answer = line.getresponse()
        answer.read()
        return answer.status
    finally:
        line.close()
