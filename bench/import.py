"""Measures the seconds to import a street's five workbooks, and the peak memory by the number of
rows.

The whole of ``volunteer-service import --json examples/programme`` into an empty SQLite file:
process start, schema, reading, judging, writing, points and stars. Memory is the process's peak,
Python and all its modules included, with the rows once, twice and four times.

``--quick`` imports a quarter and a half of the rows and says so: its seconds are those of the half,
against half the limit. Below the example's size the caches (SQLite's pages and statements, texts at
hand) are still filling, so its memory_ratio is the less kind one.
"""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from _harness import figures, larger, servers

LIMIT_SECONDS = 20
PROGRAMME = servers.ROOT / "examples" / "programme"


def main() -> None:
    """Measure, and print the figure."""
    quick = figures.quick(__doc__)
    with servers.folder() as folder:
        times = (0.25, 0.5) if quick else (1, 2, 4)
        runs = {size: _import(_workbooks(size, folder), folder / f"var-{size}") for size in times}
        again = [] if quick else [_import(PROGRAMME, folder / f"again-{n}") for n in range(2)]
    small, large = runs[times[0]], runs[times[-1]]
    share, timed = (0.5, large) if quick else (1, small)
    seconds = figures.median([timed.seconds, *(run.seconds for run in again)])
    limit = LIMIT_SECONDS * share
    more_rows = large.rows - small.rows
    figures.say(
        "import of half a street's rows" if quick else "import of a street's five workbooks",
        round(seconds, 2),
        "s",
        f"the limit of {limit:g} s on two cores",
        round(seconds / limit, 3),
        "ratio <= 1, memory_ratio near 1",
        rows=[run.rows for run in runs.values()],
        peak_mib=[round(run.peak_mib, 1) for run in runs.values()],
        memory_ratio=round(large.peak_mib / small.peak_mib, 3),
        bytes_a_row=round((large.peak_mib - small.peak_mib) * 1024 * 1024 / more_rows),
        cpu_seconds=round(timed.cpu_seconds, 2),
        seconds_by_size=[round(run.seconds, 2) for run in runs.values()],
    )


class _Run:
    """One import in a process of its own."""

    def __init__(self, seconds: float, used: resource.struct_rusage, told: dict[str, int]) -> None:
        self.seconds, self.told = seconds, told
        self.rows = told["volunteers_rows"] + told["service_rows"]
        self.cpu_seconds = used.ru_utime + used.ru_stime
        # Linux counts it in KiB.
        self.peak_mib = used.ru_maxrss / 1024


def _workbooks(times: float, folder: Path) -> Path:
    """Return the example itself, or one of another size."""
    if times == 1:
        return PROGRAMME
    # In a process of its own, because a child's peak begins with its parent's memory.
    made = folder / f"times-{times}"
    command = [sys.executable, larger.__file__, str(PROGRAMME), str(made), str(times)]
    subprocess.run(command, check=True)
    return made


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
    run = _Run(seconds, used, counts)
    print(f"{run.rows} rows: {seconds:.1f} s, {run.peak_mib:.1f} MiB, {counts}", flush=True)
    return run


if __name__ == "__main__":
    main()
