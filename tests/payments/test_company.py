"""Company Details: what documents say, their numbers, and the words of letters."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from ascora.common.business_numbers import NotAnAbn, abn_of
from ascora.tenancy.models import NumberSequence
from payments.models import DocumentSettings
from payments.selectors import document_settings_for, logo_for
from tests.builders import a_credit_note, a_job, an_invoice

PAGE = "/administration/company/"


@pytest.fixture
def owner(client_of, olive):
    """Olive's browser."""
    return client_of(olive)


def part(name, *args):
    """The address of a part."""
    return reverse(f"payments:company_{name}", args=args)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("51824753556", "51 824 753 556"), (" 51 824  753 556 ", "51 824 753 556")],
)
def test_an_abn_is_kept_in_groups(typed, kept):
    assert abn_of(typed) == kept


@pytest.mark.parametrize(
    "typed", ["51824753557", "15824753556", "5182475355", "x1824753556", "\u0661" * 11]
)
def test_digits_that_do_not_check_are_no_abn(typed):
    with pytest.raises(NotAnAbn):
        abn_of(typed)


def test_the_page_says_what_is_missing_and_shows_a_sample(owner, at_bright_spark):
    page = owner.get(PAGE).content.decode()
    assert "A tax invoice must show your ABN." in page
    assert "No logo yet" in page
    assert "INV-1001" in page
    picture = owner.get(part("preview") + "?picture")
    assert Image.open(BytesIO(picture.content)).format == "PNG"
    assert owner.get(part("preview")).content.startswith(b"%PDF-")


BANK = {
    "account_name": "Bright Spark",
    "bsb": "063 019",
    "account_number": "1234 5678",
    "payid": "",
    "payment_instructions": "",
}


def test_bank_details_are_kept_as_they_are_printed(owner, at_bright_spark):
    owner.post(part("part", "bank"), BANK)
    kept = document_settings_for(at_bright_spark)
    assert (kept.bsb, kept.account_number) == ("063-019", "12345678")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"bsb": "06301"}, "A BSB has 6 digits."),
        ({"bsb": "06301x"}, "A BSB has 6 digits."),
        ({"account_number": "12a"}, "digits only"),
        ({"payment_instructions": "x" * 1001}, "at most 1000"),
    ],
)
def test_bank_details_that_cannot_be_are_refused(owner, at_bright_spark, typed, said):
    answer = owner.post(part("part", "bank"), BANK | typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not DocumentSettings.objects.owned_by(at_bright_spark).exists()


def numbers(owner, kind, prefix, number):
    """Choose the numbers of a kind."""
    typed = {"prefix": prefix, "next_number": str(number)}
    return owner.post(part("numbers", kind), typed)


def test_the_next_invoice_has_the_chosen_number(owner, at_bright_spark):
    numbers(owner, "invoice", "BS-", 5000)
    assert an_invoice(at_bright_spark).number == "BS-5000"
    assert an_invoice(at_bright_spark).number == "BS-5001"
    numbers(owner, "job", "", 7)
    assert a_job(at_bright_spark).number == "7"
    numbers(owner, "credit_note", "BSC-", 90)
    assert a_credit_note(at_bright_spark).number == "BSC-90"


@pytest.mark.parametrize(
    ("prefix", "number", "said"),
    [
        ("INV-", 1001, "INV-1002 is taken already: begin with 1003 or more."),
        ("INV-", 0, "greater than or equal to 1"),
        ("", 5000, "apart from the bookkeeper"),
        ("CN-", 5000, "credit note numbers begin with CN- already"),
        ("cn-", 5000, "begin with CN- already"),
        ("I 1", 5000, "Letters, digits and"),
        ("INV1", 5000, "End it with a letter"),
        ("<b>", 5000, "Letters, digits and"),
        ("ABCDEFGHIJK", 5000, "at most 10"),
    ],
)
def test_numbers_that_would_be_met_twice_or_read_badly_are_refused(
    owner, at_bright_spark, prefix, number, said
):
    an_invoice(at_bright_spark)
    an_invoice(at_bright_spark)
    answer = numbers(owner, "invoice", prefix, number)
    assert answer.status_code == 422
    assert said in answer.content.decode().replace("&#x27;", "'")
    sequence = NumberSequence.objects.owned_by(at_bright_spark).get(kind="invoice")
    assert str(sequence) == "INV-1003"


def test_unknown_placeholders_are_refused_with_those_that_are_known(owner, at_bright_spark):
    typed = {"subject": "Invoice {numbr}", "text": "Hello {first name}"}
    answer = owner.post(part("words", "invoice"), typed)
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "Nothing is known for {numbr}. Known: {customer}, {first name}, {number}" in said
    assert "Hello {first name}" in said
    assert document_settings_for(at_bright_spark).invoice_subject == ""


def test_words_of_letters_are_kept(owner, at_bright_spark):
    typed = {"subject": "Invoice {number}", "text": "Hello {first name}, {due date}"}
    owner.post(part("words", "invoice"), typed)
    kept = document_settings_for(at_bright_spark)
    assert (kept.invoice_subject, kept.invoice_text) == (typed["subject"], typed["text"])
    assert kept.receipt_subject == ""


def a_logo(kind="PNG"):
    """An upload of a picture."""
    out = BytesIO()
    Image.new("RGB", (30, 10), "navy").save(out, kind)
    return SimpleUploadedFile("logo.png", out.getvalue())


def test_a_logo_is_chosen_replaced_and_removed(owner, at_bright_spark):
    owner.post(part("logo"), {"upload": a_logo()})
    first = logo_for(at_bright_spark)
    owner.post(part("logo"), {"upload": a_logo("JPEG")})
    second = logo_for(at_bright_spark)
    assert (first.content_type, second.content_type) == ("image/png", "image/jpeg")
    assert "Remove" in owner.get(PAGE).content.decode()
    owner.post(part("logo_remove"))
    assert logo_for(at_bright_spark) is None


@pytest.mark.parametrize("content", [b"%PDF-1.4 no picture", b"hello"])
def test_a_logo_is_a_picture(owner, at_bright_spark, content):
    answer = owner.post(part("logo"), {"upload": SimpleUploadedFile("logo.png", content)})
    assert answer.status_code == 422
    assert logo_for(at_bright_spark) is None
