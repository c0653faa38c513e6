"""The company, its preferences and its chart (field guide 9.9 to 9.11). Pure."""

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from integrations.contracts import (
    AccountRecord,
    CompanyRecord,
    CustomFieldRecord,
    PaymentMethodRecord,
    TaxCodeRecord,
)
from integrations.quickbooks.mapping.americantax import TAXED, UNTAXED, US_CODES, code_of_rate
from integrations.quickbooks.mapping.encoding import (
    Json,
    amount_at,
    day_at,
    is_true_at,
    rows_at,
    text_at,
)

# AccountType to the neutral kinds of the chart (values of ascora.chart AccountKind).
KINDS = {
    "Bank": "bank",
    "Accounts Receivable": "receivable",
    "Other Current Asset": "current_asset",
    "Fixed Asset": "other_asset",
    "Other Asset": "other_asset",
    "Accounts Payable": "payable",
    "Credit Card": "credit_card",
    "Other Current Liability": "current_liability",
    "Long Term Liability": "other_liability",
    "Equity": "equity",
    "Income": "income",
    "Other Income": "other_income",
    "Cost of Goods Sold": "cost_of_sales",
    "Expense": "expense",
    "Other Expense": "other_expense",
}
_ZERO = Decimal(0)
_SWITCH = re.compile(r"^SalesFormsPrefs\.UseSalesCustom(\d+)$")
_NAME = re.compile(r"^SalesFormsPrefs\.SalesCustomName(\d+)$")
# What QuickBooks puts behind the name of an account that is made inactive.
_OFF = " (deleted)"
_ALPHA_2 = {"AUS": "AU", "USA": "US", "NZL": "NZ", "GBR": "GB", "CAN": "CA"}


def company_record(realm: str, info: Json, preferences: Json) -> CompanyRecord:
    """What matters to us of CompanyInfo and Preferences."""
    accounting, country = "AccountingInfoPrefs", text_at(info, "Country")
    closed = text_at(preferences, accounting, "BookCloseDate")
    return CompanyRecord(
        realm=realm,
        name=text_at(info, "CompanyName"),
        country=_ALPHA_2.get(country, country),
        home_currency=text_at(preferences, "CurrencyPrefs", "HomeCurrency", "value"),
        uses_own_numbers=is_true_at(preferences, "SalesFormsPrefs", "CustomTxnNumbers"),
        books_closed_until=day_at(preferences, accounting, "BookCloseDate") if closed else None,
        is_multicurrency=is_true_at(preferences, "CurrencyPrefs", "MultiCurrencyEnabled"),
        subscription=_named(rows_at(info, "NameValue"), "SubscriptionStatus"),
        applies_credits_itself=is_true_at(preferences, "SalesFormsPrefs", "AutoApplyCredit"),
    )


def _named(rows: Iterable[Json], name: str) -> str:
    return next((text_at(row, "Value") for row in rows if text_at(row, "Name") == name), "")


def custom_field_records(preferences: Json) -> tuple[CustomFieldRecord, ...]:
    """The custom fields of sales forms that are switched on and named; the number is their id."""
    switched: set[str] = set()
    names: dict[str, str] = {}
    for group in rows_at(preferences, "SalesFormsPrefs", "CustomField"):
        for each in rows_at(group, "CustomField"):
            name = text_at(each, "Name")
            if (switch := _SWITCH.match(name)) and is_true_at(each, "BooleanValue"):
                switched.add(switch.group(1))
            elif named := _NAME.match(name):
                names[named.group(1)] = text_at(each, "StringValue")
    return tuple(
        CustomFieldRecord(id=number, name=name)
        for number, name in sorted(names.items())
        if number in switched and name
    )


def account_record(source: Json) -> AccountRecord:
    """An account; Undeposited Funds is known by its sub-type, whatever it is called. An inactive
    one keeps the name it had.
    """
    is_active = is_true_at(source, "Active", default=True)
    end = "" if is_active else _OFF
    is_undeposited = text_at(source, "AccountSubType") == "UndepositedFunds"
    kind = KINDS.get(text_at(source, "AccountType"), "other_asset")
    return AccountRecord(
        id=text_at(source, "Id"),
        code=text_at(source, "AcctNum"),
        name=text_at(source, "Name").removesuffix(end),
        full_name=(text_at(source, "FullyQualifiedName") or text_at(source, "Name")).removesuffix(
            end
        ),
        kind="undeposited" if is_undeposited else kind,
        currency=text_at(source, "CurrencyRef", "value"),
        is_active=is_active,
    )


def payment_method_record(source: Json) -> PaymentMethodRecord:
    """A payment method."""
    return PaymentMethodRecord(
        id=text_at(source, "Id"),
        name=text_at(source, "Name"),
        is_card=text_at(source, "Type") == "CREDIT_CARD",
        is_active=is_true_at(source, "Active", default=True),
    )


def tax_code_records(
    codes: Iterable[Json], rates: Iterable[Json], preferences: Json, *, is_us: bool
) -> tuple[TaxCodeRecord, ...]:
    """Tax codes with their summed rates; in the US one for each rate of sales, and one for none."""
    percents = {text_at(rate, "Id"): amount_at(rate, "RateValue") for rate in rates}
    records = [_tax_code(code, percents) for code in codes if text_at(code, "Id") not in US_CODES]
    if not is_us:
        return tuple(records)
    free = TaxCodeRecord(UNTAXED, "Not taxable", "", _ZERO, _ZERO, is_active=True)
    is_automated = is_true_at(preferences, "TaxPrefs", "PartnerTaxEnabled", default=False)
    chargeable = [] if is_automated else [r for r in records if r.sales_percent]
    if chargeable:
        # A rate is of sales only: American purchases carry no tax of their own. One of nothing is
        # not offered, because a document has one rate: what is not taxed says so on its line.
        named = (replace(r, id=code_of_rate(r.id), purchase_percent=None) for r in chargeable)
        return (*named, free)
    taxable = _taxable(records, preferences)
    return (replace(taxable, is_worked_out_there=is_automated), free)


def _taxable(records: list[TaxCodeRecord], preferences: Json) -> TaxCodeRecord:
    """Taxable, where QuickBooks picks the rate by the addresses, or none is set up."""
    group = text_at(preferences, "TaxPrefs", "TaxGroupCodeRef", "value")
    percent = next((r.sales_percent for r in records if r.id == group and r.sales_percent), None)
    words = "QuickBooks works out the rate"
    return TaxCodeRecord(TAXED, "Taxable", words, percent or _ZERO, _ZERO, is_active=True)


def _tax_code(code: Json, percents: dict[str, Decimal]) -> TaxCodeRecord:
    return TaxCodeRecord(
        id=text_at(code, "Id"),
        name=text_at(code, "Name"),
        description=text_at(code, "Description"),
        sales_percent=_sum(rows_at(code, "SalesTaxRateList", "TaxRateDetail"), percents),
        purchase_percent=_sum(rows_at(code, "PurchaseTaxRateList", "TaxRateDetail"), percents),
        is_active=is_true_at(code, "Active", default=True),
    )


def _sum(details: list[Json], percents: dict[str, Decimal]) -> Decimal | None:
    """None where the code is not valid on that side, or its rate is not known (not nought)."""
    if not details:
        return None
    ids = [text_at(detail, "TaxRateRef", "value") for detail in details]
    if not percents.keys() >= set(ids):
        return None
    return sum((percents[rate_id] for rate_id in ids), Decimal(0))
