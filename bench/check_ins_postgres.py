"""Check-ins a second through the whole product on PostgreSQL, against a bare Flask app and pgbench.

Each check-in is the POST that a phone sends: session cookie, CSRF token, signed code. The bare app
does the same SQL under the same server with the same 2 workers of 8 threads; pgbench does it with
no HTTP at all. The load client, the server and PostgreSQL share the machine's cores, so only the
ratios hold elsewhere.
"""

import psycopg
from _harness import figures, load, race, servers, statements
from _harness.crowd import FIRST


def main() -> None:
    """Measure, and print the figure."""
    quick = figures.quick(__doc__)
    rounds, each = (3, 800) if quick else (5, 4000)
    with servers.postgres() as url, servers.folder() as folder:
        _sql(url("postgres"), "CREATE DATABASE product")

        def copy() -> None:
            for name in ("bare", "pgbench"):
                _sql(url("postgres"), f"CREATE DATABASE {name} TEMPLATE product")

        # fmt: off
        result = race.run(
            url("product"), url("bare"), copy, folder, workers=2, rounds=rounds, each=each
        )
        # fmt: on
        script = statements.pgbench_script(FIRST, load.CONNECTIONS)
        bare_sql = servers.pgbench(
            url("pgbench"),
            script,
            folder,
            clients=load.CONNECTIONS,
            each=rounds * each // load.CONNECTIONS,
        )
    figures.say(
        "check-ins through the whole product on PostgreSQL",
        round(result.product.per_second),
        "check-ins/s",
        "a bare Flask app, same SQL, same server, same run",
        result.ratio,
        "ratio >= 0.75, p99_ratio <= 2",
        **result.more(),
        pgbench_per_second=round(bare_sql),
        ratio_to_pgbench=round(result.product.per_second / bare_sql, 3),
    )


def _sql(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


if __name__ == "__main__":
    main()
