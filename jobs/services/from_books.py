"""Customers as the books have them. What comes from there is not sent back there."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from ascora.common.texts import LONGEST_NAME, fitting_texts, numbered_name
from ascora.history.models import Verdict
from ascora.history.services import note_changes
from ascora.outbox.selectors import has_unsent_changes, is_known_to_books
from ascora.outbox.services import record_change, record_known
from ascora.search.services import index_for_search, index_new_for_search
from ascora.tenancy.bulk import insert_rows, reserved_keys
from ascora.tenancy.models import Organization
from jobs.models import Customer
from jobs.services.customers import apply, index_customer, locked, owes

Values = Mapping[str, str | bool]

_TEXTS = (
    "name", "company_name", "given_name", "family_name", "email", "phone", "mobile",
    "billing_street", "billing_city", "billing_region", "billing_postcode", "billing_country",
    "site_street", "site_city", "site_region", "site_postcode", "site_country", "notes",
)  # fmt: skip
_OF_SEVERAL_LINES = frozenset({"notes", "billing_street", "site_street"})
_NO_NAME = "No name"
_EMPTY: dict[str, object] = {"id": 0, **dict.fromkeys(_TEXTS, ""), "is_taxed": True}


@transaction.atomic
def record_customer_from_books(
    *, organization: Organization, origin: str, values: Values, customer: Customer | None
) -> Customer:
    """Create the customer (None) or take over what the books say of it; idempotent.

    `values` are column names with texts, `is_taxed` and `is_active`; texts are cut to what fits.
    Changes of our own that still wait are kept. At the first meeting of a customer of ours with
    its like in the books, an empty field there does not empty ours.
    """
    if customer is None:
        customer = _new(organization, values)
        customer.name = _free_name(organization, customer)
        customer.save()
        index_for_search(customer)
    else:
        customer = locked(customer)
        _take_over(customer, values, origin)
    record_change(customer, by=None, origin=origin)
    return customer


@transaction.atomic
def merge_customer_with_books(
    *,
    customer: Customer,
    taken: Mapping[str, str],
    kept: Mapping[str, str],
    origin: str,
    both: Collection[str],
) -> Customer:
    """Take over what only the books changed, or changed later; write down what was kept here.

    `kept` holds the values of the books that lost against a newer one here, `both` the fields that
    both sides had changed. What is taken over counts as a change of its own: the books hear of the
    merged customer.
    """
    customer = locked(customer)
    before = apply(customer, _fitting(taken))
    if before:
        customer.save()
        index_customer(customer, was_renamed="name" in before)
        record_change(customer, by=None)
    verdicts = dict.fromkeys(before.keys() & set(both), Verdict.THEIRS)
    verdicts |= dict.fromkeys(kept, Verdict.OURS)
    note_changes(customer, before=before | dict(kept), by=None, origin=origin, both=verdicts)
    return customer


@transaction.atomic
def import_customers_from_books(
    *, organization: Organization, origin: str, rows: Sequence[Values]
) -> list[Customer]:
    """Add many new customers at once, in the order of `rows`; they are known to the books at once.

    The caller has matched by name before: a name that is taken all the same gets a number.
    """
    now = timezone.now()
    made = [_columns(values, now) for values in rows]
    taken = _names_like(organization, [str(columns["name"]) for columns in made])
    keys = reserved_keys(Customer, len(made))
    for key, columns in zip(keys, made, strict=True):
        name = numbered_name(str(columns["name"]), taken)
        taken.add(name)
        columns |= {"id": key, "name": name}
    insert_rows(Customer, organization_id=organization.pk, rows=made)
    texts = {key: _searched(columns) for key, columns in zip(keys, made, strict=True)}
    index_new_for_search(model=Customer, organization_id=organization.pk, texts=texts)
    customers = [_loaded(organization, columns) for columns in made]
    record_known(customers)
    return customers


def _columns(values: Values, now: datetime) -> dict[str, object]:
    """What `_new` would save, as columns."""
    columns: dict[str, object] = {**_EMPTY, **_fitting(values)}
    columns["name"] = columns["name"] or _NO_NAME
    columns["archived_at"] = now if values.get("is_active") is False else None
    return columns


def _searched(columns: Mapping[str, object]) -> Iterable[str]:
    return Customer.searched_among(lambda name: str(columns[name]))


def _loaded(organization: Organization, columns: Mapping[str, object]) -> Customer:
    """A customer that has just been inserted, of which the rest is read when it is asked for."""
    values = [columns["id"], organization.pk, columns["name"]]
    return Customer.from_db(None, ["id", "organization_id", "name"], values)


def _new(organization: Organization, values: Values) -> Customer:
    customer = Customer(organization=organization)
    apply(customer, _fitting(values))
    _archive_or_restore(customer, values)
    customer.name = customer.name or _NO_NAME
    return customer


def _take_over(customer: Customer, values: Values, origin: str) -> None:
    """Ours wins while it waits; else theirs, at a first meeting only where theirs is not empty."""
    if has_unsent_changes(customer):
        return
    theirs = _fitting(values)
    if not is_known_to_books(customer):
        theirs = {name: value for name, value in theirs.items() if value != ""}
    old_name, was_archived = customer.name, customer.is_archived
    before = apply(customer, {name: value for name, value in theirs.items() if name != "name"})
    _archive_or_restore(customer, values)
    customer.name = str(theirs.get("name") or old_name)
    if customer.name != old_name or customer.is_archived != was_archived:
        customer.name = _free_name(customer.organization, customer)
    before |= {"name": old_name} if customer.name != old_name else {}
    before |= {"is_archived": was_archived} if customer.is_archived != was_archived else {}
    if before:
        customer.save()
        note_changes(customer, before=before, by=None, origin=origin)
        index_customer(customer, was_renamed=customer.name != old_name)


def _fitting(values: Values) -> dict[str, str | bool]:
    """Known columns only, without control characters, cut to their length."""
    fitting: dict[str, str | bool] = dict(
        fitting_texts(Customer, values, columns=_TEXTS, of_several_lines=_OF_SEVERAL_LINES)
    )
    if "is_taxed" in values:
        fitting["is_taxed"] = bool(values["is_taxed"])
    return fitting


def _archive_or_restore(customer: Customer, values: Values) -> None:
    """One that still owes is not hidden: whoever reads the books says so."""
    if values.get("is_active") is False and not (customer.pk and owes(customer)):
        customer.archived_at = customer.archived_at or timezone.now()
    elif values.get("is_active") is True:
        customer.archived_at = None


def _free_name(organization: Organization, customer: Customer) -> str:
    if customer.archived_at is not None:
        return customer.name
    return numbered_name(
        customer.name, _names_like(organization, [customer.name], but_not=customer.pk)
    )


def _names_like(
    organization: Organization, names: Sequence[str], *, but_not: int | None = None
) -> set[str]:
    """The taken ones among these names, and among their numbered forms when one is taken."""
    rows = Customer.objects.filter(organization=organization).current()
    if but_not is not None:
        rows = rows.exclude(pk=but_not)
    taken = set(rows.filter(name__in=names).values_list("name", flat=True))
    for name in list(taken):
        beginning = name[: LONGEST_NAME - 6]
        taken.update(rows.filter(name__startswith=beginning).values_list("name", flat=True))
    return taken
