"""Plays random days against the model of hours, as in ``hours.py 5000 postgres``, with one seed for
each test.
"""

import os
import subprocess
import sys

TEST = "tests/attendance/test_model_of_hours.py"


def main(days: str = "5000", database: str = "sqlite") -> int:
    """Run the short test with so many seeds; each failure names its seed and its acts."""
    command = [sys.executable, "-m", "pytest", "-n", "2", "-q", "--database", database, TEST]
    return subprocess.run(command, env=os.environ | {"RANDOM_DAYS": days}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
