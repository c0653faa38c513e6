"""The settings of documents: bank details and texts, the logo, the numbers."""

from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction

from ascora.attachments.files import CheckedFile
from ascora.attachments.models import Attachment, Purpose
from ascora.attachments.selectors import attachments_for
from ascora.attachments.services import attach, detach
from ascora.tenancy.audit import note_event, noting
from ascora.tenancy.models import Area, NumberSequence, Organization, User
from ascora.tenancy.numbering import FIRST_NUMBERS
from ascora.tenancy.owned import OwnedQuerySet
from jobs.models import Job
from payments.models import CreditNote, DocumentSettings, Invoice

NUMBERED: dict[str, type[Job] | type[Invoice] | type[CreditNote]] = {
    "invoice": Invoice,
    "job": Job,
    "credit_note": CreditNote,
}
MOST_DIGITS = 9


class DocumentValues(TypedDict, total=False):
    """The plain values of the settings."""

    legal_name: str
    website: str
    account_name: str
    bsb: str
    account_number: str
    payid: str
    payment_instructions: str
    footer: str
    invoice_subject: str
    invoice_text: str
    credit_note_subject: str
    credit_note_text: str
    receipt_subject: str
    receipt_text: str
    statement_subject: str
    statement_text: str


@transaction.atomic
def change_document_settings(
    *, organization: Organization, by: User | None, **values: Unpack[DocumentValues]
) -> DocumentSettings:
    """Change the given ones."""
    settings = _locked(organization)
    names = {name: _name_of(name) for name in values}
    with noting(settings, names, organization=organization, subject="Company details", by=by):
        for name, value in values.items():
            setattr(settings, name, value)
        settings.full_clean()
        settings.save()
    return settings


def _name_of(field: str) -> str:
    name = str(DocumentSettings._meta.get_field(field).verbose_name)  # type: ignore[union-attr]
    return name[:1].upper() + name[1:]


@transaction.atomic
def set_logo(
    *, organization: Organization, upload: CheckedFile | None, by: User | None
) -> Attachment | None:
    """The logo of all documents from now on; None takes it off. Those sent before keep theirs."""
    settings = _locked(organization)
    earlier = list(attachments_for(settings, purpose=Purpose.LOGO))
    for logo in earlier:
        detach(attachment=logo, by=by)
    note_event(
        organization,
        area=Area.SETTINGS,
        subject="Company details",
        what="Logo",
        by=by,
        words=("a logo" if earlier else "", "a logo" if upload else ""),
    )
    if upload is None:
        return None
    return attach(document=settings, purpose=Purpose.LOGO, upload=upload, by=by)


@transaction.atomic
def set_numbering(
    *, organization: Organization, kind: str, prefix: str, next_number: int, by: User | None
) -> NumberSequence:
    """Prefix and next number of a kind of document. Refused where a number would be met twice."""
    sequence = locked_sequence(organization, kind)
    if kind != "job" and not prefix:
        raise ValidationError({"prefix": "A prefix keeps our numbers apart from the bookkeeper's."})
    _refuse_prefix_of_another(organization, kind, prefix)
    highest = _highest_number(organization, kind, prefix)
    if next_number <= highest:
        words = f"{prefix}{highest} is taken already: begin with {highest + 1} or more."
        raise ValidationError({"next_number": words})
    names = {"prefix": "Prefix", "next_number": "Next number"}
    subject = f"Numbers of {kind.replace('_', ' ')}s"
    with noting(sequence, names, organization=organization, subject=subject, by=by):
        sequence.prefix, sequence.next_number = prefix, next_number
        sequence.full_clean()
        sequence.save(update_fields=["prefix", "next_number"])
    return sequence


def locked_sequence(organization: Organization, kind: str) -> NumberSequence:
    """The numbers of a kind, held until the end of the transaction."""
    prefix, first = FIRST_NUMBERS[kind]
    sequences: OwnedQuerySet[NumberSequence] = NumberSequence.objects.owned_by(organization)
    sequences.get_or_create(
        organization=organization, kind=kind, defaults={"prefix": prefix, "next_number": first}
    )
    return sequences.select_for_update().get(kind=kind)


def _refuse_prefix_of_another(organization: Organization, kind: str, prefix: str) -> None:
    others = {other: locked_sequence(organization, other).prefix for other in sorted(NUMBERED)}
    for other, taken in others.items():
        if other != kind and taken.casefold() == prefix.casefold():
            words = f"The {other.replace('_', ' ')} numbers begin with {taken} already."
            raise ValidationError({"prefix": words})


def _highest_number(organization: Organization, kind: str, prefix: str) -> int:
    rows = NUMBERED[kind].objects.owned_by(organization).filter(number__startswith=prefix)
    rests = [number[len(prefix) :] for number in rows.values_list("number", flat=True)]
    return max((int(r) for r in rests if r.isdecimal() and len(r) <= MOST_DIGITS), default=0)


def _locked(organization: Organization) -> DocumentSettings:
    rows = DocumentSettings.objects.owned_by(organization)
    rows.get_or_create(organization=organization)
    return rows.select_for_update().get()
