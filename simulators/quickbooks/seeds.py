"""A new company: facts, chart, tax codes, lists, its one item and as many customers as asked."""

import random
from typing import Any

from simulators.quickbooks.books import Books
from simulators.quickbooks.charts import COUNTRIES, PAYMENT_METHODS, TERMS, Country, TaxCodeRow
from simulators.quickbooks.clock import Clock, stamp
from simulators.quickbooks.documents import create
from simulators.quickbooks.entities.fields import COMMON
from simulators.quickbooks.entities.registry import ENTITIES
from simulators.quickbooks.people import customers
from simulators.quickbooks.serialise import plain, write
from simulators.quickbooks.store import Document, Store

FIRST_REALM = 9_341_450_000_000_000


def add_company(store: Store, clock: Clock, wish: Document) -> Document:
    """Make a company and everything in it; give its realm and name."""
    country = COUNTRIES.get(wish.get("country", "AU"))
    if country is None:
        raise ValueError("country must be AU or US")
    realm = str(wish.get("realm") or FIRST_REALM + store.next_number("", "realms"))
    if store.row("SELECT 1 FROM companies WHERE realm = ?", realm):
        raise ValueError(f"realm {realm} exists already")
    name = str(wish.get("name") or f"Sandbox Company {country.code} {realm[-3:]}")
    facts = _facts(country, wish, realm)
    store.execute(
        "INSERT INTO companies VALUES (?, ?, ?, ?)", (realm, name, country.code, write(facts))
    )
    books = Books(store, clock, realm)
    books.by = "seed"
    _fill(books, country)
    for body in customers(int(wish.get("customers", 0)), int(wish.get("seed", 1))):
        create(books, ENTITIES["Customer"], body)
    return {"realm": realm, "name": name}


def _facts(country: Country, wish: Document, realm: str) -> Document:
    field = wish.get("sales_field", country.sales_field)
    return {
        "time_zone": country.zone,
        "currency": country.currency,
        "ship_from": country.ship_from,
        "own_transaction_numbers": bool(wish.get("own_transaction_numbers", True)),
        "account_numbers": bool(wish.get("account_numbers", True)),
        "journal_numbers": bool(wish.get("warn_of_journal_numbers", False)),
        "default_tax_code": country.default_tax_code,
        "sales_fields": {"1": field} if field else {},
        "user": "1" + realm[-15:],
        "subscription": "PAID",
        "opening_day": wish.get("opening_day", ""),
        "code_of_rate": {
            rate[0]: row.code for row in country.tax_codes for rate in row.sales + row.purchase
        },
    }


def _fill(books: Books, country: Country) -> None:
    chance = random.Random(books.realm)  # noqa: S311 - repeatable ids, not secrets
    books.store.raise_counter(books.realm, "addresses", 1 + chance.randrange(100))
    for number, name, kind, subtype in country.chart:
        body = {"Name": name, "AcctNum": number, "AccountType": kind, "AccountSubType": subtype}
        create(books, ENTITIES["Account"], body)
    books.facts["accounts"] = {
        role: books.account(number) for role, number in country.numbers.items()
    }
    for row in country.tax_codes:
        _tax_code(books, row)
    for name, days in TERMS:
        create(books, ENTITIES["Term"], {"Name": name, "DueDays": days})
    for name, kind in PAYMENT_METHODS:
        create(books, ENTITIES["PaymentMethod"], {"Name": name, "Type": kind})
    income = {"value": books.account(country.income_number)}
    item = {"Name": country.default_item, "Type": "Service", "IncomeAccountRef": income}
    books.facts["default_item"] = create(books, ENTITIES["Item"], item)["Id"]
    books.save_facts()
    _put(books, "CompanyInfo", "1", company_info(books, country))
    _put(books, "Preferences", "1", preferences(books))


def _put(books: Books, entity: str, identifier: str, content: Document) -> None:
    """Store an object that the API does not create."""
    moment = stamp(books.moment)
    common: Document = {"domain": "QBO", "sparse": False, "Id": identifier, "SyncToken": "0"}
    common["MetaData"] = {"CreateTime": moment, "LastUpdatedTime": moment}
    document = {**content, **common}
    order = ENTITIES[entity].order
    names = sorted(document, key=lambda name: order[name] if name in order else len(COMMON))
    books.put(entity, {name: document[name] for name in names})


def _tax_code(books: Books, row: TaxCodeRow) -> None:
    for identifier, name, percent in row.sales + row.purchase:
        rate: Document = {
            "Name": name,
            "Description": name,
            "Active": True,
            "RateValue": plain(percent),
            "AgencyRef": {"value": "1"},
            "SpecialTaxType": "ZERO_RATE" if percent == "0" else "NONE",
            "DisplayType": "ReadOnly",
        }
        rate["EffectiveTaxRate"] = [
            {"RateValue": plain(percent), "EffectiveDate": "2000-07-01T00:00:00-07:00"}
        ]
        _put(books, "TaxRate", identifier, rate)
    code: Document = {
        "Name": row.name,
        "Description": row.description,
        "Active": True,
        "Hidden": False,
        "Taxable": row.code != "NON",
        "TaxGroup": bool(row.sales or row.purchase),
        "SalesTaxRateList": {"TaxRateDetail": _rate_details(row.sales)},
        "PurchaseTaxRateList": {"TaxRateDetail": _rate_details(row.purchase)},
        "TaxCodeConfigType": "SYSTEM_GENERATED",
    }
    _put(books, "TaxCode", row.code, code)


def _rate_details(rates: tuple[tuple[str, str, str], ...]) -> list[Document]:
    return [
        {
            "TaxRateRef": {"value": identifier, "name": name},
            "TaxTypeApplicable": "TaxOnAmount",
            "TaxOrder": 0,
        }
        for identifier, name, _percent in rates
    ]


def company_info(books: Books, country: Country) -> Document:
    """What the company says of itself."""
    address = {"Id": "1", "Line1": country.ship_from["Line1"], "Country": country.code}
    pairs = {
        "NeoEnabled": "true",
        "IndustryType": "Building equipment contractors",
        "CompanyType": "Other",
        "SubscriptionStatus": books.facts["subscription"],
        "OfferingSku": "QuickBooks Online Plus",
        "PayrollFeature": "false",
        "AccountantFeature": "false",
    }
    return {
        "CompanyName": books.name,
        "LegalName": books.name,
        "CompanyAddr": address,
        "CustomerCommunicationAddr": address,
        "LegalAddr": address,
        "PrimaryPhone": {},
        "CompanyStartDate": books.today(),
        "FiscalYearStartMonth": "July" if country.code == "AU" else "January",
        "Country": country.code,
        "Email": {"Address": "books@example.com"},
        "WebAddr": {},
        "SupportedLanguages": "en",
        "NameValue": [{"Name": name, "Value": value} for name, value in pairs.items()],
    }


def preferences(books: Books) -> Document:
    """The switches of the company as it stands now."""
    return {
        "AccountingInfoPrefs": _accounting(books),
        "ProductAndServicesPrefs": {"ForSales": True, "ForPurchase": True},
        "SalesFormsPrefs": _sales_forms(books),
        "VendorAndPurchasesPrefs": {"TrackingByCustomer": False, "BillableExpenseTracking": False},
        "TimeTrackingPrefs": {"UseServices": True, "WorkWeekStartDate": "Monday"},
        "TaxPrefs": _tax(books),
        "CurrencyPrefs": {"MultiCurrencyEnabled": False, "HomeCurrency": _home(books)},
        "ReportPrefs": {"ReportBasis": "Accrual", "CalcAgingReportFromTxnDate": False},
        "OtherPrefs": {"NameValue": _other(books)},
    }


def _home(books: Books) -> Document:
    return {"value": books.facts["currency"]["value"]}


def _accounting(books: Books) -> Document:
    prefs: Document = {
        "UseAccountNumbers": books.facts["account_numbers"],
        "TrackDepartments": False,
        "ClassTrackingPerTxn": False,
        "ClassTrackingPerTxnLine": False,
        "FirstMonthOfFiscalYear": "January" if books.is_us else "July",
        "TaxYearMonth": "January" if books.is_us else "July",
        "CustomerTerminology": "Customers",
    }
    if books.facts.get("close_date"):
        prefs["BookCloseDate"] = books.facts["close_date"]
    return prefs


def _sales_forms(books: Books) -> Document:
    fields: dict[str, str] = books.facts["sales_fields"]
    switches: list[Any] = [
        {"Name": f"SalesFormsPrefs.UseSalesCustom{number}", "Type": "BooleanType"}
        | {"BooleanValue": str(number) in fields and books.shows_field(str(number))}
        for number in (1, 2, 3)
    ]
    groups = [{"CustomField": switches}]
    if fields:
        names = [
            {"Name": f"SalesFormsPrefs.SalesCustomName{number}", "Type": "StringType"}
            | {"StringValue": label}
            for number, label in fields.items()
        ]
        groups.append({"CustomField": names})
    return {
        "CustomField": groups,
        "CustomTxnNumbers": books.own_numbers,
        "AllowDeposit": False,
        "AllowDiscount": True,
        "DefaultDiscountAccount": books.discount_account(),
        "AllowEstimates": True,
        "AllowServiceDate": False,
        "AllowShipping": False,
        "AutoApplyCredit": books.applies_credits,
        "AutoApplyPayments": False,
        "DefaultTerms": {"value": "4"},
        "UsingPriceLevels": False,
        "ETransactionEnabledStatus": "NotApplicable",
    }


def _tax(books: Books) -> Document:
    prefs: Document = {"UsingSalesTax": True}
    if books.is_us:
        prefs["TaxGroupCodeRef"] = {"value": books.default_tax_code()}
        if books.works_out_tax:
            prefs["PartnerTaxEnabled"] = True
    return prefs


def _other(books: Books) -> list[Document]:
    pairs = {
        "SalesFormsPrefs.DefaultCustomerMessage": "Thank you for your business.",
        "SalesFormsPrefs.DefaultItem": books.facts["default_item"],
        "WarnDuplicateCheckNumber": "true",
        "WarnDuplicateJournalNumber": str(bool(books.facts.get("journal_numbers"))).lower(),
        "ProjectsEnabled": "false",
    }
    return [{"Name": name, "Value": value} for name, value in pairs.items()]


def refresh_preferences(books: Books) -> None:
    """Write the preferences again after a fact changed."""
    document = books.find("Preferences", "1")
    if document is None:
        return
    document.update(preferences(books))
    books.write("Preferences", document, bump=True)
