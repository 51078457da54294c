"""Hostile files through every door: one sentence with its code, nothing half done, no 5xx."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests import databases, make
from tests.cli.terminal import environment
from tests.signing import hidden, sign_in, token_for
from tests.workbooks import hostile, town
from volunteer_service.cli import main
from volunteer_service.db import db, transaction
from volunteer_service.errors import Refused
from volunteer_service.scoring.rewards.models import Gift
from volunteer_service.workbooks import (
    applying,
    background_steps,
    receiving,
    refused_rows,
    stored_files,
)
from volunteer_service.workbooks.models import Import, RefusedRow

FILES = hostile.refused()
#: How a sentence ends that says what to do.
CURES = re.compile(r"。(为了安全，)?请[^。]+(后重试|分别导入)。$|需要一行表头[^。]+$")
#: What only the reading of the whole sheet shows, once it was received.
FOUND_LATE = {"row without end", "tag without end", "cell of 32k"}
#: The test client itself would leave a file of 50 MB open.
AT_THE_DOOR = {what: file for what, file in FILES.items() if what != "oversize"}
RUNNABLE = (
    *("=cmd|'/C calc'!A0", "+cmd|'/C calc'!A0", "-2+3+cmd|'/C calc'!A0", "@SUM(1+1)*cmd|' /C'!A0"),
    *('=HYPERLINK("http://example.invalid","点我")', "=DDE(a;b;c)", "\t=1+1", "\r=1+1", "＝1+1"),
)


def kept(app: Flask) -> tuple[list[str], set[Path]]:
    """Imports by state, and what is on disk."""
    background_steps.wait()
    with app.app_context():
        states = list(db.session.scalars(select(Import.state).order_by(Import.id)))
        db.session.remove()
        return states, set(stored_files.folder_of(1).parent.rglob("*"))


@pytest.mark.parametrize("what", FILES)
def test_the_verb_refuses_it_with_its_code(session, what: str) -> None:
    name, content, code = FILES[what]
    on_disk = set(stored_files.folder_of(1).parent.rglob("*"))

    with pytest.raises(Refused) as refusal:
        received(content, name)

    assert refusal.value.code() == code
    assert CURES.search(str(refusal.value)), str(refusal.value)
    assert set(stored_files.folder_of(1).parent.rglob("*")) <= on_disk


def test_the_api_answers_with_a_problem(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        mine = token_for(make.cast().coordinator)
    on_disk = kept(app)[1]
    for what, (name, content, code) in AT_THE_DOOR.items():
        answer = client.post(
            "/api/v1/imports?sub_district=市西街道",
            data={"files": [(BytesIO(content), name)]},
            content_type="multipart/form-data",
            headers=mine,
        )
        background_steps.wait()
        if what in FOUND_LATE:
            assert answer.status_code == 202, what
            seen = client.get(f"/api/v1/imports/{answer.json['id']}", headers=mine).json
            assert (seen["state"], bool(CURES.search(seen["problem"]))) == ("failed", True), what
        else:
            assert answer.status_code in (413, 422), (what, answer.text)
            assert (answer.json["code"], bool(answer.json["detail"])) == (code, True), what
    states, left = kept(app)
    assert (states, left - on_disk) == (["failed"] * len(FOUND_LATE), set())


def test_the_page_says_it_beside_the_form(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        make.cast()
    sign_in(client, "zhoujing")
    on_disk = kept(app)[1]
    for what, (name, content, _code) in AT_THE_DOOR.items():
        form = hidden(client, "/imports") | {"sub_district": "市西街道"}
        form["files"] = [(BytesIO(content), name)]
        answer = client.post("/imports", data=form, content_type="multipart/form-data")
        background_steps.wait()
        if what in FOUND_LATE:
            answer = client.get(answer.location)
            assert answer.status_code == 200, what
            assert "没有完成" in answer.text, what
        else:
            assert answer.status_code in (413, 422), what
        said = [line for line in re.split(r"[<>]", answer.text) if CURES.search(line.strip())]
        assert len(said) == 1, (what, said)
    states, left = kept(app)
    assert (states, left - on_disk) == (["failed"] * len(FOUND_LATE), set())


def test_the_command_says_one_sentence(
    app: Flask,
    databases_of_run: databases.Databases,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    var_dir = app.extensions["settings"].var_dir
    for name, value in environment(app, databases_of_run.url, var_dir).items():
        monkeypatch.setenv(name, value)
    on_disk = kept(app)[1]
    tried = ("old xls", "bomb", "macros", "cell of 32k", "entities")
    for what in tried:
        path = tmp_path / FILES[what][0]
        path.write_bytes(FILES[what][1])
        command = ["--lang", "zh", "import", str(path), "--sub-district", "市西街道"]
        told = CliRunner().invoke(main, command, catch_exceptions=False)
        assert (told.exit_code, told.stdout, told.stderr.count("\n")) == (1, "", 1), what
        assert path.name in told.stderr, what
    states, left = kept(app)
    late = [what for what in tried if what in FOUND_LATE]
    assert (states, left - on_disk) == (["failed"] * len(late), set())


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("../../../etc/cron.d/名单.xlsx", "名单.xlsx"),
        ("..\\..\\windows\\名单.XLSX", "名单.xlsx"),
        (f"{'长' * 200}.xlsx", f"{'长' * 60}.xlsx"),
        (f"{'🧧' * 200}.xlsx", f"{'🧧' * 60}.xlsx"),
        ("<script>alert(1)<_script>.xlsx", "_script_alert(1)__script_.xlsx"),
        ("名\x00单\r\n.xlsx", "名_单_.xlsx"),
        ("progress.json.xlsx", "progress.json.xlsx"),
    ],
)
def test_names_are_made_safe_and_the_list_is_read(session, name: str, stored: str) -> None:
    row = received(hostile.packed(), name)

    assert [file["name"] for file in row.files] == [stored]
    assert stored_files.paths_of(row.id, row.files)[0].parent == stored_files.folder_of(row.id)


def test_an_absurd_dimension_hides_nothing_and_pads_nothing(session) -> None:
    rows = f"<row>{hostile.text('毛巾')}<c><v>3</v></c><c><v>5</v></c></row>"
    row = applied(hostile.with_sheet(rows, dimension="A1:XFD1048576"))

    assert row.counts["by_kind"]["gifts"] == [1, 1, 0]


def test_control_characters_are_dropped_from_what_is_taken(session) -> None:
    rows = f"<row>{hostile.text('_x0000_毛_x0007_巾_x000D_')}<c><v>3</v></c><c><v>5</v></c></row>"
    applied(hostile.with_sheet(rows))

    assert db.session.scalars(select(Gift.name)).all() == ["毛巾"]


def test_no_formula_lives_on_in_what_goes_out(session) -> None:
    """Not in cells, title, header or sheet name; what is taken is text as well."""
    lines = "".join(
        f"<row>{hostile.text(escaped(words))}<c><v>0</v></c><c><f>{escaped(words[1:])}</f></c></row>"
        for words in RUNNABLE
    )
    good = f"<row>{hostile.text(escaped(RUNNABLE[0]))}<c><v>3</v></c><c><v>5</v></c></row>"
    row = applied(hostile.with_sheet(good + lines), "=1+1.xlsx")
    out = BytesIO()
    refused_rows.refused_workbook(row.id, out, by=town.SYSTEM)

    assert db.session.scalars(select(Gift.name)).all() == [RUNNABLE[0]]
    assert db.session.scalar(select(func.count()).select_from(RefusedRow)) == len(RUNNABLE)
    with zipfile.ZipFile(out) as archive:
        assert not any(
            b"<f" in archive.read(name) for name in archive.namelist() if "sheet" in name
        )
    for page in openpyxl.load_workbook(out):
        for cell in (cell for line in page.iter_rows() for cell in line):
            assert cell.data_type in ("s", "n", "inlineStr")
            assert not str(cell.value or "").startswith(("=", "+", "-", "@", "\t", "\r"))


def escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace('"', "&quot;").replace("\r", "_x000D_")


def received(content: bytes, name: str = "礼品.xlsx") -> Import:
    upload = stored_files.Upload(name, BytesIO(content))
    return receiving.preview([upload], sub_district="市西街道", by=town.SYSTEM, at=town.NOON)


def applied(content: bytes, name: str = "礼品.xlsx") -> Import:
    return applying.apply(received(content, name).id, by=town.SYSTEM, at=town.NOON)
