"""A package that answers what a test tells it, and counts what it was asked."""

import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from integrations.contracts import (
    AccountRecord,
    BadSignature,
    ChartRecord,
    CompanyRecord,
    ConnectionRefused,
    CustomFieldRecord,
    Grant,
    Limits,
    PaymentMethodRecord,
    TaxCodeRecord,
    Tokens,
)

REALM, OTHER_REALM = "9130350000001", "9130350000002"


def made(provider):
    """What the settings name as the provider's class."""
    return provider


def a_pair(number, lasts=timedelta(hours=1)):
    """A pair of tokens that a test recognises."""
    expires_at = datetime.now(tz=UTC) + lasts
    return Tokens(f"secret-access-{number}", expires_at, f"secret-refresh-{number}")


def an_account(code, name, kind, **values):
    given = {"id": f"a{code}", "full_name": name, "currency": "AUD", "is_active": True} | values
    return AccountRecord(code=code, name=name, kind=kind, **given)


CHART = ChartRecord(
    accounts=(
        an_account("1100", "Business Cheque Account", "bank"),
        an_account("1190", "Undeposited Funds", "undeposited"),
        an_account("1150", "Card Clearing", "current_asset"),
        an_account("1200", "Accounts Receivable", "receivable"),
        an_account("4100", "Labour Income", "income"),
        an_account("4200", "Materials Income", "income"),
        an_account("4900", "Other Revenue", "other_income"),
        an_account("5100", "Purchases", "cost_of_sales"),
        an_account("6100", "Tools", "expense"),
    ),
    tax_codes=(
        TaxCodeRecord("10", "GST", "", Decimal(10), Decimal(10), is_active=True),
        TaxCodeRecord("11", "GST free", "", Decimal(0), Decimal(0), is_active=True),
    ),
    payment_methods=(PaymentMethodRecord("1", "Visa", is_card=True, is_active=True),),
    custom_fields=(CustomFieldRecord("1", "Lead Source"),),
)


@dataclass
class FakeBooks:
    """One company: what it says of itself."""

    provider: "FakeProvider"
    realm: str

    def company(self):
        if self.provider.failures:
            raise self.provider.failures.pop(0)
        return CompanyRecord(
            realm=self.realm, name=f"Company {self.realm[-1]}", country="AU", home_currency="AUD",
            uses_own_numbers=self.provider.uses_own_numbers, books_closed_until=None,
            is_multicurrency=False,
        )  # fmt: skip

    def chart(self):
        return self.provider.chart


@dataclass
class FakeProvider:
    """`refusals` are raised by the next refreshes, `failures` by the next readings."""

    limits = Limits(per_minute=500, batches_per_minute=40, in_flight=8)
    slug = "quickbooks"
    label = "QuickBooks"
    chart: ChartRecord = CHART
    uses_own_numbers: bool = True
    grant: Grant | Exception = field(default_factory=lambda: Grant(REALM, a_pair(1)))
    refusals: list = field(default_factory=list)
    failures: list = field(default_factory=list)
    revoke_fails: Exception | None = None
    hints: tuple = ()
    refreshed: list = field(default_factory=list)
    revoked: list = field(default_factory=list)
    opened: list = field(default_factory=list)
    exchanges: int = 0
    slowly: threading.Event | None = None

    def authorize_url(self, *, state, redirect_uri):
        self.state, self.redirect_uri = state, redirect_uri
        return f"https://sign-in.test/?state={state}&scope=accounting"

    def grant_from(self, query, *, redirect_uri):
        self.exchanges += 1
        if query.get("error"):
            raise ConnectionRefused
        if isinstance(self.grant, Exception):
            raise self.grant
        return self.grant

    def refresh(self, tokens):
        self.refreshed.append(tokens.refresh_token)
        if self.slowly is not None:
            self.slowly.wait(2)
        if self.refusals:
            raise self.refusals.pop(0)
        return a_pair(100 + len(self.refreshed))

    def revoke(self, tokens):
        self.revoked.append(tokens.refresh_token)
        if self.revoke_fails is not None:
            raise self.revoke_fails

    def open(self, realm, tokens):
        self.opened.append((realm, tokens.access_token))
        return FakeBooks(self, realm)

    def hints_from(self, body, headers):
        if headers.get("Intuit-Signature") != "signed":
            raise BadSignature
        return self.hints

    def without(self, *codes):
        """The chart with these accounts or tax codes made inactive."""
        accounts = tuple(
            replace(each, is_active=each.code not in codes) for each in self.chart.accounts
        )
        taxes = tuple(
            replace(each, is_active=each.name not in codes) for each in self.chart.tax_codes
        )
        self.chart = replace(self.chart, accounts=accounts, tax_codes=taxes)
