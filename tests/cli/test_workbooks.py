"""Imports and their undo, and the stars that result."""

import json
import tomllib
from pathlib import Path

from sqlalchemy import text

from tests.cli.terminal import LANGUAGES, Run, han, is_sentence
from tests.workbooks.street import Street
from tests.workbooks.test_asked_rows import gifts, looking
from tests.workbooks.test_sheet_answers import street
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


def test_what_is_asked_of_sheets_and_rows_is_answered_with_the_files(
    run: Run, tmp_path: Path, inside: None
) -> None:
    path = str(street(tmp_path / "a.xlsx"))
    asked = json.loads(
        run("import", path, "--sub-district", "和风街道", "--dry-run", "--json").stdout
    )
    assert {one["name"]: one["state"] for one in asked["sheets"] if one["waiting"]} == {
        "6月台账": "unknown",
        "楼栋长": "asked",
        "旧表": "hidden",
    }
    said = ("--answer", "楼栋长=none", "--columns", "6月台账:姓名=参与者")
    where = ("import", path, "--sub-district", "和风街道", "--json")

    tried = json.loads(run(*where, "--dry-run", *said).stdout)
    assert (tried["service_accepted"], count("sheet_meanings")) == (2, 0)
    done = json.loads(run(*where, *said).stdout)
    assert (done["service_accepted"], "sheets_left_out" in done) == (2, False)
    assert count("sheet_meanings") == 3

    for wrong in (
        ("--answer", "没有的表=none"),
        ("--answer", "楼栋长"),
        ("--answer", "楼栋长=people"),
        ("--columns", "参与者=姓名"),
        ("--columns", "6月台账:姓名=没有的列"),
    ):
        assert is_sentence(run(*where, *wrong)), wrong


def test_rows_struck_through_wait_until_it_is_said(run: Run, tmp_path: Path) -> None:
    path = str(gifts(tmp_path / "a.xlsx", looking))
    where = ("import", path, "--sub-district", "和风街道", "--json", "--dry-run")

    assert json.loads(run(*where).stdout)["dirt"] == {"gifts_refused:struck_row_asked": 1}
    told = json.loads(run(*where, "--struck-rows", "in", "--hidden-rows", "out").stdout)
    assert told["dirt"] == {"gifts_refused:hidden_row": 1}
