"""All entities by name; the documents of later issues are added here."""

from simulators.quickbooks.entities.attachments import Attachable
from simulators.quickbooks.entities.billpayments import BillPayment
from simulators.quickbooks.entities.creditmemos import CreditMemo
from simulators.quickbooks.entities.deposits import Deposit
from simulators.quickbooks.entities.fields import Entity
from simulators.quickbooks.entities.journals import JournalEntry
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
from simulators.quickbooks.entities.payments import Payment
from simulators.quickbooks.entities.purchases import Bill, Purchase, VendorCredit
from simulators.quickbooks.entities.receipts import RefundReceipt, SalesReceipt
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
        JournalEntry(),
        Payment(),
        PaymentMethod(),
        Preferences(),
        Purchase(),
        RefundReceipt(),
        SalesReceipt(),
        TaxCode(),
        TaxRate(),
        Term(),
        Vendor(),
        VendorCredit(),
    )
}
BY_LOWER = {name.lower(): entity for name, entity in ENTITIES.items()}
