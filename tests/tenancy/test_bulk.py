"""Many rows in one statement: the rows that saving each would make, behind the same walls."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import DataError, IntegrityError, ProgrammingError, connection, transaction

from ascora.outbox.models import EntryState, OutboxEntry
from ascora.tenancy.bulk import insert_rows, reserved_keys
from ascora.tenancy.rls import acting_for
from integrations.models import Connection, RemoteLink
from jobs.models import Customer, LeadSource
from tests.builders import a_lead_source
from tests.house.rows import a_row

ODD = [
    "Zo\N{LATIN SMALL LETTER E WITH DIAERESIS} \N{WRENCH} \N{FAMILY}",
    "back\\slash \\N \\n \\. \\x41 \\u0041",
    "\\N",
    "null",
    "NULL",
    "tab\there, line\nfeed, return\r\n",
    "\"double\" 'single' {brace} [bracket], comma; %s %(name)s %% $1 ::text",
    "",
    " blanks at both ends ",
    "\N{RIGHT-TO-LEFT OVERRIDE}live\N{ZERO WIDTH JOINER}",
]
TIMES = ("run_at", "recorded_at")
A_MINUTE = timedelta(minutes=1)


def columns_of(row):
    """Every column but those that are new in every row."""
    fields = row._meta.concrete_fields
    return {f.attname: getattr(row, f.attname) for f in fields} | {"id": 0, "public_id": 0}


def test_texts_arrive_as_they_are(at_bright_spark):
    keys = reserved_keys(Customer, len(ODD))
    rows = [
        {"id": key, "name": str(key), "notes": text} for key, text in zip(keys, ODD, strict=True)
    ]
    insert_rows(Customer, organization_id=at_bright_spark.pk, rows=rows)
    kept = Customer.objects.owned_by(at_bright_spark).in_bulk(keys)
    assert [kept[key].notes for key in keys] == ODD


def test_what_is_not_named_has_the_default_that_saving_gives(at_bright_spark):
    saved = OutboxEntry.objects.create(organization=at_bright_spark, label="x", object_pk=1)
    insert_rows(
        OutboxEntry,
        organization_id=at_bright_spark.pk,
        rows=[{"object_pk": 2}, {"object_pk": 3}],
        same={"label": "x"},
    )
    saved.refresh_from_db()
    made = OutboxEntry.objects.owned_by(at_bright_spark).exclude(pk=saved.pk)
    for row in made:
        own = {name: getattr(row, name) for name in ("operation", "object_pk", *TIMES)}
        assert columns_of(row) == columns_of(saved) | own
        assert all(timedelta(0) <= own[time] - getattr(saved, time) < A_MINUTE for time in TIMES)
    assert [row.object_pk for row in made.order_by("pk")] == [2, 3]
    assert len({each for row in made for each in (row.operation, row.public_id)}) == 4
    assert all(isinstance(row.operation, UUID) for row in made)


def test_amounts_times_and_json_lose_nothing(at_bright_spark):
    moment = datetime(2026, 11, 23, 1, 2, 3, 456789, tzinfo=UTC)
    seen = {"is": {"name": "\\N \N{WRENCH} \"'", "is_active": True, "amount": "1.10", "none": None}}
    insert_rows(
        RemoteLink,
        organization_id=at_bright_spark.pk,
        rows=[{"remote_id": "7", "seen": seen, "total": Decimal("12345.67"), "gone_at": moment}],
        same={
            "connection_id": a_row(Connection, at_bright_spark).pk,
            "label": "jobs.customer",
            "object_pk": 1,
            "kind": "customer",
        },
    )
    (link,) = RemoteLink.objects.owned_by(at_bright_spark)
    assert (link.seen, link.total, link.gone_at) == (seen, Decimal("12345.67"), moment)
    assert (link.revision, link.voided_at) == ("", None)


def test_what_no_column_can_hold_is_refused(at_bright_spark):
    with pytest.raises(TypeError, match="a set is no value"):
        insert_rows(
            LeadSource, organization_id=at_bright_spark.pk, rows=[{"name": "x", "archived_at": {1}}]
        )
    assert not LeadSource.objects.owned_by(at_bright_spark).exists()


def test_a_row_that_is_known_is_refused_or_skipped(at_bright_spark):
    known = OutboxEntry.objects.create(
        organization=at_bright_spark, label="x", object_pk=1, state=EntryState.WAITING
    )
    rows = [{"object_pk": 1}, {"object_pk": 2}]
    same = {"label": "x", "state": EntryState.DONE}
    with pytest.raises(IntegrityError, match="unique_document"), transaction.atomic():
        insert_rows(OutboxEntry, organization_id=at_bright_spark.pk, rows=rows, same=same)
    insert_rows(
        OutboxEntry, organization_id=at_bright_spark.pk, rows=rows, same=same, skips_known=True
    )
    entries = OutboxEntry.objects.owned_by(at_bright_spark).order_by("object_pk")
    assert [entry.state for entry in entries] == [EntryState.WAITING, EntryState.DONE]
    assert entries[0].pk == known.pk


def test_a_text_that_does_not_fit_is_refused_and_not_cut(at_bright_spark):
    for given in (
        {"rows": [{"name": "x" * 32}]},
        {"rows": [{"id": 1}], "same": {"name": "x" * 32}},
    ):
        with pytest.raises(DataError, match="too long"), transaction.atomic():
            insert_rows(LeadSource, organization_id=at_bright_spark.pk, **given)
    assert not LeadSource.objects.owned_by(at_bright_spark).exists()


def test_rows_of_another_business_can_neither_be_made_nor_touched(bright_spark, drain_co):
    with acting_for(drain_co):
        before = columns_of(a_lead_source(drain_co, name="Radio"))
    with acting_for(bright_spark):
        for skips in (False, True):
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                insert_rows(
                    LeadSource, organization_id=drain_co.pk, rows=[{"name": "x"}], skips_known=skips
                )
    with acting_for(drain_co):
        (still,) = LeadSource.objects.owned_by(drain_co)
        assert columns_of(still) == before


def test_a_row_of_another_business_cannot_be_referred_to(bright_spark, drain_co):
    with acting_for(drain_co):
        theirs = a_lead_source(drain_co)
    with acting_for(bright_spark):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match="same_organization"), transaction.atomic():
            insert_rows(
                Customer,
                organization_id=bright_spark.pk,
                rows=[{"name": "x", "lead_source_id": theirs.pk}],
            )
        assert not Customer.objects.owned_by(bright_spark).exists()


def test_keys_are_never_given_twice(at_bright_spark):
    first, second = reserved_keys(Customer, 3), reserved_keys(Customer, 3)
    saved = Customer.objects.create(organization=at_bright_spark, name="x")
    assert len({*first, *second, saved.pk}) == 7
    assert first + second == sorted(first + second)


def test_no_rows_are_no_statement(at_bright_spark, django_assert_num_queries):
    with django_assert_num_queries(0):
        insert_rows(Customer, organization_id=at_bright_spark.pk, rows=[])
