"""All entities by name; the documents of later issues are added here."""

from simulators.quickbooks.entities.attachments import Attachable
from simulators.quickbooks.entities.billpayments import BillPayment
from simulators.quickbooks.entities.creditmemos import CreditMemo
from simulators.quickbooks.entities.fields import Entity
from simulators.quickbooks.entities.lists import (
    Account,
    CompanyInfo,
    Item,
    PaymentMethod,
    Preferences,
    TaxCode,
    TaxRate,
    Term,
)
from simulators.quickbooks.entities.names import Customer, Employee, Vendor
from simulators.quickbooks.entities.payments import Deposit, Payment
from simulators.quickbooks.entities.purchases import Bill, Purchase, VendorCredit
from simulators.quickbooks.entities.sales import Invoice

ENTITIES: dict[str, Entity] = {
    entity.name: entity
    for entity in (
        Account(),
        Attachable(),
        Bill(),
        BillPayment(),
        CompanyInfo(),
        CreditMemo(),
        Customer(),
        Deposit(),
        Employee(),
        Invoice(),
        Item(),
        Payment(),
        PaymentMethod(),
        Preferences(),
        Purchase(),
        TaxCode(),
        TaxRate(),
        Term(),
        Vendor(),
        VendorCredit(),
    )
}
BY_LOWER = {name.lower(): entity for name, entity in ENTITIES.items()}
