"""A simulator per test module, companies per test."""

import pytest

from tests.simulator.client import Company, Running


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    started = Running(tmp_path_factory.mktemp("simulator") / "books.sqlite3")
    yield started
    started.stop()


@pytest.fixture
def sydney(running):
    return Company(running, name="Sydney Sparks", country="AU")


@pytest.fixture
def oakland(running):
    return Company(running, name="Oakland Gardens", country="US", own_transaction_numbers=False)
