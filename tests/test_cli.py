"""The commands, as an operator types them, on both databases."""

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select, text

from tests import databases, make
from volunteer_service import schema
from volunteer_service.cli import main
from volunteer_service.db import db, transaction
from volunteer_service.jobs import JOBS
from volunteer_service.people import service as people
from volunteer_service.people.models import Account, Grant
from volunteer_service.scoring.points import service as points

PROGRAMME = Path(__file__).resolve().parent.parent / "examples" / "programme"
PASSWORD = "a long enough phrase"

Run = Callable[..., Result]


@pytest.fixture
def run(
    app: Flask,
    databases_of_run: databases.Databases,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Run:
    """Run a command in Chinese on this test's database."""
    settings = app.extensions["settings"]
    for name, value in {
        "APP_ENV": "test",
        "DATABASE_URL": databases_of_run.url,
        "SECRET_KEY": settings.secret_key,
        "PERSONAL_DATA_KEY": settings.personal_data_key,
        "VAR_DIR": str(tmp_path),
        "RATE_LIMITS": "off",
    }.items():
        monkeypatch.setenv(name, value)

    def typed(*arguments: str, lang: str = "zh") -> Result:
        return CliRunner().invoke(main, ["--lang", lang, *arguments], catch_exceptions=False)

    return typed


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def is_sentence(result: Result) -> bool:
    """One line on standard error, nothing else, exit code 1."""
    return (result.exit_code, result.stderr.count("\n"), "Traceback" in result.output) == (
        1,
        1,
        False,
    )


# The schema


def test_an_empty_sqlite_file_is_brought_up_by_any_command(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    assert run("doctor").output == "所有账目相符。\n"
    assert run("db", "current").output == f"数据库：{schema.head()}；程序：{schema.head()}\n"


def test_an_old_schema_is_mended_on_sqlite_and_named_on_postgresql(run: Run, inside: None) -> None:
    schema.downgrade(db.engine, "0001")
    result = run("doctor")
    if db.engine.dialect.name == "sqlite":
        assert result.exit_code == 0
        assert schema.current(db.engine) == schema.head()
        return
    assert is_sentence(result)
    assert "volunteer-service db upgrade" in result.stderr
    assert schema.current(db.engine) == "0001"
    assert run("db", "upgrade").exit_code == 0
    assert run("doctor").exit_code == 0


def test_a_schema_newer_than_the_program_is_left_alone(run: Run, inside: None) -> None:
    with transaction():
        db.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    result = run("doctor")
    assert is_sentence(result)
    assert "9999" in result.stderr


def test_the_schema_goes_down_only_when_confirmed(run: Run, inside: None) -> None:
    assert run("db", "downgrade", "base").exit_code == 1
    assert schema.current(db.engine) == schema.head()
    assert run("db", "downgrade", "base", "--yes").exit_code == 0
    assert schema.current(db.engine) is None


def test_db_check_finds_a_missing_index(run: Run, inside: None) -> None:
    assert run("db", "check").exit_code == 0
    with transaction():
        db.session.execute(text("DROP INDEX ix_job_runs_name_id"))
    result = run("db", "check")
    assert result.exit_code == 1
    assert "ix_job_runs_name_id" in result.stdout


# What goes wrong is one sentence


def test_a_bad_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIME_ZONE", "Mars/Olympus")
    for command in (("settings", "check"), ("doctor",), ("run",)):
        result = run(*command)
        assert is_sentence(result)
        assert "TIME_ZONE" in result.stderr


@pytest.mark.parametrize(
    "url", ["sqlite:////no/such/folder/x.db", "postgresql://nobody@127.0.0.1:1/nothing"]
)
def test_a_database_that_cannot_be_reached_is_a_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert is_sentence(run("doctor"))


def test_settings_check_shows_no_password(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody:geheim@127.0.0.1:1/town")
    result = run("settings", "check")
    assert result.exit_code == 0
    assert "geheim" not in result.output


def test_a_busy_port_is_a_sentence(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for command in ("run", "serve"):
            result = run(command, "--port", port)
            assert is_sentence(result)
            assert port in result.stderr


def test_a_folder_that_cannot_be_written_is_a_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAR_DIR", "/proc/volunteer")
    result = run("run")
    assert is_sentence(result)
    assert "/proc/volunteer" in result.stderr


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [("LANG", "zh_CN.UTF-8", "没有"), ("LANG", "C.UTF-8", "There is no")],
)
def test_the_terminal_decides_the_language(
    run: Run, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, value)
    result = CliRunner().invoke(main, ["account", "password", "x", "--password", PASSWORD])
    assert words in result.stderr


# People


def test_the_first_admin_of_an_empty_service(run: Run, inside: None) -> None:
    assert run("account", "create", "Boss", "--password", PASSWORD).exit_code == 0
    granted = run("account", "grant", "boss", "admin", "--sub-district", "市西街道")
    assert granted.exit_code == 0, granted.output
    with transaction(write=False):
        account = db.session.scalars(select(Account)).one()
        grant = db.session.scalars(select(Grant)).one()
        assert (account.login, grant.role, grant.account_id) == ("boss", "admin", account.id)
    with transaction():
        assert people.sign_in("boss", PASSWORD, at=make.MORNING).id == account.id


def test_an_account_is_opened_once(run: Run, inside: None) -> None:
    run("account", "create", "boss", "--password", PASSWORD)
    assert is_sentence(run("account", "create", "boss", "--password", PASSWORD))
    assert is_sentence(run("account", "create", "other", "--password", "12345678"))
    assert db.session.scalars(select(Account.login)).all() == ["boss"]


def test_a_new_password_ends_the_sessions_and_the_lock(run: Run, inside: None) -> None:
    with transaction():
        account = make.cast().coordinator
        account.failed_sign_ins, login = 4, account.login
    assert run("account", "password", login, "--password", PASSWORD).exit_code == 0
    with transaction():
        found = people.sign_in(login, PASSWORD, at=make.MORNING)
        assert (found.epoch, found.failed_sign_ins) == (1, 0)


def test_a_grant_needs_one_place(run: Run) -> None:
    run("account", "create", "boss", "--password", PASSWORD)
    assert run("account", "grant", "boss", "admin").exit_code == 2
    assert is_sentence(run("account", "grant", "boss", "leader", "--team", "没有的队"))


# Jobs and ledger


def test_jobs_list_names_every_job(run: Run) -> None:
    run("jobs", "once", "seal")
    assert run("jobs", "list").stdout.count("\n") == len(JOBS) + 1
    found = json.loads(run("jobs", "list", "--json").stdout)
    assert [each["name"] for each in found["jobs"]] == list(JOBS)
    assert found["jobs"][0]["outcome"] == "done"
    assert found["heartbeat_at"] is None


def test_a_job_runs_once(run: Run) -> None:
    result = run("jobs", "once", "forget_keys")
    expected = {"name": "forget_keys", "outcome": "done", "result": {"forgotten": 0}}
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


def grant_points(volunteer_id: int) -> None:
    points.grant(
        volunteer_id,
        1250,
        expires_on=make.MORNING.date().replace(year=2027),
        source_type="record",
        source_id=1,
        at=make.MORNING,
        account_id=None,
    )


# Workbooks and stars


def test_a_half_year_without_records_has_no_stars(run: Run) -> None:
    assert json.loads(run("ratings", "preview", "2026H1", "--json").stdout) == {}
    assert is_sentence(run("ratings", "preview", "2026X"))


def test_a_replay_needs_a_final_round(run: Run) -> None:
    assert run("rounds", "replay").exit_code == 0
    assert is_sentence(run("rounds", "replay", "7"))


def test_import_dry_run_and_undo(run: Run, inside: None) -> None:
    paths = [str(PROGRAMME / name) for name in ("areas.xlsx", "teams.xlsx")]
    tried = json.loads(run("import", *paths, "--dry-run", "--json").stdout)
    assert tried["teams"] == 131
    assert count("teams") == 0

    result = run("import", *paths, "--json")
    assert json.loads(result.stdout)["teams"] == 131
    assert count("teams") == 131
    import_id = db.session.scalar(text("SELECT MAX(id) FROM imports"))
    db.session.rollback()
    assert run("import", "--undo", str(import_id)).exit_code == 0
    assert count("teams") == 0
    assert is_sentence(run("import", "--undo", str(import_id)))


def test_a_file_that_is_no_workbook_is_a_sentence(run: Run, tmp_path: Path) -> None:
    broken = tmp_path / "x.xlsx"
    broken.write_text("not a workbook")
    assert is_sentence(run("import", str(broken)))
    assert run("import").exit_code == 2


def count(table: str) -> int:
    with transaction(write=False):
        return int(db.session.scalar(text(f"SELECT COUNT(*) FROM {table}")) or 0)
