"""Further people at a customer. They stay in Ascora."""

from typing import TypedDict, Unpack

from django.db import transaction

from ascora.tenancy.models import User
from jobs.models import Contact, Customer


class ContactValues(TypedDict, total=False):
    """The plain values of a contact."""

    name: str
    position: str
    email: str
    phone: str


@transaction.atomic
def add_contact(*, customer: Customer, by: User | None, **values: Unpack[ContactValues]) -> Contact:
    """Add a person to speak to at this customer."""
    contact = Contact(organization=customer.organization, customer=customer, **values)
    contact.full_clean()
    contact.save()
    return contact


@transaction.atomic
def change_contact(
    *, contact: Contact, by: User | None, **values: Unpack[ContactValues]
) -> Contact:
    """Change the given values."""
    for name, value in values.items():
        setattr(contact, name, value)
    contact.full_clean()
    contact.save()
    return contact


@transaction.atomic
def remove_contact(*, contact: Contact, by: User | None) -> None:
    """Forget this person."""
    contact.delete()
