"""Seconds to import a street's five workbooks, and the peak memory at once and at twice the rows.

The whole of ``volunteer-service import --json examples/programme`` into an empty SQLite file:
process start, schema, reading, judging, writing, points and stars. Twice the rows are the same
workbooks with every person and every participation a second time under other names and days.
"""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from _harness import figures, servers, twice

LIMIT_SECONDS = 20
PROGRAMME = servers.ROOT / "examples" / "programme"


def main() -> None:
    """Measure, and print the figure."""
    quick = figures.quick(__doc__)
    with servers.folder() as folder:
        runs = [_import(PROGRAMME, folder / f"once-{n}") for n in range(1 if quick else 3)]
        seconds = figures.median([run.seconds for run in runs])
        print(f"once: {seconds:.1f} s, {runs[0].peak_mib:.0f} MiB, {runs[0].told}", flush=True)
        twice.write(PROGRAMME, folder / "twice")
        double = _import(folder / "twice", folder / "double")
        print(
            f"twice: {double.seconds:.1f} s, {double.peak_mib:.0f} MiB, {double.told}", flush=True
        )
    figures.say(
        "import of a street's five workbooks",
        round(seconds, 2),
        "s",
        "the limit of 20 s on two cores",
        round(seconds / LIMIT_SECONDS, 3),
        "ratio <= 1, memory_ratio near 1",
        peak_mib=[round(runs[0].peak_mib), round(double.peak_mib)],
        memory_ratio=round(double.peak_mib / runs[0].peak_mib, 2),
        cpu_seconds=round(runs[0].cpu_seconds, 2),
        seconds_at_twice_the_rows=round(double.seconds, 2),
        records=[runs[0].told["service_accepted"], double.told["service_accepted"]],
    )


class _Run:
    """One import in a process of its own."""

    def __init__(self, seconds: float, used: resource.struct_rusage, told: dict[str, int]) -> None:
        self.seconds, self.told = seconds, told
        self.cpu_seconds = used.ru_utime + used.ru_stime
        # Linux counts it in KiB.
        self.peak_mib = used.ru_maxrss / 1024


def _import(workbooks: Path, folder: Path) -> _Run:
    folder.mkdir()
    command = [str(Path(sys.executable).parent / "volunteer-service"), "import", "--json"]
    env = dict(os.environ) | {"VAR_DIR": str(folder), "DATABASE_URL": "", "APP_ENV": "demo"}
    began = time.perf_counter()
    with subprocess.Popen(
        [*command, str(workbooks)], env=env, cwd=servers.ROOT, stdout=subprocess.PIPE, text=True
    ) as running:
        out = running.stdout.read()
        _pid, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - began
    if running.returncode:
        sys.exit(f"The import failed with {running.returncode}.")
    counts = {k: v for k, v in json.loads(out).items() if isinstance(v, int)}
    return _Run(seconds, used, counts)


if __name__ == "__main__":
    main()
