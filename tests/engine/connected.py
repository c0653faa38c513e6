"""A business whose books are a company of a running simulator, spoken to over HTTP."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from pytest_django.fixtures import Settings

from ascora.chart.models import LedgerAccount, TaxCode
from ascora.outbox.queue import release
from ascora.tenancy.models import Organization, OwnedModel
from integrations import connections, reconcile
from integrations.connections.charts import keep_chart
from integrations.connections.ledgers import MeteredLedger
from integrations.contracts import Tokens
from integrations.models import AccountingSettings, Connection
from integrations.quickbooks.provider import QuickBooksProvider
from integrations.registry import provider_for
from tests.engine.business import Business
from tests.engine.fake_ledger import FakeLedger
from tests.simulator.client import Company, Running


def config_of(running: Running) -> dict[str, object]:
    """What the provider is told, so that it speaks to this simulator."""
    url = f"http://localhost:{running.port}"
    return {
        "environment": "simulator",
        "client_id": "id",
        "client_secret": "secret",
        "discovery_url": f"{url}/.well-known/openid_configuration/",
        "api_url": url,
        "webhook_verifiers": ["v"],
    }


class Connected(Business):
    """A business whose books are a company of the simulator."""

    bank_number = "1100"

    def attach(self, running: Running, company: Company) -> None:
        self.company = company
        self.provider_config = config_of(running)
        self.provider = QuickBooksProvider(self.provider_config)
        expires = datetime.now(UTC) + timedelta(hours=1)
        self.tokens = Tokens(
            company.tokens["access_token"], expires, company.tokens["refresh_token"]
        )
        with self.acting():
            self.connection = Connection.objects.create(
                organization=self.organization, provider="quickbooks", company_name=company.name,
                is_set_up=True, realm=company.realm, realm_print=company.realm,
                access_token=self.tokens.access_token, refresh_token=self.tokens.refresh_token,
                access_expires_at=expires,
            )  # fmt: skip
        chart = self.open().chart()
        with self.acting():
            keep_chart(self.connection, chart)
            self.accounts = {a.code: a for a in LedgerAccount.objects.owned_by(self.organization)}
            codes = TaxCode.objects.owned_by(self.organization)
            AccountingSettings.objects.create(
                organization=self.organization,
                connection=self.connection,
                sales_tax_code=codes.filter(sales_percent=10).first(),
                sales_free_code=codes.filter(sales_percent=0).first(),
                payments_account=self.accounts[self.bank_number],
                card_account=self.accounts["1150"],
                labour_account=self.accounts["4100"],
                materials_account=self.accounts["4200"],
                attaches_files=False,
                cut_off_on=datetime(2026, 7, 1, tzinfo=UTC).date(),
            )

    def open(self):
        ledger = self.provider.open(self.company.realm, self.tokens)
        return MeteredLedger(ledger, self.connection)

    def balances(self) -> dict[str, Decimal]:
        """Account number to balance over there, those that are not nothing."""
        rows = self.company.running.control(f"/companies/{self.company.realm}/trial-balance")
        found = {row["number"]: Decimal(row["balance"]) for row in rows["accounts"]}
        return {number: balance for number, balance in found.items() if balance}

    def remote_invoices(self, number: str) -> list[dict]:
        return self.company.rows("Invoice", f"where DocNumber = '{number}'")

    def remote_count(self) -> int:
        """How many invoices stand there, void ones too."""
        return len(self.company.rows("Invoice", "maxresults 1000"))

    def _requests(self) -> list[dict]:
        return self.company.running.control(f"/requests?realm={self.company.realm}")

    def posts(self) -> Counter:
        """How many writes came in, by path."""
        return Counter(
            each["path"]
            for each in self._requests()
            if each["method"] == "POST" and each["path"] != "/query"
        )

    def batch_requests(self) -> list[dict]:
        return [each for each in self._requests() if each["path"] == "/batch"]

    def lose_the_next_batch(self, **knobs: int) -> None:
        """These knobs, turned for a batch only."""
        self.company.running.control("/knobs", knobs | {"matching": {"entity": "batch"}})

    def refuse_items(self, code: str, count: int) -> None:
        """The next items of batches are refused with this code."""
        rule = {"effect": "item_fault", "code": code, "next": count}
        self.company.running.control("/rules", {"rules": [rule]})

    def try_again_now(self, documents: Sequence[OwnedModel]) -> None:
        """What a person's button does."""
        for document in documents:
            with self.acting():
                release(self.entry(document))

    def differences(self) -> list[reconcile.Difference]:
        theirs = {
            self.accounts[number].remote_id: balance for number, balance in self.balances().items()
        }
        names = {account.remote_id: (code, account.name) for code, account in self.accounts.items()}
        with self.acting():
            return reconcile.differences(
                reconcile.own_figures(self.organization),
                theirs,
                tax_account_id=self.accounts["2200"].remote_id,
                names=names,
            )


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A simulator on a free port."""
    started = Running(tmp_path_factory.mktemp("engine") / "books.sqlite3")
    yield started
    started.stop()


@pytest.fixture
def company(running: Running) -> Iterator[Company]:
    """An Australian company in it."""
    yield Company(running, name="Engine Test", country="AU")
    still = {
        "drop_reply": 0,
        "fail_before": 0,
        "hold_seconds": 0,
        "throttle_next": 0,
    }
    running.control("/rules", {"rules": []})
    running.control("/knobs", still | {"query_lag_seconds": 0, "matching": {}})


@pytest.fixture
def spark(
    bright_spark: Organization,
    running: Running,
    company: Company,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
) -> Iterator[Connected]:
    """Bright Spark with its books in the simulator."""
    business = Connected(bright_spark, FakeLedger())
    business.attach(running, company)
    monkeypatch.setattr(connections, "open_ledger", lambda *_, **__: business.open())
    path = "integrations.quickbooks.provider.QuickBooksProvider"
    settings.ACCOUNTING_PROVIDERS = {"quickbooks": (path, business.provider_config)}
    provider_for.cache_clear()
    yield business
    provider_for.cache_clear()
