"""Jobs by hand, and the ledger looked after: doctor, seal, export."""

import json
from pathlib import Path

from sqlalchemy import text

from tests import make
from tests.cli.terminal import Run, is_sentence
from volunteer_service.db import db, transaction
from volunteer_service.jobs import JOBS
from volunteer_service.scoring.points import earnings


def test_jobs_list_names_every_job(run: Run) -> None:
    once = run("jobs", "once", "seal")
    assert once.exit_code == 0, once.output
    assert run("jobs", "list").stdout.count("\n") == len(JOBS) + 1
    found = json.loads(run("jobs", "list", "--json").stdout)
    assert [each["name"] for each in found["jobs"]] == list(JOBS)
    outcomes = {each["name"]: each["outcome"] for each in found["jobs"]}
    assert outcomes.pop("seal") == "done"
    assert set(outcomes.values()) == {None}
    assert found["heartbeat_at"] is None


def test_a_job_runs_once(run: Run) -> None:
    result = run("jobs", "once", "forget_keys")
    expected = {
        "name": "forget_keys",
        "outcome": "done",
        "result": {"forgotten": 0, "sessions": 0, "devices": 0, "tries": 0},
    }
    assert json.loads(result.stdout) == expected
    assert is_sentence(run("jobs", "once", "nope"))


def test_the_doctor_names_what_differs(run: Run, inside: None) -> None:
    with transaction():
        wang_id = make.cast().wang.id
        grant_points(wang_id)
    assert run("doctor").exit_code == 0
    with transaction():
        db.session.execute(text("UPDATE points_accounts SET posted = posted + 1 WHERE posted > 0"))
    result = run("doctor")
    assert result.exit_code == 1
    assert "points_accounts/" in result.stdout


def test_the_ledger_is_exported_and_sealed(run: Run, inside: None, tmp_path: Path) -> None:
    with transaction():
        grant_points(make.cast().wang.id)
    assert len(run("seal").stdout.strip()) == 64
    target = tmp_path / "points.journal"
    assert run("ledger", "export", str(target)).exit_code == 0
    assert "12.50" in target.read_text(encoding="utf-8")


def test_the_doctor_knows_a_printed_head_and_what_came_since(run: Run, inside: None) -> None:
    with transaction():
        wang_id = make.cast().wang.id
        grant_points(wang_id)
    head = run("seal").stdout.strip()
    assert "之后有 0 笔" in run("doctor", "--head", head).stdout
    with transaction():
        grant_points(wang_id, source_id=2)
    told = run("doctor", "--head", head.upper())
    assert (told.exit_code, "之后有 1 笔，合计 12.50 分" in told.stdout) == (0, True)
    assert is_sentence(run("doctor", "--head", "0" * 63 + "1"))


def grant_points(volunteer_id: int, source_id: int = 1) -> None:
    earnings.grant(
        volunteer_id,
        1250,
        expires_on=make.MORNING.date().replace(year=2027),
        source_type="record",
        source_id=source_id,
        at=make.MORNING,
        account_id=None,
    )
