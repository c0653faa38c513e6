"""The facts of one company: country, currency, switches, the accounts it uses for what."""

import hashlib
from typing import Any

from simulators.quickbooks import faults
from simulators.quickbooks.clock import Clock
from simulators.quickbooks.serialise import read, write
from simulators.quickbooks.store import Document, Store

LONGEST_FIELD = 31


class Company:
    """What is known of a realm before any of its objects is looked at."""

    def __init__(self, store: Store, clock: Clock, realm: str) -> None:
        row = store.row("SELECT * FROM companies WHERE realm = ?", realm)
        if row is None:
            raise KeyError(realm)
        self.store = store
        self.clock = clock
        self.realm = realm
        self.name: str = row["name"]
        self.country: str = row["country"]
        self.facts: Document = read(row["body"])
        self.events: list[tuple[str, str, str, str]] = []
        self.moment = clock.now()
        self.request_id = ""
        self.by = "person"
        self.public_url = ""

    def save_facts(self) -> None:
        """Keep changed facts of the company."""
        self.store.execute(
            "UPDATE companies SET body = ? WHERE realm = ?", (write(self.facts), self.realm)
        )

    @property
    def is_us(self) -> bool:
        """Whether the American tax model holds."""
        return self.country == "US"

    @property
    def own_numbers(self) -> bool:
        """Whether callers number their documents themselves (CustomTxnNumbers)."""
        return bool(self.facts["own_transaction_numbers"])

    @property
    def applies_credits(self) -> bool:
        """Whether the company lays a new credit memo on open invoices by itself."""
        return bool(self.facts.get("applies_credits", False))

    @property
    def works_out_tax(self) -> bool:
        """Whether the company works out American sales tax by itself (PartnerTaxEnabled)."""
        return bool(self.facts.get("works_out_tax", False))

    @property
    def allow_duplicate_numbers(self) -> bool:
        """Whether a number may be used twice."""
        return bool(self.facts.get("allow_duplicate_numbers", False))

    def today(self) -> str:
        """The business date of the company."""
        return self.clock.today(self.facts["time_zone"]).isoformat()

    def currency(self) -> Document:
        """The home currency as a reference."""
        return dict(self.facts["currency"])

    def ship_from(self) -> Document:
        """The company's own address as transactions show it."""
        return dict(self.facts["ship_from"])

    def default_tax_code(self) -> str:
        """What a new customer gets."""
        return str(self.facts["default_tax_code"])

    def missing_tax_text(self) -> str:
        """The words for a line without tax code."""
        label = {"CA": "GST/HST", "GB": "VAT"}.get(self.country, "GST")
        return f"Make sure all your transactions have a {label} rate before you save."

    def pseudonym(self, draft: Document) -> str:
        """A stable id of the kind that names carry since 2026."""
        text = f"{self.realm}:{draft['DisplayName']}"
        return "002098" + hashlib.sha256(text.encode()).hexdigest()[:32]

    def account_of_type(self, subtype: str) -> str:
        """The id of the account the company uses for something."""
        return str(self.facts["accounts"][subtype])

    def receivable(self) -> str:
        """Accounts receivable."""
        return self.account_of_type("receivable")

    def undeposited(self) -> str:
        """Undeposited Funds."""
        return self.account_of_type("undeposited")

    def discount_account(self) -> str:
        """Discounts given."""
        return self.account_of_type("discounts")

    def tax_account(self, _rate: str) -> str:
        """Where collected tax is owed."""
        return self.account_of_type("tax")

    def code_of_rate(self, rate: str) -> str:
        """The tax code whose sales rate this is, for the journal."""
        return str(self.facts["code_of_rate"].get(rate, ""))

    def custom_fields(self, sent: Any, before: Any = None) -> list[Document]:
        """The sales fields that are on, with the values sent; one that went is dropped."""
        values = {str(each.get("DefinitionId")): each for each in sent or []}
        gone = {str(each["DefinitionId"]) for each in before or []}
        result = []
        for number, label in self.facts["sales_fields"].items():
            if not self.shows_field(number):
                continue
            text = values.pop(number, {}).get("StringValue")
            field: Document = {"DefinitionId": number, "Name": label, "Type": "StringType"}
            if text:
                field["StringValue"] = _short(str(text))
            result.append(field)
        unknown = [number for number in values if number not in gone]
        if unknown:
            detail = f"Custom field {unknown[0]} is not defined."
            raise faults.rule("3000", "Invalid custom field", detail)
        return result

    def shows_field(self, number: str) -> bool:
        """Whether a named sales field is switched on."""
        return number not in self.facts.get("sales_fields_off", [])


def _short(text: str) -> str:
    if len(text) > LONGEST_FIELD:
        wrong = faults.too_long("CustomField.StringValue", LONGEST_FIELD, len(text))
        raise faults.Fault(wrong)
    return text
