"""Orders of gifts a second through the whole product on PostgreSQL, against a bare Flask app.

Each order is the API call of a phone: bearer token, Idempotency-Key, JSON. The bare app runs the
product's recorded statements, word for word, in one transaction under the same server with the same
2 workers of 8 threads.

And the Friday queue: with 10,000 orders waiting, two people at the desk's page type a pick-up code
and press the button, one after another; milliseconds for each of the two.
"""

import pickle
from collections.abc import Callable

import psycopg
from _harness import counter, crowd, echo, figures, load, servers
from _harness.load import Measured

from volunteer_service.app import create_app
from volunteer_service.settings import Settings

WORKERS = 2
OPEN_ORDERS = 10_000
AT_THE_DESK = 2
#: One order so that the process has read the policy's numbers, and two to learn from.
REHEARSED = 3
WARM_UP = 100


def main() -> None:
    """Measure, and print the figures."""
    quick = figures.quick(__doc__)
    rounds, each, served = (3, 200, 100) if quick else (5, 2000, 1000)
    with servers.postgres() as url, servers.folder() as folder:
        _sql(url("postgres"), "CREATE DATABASE product")
        env = crowd.settings(url("product"), str(folder))
        gathered = counter.gather(env, REHEARSED + WARM_UP + rounds * each, OPEN_ORDERS, served)
        learnt = _learn(env, url, gathered)
        _copy(url, "bare")
        echoed = folder / "echo"
        echoed.write_bytes(pickle.dumps(learnt))
        bare_env = env | {"BARE_DATABASE": url("bare"), "BARE_ECHO": str(echoed)}
        with servers.product(env, folder, WORKERS) as port:
            with servers.bare(bare_env, folder, WORKERS, "_harness.bare_orders:app") as bare_port:
                product, bare = _race(gathered.orders[REHEARSED:], port, bare_port, rounds, each)
            found = _desk("found", port, gathered.finds, 200)
            handed = _desk("handed over", port, gathered.hand_overs, 303)
    figures.say(
        "orders of gifts through the whole product on PostgreSQL",
        round(product.per_second),
        "orders/s",
        "a bare Flask app, same SQL, same server, same run",
        round(product.per_second / bare.per_second, 3),
        "ratio >= 0.5, p99_ratio <= 2; Friday queue: p99 <= 200 ms for each step",
        bare_per_second=round(bare.per_second),
        p50_ms=[round(product.p50_ms, 1), round(bare.p50_ms, 1)],
        p99_ms=[round(product.p99_ms, 1), round(bare.p99_ms, 1)],
        p99_ratio=round(product.p99_ms / bare.p99_ms, 2),
        statements=len(learnt.said),
        door="POST /api/v1/redemptions with bearer token and Idempotency-Key, answered 201",
        friday_queue={
            "open_orders": OPEN_ORDERS,
            "at_the_desk": AT_THE_DESK,
            "find_ms": {"p50": round(found.p50_ms, 1), "p99": round(found.p99_ms, 1)},
            "hand_over_ms": {"p50": round(handed.p50_ms, 1), "p99": round(handed.p99_ms, 1)},
        },
    )


def _learn(env: dict[str, str], url: Callable[[str], str], gathered: counter.Counter) -> echo.Echo:
    """Have the product make an order, then two more that are heard and rehearsed on a copy."""
    app = create_app(Settings.from_env(env))

    def order(number: int) -> list[echo.Heard]:
        return echo.heard(app, lambda: _order(app, gathered.orders[number]))

    order(0)
    _copy(url, "rehearsal")
    first, second = order(1), order(2)
    return echo.learn(url("rehearsal"), first, gathered.given[1], second, gathered.given[2])


def _order(app, request: bytes) -> None:
    head, _, body = request.decode().partition("\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
    answer = app.test_client().post("/api/v1/redemptions", headers=headers, data=body)
    if answer.status_code != 201:
        raise SystemExit(f"the order was refused: {answer.status} {answer.text[:2000]}")


def _race(
    orders: list[bytes], port: int, bare_port: int, rounds: int, each: int
) -> tuple[Measured, Measured]:
    runs: dict[str, list[Measured]] = {"product": [], "bare": []}
    shares = [orders[:WARM_UP]]
    shares += [orders[WARM_UP + n * each : WARM_UP + (n + 1) * each] for n in range(rounds)]
    for turn, share in enumerate(shares):
        for name, door in (("product", port), ("bare", bare_port)):
            measured = load.run(door, share)
            _all_are(201, name, measured)
            if turn:
                figures.told(name, measured)
                runs[name].append(measured)
    return figures.middle(runs["product"]), figures.middle(runs["bare"])


def _desk(name: str, port: int, requests: list[bytes], status: int) -> Measured:
    measured = load.run(port, requests, AT_THE_DESK)
    _all_are(status, name, measured)
    figures.told(name, measured)
    return measured


def _all_are(status: int, name: str, measured: Measured) -> None:
    if set(measured.statuses) != {status}:
        raise SystemExit(f"{name}: not every answer was {status}: {measured.statuses}")


def _copy(url: Callable[[str], str], name: str) -> None:
    _sql(url("postgres"), f"CREATE DATABASE {name} TEMPLATE product")


def _sql(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


if __name__ == "__main__":
    main()
