"""How a claim reports its measurement."""

import argparse
import json
import statistics
from collections.abc import Sequence
from typing import Any

from _harness.load import Measured


def quick(claim: str) -> bool:
    """Tell whether ``--quick`` was asked for: a figure in under 60 s."""
    parser = argparse.ArgumentParser(description=claim)
    parser.add_argument("--quick", action="store_true", help="under 60 s; the figure is rougher")
    return bool(parser.parse_args().quick)


def say(claim: str, figure: float, unit: str, against: str, ratio: float, aim: str, **more: Any):
    """Print the figure as one JSON object: the last line."""
    told = {"claim": claim, "figure": figure, "unit": unit, "against": against, "ratio": ratio}
    print(json.dumps(told | {"aim": aim} | more, ensure_ascii=False), flush=True)


def middle(runs: Sequence[Measured]) -> Measured:
    """Return the run with the median rate."""
    return sorted(runs, key=lambda run: run.per_second)[len(runs) // 2]


def median(values: Sequence[float]) -> float:
    """Return the median, for a figure that is not a run of the load client."""
    return statistics.median(values)


def told(name: str, run: Measured) -> None:
    """Print one line of progress, for a person who watches."""
    print(
        f"{name}: {run.per_second:,.0f}/s, p50 {run.p50_ms:.1f} ms, p99 {run.p99_ms:.1f} ms, "
        f"{run.statuses}, client {run.client_us:.0f} µs",
        flush=True,
    )
