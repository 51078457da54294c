"""Metrics for Prometheus: counters of this process, summed over all processes if there are several.

``volunteer-service serve`` names a folder in PROMETHEUS_MULTIPROC_DIR before its workers start;
without it (another WSGI server) each process answers for itself.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    Metric,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

CONTENT_TYPE = CONTENT_TYPE_LATEST
FOLDER = "PROMETHEUS_MULTIPROC_DIR"

_requests = Counter(
    "volunteer_service_requests", "Requests answered.", ["endpoint", "method", "status"]
)
_seconds = Histogram(
    "volunteer_service_request_seconds",
    "Seconds to answer.",
    ["endpoint"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
_refusals = Counter("volunteer_service_refusals", "Refusals told, by their code.", ["code"])
_acts = Counter("volunteer_service_acts", "Acts done, by what a community counts.", ["act"])

#: The acts that a community counts, by their views: the page's and the API's.
ACTS = {
    "attendance.scan": "scan",
    "attendance.tick": "scan",
    "api_attendance.check_in": "scan",
    "api_attendance.tick": "scan",
    "gifts.order": "order",
    "desk.order": "order",
    "api_rewards.order": "order",
    "desk.hand_over": "hand_over",
    "api_rewards.hand_over": "hand_over",
}


@dataclass(frozen=True, eq=False)
class Ages(Collector):
    """Seconds since each job last ended well, and since the jobs process gave a sign of life."""

    jobs: Mapping[str, float]
    heartbeat: float | None

    def collect(self) -> Iterator[Metric]:
        """Yield two gauges, without a sample for what never happened."""
        jobs = GaugeMetricFamily(
            "volunteer_service_job_age_seconds", "Since the job last ended well.", labels=["job"]
        )
        for name, age in self.jobs.items():
            jobs.add_metric([name], age)
        beat = GaugeMetricFamily(
            "volunteer_service_heartbeat_age_seconds", "Since the jobs process gave a sign of life."
        )
        if self.heartbeat is not None:
            beat.add_metric([], self.heartbeat)
        return iter((jobs, beat))


def observe(endpoint: str, method: str, status: int, seconds: float) -> None:
    """Count one answered request; ``endpoint`` is a view's name, never a path."""
    _requests.labels(endpoint, method, str(status)).inc()
    _seconds.labels(endpoint).observe(seconds)
    if endpoint in ACTS and status < 400:
        _acts.labels(ACTS[endpoint]).inc()


def refused(code: str) -> None:
    """Count one refusal that was answered."""
    _refusals.labels(code).inc()


def render(ages: Ages) -> bytes:
    """Return all metrics in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(ages)
    if os.environ.get(FOLDER):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(REGISTRY) + generate_latest(registry)
