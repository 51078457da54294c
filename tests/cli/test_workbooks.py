"""Workbooks in and out again, and the stars that come of them."""

import json
import tomllib
from pathlib import Path

from sqlalchemy import text

from tests.cli.terminal import LANGUAGES, Run, han, is_sentence
from tests.workbooks.street import Street
from volunteer_service.db import db, transaction

PROGRAMME = Path(__file__).resolve().parents[2] / "examples" / "programme"


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


def test_an_import_is_told_in_words(run: Run) -> None:
    told = run("import", str(PROGRAMME / "areas.xlsx"), str(PROGRAMME / "teams.xlsx")).stdout
    lines = [line.split() for line in told.splitlines()]
    assert lines[:3] == [
        ["市西街道", "接受", "其中新增", "退回"],
        ["网格楼栋", "724", "724", "0"],
        ["服务队", "131", "131", "0"],
    ]
    assert "star_" not in told
    assert "volunteer-service import --undo" in told


def test_refused_rows_are_told_by_their_reasons(run: Run, tmp_path: Path) -> None:
    paths = [str(path) for path in Street(tmp_path, 3, people=40).write()]
    chinese, english = (run("import", *paths, "--dry-run", lang=lang).stdout for lang in LANGUAGES)
    assert "与前面的行重复" in chinese
    assert "Full-width digits" in english
    # What a file's sheets and columns are called stays as it is written there.
    assert han(english, "临江镇", "说明", "去年", "序号", "备注") == []
    # Codes are for --json.
    assert "_" not in chinese + english


def test_a_folder_without_workbooks_is_named(run: Run, tmp_path: Path) -> None:
    result = run("import", str(tmp_path))
    assert is_sentence(result)
    assert str(tmp_path) in result.stderr


def test_a_file_that_is_no_workbook_is_a_sentence(run: Run, tmp_path: Path) -> None:
    broken = tmp_path / "x.xlsx"
    broken.write_text("not a workbook")
    assert is_sentence(run("import", str(broken)))
    assert run("import").exit_code == 2


def count(table: str) -> int:
    with transaction(write=False):
        return int(db.session.scalar(text(f"SELECT COUNT(*) FROM {table}")) or 0)


def test_a_profile_is_kept_for_a_street_and_handed_on(run: Run, tmp_path: Path) -> None:
    run("import", str(PROGRAMME / "areas.xlsx"))
    file = PROGRAMME.parent / "profiles" / "huimin-gifts.toml"
    street = ("--sub-district", "市西街道")
    assert "惠民兑 商品列表" in run("profiles", "import", str(file), *street).stdout

    given = run("profiles", "export", "惠民兑 商品列表", *street).stdout
    assert json.loads(given) == tomllib.loads(file.read_text(encoding="utf-8")) | {"dates": []}
    again = tmp_path / "again.json"
    again.write_text(given, encoding="utf-8")
    assert run("profiles", "import", str(again), *street).exit_code == 0

    broken = tmp_path / "broken.toml"
    broken.write_text("名 = ", encoding="utf-8")
    for wrong in (
        ("import", str(broken), *street),
        ("import", str(again), "--sub-district", "没有街道"),
        ("export", "没有", *street),
    ):
        assert is_sentence(run("profiles", *wrong))
