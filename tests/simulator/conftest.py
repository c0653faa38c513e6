"""A simulator per test module, companies per test."""

import pytest

from tests.simulator.client import Company, Running
from tests.simulator.person import Person

LINE = {"DetailType": "SalesItemLineDetail"}


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


@pytest.fixture
def person(sydney):
    return Person(sydney)


@pytest.fixture
def customer(sydney):
    return sydney.post("Customer", {"DisplayName": "Zoë O'Brien & Sons"})["Id"]


@pytest.fixture
def invoice(sydney, customer):
    """Labour 200.00 and 2 x 150.00 of materials, with GST: 550.00."""
    code = next(each["Id"] for each in sydney.rows("TaxCode") if each["Name"] == "GST")
    labour = {"ItemRef": {"value": sydney.item("Labour", "4100")}, "TaxCodeRef": {"value": code}}
    parts = {"ItemRef": {"value": sydney.item("Parts", "4200")}, "TaxCodeRef": {"value": code}}
    parts |= {"Qty": 2, "UnitPrice": 150}
    lines = [
        {**LINE, "Amount": 200, "Description": "Fix lights", "SalesItemLineDetail": labour},
        {**LINE, "Amount": 300, "SalesItemLineDetail": parts},
    ]
    body = {"DocNumber": "A-7", "CustomerRef": {"value": customer}, "Line": lines}
    return sydney.post("Invoice", body | {"TxnDate": "2026-03-02", "DueDate": "2099-01-01"})["Id"]
