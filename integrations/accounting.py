"""The accounting settings A to M: what each may be, the first guess, and how they are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from ascora.chart.models import AccountKind, CustomField, LedgerAccount, TaxCode
from ascora.outbox.models import Hold
from ascora.outbox.services import release_held
from ascora.tenancy.audit import noting
from ascora.tenancy.models import Organization, User
from ascora.tenancy.selectors import today_for
from integrations.models import AccountingSettings, Connection
from integrations.snapshots.outcomes import question_about_lead_source
from payments.selectors import tax_percent_for

K = AccountKind
TAX_CODES = (
    "sales_tax_code", "sales_free_code", "purchase_tax_code", "purchase_free_code",
    "rounding_tax_code",
)  # fmt: skip
_WITHOUT_TAX = {"sales_free_code", "rounding_tax_code"}


@dataclass(frozen=True, slots=True)
class Use:
    """What an account setting is for: its letter, and the kinds offered, first and widened."""

    letter: str
    label: str
    kinds: tuple[str, ...]
    wider: tuple[str, ...] = ()
    help: str = ""
    is_optional: bool = False
    empty_label: str = "Choose an account"


USES: dict[str, Use] = {
    "payments_account": Use(
        "G",
        "Account for Payments",
        (K.BANK, K.UNDEPOSITED),
        (K.CURRENT_ASSET,),
        help="Where payments go. Those found in it in QuickBooks mark invoices paid.",
    ),
    "card_account": Use(
        "",
        "Account for Credit Card Payments",
        (K.BANK, K.CURRENT_ASSET),
        (K.UNDEPOSITED,),
        help="A bank or clearing account. Leave empty to use the same account as G.",
        is_optional=True,
        empty_label="The same as G",
    ),
    "supplier_invoice_account": Use(
        "I",
        "Supplier Invoice Account",
        (K.COST_OF_SALES, K.EXPENSE),
        (K.OTHER_EXPENSE,),
        help="Supplier invoices and supplier credits, unless the line or the supplier says"
        " otherwise.",
    ),
    "expense_account": Use(
        "J",
        "Default Expense Account",
        (K.EXPENSE, K.COST_OF_SALES),
        (K.OTHER_EXPENSE,),
        help="Expenses on jobs, unless another account is chosen on the expense.",
    ),
    "labour_account": Use(
        "K",
        "Labour Income Account",
        (K.INCOME,),
        (K.OTHER_INCOME,),
        help="Labour, claims and free lines, unless the job type says otherwise.",
    ),
    "materials_account": Use(
        "L",
        "Materials Income Account",
        (K.INCOME,),
        (K.OTHER_INCOME,),
        help="Supplies and expenses charged on, unless the supply or the job type says otherwise;"
        " surcharges, unless the payment method does.",
    ),
    "credit_note_account": Use(
        "M",
        "Credit Note Account",
        (K.INCOME,),
        (K.OTHER_INCOME,),
        help="Every line of every credit note.",
    ),
    "rounding_account": Use(
        "",
        "Account for Cash Rounding",
        (K.OTHER_INCOME, K.INCOME),
        help="The cents by which cash payments are rounded.",
        is_optional=True,
        empty_label="None",
    ),
}

# As the screen and the change log call each setting that is kept here.
NAMES = {
    "sales_tax_code": "A - Sales Tax Code",
    "sales_free_code": "B - Sales Tax Free Code",
    "purchase_tax_code": "C - Purchases Tax Code",
    "purchase_free_code": "D - Purchases Tax Free Code",
    "lead_source_field": "E - Lead Source Field",
    **{
        name: f"{use.letter} - {use.label}" if use.letter else use.label
        for name, use in USES.items()
    },
    "rounding_tax_code": "Tax Code for Cash Rounding",
    "pushes_lines": "Push line items",
    "attaches_files": "Attach the PDF in QuickBooks",
    "invoice_reference": "Invoice reference",
    "cut_off_on": "Do not send documents dated before",
}

_WORDS = {
    "payments_account": ("cheque", "checking", "operating", "undeposited", ""),
    "supplier_invoice_account": ("cost of goods", "purchases", "materials", ""),
    "expense_account": ("job", "tools", "general", ""),
    "labour_account": ("labour", "labor", "service", "sales"),
    "materials_account": ("material", "parts", "product", "sales"),
    "credit_note_account": ("credit note", "refund", "returns", "sales"),
    "rounding_account": ("rounding",),
}


def settings_for(connection: Connection) -> AccountingSettings:
    """The settings as saved, or a first guess that is not saved yet."""
    saved = AccountingSettings.objects.owned_by(connection.organization).filter(
        connection=connection
    )
    return saved.first() or guess(connection)


def guess(connection: Connection) -> AccountingSettings:
    """Sensible presets, by kind and name, from the chart as last read."""
    organization = connection.organization
    percent = tax_percent_for(organization, today_for(organization))
    taxed, free = _tax_codes(organization, "sales_percent", percent)
    taxed_buy, free_buy = _tax_codes(organization, "purchase_percent", percent)
    accounts = {name: _account(organization, name) for name in _WORDS}
    return AccountingSettings(
        organization=organization,
        connection=connection,
        sales_tax_code=taxed,
        sales_free_code=free,
        purchase_tax_code=taxed_buy,
        purchase_free_code=free_buy,
        rounding_tax_code=_out_of_scope(organization),
        cut_off_on=today_for(organization),
        **accounts,
    )


def _tax_codes(
    organization: Organization, side: str, percent: Decimal
) -> tuple[TaxCode | None, TaxCode | None]:
    codes = TaxCode.objects.owned_by(organization).filter(is_active=True)
    taxed = codes.filter(**{side: percent}).order_by("pk").first()
    if side == "sales_percent":
        taxed = taxed or codes.filter(is_worked_out_there=True).first()
    free = codes.filter(**{side: Decimal(0)}).exclude(name__icontains="out of scope")
    preferred = free.filter(name__icontains="free").first() or free.order_by("pk").first()
    return taxed, preferred


def _out_of_scope(organization: Organization) -> TaxCode | None:
    """Cash rounding is no sale: it stays out of what is told to the tax office."""
    codes = TaxCode.objects.owned_by(organization).filter(is_active=True, sales_percent=Decimal(0))
    return codes.filter(name__icontains="out of scope").order_by("pk").first()


def _account(organization: Organization, name: str) -> LedgerAccount | None:
    accounts = LedgerAccount.objects.filter(organization=organization)
    offered = accounts.active().of_kind(*USES[name].kinds).order_by("code", "pk")
    for word in _WORDS[name]:
        found = offered.filter(full_name__icontains=word).first()
        if found is not None:
            return found
    return None


_REMEDY: dict[type, str] = {
    LedgerAccount: "Choose another one.",
    TaxCode: "Choose another one.",
    CustomField: "Choose another one, or None.",
}


@dataclass(frozen=True, slots=True)
class Missing:
    """A choice that the live chart does not confirm: the field and the sentence."""

    field: str
    message: str

    @property
    def label(self) -> str:
        """The setting, as the screen calls it."""
        return NAMES[self.field]


def choices_gone(values: Mapping[str, object]) -> list[Missing]:
    """After the chart was read again: which of the chosen rows can no longer be used, and why."""
    gone = []
    for field, value in values.items():
        if isinstance(value, LedgerAccount | TaxCode | CustomField):
            value.refresh_from_db()
            problem = _problem(field, value)
            if problem:
                gone.append(
                    Missing(field, f"{value} {problem} in QuickBooks. {_REMEDY[type(value)]}")
                )
    return gone


def troubles_of(settings: AccountingSettings) -> list[Missing]:
    """What of the saved settings can no longer be used, and what a person must answer."""
    if settings.pk is None:
        return []
    names = [*USES, *TAX_CODES]
    chosen = {name: getattr(settings, name) for name in names}
    gone = choices_gone({name: value for name, value in chosen.items() if value is not None})
    asked = question_about_lead_source(settings)
    return [*gone, *([Missing("lead_source_field", asked)] if asked else [])]


def _problem(field: str, value: LedgerAccount | TaxCode | CustomField) -> str:
    if not value.is_active:
        return "is no longer active"
    if isinstance(value, LedgerAccount):
        use = USES[field]
        fits = value.kind in use.kinds + use.wider
        return "" if fits else f"has become another kind of account ({value.get_kind_display()})"
    if isinstance(value, TaxCode) and field in _WITHOUT_TAX and value.sales_percent:
        return "charges tax"
    return ""


@transaction.atomic
def save_settings(
    *, connection: Connection, values: Mapping[str, object], by: User
) -> AccountingSettings:
    """Keep the settings (values by the form's field names) and let the connection begin to work."""
    settings = settings_for(connection)
    with noting(
        settings, NAMES, organization=connection.organization, subject="Accounting settings", by=by
    ):
        for name, value in values.items():
            setattr(settings, name, value)
        chosen = settings.lead_source_field
        settings.lead_source_name = chosen.name if chosen else ""
        settings.saved_at = timezone.now()
        settings.saved_by = by
        settings.save()
    if not connection.is_set_up:
        connection.is_set_up = True
        connection.next_pull_at = timezone.now()
        connection.save(update_fields=["is_set_up", "next_pull_at"])
    release_held(organization=connection.organization, why=Hold.NEEDS_MAPPING)
    return settings
