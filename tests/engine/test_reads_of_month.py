"""The month's reads: counted for the business and for all, told in time, and made to last."""

import threading
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connections as databases
from django.db.models import Sum
from django.urls import reverse

from ascora.tenancy.models import Organization
from ascora.tenancy.rls import acting_for, acting_for_everyone
from integrations import metering
from integrations.connections.ledgers import MeteredLedger
from integrations.errors import RateLimited, ReadsUsedUp
from integrations.metering import Month, Standing, count, month_of, reads_of, regular_reading
from integrations.models import Connection, MonthOfReads, ReadMeter
from integrations.pull import pull
from integrations.reads_alarm import tell_of_reads
from integrations.selectors import lamp_for
from tests.engine.business import Business

DAY = timedelta(days=1)
NOVEMBER = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch):
    """Set the database's clock, as the meter reads it."""

    def stand(moment: datetime) -> datetime:
        monkeypatch.setattr(metering, "database_now", lambda: moment)
        return moment

    return stand


def used(reads: int, *, moment: datetime = NOVEMBER) -> None:
    """So much was read in the month by all businesses together."""
    month = moment.date().replace(day=1)
    MonthOfReads.objects.update_or_create(
        provider="quickbooks", month=month, defaults={"reads": reads}
    )


def own(business: Business) -> int:
    with business.acting():
        return reads_of(business.organization)


def test_reads_are_counted_for_each_business_and_for_all(
    spark: Business, drain: Business, at
) -> None:
    at(NOVEMBER)
    for business, reads in [(spark, 6), (drain, 1), (spark, 1)]:
        count(business.connection, reads)
    assert [own(spark), own(drain)] == [7, 1]
    assert month_of("quickbooks").reads == 8


def test_a_month_ends_at_midnight_of_greenwich_whatever_the_place(spark: Business, at) -> None:
    at(datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC))
    count(spark.connection, 5)
    assert month_of("quickbooks").next_begins == datetime(2026, 12, 1, tzinfo=UTC)
    at(datetime(2026, 12, 1, 10, 59, tzinfo=ZoneInfo("Australia/Sydney")))
    assert [own(spark), month_of("quickbooks").reads] == [5, 5]
    at(datetime(2026, 12, 1, tzinfo=UTC))
    assert [own(spark), month_of("quickbooks").reads] == [0, 0]
    count(spark.connection, 1)
    assert [own(spark), month_of("quickbooks").reads] == [1, 1]


def test_the_year_ends_too() -> None:
    assert Month(date(2026, 12, 1), 0, 1).next_begins == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("reads", "standing"),
    [
        (349_999, Standing.CALM),
        (350_000, Standing.HIGH),
        (449_999, Standing.HIGH),
        (450_000, Standing.SCARCE),
        (600_000, Standing.SCARCE),
    ],
)
def test_seventy_and_ninety_per_cent_are_told(reads: int, standing: Standing) -> None:
    assert Month(date(2026, 11, 1), reads, 500_000).standing == standing


def test_a_plan_without_an_end_is_never_nearly_used() -> None:
    assert Month(date(2026, 11, 1), 10**9, 0).standing == Standing.CALM


def test_until_ninety_per_cent_books_are_read_as_usual(spark: Business, at) -> None:
    now = at(NOVEMBER)
    used(449_999)
    with spark.acting():
        assert regular_reading(spark.connection, now, DAY) == now + DAY


def test_then_regular_readings_use_at_most_half_of_what_is_left(
    spark: Business, drain: Business, at
) -> None:
    now = at(NOVEMBER)
    used(499_996)  # four left: two readings for two businesses until December
    with spark.acting():
        due = regular_reading(spark.connection, now, timedelta(hours=1))
    left = month_of("quickbooks").next_begins - now
    assert due - now == left
    used(499_900)  # a hundred left: one business may be read 25 times
    with spark.acting():
        assert regular_reading(spark.connection, now, timedelta(hours=1)) - now == left / 25


def test_nobody_is_read_more_often_because_reads_are_scarce(spark: Business, at) -> None:
    now = at(NOVEMBER)
    used(450_000)
    with spark.acting():
        assert regular_reading(spark.connection, now, DAY) == now + DAY


def test_with_nothing_left_books_are_read_on_the_first_day_of_the_next_month(
    spark: Business, at
) -> None:
    now = at(NOVEMBER)
    used(500_000)
    begins = month_of("quickbooks").next_begins
    with spark.acting():
        assert begins <= regular_reading(spark.connection, now, DAY) < begins + DAY


def test_a_long_rest_ends_while_deletions_are_still_remembered(spark: Business, at) -> None:
    now = at(datetime(2026, 12, 1, 1, tzinfo=UTC))
    used(500_000, moment=now)
    with spark.acting():
        assert regular_reading(spark.connection, now, DAY) == now + timedelta(days=25)


# The month is used up over there


@pytest.fixture
def refused(spark: Business) -> Business:
    """Every read of Bright Spark's books is answered with "too many"; writes are taken."""

    def too_many(*_: object, **__: object) -> None:
        raise RateLimited("wait", retry_after=60)

    for name in ("changes", "find", "read"):
        setattr(spark.ledger, name, too_many)
    return spark


def throttled_until(business: Business) -> datetime | None:
    with business.acting():
        return Connection.objects.owned_by(business.organization).get().throttled_until


def lamp(business: Business) -> str:
    with business.acting():
        return lamp_for(business.organization).words


def use(per_cent: int) -> None:
    used(per_cent * 5_000, moment=datetime.now(UTC))


def test_reads_rest_and_writes_go_on(refused: Business) -> None:
    use(95)
    invoice = refused.invoice()
    assert not pull(refused.organization).was_made
    assert throttled_until(refused) is None
    refused.drain()
    assert refused.entry(invoice).state == "done"
    with refused.acting():
        due = Connection.objects.owned_by(refused.organization).get().next_pull_at
    assert due - datetime.now(UTC) > timedelta(minutes=29)
    assert month_of("quickbooks").standing == Standing.ENDED


def test_a_full_minute_pauses_everything_as_before(refused: Business) -> None:
    use(50)
    pull(refused.organization)
    assert throttled_until(refused) > datetime.now(UTC)
    assert month_of("quickbooks").standing == Standing.CALM


def test_a_pause_made_for_nothing_is_not_made_again(refused: Business) -> None:
    use(50)
    ended = datetime.now(UTC) - timedelta(seconds=5)
    with refused.acting():
        Connection.objects.owned_by(refused.organization).update(throttled_until=ended)
    with pytest.raises(ReadsUsedUp):
        MeteredLedger(refused.ledger, refused.connection).read(None)
    pull(refused.organization)
    assert throttled_until(refused) == ended


def test_the_lamp_and_the_sync_centre_say_what_it_means(refused: Business, client, olive) -> None:
    client.force_login(olive)
    use(50)
    assert "readings" not in client.get(reverse("integrations:sync_centre")).content.decode()
    use(72)
    page = client.get(reverse("integrations:sync_centre")).content.decode()
    assert "72 % of this month" in page
    assert "Nothing changes for you yet" in page
    use(95)
    page = client.get(reverse("integrations:sync_centre")).content.decode()
    assert "95 % of this month" in page
    assert "looked for less often" in page
    assert lamp(refused) == "Books up to date"
    pull(refused.organization)
    page = client.get(reverse("integrations:sync_centre")).content.decode()
    assert "lets Ascora read nothing until 1 " in page
    assert "is still sent" in page
    assert lamp(refused) == "Reading paused"


# Two at once


@pytest.mark.django_db(transaction=True)
def test_workers_that_count_at_once_lose_no_read(bright_spark: Organization) -> None:
    with acting_for(bright_spark):
        connection = Connection.objects.create(
            organization=bright_spark, provider="quickbooks", realm="1", realm_print="1"
        )
    together = threading.Barrier(4)

    def work() -> None:
        try:
            together.wait(10)
            for _ in range(25):
                count(connection, 1)
        finally:
            databases.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    with acting_for_everyone():
        rows = ReadMeter.objects.across_organizations()
        assert rows.aggregate(reads=Sum("reads"))["reads"] == 100
    assert month_of("quickbooks").reads == 100


def test_the_operator_is_written_to_once_at_70_and_once_at_90(
    spark: Business, at, settings, mailoutbox
) -> None:
    settings.OPERATOR_EMAIL = "operator@ascora.test"
    at(NOVEMBER)
    allowed = month_of("quickbooks").allowed
    subjects = []
    for percent in (69, 70, 89, 90, 91):
        used(allowed * percent // 100)
        for _ in range(2):
            tell_of_reads()
        subjects.append([letter.subject.split(", ")[1] for letter in mailoutbox])
        mailoutbox.clear()
    assert subjects == [[], ["70 % of November are used"], [], ["90 % of November are used"], []]
    at(datetime(2026, 12, 1, tzinfo=UTC))
    used(allowed * 70 // 100, moment=datetime(2026, 12, 1, tzinfo=UTC))
    tell_of_reads()
    assert [letter.to for letter in mailoutbox] == [["operator@ascora.test"]]


def test_without_an_operator_nobody_is_written_to(spark: Business, at, mailoutbox) -> None:
    at(NOVEMBER)
    used(month_of("quickbooks").allowed)
    tell_of_reads()
    assert mailoutbox == []
