"""Every command minds the schema's version, and `db` moves it."""

from pathlib import Path

import pytest
from sqlalchemy import text

from tests.cli.terminal import Run, is_sentence
from volunteer_service.db import db, schema, transaction


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
