"""What may be kept, and what becomes of it."""

from base64 import b64decode
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from ascora.attachments.files import MOST_BYTES, FileRefused, checked_file
from ascora.attachments.forms import AttachmentField
from ascora.attachments.models import Attachment, Purpose
from ascora.attachments.selectors import attachments_for
from ascora.attachments.services import attach, detach
from ascora.tenancy.rls import acting_for
from tests.builders import a_customer

# Half blue, half red, with the place where it was taken.
PHOTO_OF_A_PHONE = b64decode(
    """
    AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAb1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAA
    AAAAAAAAADRpbG9jAAAAAERAAAIAAQAAAAAB4QABAAAAAAAAADUAAgAAAAACFgABAAAAAAAAAFAAAAA4aWluZgAAAAAA
    AgAAABVpbmZlAgAAAAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA/GlwcnAAAADc
    aXBjbwAAAHVodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAp
    QgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbqrprm4CGgwIAAAAyAAAADAIRiAAEABkQBwXPBiQAAABNjb2xybmNseAABAA0A
    BoAAAAAUaXNwZQAAAAAAAABAAAAAQAAAAChjbGFwAAAAEAAAAAEAAAAIAAAAAf///9AAAAAC////yAAAAAIAAAAQcGl4
    aQAAAAADCAgIAAAAGGlwbWEAAAAAAAAAAQABBYECAwWEAAAAGmlyZWYAAAAAAAAADmNkc2MAAgABAAEAAACNbWRhdAAA
    ADEoAa8ZIXBSQPeWIv8DxAVLHFs8djbydLCl/DuxL97GN8T1ffV6f7S5uxb36bRhDH64AAAABkV4aWYAAE1NACoAAAAI
    AAIBDgACAAAADgAAACaIJQAEAAAAAQAAADQAAAAAdGFrZW4gYXQgaG9tZQAAAQABAAIAAAACUwAAAAAAAAA=
    """
)
A_PDF = b"%PDF-1.7\n%..."


def a_picture(kind="JPEG", size=(40, 30), mode="RGB", **options):
    """The bytes of a picture."""
    out = BytesIO()
    Image.new(mode, size, "red").save(out, kind, **options)
    return out.getvalue()


def opened(file):
    """The picture inside a checked file."""
    return Image.open(BytesIO(file.content))


@pytest.fixture
def office(client_of, otto):
    """Otto's browser."""
    return client_of(otto)


@pytest.mark.parametrize(
    ("name", "content", "kept_name", "kept_type"),
    [
        ("receipt.JPG", a_picture(), "receipt.jpg", "image/jpeg"),
        ("receipt.exe", a_picture("PNG"), "receipt.png", "image/png"),
        ("receipt.webp", a_picture("WEBP"), "receipt.jpg", "image/jpeg"),
        ("IMG_1.heic", PHOTO_OF_A_PHONE, "IMG_1.jpg", "image/jpeg"),
        ("bill.pdf", A_PDF, "bill.pdf", "application/pdf"),
        ("../../etc/passwd", A_PDF, "passwd.pdf", "application/pdf"),
        ("C:\\bills\\März \U0001f4a1.pdf", A_PDF, "März \U0001f4a1.pdf", "application/pdf"),
        ('a"\r\nSet-Cookie: x\u202efdp.exe', A_PDF, "aSet-Cookie: xfdp.pdf", "application/pdf"),
        ("x" * 300, A_PDF, "x" * 146 + ".pdf", "application/pdf"),
        ("", A_PDF, "file.pdf", "application/pdf"),
    ],
)
def test_a_file_is_known_by_its_content(name, content, kept_name, kept_type):
    file = checked_file(name, content)
    assert (file.name, file.content_type) == (kept_name, kept_type)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"<svg onload=alert(1)>", "JPEG, PNG, WebP, HEIC"),
        (b"MZ\x90\0 program", "JPEG, PNG, WebP, HEIC"),
        (b"GIF89a" + bytes(40), "JPEG, PNG, WebP, HEIC"),
        (b" <html>%PDF-1.7", "JPEG, PNG, WebP, HEIC"),
        (a_picture()[:200], "cannot be read"),
        (b"\xff\xd8\xff" + b"nothing", "cannot be read"),
        (b"\0\0\0\x18ftypheic" + bytes(20), "cannot be read"),
        (PHOTO_OF_A_PHONE[:560], "cannot be read"),
        (A_PDF + bytes(MOST_BYTES), "10 MB"),
    ],
)
def test_what_is_neither_photo_nor_pdf_is_refused(content, said):
    with pytest.raises(FileRefused, match=said):
        checked_file("receipt.jpg", content)


def test_a_picture_of_enormous_size_is_refused_before_it_is_unpacked():
    with pytest.raises(FileRefused, match="too many pixels"):
        checked_file("bomb.png", a_picture("PNG", size=(12_000, 12_000), mode="1"))


def test_a_photo_loses_where_it_was_taken_and_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # lying on its side
    exif.get_ifd(0x8825)[1] = "S"
    file = checked_file("photo.jpg", a_picture(exif=exif, comment=b"at home"))
    assert opened(file).size == (30, 40)
    assert not opened(file).getexif()
    assert b"at home" not in file.content


def test_a_photo_of_a_phone_becomes_one_that_everybody_sees_and_loses_its_place():
    file = checked_file("IMG_1.HEIC", PHOTO_OF_A_PHONE)
    picture = opened(file)
    assert (picture.format, picture.size) == ("JPEG", (16, 8))
    blue, red = picture.getpixel((2, 4)), picture.getpixel((13, 4))
    assert blue[2] > blue[0]
    assert red[0] > red[2]
    assert not picture.getexif()
    assert b"taken at home" in PHOTO_OF_A_PHONE
    assert b"taken at home" not in file.content


def test_a_huge_photo_is_made_smaller_and_a_small_one_keeps_its_size():
    assert opened(checked_file("a.jpg", a_picture(size=(4800, 3000)))).size == (2400, 1500)
    assert opened(checked_file("a.png", a_picture("PNG", mode="RGBA"))).size == (40, 30)


def test_a_logo_keeps_its_transparency():
    logo = Image.new("RGBA", (4, 4), (0, 0, 0, 0))
    out = BytesIO()
    logo.save(out, "WEBP", lossless=True)
    kept = checked_file("logo.webp", out.getvalue())
    assert kept.content_type == "image/png"
    assert opened(kept).getpixel((0, 0))[3] == 0


def test_the_form_field_gives_a_file_or_says_why_not():
    field = AttachmentField(required=False)
    assert field.clean(None) is None
    assert field.clean(SimpleUploadedFile("a.pdf", A_PDF)).content_type == "application/pdf"
    with pytest.raises(Exception, match="Choose a photo"):
        field.clean(SimpleUploadedFile("a.pdf", b"hello"))
    with pytest.raises(Exception, match="10 MB"):
        field.clean(SimpleUploadedFile("a.pdf", bytes(MOST_BYTES + 1)))
    with pytest.raises(Exception, match="required"):
        AttachmentField().clean(None)


def a_receipt(document, content=A_PDF, name="receipt.pdf"):
    """A PDF on a document."""
    file = checked_file(name, content)
    return attach(document=document, purpose=Purpose.RECEIPT, upload=file, by=None)


def test_the_same_file_hangs_on_a_document_once(at_bright_spark):
    customer, other = a_customer(at_bright_spark), a_customer(at_bright_spark)
    first, again = a_receipt(customer), a_receipt(customer)
    second = a_receipt(customer, content=A_PDF + b"2")
    a_receipt(other)
    assert first == again
    assert list(attachments_for(customer)) == [first, second]
    assert list(attachments_for(customer, purpose=Purpose.LOGO)) == []


def test_a_removed_file_is_gone_from_its_document_and_its_content_too(at_bright_spark, otto):
    receipt = a_receipt(a_customer(at_bright_spark))
    detach(attachment=receipt, by=otto)
    detach(attachment=receipt, by=otto)
    receipt.refresh_from_db()
    assert (receipt.is_removed, bytes(receipt.content), receipt.name) == (True, b"", "receipt.pdf")


def test_a_file_is_saved_and_never_run_by_a_browser(office, at_bright_spark):
    receipt = a_receipt(a_customer(at_bright_spark), name="Quittung März.pdf")
    answer = office.get(reverse("attachments:attachment_download", args=[receipt.public_id]))
    assert answer.content == A_PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''Quittung")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "private" in answer["Cache-Control"]


def test_a_removed_file_and_a_strangers_file_are_not_found(office, at_bright_spark, drain_co):
    gone = detach(attachment=a_receipt(a_customer(at_bright_spark)), by=None)
    with acting_for(drain_co):
        theirs = a_receipt(a_customer(drain_co))
    for file in (gone, theirs):
        address = reverse("attachments:attachment_download", args=[file.public_id])
        assert office.get(address).status_code == 404


def test_removing_a_file_asks_first(office, at_bright_spark):
    receipt = a_receipt(a_customer(at_bright_spark))
    address = reverse("attachments:attachment_remove", args=[receipt.public_id])
    assert "cannot be brought back" in office.get(address).content.decode()
    assert Attachment.objects.owned_by(at_bright_spark).get().removed_at is None
    office.post(address)
    assert Attachment.objects.owned_by(at_bright_spark).get().removed_at is not None
