"""Product and bare app check the same people in, turn by turn, each in a database of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from _harness import crowd, figures, load, servers, statements
from _harness.load import Measured

WARM_UP = 200


@dataclass(frozen=True)
class Result:
    """The middle runs of both sides, and the statements of a check-in, the same on both."""

    product: Measured
    bare: Measured
    statements: int

    @property
    def ratio(self) -> float:
        """Product against bare app, check-ins a second."""
        return round(self.product.per_second / self.bare.per_second, 3)

    def more(self) -> dict[str, object]:
        """What else a claim tells about the two runs."""
        return {
            "bare_per_second": round(self.bare.per_second),
            "p50_ms": [round(self.product.p50_ms, 1), round(self.bare.p50_ms, 1)],
            "p99_ms": [round(self.product.p99_ms, 1), round(self.bare.p99_ms, 1)],
            "p99_ratio": round(self.product.p99_ms / self.bare.p99_ms, 2),
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
    """Gather the crowd at ``url``, ``copy`` it to ``bare_database``, and let both check it in."""
    env = crowd.settings(url, str(folder))
    gathered = crowd.gather(env, WARM_UP + rounds * each)
    statements.must_agree(gathered.spoken)
    copy()
    bare_env = env | {"BARE_DATABASE": bare_database}
    runs: tuple[list[Measured], list[Measured]] = ([], [])
    with (
        servers.product(env, folder, workers) as port,
        servers.bare(bare_env, folder, workers) as bare_port,
    ):
        for turn in range(-1, rounds):
            for name, side, door in (("product", 0, port), ("bare", 1, bare_port)):
                measured = load.run(door, _share(gathered.requests, turn, each))
                _must_all_be_in(name, measured)
                if turn >= 0:
                    figures.told(name, measured)
                    runs[side].append(measured)
    return Result(figures.middle(runs[0]), figures.middle(runs[1]), len(gathered.spoken))


def _share(requests: list[bytes], turn: int, each: int) -> list[bytes]:
    if turn < 0:
        return requests[:WARM_UP]
    return requests[WARM_UP + turn * each : WARM_UP + (turn + 1) * each]


def _must_all_be_in(name: str, measured: Measured) -> None:
    if set(measured.statuses) != {303}:
        raise SystemExit(f"{name}: not every check-in was accepted: {measured.statuses}")
