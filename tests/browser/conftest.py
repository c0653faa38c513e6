"""A browser, and the site that a stranger gets: every process, on free ports and its own data."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from ascora.embedded.demo import prepare
from ascora.embedded.environment import Place, environment_of
from ascora.embedded.processes import free_port
from ascora.embedded.servers import ADDRESSES, Servers
from ascora.embedded.site import Site
from tests.browser.chromium import a_chromium
from tests.slice.books_over_there import Simulator

OF_THE_TESTS = (*ADDRESSES, "ASCORA_TESTING", "DJANGO_SETTINGS_MODULE", "LOG_LEVEL")


@dataclass(frozen=True)
class Running:
    """Where the site answers, and the bookkeeper's side of it."""

    url: str
    simulator: Simulator


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """One browser for the module."""
    with a_chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def site(chromium: Any) -> Iterator[Running]:
    """Simulator, web server, worker and beat, with a PostgreSQL and a Redis of their own."""
    with pytest.MonkeyPatch.context() as patch:
        for name in OF_THE_TESTS:
            patch.delenv(name, raising=False)
        with Servers(temporary=True) as servers:
            place = Place(servers.folder, web_port=free_port(), simulator_port=free_port())
            with Site(place, environment_of(place, servers.urls)) as site:
                prepare(site)
                site.start_ascora()
                yield Running(place.site_url, Simulator(place.simulator_url))
