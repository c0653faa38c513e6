"""Sealed columns: bound to their row, closed when in doubt, sealed again under a new key."""

import base64
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection

from ascora.tenancy.adapter import FactorAdapter
from ascora.tenancy.rls import acting_for
from ascora.tenancy.sealing import BrokenSeal, Sealed, seal, unseal
from integrations.models import Connection
from tests.house.rows import an_unsaved_row

TOKEN = "canary-refresh-token-0123456789"
OLD = "test:dGVzdC1rZXktdGVzdC1rZXktdGVzdC1rZXktMzJieXQ="
NEW = "new:" + base64.b64encode(b"another-key-of-exactly-32-bytes!").decode()


def books_of(organization, token=TOKEN):
    """A connection with a token, made behind the organization's wall."""
    with acting_for(organization):
        books = an_unsaved_row(Connection, organization)
        books.refresh_token = token
        books.save()
    return books


def stored(books):
    """The column as it stands in the database."""
    with acting_for(books.organization), connection.cursor() as cursor:
        cursor.execute(
            "SELECT refresh_token FROM integrations_connection WHERE id = %s", [books.pk]
        )
        return cursor.fetchone()[0]


def put(books, value):
    """Write the column past the model."""
    with acting_for(books.organization), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE integrations_connection SET refresh_token = %s WHERE id = %s",
            [value, books.pk],
        )


def opened(books):
    """What a fresh reading gives."""
    with acting_for(books.organization):
        return Connection.objects.owned_by(books.organization).get(pk=books.pk).refresh_token


def test_what_is_stored_does_not_show_what_was_written(bright_spark):
    books = books_of(bright_spark)
    assert stored(books).startswith("v1.test.")
    assert TOKEN not in stored(books)
    assert base64.b64encode(TOKEN.encode()).decode()[:16] not in stored(books)
    assert opened(books) == TOKEN


def test_the_same_text_is_sealed_differently_each_time(bright_spark):
    assert stored(books_of(bright_spark)) != seal(TOKEN, bound_to="x")
    assert seal(TOKEN, bound_to="x") != seal(TOKEN, bound_to="x")


def test_swapped_between_two_organizations_neither_opens(bright_spark, drain_co):
    ours, theirs = books_of(bright_spark, "ours"), books_of(drain_co, "theirs")
    mine, other = stored(ours), stored(theirs)
    put(ours, other)
    put(theirs, mine)
    for books in (ours, theirs):
        with pytest.raises(BrokenSeal):
            opened(books)


def test_moved_to_another_column_it_does_not_open(bright_spark):
    books = books_of(bright_spark)
    with acting_for(bright_spark), connection.cursor() as cursor:
        cursor.execute("UPDATE integrations_connection SET access_token = refresh_token")
        fresh = Connection.objects.owned_by(bright_spark).get(pk=books.pk)
        with pytest.raises(BrokenSeal):
            _ = fresh.access_token


def test_one_flipped_bit_anywhere_breaks_the_seal():
    whole = seal("ab", bound_to="row")
    head, _, encoded = whole.rpartition(".")
    raw = base64.b64decode(encoded)
    for place in range(len(raw) * 8):
        bent = bytearray(raw)
        bent[place // 8] ^= 1 << place % 8
        with pytest.raises(BrokenSeal):
            unseal(Sealed(f"{head}.{base64.b64encode(bent).decode()}"), bound_to="row")


@pytest.mark.parametrize(
    "value", [TOKEN, "v1.test", "v1.test.", "v1.gone.AAAA", "v2.test.AAAA", "v1.test.%%%", "..."]
)
def test_what_was_put_there_by_hand_is_not_accepted(bright_spark, value):
    books = books_of(bright_spark)
    put(books, value)
    with pytest.raises(BrokenSeal):
        opened(books)


def test_an_unknown_key_opens_nothing(bright_spark, settings):
    books = books_of(bright_spark)
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    with pytest.raises(BrokenSeal):
        opened(books)


def test_only_saving_its_row_writes_a_sealed_column(bright_spark):
    books = books_of(bright_spark)
    with pytest.raises(TypeError, match="saving its row"), acting_for(bright_spark):
        Connection.objects.owned_by(bright_spark).update(refresh_token="plain")
    assert opened(books) == TOKEN


def test_a_deferred_column_is_read_and_not_taken_for_empty(bright_spark):
    books = books_of(bright_spark)
    with acting_for(bright_spark):
        partly = Connection.objects.owned_by(bright_spark).defer("refresh_token").get(pk=books.pk)
        assert partly.refresh_token == TOKEN


def test_empty_stays_empty(bright_spark):
    books = books_of(bright_spark, "")
    assert (stored(books), opened(books)) == ("", "")


@pytest.mark.parametrize("key", ["no-colon", "a.b:" + OLD[5:], "short:c2hvcnQ=", ":" + OLD[5:]])
def test_a_key_that_is_none_is_refused(settings, key):
    settings.FIELD_ENCRYPTION_KEYS = [key]
    with pytest.raises(ImproperlyConfigured):
        seal("x", bound_to="row")


def rotate():
    """What the command says."""
    said = StringIO()
    call_command("rotate_keys", stdout=said)
    return said.getvalue().splitlines()


def test_rotating_seals_everything_again_under_the_newest_key(bright_spark, drain_co, settings):
    ours, theirs = books_of(bright_spark, "ours"), books_of(drain_co, "theirs")
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    assert opened(ours) == "ours"
    said = rotate()
    assert "integrations_connection.refresh_token: 2 with test, sealed again with new" in said
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert stored(ours).startswith("v1.new.")
    assert (opened(ours), opened(theirs)) == ("ours", "theirs")
    assert "integrations_connection.refresh_token: 2 with new, already newest" in rotate()


def test_rotating_walks_in_batches(bright_spark, settings, monkeypatch):
    monkeypatch.setattr("ascora.tenancy.rotation.BATCH", 2)
    with acting_for(bright_spark):
        for number in range(5):
            books = an_unsaved_row(Connection, bright_spark)
            books.state, books.refresh_token = "disconnected", f"token {number}"
            books.save()
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    rotate()
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    with acting_for(bright_spark):
        kept = Connection.objects.owned_by(bright_spark).order_by("pk")
        assert [books.refresh_token for books in kept] == [f"token {n}" for n in range(5)]


def test_a_broken_seal_stops_the_rotation_and_stays_as_it_is(bright_spark, settings):
    books = books_of(bright_spark)
    broken = stored(books)[:-4] + "AAAA"
    put(books, broken)
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    with pytest.raises(BrokenSeal):
        rotate()
    assert stored(books) == broken


def test_rotating_seals_second_factors_again(olive, settings):
    adapter = FactorAdapter()
    factor = Authenticator.objects.create(
        user=olive, type="totp", data={"secret": adapter.encrypt("TOTPSECRET")}
    )
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    assert "mfa_authenticator.data: 1 with test, sealed again with new" in rotate()
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    factor.refresh_from_db()
    assert adapter.decrypt(factor.data["secret"]) == "TOTPSECRET"
