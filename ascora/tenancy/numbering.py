"""Numbers without gaps: taken under a row lock, given back when the transaction fails."""

from ascora.tenancy.models import NumberSequence, Organization

FIRST_NUMBERS = {"job": ("JOB-", 1001), "invoice": ("INV-", 1001), "credit_note": ("CN-", 1001)}


def take_number(organization: Organization, *, kind: str) -> str:
    """The next number of this kind, for example INV-1042. Must run inside the document's own
    transaction.
    """
    prefix, first = FIRST_NUMBERS[kind]
    sequences = NumberSequence.objects.owned_by(organization)
    sequences.get_or_create(
        organization=organization, kind=kind, defaults={"prefix": prefix, "next_number": first}
    )
    sequence = sequences.select_for_update().get(kind=kind)
    number = f"{sequence.prefix}{sequence.next_number}"
    sequence.next_number += 1
    sequence.save(update_fields=["next_number"])
    return number
