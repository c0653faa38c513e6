"""A document as it is printed: gathered here as plain words, drawn by `payments.pdf`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ascora.attachments.models import Attachment, Purpose
from ascora.attachments.selectors import attachments_for
from ascora.common.wording import money, plain_money, quantity, unit_price
from ascora.tenancy.models import Organization, OwnedModel
from jobs.models import Customer
from payments.models import DocumentSettings, InvoiceLine, TaxMode
from payments.models.credits import CreditNoteLine
from payments.pdf import pdf, pictures
from payments.selectors.settings import tax_rates_for

TAX_COUNTRIES = {"AU", "NZ"}
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Paper:
    """A document ready to be drawn. `words` fill the placeholders of its letter."""

    kind: str
    document: OwnedModel
    template: str
    file_name: str
    data: Mapping[str, Any]
    words: Mapping[str, str]
    customer: Customer
    logo: bytes = b""

    def drawn(self) -> bytes:
        """As a PDF."""
        return pdf(self.template, self.data, logo=self.logo)

    def pictured(self) -> bytes:
        """Its first page as a PNG."""
        return pictures(self.template, self.data, logo=self.logo)[0]


def document_settings_for(organization: Organization) -> DocumentSettings:
    """The settings; empty ones where nobody has saved any."""
    found = DocumentSettings.objects.owned_by(organization).first()
    return found or DocumentSettings(organization=organization)


def logo_for(organization: Organization) -> Attachment | None:
    """The logo, without its content."""
    settings = document_settings_for(organization)
    if settings.pk is None:
        return None
    return attachments_for(settings, purpose=Purpose.LOGO).last()


def written(day: date) -> str:
    """4 May 2026."""
    return f"{day:%-d %b %Y}"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What every document of the business begins and ends with."""

    settings: DocumentSettings
    logo: Attachment | None

    @classmethod
    def of(cls, organization: Organization) -> "Letterhead":
        """As it stands now."""
        return cls(document_settings_for(organization), logo_for(organization))

    @property
    def logo_bytes(self) -> bytes:
        """The picture."""
        return bytes(self.logo.content) if self.logo else b""

    def data(self) -> dict[str, Any]:
        """The words of it."""
        organization = self.settings.organization
        ending = "png" if self.logo and self.logo.content_type == "image/png" else "jpg"
        return {
            "footer": self.settings.footer,
            "business": {
                "name": organization.name,
                "logo": f"logo.{ending}" if self.logo else "",
                "lines": self._lines(),
            },
        }

    def _lines(self) -> list[str]:
        organization, settings = self.settings.organization, self.settings
        label = "ABN" if organization.country == "AU" else "Business number"
        number = organization.business_number
        legal = settings.legal_name if settings.legal_name != organization.name else ""
        reached = " \N{MIDDLE DOT} ".join(filter(None, [organization.phone, organization.email]))
        lines = [legal, f"{label} {number}" if number else "", organization.address.strip()]
        return [line for line in [*lines, reached, settings.website] if line]

    def pay(self, reference: str, due: Sequence[str]) -> dict[str, Any]:
        """How to pay, and what is due until when."""
        given = {
            "Account name": self.settings.account_name,
            "BSB": self.settings.bsb,
            "Account": self.settings.account_number,
            "PayID": self.settings.payid,
        }
        rows = [[label, value] for label, value in given.items() if value]
        if rows and reference:
            rows.append(["Reference", reference])
        instructions = self.settings.payment_instructions
        return {"rows": rows, "instructions": instructions, "due": list(due)}


NOTHING_TO_PAY: dict[str, Any] = {"rows": [], "instructions": "", "due": []}


def billed_to(customer: Customer, label: str = "Bill to") -> dict[str, Any]:
    """Who pays, with the billing address, else the site's."""
    address = _address(customer, "billing") or _address(customer, "site")
    company = customer.company_name if customer.company_name != customer.name else ""
    return {"label": label, "name": customer.name, "lines": [*filter(None, [company]), *address]}


def _address(customer: Customer, which: str) -> list[str]:
    parts = [getattr(customer, f"{which}_{part}") for part in ("city", "region", "postcode")]
    country = getattr(customer, f"{which}_country")
    is_home = country.lower() in {"", "australia", "au"}
    lines = [getattr(customer, f"{which}_street"), " ".join(filter(None, parts))]
    return [line for line in [*lines, "" if is_home else country] if line]


def printed_lines(
    lines: Sequence[InvoiceLine | CreditNoteLine], *, rate: str, free: str
) -> list[Row]:
    """Each line as it is read."""
    return [
        {
            "description": _said(line),
            "quantity": quantity(line.quantity),
            "price": unit_price(line.unit_price),
            "tax": rate if line.is_taxed else free,
            "amount": plain_money(line.amount),
        }
        for line in lines
    ]


def _said(line: InvoiceLine | CreditNoteLine) -> str:
    """What it charges for; on an invoice for several jobs, for which of them."""
    if isinstance(line, CreditNoteLine) or line.job is None or line.invoice.job_id is not None:
        return line.description
    number = f"{line.job.number}: "
    return line.description if line.description.startswith(number) else number + line.description


def totals_of(document: Any, tax_words: str) -> list[Row]:  # noqa: ANN401 - an invoice or a credit note
    """Subtotal, tax and total; the tax within it where prices include it."""
    total = {"kind": "sum", "label": "Total", "amount": money(document.total)}
    tax = {"kind": "", "label": tax_words, "amount": money(document.tax)}
    if document.tax_mode == TaxMode.INCLUSIVE:
        return [total, tax | {"label": f"Includes {tax_words}"}] if document.tax else [total]
    subtotal = {"kind": "", "label": "Subtotal", "amount": money(document.subtotal)}
    return [subtotal, tax, total]


def words_of(customer: Customer, **more: str) -> dict[str, str]:
    """What the placeholders of a letter stand for."""
    return {
        "customer": customer.name,
        "first name": customer.given_name or customer.name,
        "business": customer.organization.name,
        **{name.replace("_", " "): value for name, value in more.items()},
    }


def tax_name_for(organization: Organization) -> str:
    """GST, or whatever the tax is called."""
    rate = tax_rates_for(organization).first()
    return rate.name if rate else "Tax"
