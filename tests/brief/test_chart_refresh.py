"""Refresh Chart of Accounts: by the link, when the books say that accounts changed, and daily."""

from datetime import timedelta

import pytest
from django.urls import reverse

from ascora.chart.models import LedgerAccount
from integrations.connections import charts
from integrations.contracts import Hint
from integrations.pull import expect_changes, pull
from tests.engine.connected import Connected


@pytest.fixture
def hired(spark: Connected) -> Connected:
    """The bookkeeper has just added an account."""
    body = {"Name": "Scaffold Hire", "AcctNum": "4410", "AccountType": "Income"}
    spark.company.post("Account", body)
    return spark


def is_known(spark: Connected) -> bool:
    with spark.acting():
        return LedgerAccount.objects.owned_by(spark.organization).filter(code="4410").exists()


def announce(spark: Connected, kind: str) -> None:
    """A webhook names something of this kind; then the books are read."""
    with spark.acting():
        expect_changes(spark.connection, [Hint("e1", spark.company.realm, kind, "1", "created")])
    assert pull(spark.organization).was_made


def test_the_link_reads_it_again(hired: Connected, ada, client_of, monkeypatch) -> None:
    monkeypatch.setattr(charts, "open_ledger", lambda *_, **__: hired.open())
    client_of(ada).post(reverse("integrations:chart_refresh"))
    assert is_known(hired)


@pytest.mark.parametrize("kind", ["account", "preferences", "paymentmethod", "taxagency"])
def test_an_announcement_of_such_a_change_reads_it_again(hired: Connected, kind: str) -> None:
    announce(hired, kind)
    assert is_known(hired)


def test_an_announcement_of_something_else_does_not(hired: Connected) -> None:
    announce(hired, "invoice")
    assert not is_known(hired)


def test_a_chart_of_yesterday_is_read_again_with_the_next_pass(hired: Connected) -> None:
    with hired.acting():
        hired.connection.chart_read_at -= timedelta(hours=21)
        hired.connection.save(update_fields=["chart_read_at"])
    assert pull(hired.organization).was_made
    assert is_known(hired)
