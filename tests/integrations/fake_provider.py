"""A package to connect to, in memory: its sign-in, its tokens, and one company's facts."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from integrations.contracts import (
    AccountRecord,
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
from integrations.errors import NeedsReconnect

REALM = "9130000000000001"
ACCOUNTS = (
    ("35", "1100", "Business Cheque Account", "bank"),
    ("36", "1150", "Card Clearing", "current_asset"),
    ("41", "4100", "Labour Income", "income"),
    ("42", "4200", "Materials Income", "income"),
    ("43", "4900", "Credit Notes Given", "income"),
    ("44", "4950", "Interest Earned", "other_income"),
    ("51", "5100", "Cost of Goods Sold", "cost_of_sales"),
    ("61", "6100", "Job Expenses", "expense"),
)


def tokens_number(number: int, *, lasts: timedelta = timedelta(hours=1)) -> Tokens:
    now = datetime.now(tz=UTC)
    return Tokens(
        access_token=f"access-{number}",
        access_expires_at=now + lasts,
        refresh_token=f"refresh-{number}",
        refresh_expires_at=now + timedelta(days=100),
    )


@dataclass
class World:
    """What the package holds, and what it was asked."""

    realm: str = REALM
    name: str = "Sydney Sparks"
    uses_own_numbers: bool = True
    accounts: list = field(default_factory=lambda: list(ACCOUNTS))
    inactive: set = field(default_factory=set)
    calls: list = field(default_factory=list)
    refuses_refresh: int = 0
    fails: Exception | None = None
    handed_out: int = 0

    def hand_out(self) -> Tokens:
        self.handed_out += 1
        return tokens_number(self.handed_out)


class FakeProvider:
    limits = Limits(per_minute=500, batches_per_minute=40, in_flight=8)
    slug = "quickbooks"
    label = "QuickBooks"
    connect_label = "Connect to QuickBooks"

    def __init__(self, world: World) -> None:
        self.world = world

    def authorize_url(self, *, state, redirect_uri):
        self.world.calls.append(("authorize", redirect_uri))
        return f"https://intuit.test/connect?state={state}"

    def grant_from(self, query, *, redirect_uri):
        self.world.calls.append(("exchange", query.get("code", "")))
        if query.get("error"):
            raise ConnectionRefused
        return Grant(realm=query["realmId"], tokens=self.world.hand_out())

    def refresh(self, tokens):
        self.world.calls.append(("refresh", tokens.refresh_token))
        if self.world.refuses_refresh:
            self.world.refuses_refresh -= 1
            raise NeedsReconnect("refused")
        return self.world.hand_out()

    def revoke(self, tokens):
        self.world.calls.append(("revoke", tokens.refresh_token))
        if self.world.fails:
            raise self.world.fails

    def open(self, realm, tokens):
        return FakeBooks(self.world, realm, tokens)


class FakeBooks:
    def __init__(self, world, realm, tokens):
        self.world, self.realm, self.tokens = world, realm, tokens

    def company(self):
        self.world.calls.append(("company", self.tokens.access_token))
        if self.world.fails:
            raise self.world.fails
        return CompanyRecord(
            realm=self.realm,
            name=self.world.name,
            country="AU",
            home_currency="AUD",
            uses_own_numbers=self.world.uses_own_numbers,
            books_closed_until=None,
            is_multicurrency=False,
        )

    def chart(self):
        return ChartRecord(
            accounts=tuple(
                AccountRecord(
                    id=remote_id, code=code, name=name, full_name=name, kind=kind,
                    currency="AUD", is_active=remote_id not in self.world.inactive,
                )
                for remote_id, code, name, kind in self.world.accounts
            ),
            tax_codes=(
                TaxCodeRecord("2", "GST", "", Decimal(10), Decimal(10), is_active=True),
                TaxCodeRecord("3", "GST free", "", Decimal(0), Decimal(0), is_active=True),
                TaxCodeRecord("4", "GST on purchases", "", None, Decimal(10), is_active=True),
            ),
            payment_methods=(PaymentMethodRecord("1", "Cash", is_card=False, is_active=True),),
            custom_fields=(CustomFieldRecord("1", "Lead Source"),),
        )  # fmt: skip
