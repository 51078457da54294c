"""Product and bare app check the same people in, in turns, each in a database of its own.

One load client stands for a whole city, and the bare app counts and logs nothing: so the product
runs with RATE_LIMITS=off and LOG_LEVEL=WARNING, and a third side measures it with both on, behind a
proxy that names each phone's address.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from _harness import crowd, figures, load, servers, statements
from _harness.load import Measured

WARM_UP = 200
#: How ``serve`` runs behind nginx, limits and request log on.
GUARDED = {"RATE_LIMITS": "on", "LOG_LEVEL": "INFO", "TRUSTED_PROXIES": "1"}


@dataclass(frozen=True)
class Result:
    """The middle runs of the three sides, and the statements of a check-in, the same on all."""

    product: Measured
    bare: Measured
    guarded: Measured
    statements: int

    @property
    def ratio(self) -> float:
        """Product against bare app, check-ins a second."""
        return round(self.product.per_second / self.bare.per_second, 3)

    def more(self) -> dict[str, object]:
        """Return what else a claim reports about the runs."""
        return {
            "bare_per_second": round(self.bare.per_second),
            "p50_ms": [round(self.product.p50_ms, 1), round(self.bare.p50_ms, 1)],
            "p99_ms": [round(self.product.p99_ms, 1), round(self.bare.p99_ms, 1)],
            "p99_ratio": round(self.product.p99_ms / self.bare.p99_ms, 2),
            "with_limits_and_log_per_second": round(self.guarded.per_second),
            "with_limits_and_log_ratio": round(self.guarded.per_second / self.bare.per_second, 3),
            "statements": self.statements,
            "client_us": round(self.product.client_us),
            "door": "POST /c/<token> with session cookie and CSRF token, answered 303",
        }


def run(
    url: str,
    bare_database: str,
    copy: Callable[[], None],
    folder: Path,
    *,
    workers: int,
    rounds: int,
    each: int,
) -> Result:
    """Gather a crowd at ``url``, ``copy`` it to ``bare_database``, and let the sides check it in.

    Product and bare app check in the same half of the crowd, the guarded product the other.
    """
    env = crowd.settings(url, str(folder))
    half = WARM_UP + rounds * each
    gathered = crowd.gather(env, 2 * half)
    statements.must_agree(gathered.spoken)
    copy()
    ours, theirs = gathered.requests[:half], gathered.requests[half:]
    guarded = folder / "guarded"
    guarded.mkdir()
    with (
        servers.product(env, folder, workers) as port,
        servers.bare(env | {"BARE_DATABASE": bare_database}, folder, workers) as bare_port,
        servers.product(env | GUARDED | {"VAR_DIR": str(guarded)}, folder, workers) as third_port,
    ):
        sides = {
            "product": (port, ours),
            "bare": (bare_port, ours),
            "guarded": (third_port, theirs),
        }
        runs: dict[str, list[Measured]] = {name: [] for name in sides}
        for turn in range(-1, rounds):
            for name, (door, requests) in sides.items():
                measured = load.run(door, _share(requests, turn, each))
                _must_all_be_in(name, measured)
                if turn >= 0:
                    figures.told(name, measured)
                    runs[name].append(measured)
    middle = {name: figures.middle(measured) for name, measured in runs.items()}
    return Result(**middle, statements=len(gathered.spoken))


def _share(requests: list[bytes], turn: int, each: int) -> list[bytes]:
    if turn < 0:
        return requests[:WARM_UP]
    return requests[WARM_UP + turn * each : WARM_UP + (turn + 1) * each]


def _must_all_be_in(name: str, measured: Measured) -> None:
    if set(measured.statuses) != {303}:
        raise SystemExit(f"{name}: not every check-in was accepted: {measured.statuses}")
