"""A backlog of invoices here, and the same invoices as others would send them."""

import os
import warnings
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.db.models import F
from quickbooks import QuickBooks
from quickbooks.objects import Invoice as TheirInvoice
from quickbooks.objects import Ref, SalesItemLine, SalesItemLineDetail

from ascora.outbox.models import OutboxEntry
from integrations import push
from payments.models import Invoice, InvoiceLine
from tests.engine.business import ISSUED_ON


def ready(business: Any) -> Any:
    """One customer and the items stand in the books; the invoice to copy from."""
    first = business.invoice(number="FIRST")
    push.drain(business.organization)
    if left(business):
        raise SystemExit(f"not ready: {business.entry(first).message}")
    with business.acting():
        business.first_tax_code = business.settings.sales_tax_code.remote_id
    business.first_item = business.company.rows("Item")[-1]["Id"]
    return first


def backlog(business: Any, first: Any, count: int, *, prefix: str) -> None:
    """So many invoices of one line, recorded for sending."""
    with business.acting():
        line = first.lines.get()
        invoices = Invoice.objects.bulk_create(
            _copy(first, number=f"{prefix}-{number}") for number in range(count)
        )
        InvoiceLine.objects.bulk_create(_copy(line, invoice=each) for each in invoices)
        OutboxEntry.objects.bulk_create(
            OutboxEntry(
                organization=business.organization, label="payments.invoice", object_pk=each.pk
            )
            for each in invoices
        )


def _copy(row: Any, **changes: Any) -> Any:
    kept = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in {"id", "public_id", *changes}
    }
    return type(row)(**kept, **changes)


def left(business: Any) -> int:
    """How many are not in the books yet."""
    with business.acting():
        return OutboxEntry.objects.owned_by(business.organization).exclude(state="done").count()


def forget_the_rest(business: Any) -> None:
    """What a run left over is not due for the next one."""
    with business.acting():
        rest = OutboxEntry.objects.owned_by(business.organization).exclude(state="done")
        rest.update(state="done", settled_version=F("version"))


def theirs(business: Any) -> QuickBooks:
    """python-quickbooks as its README says, told where the simulator is."""
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    tokens = business.company.tokens
    auth = SimpleNamespace(
        environment="sandbox",
        client_id="id",
        access_token=tokens["access_token"],
        refresh_token=tokens["refresh_token"],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        client = QuickBooks(
            auth_client=auth,
            refresh_token=tokens["refresh_token"],
            company_id=business.company.realm,
            minorversion=75,
        )
    client.sandbox_api_url_v3 = f"http://localhost:{business.company.running.port}/v3"
    return client


def their_invoice(business: Any, first: Any, number: str) -> TheirInvoice:
    """An invoice of one line, made with their objects."""
    detail = SalesItemLineDetail()
    detail.ItemRef = Ref()
    detail.ItemRef.value = business.first_item
    detail.UnitPrice, detail.Qty = 100, 1
    detail.TaxCodeRef = Ref()
    detail.TaxCodeRef.value = business.first_tax_code
    line = SalesItemLine()
    line.Amount, line.Description, line.SalesItemLineDetail = Decimal(100), "Labour", detail
    invoice = TheirInvoice()
    invoice.DocNumber, invoice.TxnDate = number, ISSUED_ON.isoformat()
    invoice.CustomerRef = Ref()
    invoice.CustomerRef.value = business.link(first.customer).remote_id
    invoice.GlobalTaxCalculation = "TaxExcluded"
    invoice.Line.append(line)
    return invoice
