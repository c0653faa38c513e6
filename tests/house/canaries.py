"""A business with a document of every kind, each of which carries the business's own word."""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from django.db import models

from ascora.attachments.files import CheckedFile
from ascora.attachments.models import Purpose
from ascora.attachments.services import attach
from ascora.tenancy.models import Membership, Organization, User
from ascora.tenancy.rls import acting_for
from ascora.tenancy.services import change_company_details, create_organization
from integrations.models import (
    AccountingSettings,
    Connection,
    ConnectionState,
    FileImport,
    FileImportState,
)
from inventory.models import SupplierInvoiceLine
from jobs.models import Customer, Job
from jobs.services import allocate_line
from payments.models import Invoice
from payments.selectors import invoice_paper
from payments.services import (
    apply_credit_note,
    change_document_settings,
    draft_credit_note,
    refund_credit_note,
    set_numbering,
    write_letter,
)
from tests import builders
from tests.house.rows import an_unsaved_row, owned_models

WORD = "Canary"


@dataclass
class Business:
    """One of many, with one row of every kind."""

    word: str
    organization: Organization
    owner: User
    rows: dict[type[models.Model] | str, models.Model] = field(default_factory=dict)

    def keep(self, *rows):
        """As the row of their kind."""
        self.rows |= {type(row): row for row in rows}


def a_business(number: int) -> Business:
    """The business of this number, founded as people found one."""
    word = f"{WORD}{number:02}z"
    owner = User.objects.create_user(f"{word}@owner.test".lower(), name=f"{word} Owner")
    organization = create_organization(
        name=f"{word} Works",
        owner=owner,
        country="AU",
        time_zone="Australia/Sydney",
        home_currency="AUD",
    )
    business = Business(word, organization, owner)
    with acting_for(organization):
        business.rows[Membership] = Membership.objects.owned_by(organization).get()
        _name_the_company(business)
        _buy_and_work(business)
        _sell(business)
        _fill_the_other_tables(business)
    return business


def _name_the_company(business):
    word, organization = business.word, business.organization
    change_company_details(organization=organization, by=business.owner, address=f"1 {word} Rd")
    change_document_settings(
        organization=organization, by=business.owner, legal_name=f"{word} Pty Ltd", footer=word
    )
    for kind in ("job", "invoice", "credit_note"):
        set_numbering(
            organization=organization, kind=kind, prefix=f"{word}{kind[0]}", next_number=1, by=None
        )


def _buy_and_work(business):
    word, organization = business.word, business.organization
    income = builders.an_income_account(organization, name=f"{word} income", code=word)
    kind = builders.a_job_type(organization, name=f"{word} type", labour_account=income)
    source = builders.a_lead_source(organization, name=f"{word} source")
    term = builders.a_term(organization, f"{word} term", days=9)
    customer = builders.a_customer(
        organization, name=f"{word} customer", email=f"{word}@customer.test", notes=word,
        lead_source=source,
    )  # fmt: skip
    contact = builders.a_contact(customer, name=f"{word} contact")
    job = builders.a_job(organization, customer=customer, description=f"{word} job", job_type=kind)
    supplier = builders.a_supplier(organization, name=f"{word} supplier", notes=word)
    supply = builders.a_supply(organization, description=f"{word} supply", part_number=word)
    bill = builders.an_approved_supplier_invoice(
        organization, "70.00", supplier=supplier, number=word, notes=word
    )
    business.keep(income, kind, source, term, customer, contact, job, supplier, supply, bill)
    line = SupplierInvoiceLine.objects.owned_by(organization).get()
    business.keep(
        line,
        allocate_line(line=line, by=None, job=job, amount=Decimal("20.00")),
        builders.a_labour_entry(job, worker=f"{word} worker", description=word),
        builders.a_supply_use(job, supply=supply),
        builders.an_approved_expense(job, supplier=supplier, description=f"{word} expense"),
    )


def _sell(business):
    word, organization = business.word, business.organization
    customer = business.rows[Customer]
    line = partial(builders.a_line, description=f"{word} line")
    invoice = builders.an_invoice(
        organization, customer=customer, lines=[line("100.00")], summary=word, purchase_order=word
    )
    Invoice.objects.owned_by(organization).update(job=business.rows[Job])
    payment = builders.a_payment(invoice, "30.00", reference=word, note=word)
    note = builders.a_credit_note(
        organization, customer=customer, reason=word,
        lines=[builders.a_credit_line("50.00", description=f"{word} given back")],
    )  # fmt: skip
    use = apply_credit_note(credit_note=note, allocations={invoice: Decimal("5.00")}, by=None)
    bank = builders.an_income_account(organization, name=f"{word} bank", code="1100", kind="bank")
    refund = refund_credit_note(
        credit_note=note, by=None, amount=Decimal("7.00"), paid_from=bank,
        paid_on=builders.A_DAY, reference=word,
    )  # fmt: skip
    file = CheckedFile(f"{word}.pdf", "application/pdf", f"%PDF-1.7\n% {word}".encode())
    attachment = attach(document=invoice, purpose=Purpose.OTHER, upload=file, by=None)
    letter = write_letter(
        paper=invoice_paper(invoice), to=[f"{word}@customer.test"], subject=f"{word} invoice",
        text=f"From {word}", by=None,
    )  # fmt: skip
    business.keep(invoice, payment, note, use, refund, attachment, letter)
    business.rows["draft invoice"] = builders.a_draft(organization, customer=customer, summary=word)
    business.rows["draft credit_note"] = draft_credit_note(
        customer=customer, by=None, lines=[builders.a_credit_line()], reason=word
    )


def _fill_the_other_tables(business):
    """Whatever no service above has written: books, imports, the log of changes."""
    for model in owned_models():
        _row_of(business, model)


def _row_of(business, model):
    known = business.rows.get(model) or model.objects.owned_by(business.organization).first()
    if known is None:
        known = an_unsaved_row(
            model, business.organization, parent_of=lambda f, _: _parent(business, f)
        )
        _say_the_word(known, business)
        _connect(known, business)
        known.save()
    business.rows[model] = known
    return known


def _connect(row, business):
    """Live books, each their own, with every account and tax code chosen; a file imported."""
    if isinstance(row, Connection):
        row.state, row.is_set_up = ConnectionState.CONNECTED, True
        row.provider, row.realm_print = "quickbooks", business.word
    if isinstance(row, FileImport):
        row.state = FileImportState.DONE
    if isinstance(row, AccountingSettings):
        for column in row._meta.local_concrete_fields:
            if column.is_relation and column.null:
                setattr(row, column.name, _parent(business, column))


def _parent(business, column):
    is_person = column.related_model is User
    return business.owner if is_person else _row_of(business, column.related_model)


# What a row speaks of: the invoice, or a file of customers.
SPEAKS_OF = {
    "label": lambda _business, _row: "payments.invoice",
    "object_pk": lambda business, _row: business.rows[Invoice].pk,
    "kind": lambda _business, row: "customers" if "File" in type(row).__name__ else "invoice",
}


def _say_the_word(row, business):
    """In every text that is free; what speaks of a document speaks of the invoice."""
    for column in row._meta.local_concrete_fields:
        text = getattr(row, column.attname)
        is_free = isinstance(column, models.CharField | models.TextField) and not column.choices
        if column.name in SPEAKS_OF:
            setattr(row, column.name, SPEAKS_OF[column.name](business, row))
        elif is_free and (not text or text.startswith("row ")):
            setattr(row, column.name, f"{business.word} {column.name}"[: column.max_length])
