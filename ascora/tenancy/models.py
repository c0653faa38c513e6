"""People, organizations, memberships, and the base of every owned row."""

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

from ascora.tenancy.constraints import owned_constraints
from ascora.tenancy.owned import OwnedQuerySet


class UserManager(BaseUserManager["User"]):
    """People are known by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person who can log in."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Asked for by Django's command; there is no admin site, so it opens no door."""
        return self.create_user(email, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Not owned: one person may belong to several organizations."""

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=100, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    # Part of every session's hash: a new value ends the person's other sessions.
    session_salt = models.CharField(max_length=32, blank=True, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name to greet by."""
        return str(self)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Bound to the password, as Django's, and to the second factors."""
        return salted_hmac(
            "ascora.tenancy.session",
            f"{self.password}|{self.session_salt}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()


class Organization(models.Model):
    """A business: the owner of rows. Amounts are in its home currency, dates in its time zone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2, default="AU")
    time_zone = models.CharField(max_length=64, default="Australia/Sydney")
    home_currency = models.CharField(max_length=3, default="AUD")
    business_number = models.CharField("ABN", max_length=20, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField("e-mail", blank=True)
    address = models.TextField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.name


class OwnedModel(models.Model):
    """A row that belongs to one organization. `public_id` is what addresses show."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    public_id = models.UUIDField(default=uuid.uuid4, editable=False)

    objects = models.Manager.from_queryset(OwnedQuerySet)()

    class Meta:
        abstract = True


class Role(models.TextChoices):
    """What a person may do in one organization."""

    OWNER = "owner", "Owner"
    OFFICE = "office", "Office"
    ACCOUNTANT = "accountant", "Accountant"


class Membership(OwnedModel):
    """A person's role in an organization."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            *owned_constraints("membership"),
            models.UniqueConstraint(
                fields=["organization", "user"], name="membership_unique_person_in_organization"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    @property
    def is_owner(self) -> bool:
        """May do everything."""
        return self.role == Role.OWNER

    @property
    def can_work(self) -> bool:
        """May do the daily work: customers, jobs, invoices, payments."""
        return self.role in {Role.OWNER, Role.OFFICE}

    @property
    def can_keep_books(self) -> bool:
        """May work the accounting screens."""
        return self.role in {Role.OWNER, Role.ACCOUNTANT}


class Invitation(OwnedModel):
    """An invitation by e-mail: single use, bound to the address, its role fixed from the start."""

    email = models.EmailField("e-mail address")
    role = models.CharField(max_length=12, choices=Role.choices)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    DAYS_OPEN = 14

    class Meta:
        constraints = [
            *owned_constraints("invitation"),
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="invitation_unique_open_address_in_organization",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def closes_at(self) -> datetime:
        """When the link stops working."""
        return self.created_at + timedelta(days=self.DAYS_OPEN)

    @property
    def is_expired(self) -> bool:
        """Too old to be accepted."""
        return self.closes_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        """Can still be accepted."""
        return self.accepted_at is None and self.withdrawn_at is None and not self.is_expired


class NumberSequence(OwnedModel):
    """The next number of one kind of document: without gaps, because it is taken in the document's
    transaction.
    """

    kind = models.CharField(max_length=30)
    prefix = models.CharField(max_length=10, blank=True)
    next_number = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            *owned_constraints("number_sequence"),
            models.UniqueConstraint(
                fields=["organization", "kind"], name="number_sequence_unique_kind_in_organization"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}{self.next_number}"


class LastEdit(OwnedModel):
    """Who saved a row in a form last, and when: told to the next who saves it from an older page.

    One row per edited row, which is named by its label ("jobs.customer") and its key.
    """

    label = models.CharField(max_length=60)
    object_pk = models.BigIntegerField()
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            *owned_constraints("last_edit"),
            models.UniqueConstraint(
                fields=["organization", "label", "object_pk"],
                name="last_edit_unique_row_in_organization",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.object_pk}"


class Area(models.TextChoices):
    """What a line of the change log is about."""

    PEOPLE = "people", "Users"
    SETTINGS = "settings", "Settings"
    CONNECTION = "connection", "Connection to the books"
    FILES = "files", "Files taken out"


class AuditEvent(OwnedModel):
    """A line of the change log: who changed what, from what to what, when.

    Only added to: the database refuses to change a line and deletes none. Without `by` the machine
    did it.
    """

    area = models.CharField(max_length=10, choices=Area.choices)
    subject = models.CharField(max_length=200)
    what = models.CharField(max_length=200)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    COUNTED_AS = ("change", "changes")

    class Meta:
        constraints = owned_constraints("audit_event")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organization", "-at", "-id"], name="audit_event_newest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.what}"
