"""The figures in Prometheus' words. Names and meanings are listed in docs/runbook.md."""

from collections.abc import Iterator

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from ascora.health.heartbeats import workers
from ascora.tenancy.rls import acting_for_everyone
from integrations.metering import months
from integrations.metrics.exchanges import (
    BOUNDS,
    finished_today,
    in_doubt,
    latency_today,
    metered_reads,
)
from integrations.metrics.permissions import permissions
from integrations.metrics.queue import WHO_MUST_ACT, depths, held_by_reason

CONTENT_TYPE = CONTENT_TYPE_LATEST


def exposition() -> bytes:
    """Everything, as of now."""
    registry = CollectorRegistry()
    registry.register(_Installation())
    return generate_latest(registry)


class _Installation(Collector):
    """Asks PostgreSQL when it is scraped; keeps nothing."""

    def describe(self) -> list[Metric]:
        """Nothing to say before a scrape."""
        return []

    def collect(self) -> Iterator[Metric]:
        """All figures of one moment."""
        with acting_for_everyone():
            found = [*_queue(), *_held(), *_exchanges(), *_reads(), *_permissions(), *_workers()]
        yield from found


def _queue() -> Iterator[Metric]:
    entries = GaugeMetricFamily(
        "ascora_queue_entries",
        "Documents not in the books yet, by where they stand",
        labels=["place"],
    )
    oldest = GaugeMetricFamily(
        "ascora_queue_oldest_seconds", "Age of the oldest of them", labels=["place"]
    )
    for depth in depths():
        entries.add_metric([depth.place], depth.entries)
        oldest.add_metric([depth.place], depth.oldest_seconds)
    yield entries
    yield oldest


def _held() -> Iterator[Metric]:
    held = GaugeMetricFamily(
        "ascora_held_documents", "Held documents, by who must act and why", labels=["who", "reason"]
    )
    for reason, entries in held_by_reason().items():
        held.add_metric([WHO_MUST_ACT[reason], reason], entries)
    yield held


def _exchanges() -> Iterator[Metric]:
    attempts = CounterMetricFamily(
        "ascora_attempts",
        "Attempts with a certain outcome since midnight UTC",
        labels=["direction", "kind", "outcome"],
    )
    for labels, number in finished_today().items():
        attempts.add_metric(labels, number)
    yield attempts
    yield GaugeMetricFamily(
        "ascora_attempts_in_doubt",
        "Attempts of the last day without a certain outcome after ten minutes",
        value=in_doubt(),
    )
    latency = latency_today()
    buckets = [(str(bound), n) for bound, n in zip(BOUNDS, latency.within, strict=True)]
    yield HistogramMetricFamily(
        "ascora_exchange_seconds",
        "From the committed intent to the settled answer of a write, since midnight UTC",
        buckets=[*buckets, ("+Inf", latency.answers)],
        sum_value=latency.seconds,
    )


def _reads() -> Iterator[Metric]:
    today, month = metered_reads()
    yield CounterMetricFamily(
        "ascora_metered_reads", "Metered reads since midnight UTC", value=today
    )
    yield GaugeMetricFamily(
        "ascora_metered_reads_of_month", "Metered reads in this month (UTC)", value=month
    )
    yield from _allowances()


def _allowances() -> Iterator[Metric]:
    used = GaugeMetricFamily(
        "ascora_metered_reads_used_ratio",
        "Of what the plan allows in this month, all businesses together; absent without an end",
        labels=["package"],
    )
    refused = GaugeMetricFamily(
        "ascora_metered_reads_refused", "1 while reads of the month are refused", labels=["package"]
    )
    for package, month in months().items():
        if month.allowed:
            used.add_metric([package], month.reads / month.allowed)
        refused.add_metric([package], int(month.is_refused))
    yield used
    yield refused


def _permissions() -> Iterator[Metric]:
    found = permissions()
    connections = GaugeMetricFamily("ascora_connections", "Connections by state", labels=["state"])
    for state, number in found.by_state.items():
        connections.add_metric([state], number)
    yield connections
    yield GaugeMetricFamily(
        "ascora_connections_throttled", "Connected, but asked to wait", value=found.throttled
    )
    yield from _if_any("ascora_token_age_seconds", "Oldest token pair in use", found.token_age)
    yield from _if_any(
        "ascora_refresh_token_left_seconds",
        "Until the first refresh token ends if nobody uses it",
        found.refresh_left,
    )
    yield from _if_any(
        "ascora_books_unread_seconds",
        "Since the books unread for longest were read",
        found.unread_for,
    )


def _workers() -> Iterator[Metric]:
    found = workers()
    yield GaugeMetricFamily("ascora_workers_alive", "Workers that beat", value=found.alive)
    yield from _if_any(
        "ascora_seconds_since_work", "Since any worker took work up", found.seconds_since_work
    )


def _if_any(name: str, told: str, value: float | None) -> Iterator[Metric]:
    """A figure that is left out where there is nothing to say it of."""
    if value is not None:
        yield GaugeMetricFamily(name, told, value=value)
