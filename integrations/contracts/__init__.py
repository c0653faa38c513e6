"""The words between the engine and a provider: drafts going out, records coming in, two protocols.

Pure. Amounts are Decimals in the company's home currency with two places (quantities and unit
prices up to four), positive unless a docstring says otherwise. Dates are company-local; datetimes
are aware (UTC).
"""

from integrations.contracts.drafts import (
    Address,
    CustomerDraft,
    Draft,
    InvoiceDraft,
    ItemDraft,
    LineDraft,
    PaymentDraft,
    SettledInvoice,
)
from integrations.contracts.identity import Grant, Kind, RemoteRef, Tokens
from integrations.contracts.protocols import (
    BadSignature,
    ConnectionRefused,
    DeadlinePassed,
    Ledger,
    Provider,
)
from integrations.contracts.records import (
    AccountRecord,
    Changes,
    ChartRecord,
    CompanyRecord,
    CustomerRecord,
    CustomFieldRecord,
    DeletedRecord,
    Hint,
    InvoiceRecord,
    ItemRecord,
    PaymentMethodRecord,
    PaymentRecord,
    PostedLine,
    Record,
    TaxCodeRecord,
    Written,
)

__all__ = [
    "AccountRecord",
    "Address",
    "BadSignature",
    "Changes",
    "ChartRecord",
    "CompanyRecord",
    "ConnectionRefused",
    "CustomFieldRecord",
    "CustomerDraft",
    "CustomerRecord",
    "DeadlinePassed",
    "DeletedRecord",
    "Draft",
    "Grant",
    "Hint",
    "InvoiceDraft",
    "InvoiceRecord",
    "ItemDraft",
    "ItemRecord",
    "Kind",
    "Ledger",
    "LineDraft",
    "PaymentDraft",
    "PaymentMethodRecord",
    "PaymentRecord",
    "PostedLine",
    "Provider",
    "Record",
    "RemoteRef",
    "SettledInvoice",
    "TaxCodeRecord",
    "Tokens",
    "Written",
]
