"""The peers of the check-in benches run the product's own statements, so that no ratio lies."""

import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parent.parent / "bench"
#: In a process of its own, as the benches are run; three people are enough to hear one check-in.
HEARD = """
from _harness import crowd, statements
gathered = crowd.gather(crowd.settings({url!r}, {folder!r}), 1)
{change}
statements.must_agree(gathered.spoken)
"""


def run(folder: Path, change: str = "") -> subprocess.CompletedProcess[str]:
    script = HEARD.format(url=f"sqlite:///{folder}/crowd.db", folder=str(folder), change=change)
    command = [sys.executable, "-c", script]
    return subprocess.run(command, cwd=BENCH, capture_output=True, text=True, check=False)


def test_the_peers_of_the_benches_say_what_the_product_says(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "change", ["del gathered.spoken[-1]", "gathered.spoken.append('SELECT 1')"]
)
def test_a_statement_more_or_less_is_told(tmp_path: Path, change: str) -> None:
    done = run(tmp_path, change)
    assert done.returncode == 1
    assert "The product and its peers say different SQL." in done.stderr
