"""The figures in Prometheus' words. All names begin with ``weiguang_``; times are in seconds."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from assistant.monitoring.figures import Figures

#: up to so many seconds, from a minute to an hour
_ACKNOWLEDGED_IN = (60, 120, 300, 600, 1200, 1800, 3600)
_PROMPTS = (0, 1, 2, 3, 5, 8)


class ServiceCollector(Collector):
    """Asks for the figures when it is scraped. ``faults`` counts what went wrong in the background, by where."""

    def __init__(self, look: Callable[[], Figures], faults: Mapping[str, int]) -> None:
        self._look = look
        self._faults = faults

    def collect(self) -> Iterable[Metric]:
        now = self._look()
        yield _counted("received", "messages received", "channel", now.received)
        yield _counted("turned", "messages handled to the end", "channel", now.handled)
        yield _counted("faults", "failures in the background since the start", "where", dict(self._faults))
        yield _stood("failing", "messages that failed and are tried again", "channel", now.failing)
        yield _stood("set_aside", "received messages that a person has to look at", "channel", now.set_aside)
        yield _stood("not_sendable", "messages that could not be sent to anybody", "channel", now.not_sendable)
        yield GaugeMetricFamily("weiguang_intake_age_seconds", "age of the oldest message not handled", now.intake_age)
        yield GaugeMetricFamily("weiguang_outbox_waiting", "messages that may be sent now", now.outbox_waiting)
        yield GaugeMetricFamily("weiguang_outbox_age_seconds", "how long the oldest of them has waited", now.outbox_age)
        yield GaugeMetricFamily("weiguang_p0_unacknowledged", "P0 that nobody has acknowledged", now.unacknowledged)
        yield GaugeMetricFamily(
            "weiguang_p0_unacknowledged_age_seconds", "how long the oldest of them stands", now.unacknowledged_age
        )
        yield _spread(
            "p0_acknowledged_after_seconds",
            "from a P0 to its acknowledgement, last 30 days",
            now.acknowledged_after,
            _ACKNOWLEDGED_IN,
        )
        yield _spread("prompts_a_worker_today", "prompts sent today, one count a worker", now.prompts_today, _PROMPTS)


def exposed(look: Callable[[], Figures], faults: Mapping[str, int]) -> bytes:
    """All metrics in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(ServiceCollector(look, faults))
    return generate_latest(registry)


def _counted(name: str, says: str, label: str, counts: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(f"weiguang_{name}", says, labels=[label])
    for value, count in sorted(counts.items()):
        family.add_metric([value], count)
    return family


def _stood(name: str, says: str, label: str, counts: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(f"weiguang_{name}", says, labels=[label])
    for value, count in sorted(counts.items()):
        family.add_metric([value], count)
    return family


def _spread(name: str, says: str, values: Sequence[float], bounds: Sequence[int]) -> Metric:
    buckets = [(str(float(bound)), float(sum(value <= bound for value in values))) for bound in bounds]
    family = HistogramMetricFamily(f"weiguang_{name}", says)
    family.add_metric([], [*buckets, ("+Inf", float(len(values)))], sum(values))
    return family
