"""An organization's connection to its books and the accounting settings A to M."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from ascora.chart.models import BooksPaymentMethod, CustomField, LedgerAccount, TaxCode
from ascora.tenancy.constraints import owned_constraints
from ascora.tenancy.models import OwnedModel, User
from ascora.tenancy.sealing import SealedTextField


class ConnectionState(models.TextChoices):
    """What the lamp shows."""

    CONNECTED = "connected", "Connected"
    NEEDS_RECONNECT = "needs_reconnect", "Connect again"
    DISCONNECTED = "disconnected", "Not connected"


class Connection(OwnedModel):
    """The permission to enter one company's books; one live connection per organization.

    The realm and both tokens are sealed. `realm_print` is a slow fingerprint of provider and
    realm, so that a
    webhook and a second organization can be recognised without storing the realm readably.
    `token_generation` grows with every refresh. `served_at` is when a slice of its queue last
    began. Sync begins when `is_set_up` (the settings were saved).
    """

    provider = models.CharField(max_length=20)
    state = models.CharField(
        max_length=16, choices=ConnectionState.choices, default=ConnectionState.CONNECTED
    )
    company_name = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=3, blank=True)
    home_currency = models.CharField(max_length=3, blank=True)
    uses_own_numbers = models.BooleanField(default=True)
    books_closed_until = models.DateField(null=True, blank=True)
    is_set_up = models.BooleanField(default=False)
    realm = SealedTextField()
    realm_print = models.CharField(max_length=64)
    access_token = SealedTextField(blank=True)
    refresh_token = SealedTextField(blank=True)
    access_expires_at = models.DateTimeField(null=True, blank=True)
    refresh_expires_at = models.DateTimeField(null=True, blank=True)
    refresh_ends_at = models.DateTimeField(null=True, blank=True)
    token_generation = models.PositiveIntegerField(default=0)
    served_at = models.DateTimeField(null=True, blank=True)
    throttled_until = models.DateTimeField(null=True, blank=True)
    next_pull_at = models.DateTimeField(null=True, blank=True)
    pulled_at = models.DateTimeField(null=True, blank=True)
    pull_lease_until = models.DateTimeField(null=True, blank=True)
    chart_read_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=300, blank=True)
    connected_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    connected_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_pull_at"],
                condition=models.Q(state="connected", is_set_up=True),
                name="connection_reads_due",
            )
        ]
        constraints = [
            *owned_constraints("connection"),
            models.UniqueConstraint(
                fields=["organization"],
                condition=~models.Q(state="disconnected"),
                name="connection_one_live_per_organization",
            ),
            # Across organizations on purpose: one company's books belong to one organization.
            models.UniqueConstraint(
                fields=["realm_print"],
                condition=~models.Q(state="disconnected"),
                name="connection_company_connected_once",
            ),
        ]

    def __str__(self) -> str:
        return self.company_name or self.provider

    @property
    def is_live(self) -> bool:
        """May be used to send and read."""
        return self.state == ConnectionState.CONNECTED and self.is_set_up


class InvoiceReference(models.TextChoices):
    """What the customer reads on the invoice in the books (CustomerMemo)."""

    NONE = "", "Nothing"
    JOB_NUMBER = "job_number", "Job number"
    PURCHASE_ORDER = "purchase_order", "Purchase order"
    SITE_ADDRESS = "site_address", "Site address"
    CLIENT_ORDER = "client_order", "Client order number"


def _account() -> "models.ForeignKey[LedgerAccount | None, LedgerAccount | None]":
    return models.ForeignKey(
        LedgerAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )


def _tax_code() -> "models.ForeignKey[TaxCode | None, TaxCode | None]":
    return models.ForeignKey(
        TaxCode, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )


class AccountingSettings(OwnedModel):
    """The account codes A to M and what else decides how documents are sent. F and H live in
    payments.

    `card_account` empty means "same as G". `lead_source_name` is what the custom field of E was
    called when it was chosen: one that was renamed since is asked about. Documents dated before
    `cut_off_on` are never sent by accident.
    """

    connection = models.OneToOneField(Connection, on_delete=models.CASCADE, related_name="settings")
    sales_tax_code = _tax_code()
    sales_free_code = _tax_code()
    purchase_tax_code = _tax_code()
    purchase_free_code = _tax_code()
    lead_source_field = models.ForeignKey(
        CustomField, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lead_source_name = models.CharField(max_length=100, blank=True)
    payments_account = _account()
    card_account = _account()
    default_books_method = models.ForeignKey(
        BooksPaymentMethod, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    supplier_invoice_account = _account()
    expense_account = _account()
    labour_account = _account()
    materials_account = _account()
    credit_note_account = _account()
    rounding_account = _account()
    rounding_tax_code = _tax_code()
    pushes_lines = models.BooleanField("push line items", default=True)
    attaches_files = models.BooleanField("attach files", default=True)
    invoice_reference = models.CharField(
        max_length=16,
        choices=InvoiceReference.choices,
        blank=True,
        default=InvoiceReference.JOB_NUMBER,
    )
    cut_off_on = models.DateField()
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = owned_constraints(
            "accounting_settings",
            "connection",
            "sales_tax_code",
            "sales_free_code",
            "purchase_tax_code",
            "purchase_free_code",
            "lead_source_field",
            "payments_account",
            "card_account",
            "default_books_method",
            "supplier_invoice_account",
            "expense_account",
            "labour_account",
            "materials_account",
            "credit_note_account",
            "rounding_account",
            "rounding_tax_code",
        )

    def __str__(self) -> str:
        return "accounting settings"
