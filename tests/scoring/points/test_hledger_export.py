"""An independent program agrees with the books."""

import shutil
import subprocess
from datetime import timedelta

import pytest

from tests import make
from tests.make_points import FRIDAY, earned, gift
from volunteer_service.scoring.points import balances, doctor, hledger_export, reversals
from volunteer_service.scoring.rewards import orders


@pytest.fixture
def journal(session):
    """The exported lines of a small town's points."""
    cast = make.cast()
    earned(cast.wang, 1_000)
    earned(cast.zhao, 250)
    desk = make.acting(cast.desk)
    order, _code = orders.order(gift(cast).id, 2, cast.wang.id, stars=0, by=desk, at=FRIDAY)
    orders.hand_over(order.id, by=desk, at=FRIDAY)
    later = FRIDAY + timedelta(days=1)
    coordinator = make.acting(cast.coordinator)
    for line in balances.statement(cast.wang.id).items:
        if line.transfer.kind == "earn":
            reversals.reverse(line.transfer.id, "记录有误", by=coordinator, at=later)
    assert doctor.doctor() == []
    return list(hledger_export.journal_export())


def test_the_first_line_says_the_format(journal):
    assert journal[0] == "; volunteer_service points, format 1"


def test_every_transfer_has_two_sides_that_cancel(journal):
    sides = [line.split()[1] for line in journal if line.startswith("    ") and "=" not in line]
    assert len(sides) % 2 == 0
    for out, into in zip(sides[::2], sides[1::2], strict=True):
        assert out == f"-{into}"


def test_hledger_checks_it_and_every_stored_balance(journal, tmp_path):
    hledger = shutil.which("hledger")
    if hledger is None:
        pytest.skip("hledger is not installed: apt-get install hledger")
    file = tmp_path / "points.journal"
    file.write_text("\n".join(journal) + "\n")
    done = subprocess.run([hledger, "-f", file, "check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    file.write_text(file.read_text().replace("0.00 P = 2.50 P", "0.00 P = 2.51 P"))
    done = subprocess.run([hledger, "-f", file, "check"], capture_output=True, text=True)
    assert done.returncode != 0
