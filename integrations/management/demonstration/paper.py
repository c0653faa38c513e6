"""The connected business's letterhead: ABN, bank, words, and a logo drawn here."""

from io import BytesIO

from PIL import Image, ImageDraw

from ascora.attachments.files import CheckedFile, checked_file
from ascora.tenancy.models import Organization, User
from ascora.tenancy.services import change_company_details
from payments.services import change_document_settings, set_logo

BLUE, AMBER = (21, 62, 117), (255, 184, 28)
BOLT = [(190, 40), (90, 200), (150, 200), (120, 320), (230, 150), (168, 150)]


def furnish(business: Organization, by: User) -> None:
    """What stands at the head and the foot of every document."""
    change_company_details(
        organization=business,
        by=by,
        business_number="51 824 753 556",
        phone="02 5550 1234",
        email="office@harbourcity.example",
        address="Unit 4, 18 Foundry Lane\nMarrickville NSW 2204",
    )
    change_document_settings(
        organization=business,
        by=by,
        legal_name="Harbour City Electrical Pty Ltd",
        website="www.harbourcity.example",
        account_name="Harbour City Electrical Pty Ltd",
        bsb="062-000",
        account_number="12345678",
        payid="accounts@harbourcity.example",
        footer="Electrical contractor licence 123456C. All work complies with AS/NZS 3000.",
    )
    set_logo(organization=business, upload=logo(), by=by)


def logo() -> CheckedFile:
    """A bolt in a rounded square."""
    picture = Image.new("RGBA", (320, 360), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((10, 10, 310, 350), radius=60, fill=BLUE)
    pen.polygon(BOLT, fill=AMBER)
    kept = BytesIO()
    picture.save(kept, "PNG")
    return checked_file("logo.png", kept.getvalue())
