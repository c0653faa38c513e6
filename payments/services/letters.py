"""Sending documents by e-mail: kept first, sent by a worker, tried again until it went."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from smtplib import SMTPRecipientsRefused, SMTPSenderRefused

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.module_loading import import_string

from ascora.attachments.files import PDF, CheckedFile
from ascora.attachments.models import Purpose
from ascora.attachments.services import attach
from ascora.tenancy.models import Organization, OwnedModel, User
from ascora.tenancy.owned import OwnedQuerySet
from ascora.tenancy.rls import acting_for
from payments.emails import email_of, one_line
from payments.models import Letter, LetterState
from payments.selectors.papers import Paper
from payments.services.refusals import Refused

logger = logging.getLogger(__name__)

MOST_ADDRESSES = 5
MOST_AN_HOUR = 100
MOST_OF_A_DOCUMENT_AN_HOUR = 5
MOST_AT_ONCE = 20
LEASE = timedelta(minutes=5)
WAITS = (1, 5, 15, 60, 240, 720)  # minutes


@transaction.atomic
def write_letter(
    *,
    paper: Paper,
    to: Sequence[str],
    subject: str,
    text: str,
    by: User | None,
) -> Letter:
    """Keep a letter with its PDF and ring for a worker. Refused when too many were written."""
    document = paper.document
    addresses = _addresses(to)
    _refuse_too_many(document)
    file = CheckedFile(paper.file_name, PDF, paper.drawn())
    letter = Letter.objects.create(
        organization=document.organization,
        label=document._meta.label_lower,
        object_pk=document.pk,
        sent_to=", ".join(addresses),
        subject=one_line(subject),
        text=text,
        attachment=attach(document=document, purpose=Purpose.PRINTED, upload=file, by=by),
        created_by=by,
    )
    _ring_after_commit(letter)
    return letter


@transaction.atomic
def send_letter_again(*, letter: Letter, by: User | None) -> Letter:
    """Try a letter again that did not go."""
    letter = Letter.objects.owned_by(letter.organization).select_for_update().get(pk=letter.pk)
    if not letter.has_failed:
        raise Refused("This letter is on its way already.")
    letter.state, letter.tries, letter.message = LetterState.WAITING, 0, ""
    letter.run_at = timezone.now()
    letter.save(update_fields=["state", "tries", "message", "run_at"])
    _ring_after_commit(letter)
    return letter


def deliver_letters(*, organization: Organization) -> int:
    """Send what is due, at most one slice; gives how many went. Called by workers, each letter
    leased to one of them; no transaction is open while the mail server is spoken to.
    """
    sent = 0
    for _ in range(MOST_AT_ONCE):
        with acting_for(organization):
            letter = _claimed(organization)
        if letter is None:
            break
        sent += _delivered(letter)
    return sent


def _claimed(organization: Organization) -> Letter | None:
    due = due_letters(letters=Letter.objects.owned_by(organization))
    letter = (
        due.select_related("organization", "attachment")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("run_at")
        .first()
    )
    if letter is not None:
        letter.tries += 1
        letter.lease_until = timezone.now() + LEASE
        letter.save(update_fields=["tries", "lease_until"])
    return letter


def due_letters(*, letters: OwnedQuerySet[Letter]) -> OwnedQuerySet[Letter]:
    """Those that wait, whose time has come and that no worker has in hand."""
    return letters.filter(
        Q(lease_until=None) | Q(lease_until__lt=Now()),
        state=LetterState.WAITING,
        run_at__lte=Now(),
    )


def _delivered(letter: Letter) -> bool:
    try:
        email_of(letter).send()
    except (SMTPRecipientsRefused, SMTPSenderRefused, ValueError) as error:
        _settle(letter, LetterState.FAILED, "The mail server refused this address. Check it.")
        logger.warning("a letter was refused", extra=_named(letter, error))
    except Exception as error:  # noqa: BLE001 - whatever keeps a letter from going, it is tried again
        _settle_failure(letter)
        logger.warning("a letter waits", extra=_named(letter, error))
    else:
        letter.sent_at = timezone.now()
        _settle(letter, LetterState.SENT, "")
    return letter.is_sent


def _named(letter: Letter, error: Exception) -> dict[str, object]:
    return {"organization": letter.organization_id, "error": type(error).__name__}


def _settle_failure(letter: Letter) -> None:
    if letter.tries > len(WAITS):
        _settle(letter, LetterState.FAILED, "The mail server could not be reached.")
        return
    letter.run_at = timezone.now() + timedelta(minutes=WAITS[letter.tries - 1])
    _settle(letter, LetterState.WAITING, "The mail server could not be reached. Tried again soon.")


def _settle(letter: Letter, state: str, message: str) -> None:
    letter.state, letter.message, letter.lease_until = state, message, None
    with acting_for(letter.organization):
        letter.save(update_fields=["state", "message", "lease_until", "sent_at", "run_at"])


def _addresses(to: Sequence[str]) -> list[str]:
    addresses = list(dict.fromkeys(address.strip() for address in to if address.strip()))
    if not addresses:
        raise ValidationError({"to": "Say where it goes: an e-mail address."})
    if len(addresses) > MOST_ADDRESSES:
        raise ValidationError({"to": f"At most {MOST_ADDRESSES} addresses."})
    for address in addresses:
        try:
            validate_email(address)
        except ValidationError as error:
            words = f"{address} is not an e-mail address."
            raise ValidationError({"to": words}) from error
    return addresses


def _refuse_too_many(document: OwnedModel) -> None:
    hour = timezone.now() - timedelta(hours=1)
    recent = Letter.objects.owned_by(document.organization).filter(created_at__gt=hour)
    mine = recent.filter(label=document._meta.label_lower, object_pk=document.pk)
    if mine.count() >= MOST_OF_A_DOCUMENT_AN_HOUR:
        raise Refused("This was sent several times within the hour. Wait a little.")
    if recent.count() >= MOST_AN_HOUR:
        raise Refused(f"{MOST_AN_HOUR} letters were sent within the hour. Wait a little.")


def _ring_after_commit(letter: Letter) -> None:
    ring = import_string(settings.MAIL_DOORBELL)
    transaction.on_commit(partial(ring, letter.organization_id.hex))
