"""Sending documents by e-mail: kept first, sent once, tried again, and shown."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from ascora.attachments.models import Attachment
from ascora.tenancy.services import change_company_details
from payments.emails import email_of, filled, unknown_placeholders
from payments.models import Letter, LetterState
from payments.selectors import invoice_paper, receipt_paper
from payments.services import (
    Refused,
    change_document_settings,
    deliver_letters,
    send_letter_again,
    write_letter,
)
from payments.services.letters import MOST_OF_A_DOCUMENT_AN_HOUR, WAITS
from tests.builders import a_customer, a_payment, an_invoice


@pytest.fixture
def office(client_of, otto):
    """Otto's browser."""
    return client_of(otto)


@pytest.fixture
def invoice(at_bright_spark):
    """For Jane, who has an address."""
    customer = a_customer(
        at_bright_spark, name="Jane {number} Doe", given_name="Jane", email="jane@example.test"
    )
    return an_invoice(at_bright_spark, customer=customer)


def a_letter(invoice, *to, **words):
    """Written, not yet sent."""
    given = {"subject": "Your invoice", "text": "Hello"} | words
    to = to or ("jane@example.test",)
    return write_letter(paper=invoice_paper(invoice), to=to, by=None, **given)


def send_page(kind, row):
    """Where it is sent from."""
    return reverse("payments:paper_send", args=[kind, row.public_id])


def again(letter):
    """As it stands now."""
    letter.refresh_from_db()
    return letter


def test_an_invoice_goes_by_mail_with_its_pdf_and_shows_that_it_went(
    office, invoice, at_bright_spark, olive
):
    change_company_details(organization=at_bright_spark, by=olive, email="office@bright.test")
    page = office.get(send_page("invoice", invoice)).content.decode()
    assert f"Invoice {invoice.number} from Bright Spark Electrical" in page
    assert "Hello Jane," in page
    typed = {"to": "jane@example.test", "subject": "Your invoice", "text": "Please pay."}
    office.post(send_page("invoice", invoice), typed)
    at_bright_spark.refresh_from_db()
    assert deliver_letters(organization=at_bright_spark) == 1
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (
        ["jane@example.test"], "Your invoice", "Please pay.",
    )  # fmt: skip
    assert sent.from_email.startswith("Bright Spark Electrical <")
    assert sent.reply_to == ["office@bright.test"]
    ((name, content, kind),) = sent.attachments
    assert (name, content[:5], kind) == (f"{invoice.number}.pdf", b"%PDF-", "application/pdf")
    shown = office.get(
        reverse("payments:paper_letters", args=["invoice", invoice.public_id])
    ).content.decode()
    assert "Sent to jane@example.test" in shown
    assert "Otto" in shown


def test_a_letter_is_sent_once(invoice, at_bright_spark):
    a_letter(invoice)
    deliver_letters(organization=at_bright_spark)
    assert deliver_letters(organization=at_bright_spark) == 0
    assert len(mail.outbox) == 1


def broken(error):
    """A mail server that answers with this."""

    def send(*_, **__):
        raise error

    return send


SEND = "django.core.mail.message.EmailMessage.send"


def test_a_mail_server_that_is_away_loses_nothing(invoice, at_bright_spark, monkeypatch):
    letter = a_letter(invoice)
    with monkeypatch.context() as away:
        away.setattr(SEND, broken(ConnectionRefusedError()))
        assert deliver_letters(organization=at_bright_spark) == 0
    assert again(letter).state == LetterState.WAITING
    assert letter.run_at > timezone.now()
    assert "Tried again" in letter.message
    Letter.objects.owned_by(at_bright_spark).update(run_at=timezone.now())
    assert deliver_letters(organization=at_bright_spark) == 1
    assert again(letter).state == LetterState.SENT
    assert letter.message == ""


def test_after_many_tries_a_person_is_asked_and_can_send_it_again(
    invoice, at_bright_spark, monkeypatch
):
    letter = a_letter(invoice)
    with monkeypatch.context() as away:
        away.setattr(SEND, broken(TimeoutError()))
        for _ in range(len(WAITS) + 1):
            Letter.objects.owned_by(at_bright_spark).update(run_at=timezone.now())
            deliver_letters(organization=at_bright_spark)
    assert again(letter).state == LetterState.FAILED
    send_letter_again(letter=letter, by=None)
    assert deliver_letters(organization=at_bright_spark) == 1
    with pytest.raises(Refused, match="on its way"):
        send_letter_again(letter=letter, by=None)


def test_a_refused_address_is_said_at_once(invoice, at_bright_spark, monkeypatch):
    letter = a_letter(invoice)
    monkeypatch.setattr(SEND, broken(SMTPRecipientsRefused({})))
    deliver_letters(organization=at_bright_spark)
    assert again(letter).state == LetterState.FAILED
    assert "refused this address" in letter.message


def test_a_worker_that_died_leaves_the_letter_to_the_next(invoice, at_bright_spark):
    a_letter(invoice)
    rows = Letter.objects.owned_by(at_bright_spark)
    rows.update(lease_until=timezone.now() + timedelta(minutes=1))
    assert deliver_letters(organization=at_bright_spark) == 0
    rows.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert deliver_letters(organization=at_bright_spark) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"to": ""}, "This field is required"),
        ({"to": "nobody"}, "nobody is not an e-mail address"),
        ({"to": "a@b.test, c@"}, "c@ is not an e-mail address"),
        ({"to": "a@b.test\r\nBcc: evil@x.test"}, "Bcc: is not an e-mail address"),
        ({"to": ",".join(f"a{n}@b.test" for n in range(6))}, "At most 5 addresses"),
        ({"subject": ""}, "This field is required"),
        ({"subject": "x\r\nBcc: evil@x.test"}, "A subject is one line"),
        ({"text": ""}, "This field is required"),
    ],
)
def test_what_cannot_be_sent_is_refused_at_its_field(office, invoice, typed, said):
    given = {"to": "jane@example.test", "subject": "s", "text": "kept words"}
    answer = office.post(send_page("invoice", invoice), given | typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert typed.get("text") == "" or "kept words" in answer.content.decode()
    assert not Letter.objects.owned_by(invoice.organization).exists()
    assert not Attachment.objects.owned_by(invoice.organization).exists()


def test_a_document_is_not_sent_again_and_again(invoice):
    for _ in range(MOST_OF_A_DOCUMENT_AN_HOUR):
        a_letter(invoice)
    with pytest.raises(Refused, match="within the hour"):
        a_letter(invoice)


def test_a_receipt_and_a_statement_go_the_same_way(office, invoice, at_bright_spark):
    payment = a_payment(invoice)
    for kind, row in (("receipt", payment), ("statement", invoice.customer)):
        typed = {"to": "jane@example.test", "subject": "s", "text": "t"}
        office.post(send_page(kind, row), typed)
    assert deliver_letters(organization=at_bright_spark) == 2
    names = {message.attachments[0][0].split()[0] for message in mail.outbox}
    assert names == {"Receipt", "Statement"}
    assert (
        "thank you for your payment" in office.get(send_page("receipt", payment)).content.decode()
    )


def test_placeholders_are_filled_once_and_values_are_never_looked_at(invoice):
    words = invoice_paper(invoice).words
    text = filled("{customer} owes {balance} by {Due Date}, {unknown} {{total}}", words)
    assert text.startswith("Jane {number} Doe owes $110.00 by ")
    assert text.endswith("{unknown} {$110.00}")
    assert unknown_placeholders("{number} {0.__class__} {secret} {Total}") == [
        "0.__class__", "secret",
    ]  # fmt: skip
    assert filled("{total}", receipt_paper(a_payment(invoice)).words) == "$110.00"


def test_the_words_of_the_business_are_used(office, invoice, at_bright_spark):
    change_document_settings(
        organization=at_bright_spark, by=None, invoice_subject="Pay {number}, {first name}!"
    )
    page = office.get(send_page("invoice", invoice)).content.decode()
    assert f"Pay {invoice.number}, Jane!" in page


def test_a_draft_letter_to_nobody_is_refused_by_the_service_too(invoice):
    with pytest.raises(ValidationError, match="where it goes"):
        a_letter(invoice, " ")


def test_each_sending_of_a_letter_bears_the_same_id_so_that_one_arrives(
    invoice, at_bright_spark, settings
):
    settings.DEFAULT_FROM_EMAIL = "Ascora <post@ascora.test>"
    first, other = a_letter(invoice), a_letter(invoice, "joe@example.test")
    ids = [email_of(letter).message()["Message-ID"] for letter in (first, again(first), other)]
    assert ids[0] == ids[1] != ids[2]
    assert ids[0] == f"<{first.public_id}@ascora.test>"
