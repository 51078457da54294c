"""Runs each claim in ``bench/`` briefly and prints the last line of each: one JSON object."""

import json
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent / "bench"
#: A quick run takes at most 60 s; one of twice that is stuck.
PATIENCE_SECONDS = 120


def main() -> None:
    """Print every figure; fail at the end if a claim gave none."""
    claims = sorted(path for path in BENCH.glob("*.py") if not path.name.startswith("_"))
    silent = [claim.name for claim in claims if not figure(claim)]
    if silent:
        sys.exit("No figure from: " + ", ".join(silent))


def figure(claim: Path) -> bool:
    """Run one claim and print its figure; False if it failed, hung or printed no JSON object."""
    command = [sys.executable, str(claim), "--quick"]
    try:
        done = subprocess.run(
            command, cwd=BENCH.parent, stdout=subprocess.PIPE, text=True, timeout=PATIENCE_SECONDS
        )
        last = done.stdout.strip().rpartition("\n")[2]
        json.loads(last)
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        return False
    print(last, flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    main()
