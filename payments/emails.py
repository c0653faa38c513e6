"""The words of letters: texts with placeholders in braces, and how a letter becomes an e-mail."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMessage

from payments.models import Letter

PLACEHOLDERS = (
    "customer",
    "first name",
    "number",
    "date",
    "due date",
    "total",
    "balance",
    "job",
    "business",
)
_PLACEHOLDER = re.compile(r"\{([^{}\n]{0,60})\}")


@dataclass(frozen=True, slots=True)
class Words:
    """Subject and text of a kind of letter."""

    subject: str
    text: str


USUAL = {
    "invoice": Words(
        "Invoice {number} from {business}",
        "Hello {first name},\n\nplease find attached invoice {number} for {total}."
        " {balance} is due by {due date}.\n\nThank you for your business.\n\n{business}",
    ),
    "credit_note": Words(
        "Credit note {number} from {business}",
        "Hello {first name},\n\nplease find attached credit note {number} for {total}."
        "\n\n{business}",
    ),
    "receipt": Words(
        "Receipt for your payment to {business}",
        "Hello {first name},\n\nthank you for your payment of {total} on {date}."
        " The receipt is attached.\n\n{business}",
    ),
    "statement": Words(
        "Statement from {business}",
        "Hello {first name},\n\nplease find attached your statement of {date}."
        " {balance} is open.\n\n{business}",
    ),
}


def unknown_placeholders(text: str) -> list[str]:
    """What stands in braces and is no placeholder of ours."""
    return [name for name in _PLACEHOLDER.findall(text) if name.strip().lower() not in PLACEHOLDERS]


def filled(text: str, words: Mapping[str, str]) -> str:
    """The text with each placeholder replaced once; what stands in a value is never looked at."""
    return _PLACEHOLDER.sub(lambda found: words.get(found[1].strip().lower(), found[0]), text)


def one_line(text: str) -> str:
    """Fit for a subject: no line breaks, nothing unprintable."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f\u2028\u2029]", " ", text).split())


def email_of(letter: Letter) -> EmailMessage:
    """The letter as an e-mail: from the business by the address that Ascora sends from."""
    organization = letter.organization
    _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    message = EmailMessage(
        subject=one_line(letter.subject),
        body=letter.text,
        from_email=formataddr((one_line(organization.name), address)),
        to=[each.strip() for each in letter.sent_to.split(",")],
        reply_to=[organization.email] if organization.email else [],
        headers={"Message-ID": f"<{letter.public_id}@{address.partition('@')[2] or 'localhost'}>"},
    )
    file = letter.attachment
    message.attach(file.name, bytes(file.content), file.content_type)
    return message
