"""Exports beside a request: their content, who downloads them, what a cancelled one leaves."""

import csv
import io
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from tests import make
from tests.make import MORNING, acting
from tests.signing import audit, hidden, sign_in
from volunteer_service import clock
from volunteer_service.areas.models import Area
from volunteer_service.db import db, sorts_on_disk, transaction
from volunteer_service.errors import NotFound
from volunteer_service.journal import Entry
from volunteer_service.lists import asking, exporting, spreadsheets
from volunteer_service.lists.exports import kept_exports, writing_exports
from volunteer_service.lists.exports.export_models import ListExport
from volunteer_service.lists.exports.refusals import ExportNotReady, TooManyExports
from volunteer_service.lists.registry import LISTS
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Account, Grant, Look
from volunteer_service.people.personal_data.audit_looks import PurposeMissing


def at_once(app: Flask, monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    chosen = replace(app.extensions["settings"], export_rows_at_once=rows)
    monkeypatch.setitem(app.extensions, "settings", chosen)


@pytest.fixture
def short(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Actor:
    """Two rows are many; the coordinator who exports them."""
    at_once(app, monkeypatch, 1)
    monkeypatch.setattr(writing_exports, "STEP", 1)
    with app.app_context(), transaction():
        cast = make.cast()
        make.volunteer("=1+1", area_id=cast.community.id)
        return acting(cast.coordinator)


def files(app: Flask) -> list[Path]:
    folder = app.extensions["settings"].var_dir / "exports"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def begun(by: Actor, kind: str = "csv", **args: str) -> ListExport:
    asked = asking.read(LISTS["people"], args, ["name", "phone"], by=by)
    return kept_exports.begin(asked, kind, args, by=by, at=clock.now())


def journal(app: Flask) -> list[dict[str, Any]]:
    with app.app_context(), transaction(write=False):
        query = db.select(Entry.facts).where(Entry.verb == "lists.export")
        return list(db.session.scalars(query))


def test_a_long_list_is_written_beside_the_request_and_taken_later(
    app: Flask, client: FlaskClient, short: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, "zhoujing")
    answer = client.get("/lists/people.csv?col=phone&sort=-name&q=&state=active")
    assert answer.status_code == 303
    page = client.get(answer.location).get_data(as_text=True)
    assert "要等一会儿" in page
    assert journal(app) == []
    answer = client.post(answer.location, data=hidden(client, answer.location))
    assert answer.status_code == 303
    writing_exports.wait()
    assert "已生成" in client.get(answer.location).get_data(as_text=True)
    assert answer.location in client.get("/lists/exports").get_data(as_text=True)
    taken = client.get(f"{answer.location}/file", buffered=True)
    assert "attachment; filename=people.csv" in taken.headers["Content-Disposition"]
    lines = list(csv.reader(io.StringIO(taken.data.decode("utf-8-sig"))))
    assert lines[0] == ["姓名", "手机号"]
    # The very file that a short list gives, with its order.
    at_once(app, monkeypatch, 10_000)
    same = client.get("/lists/people.csv?col=phone&sort=-name&state=active", buffered=True)
    assert taken.data == same.data
    [facts, _facts] = journal(app)
    assert (facts["list"], facts["kind"], facts["rows"]) == ("people", "csv", len(lines) - 1)
    [path] = files(app)
    assert path.stat().st_mode & 0o077 == 0


def test_headings_are_in_the_language_of_who_asked(
    app: Flask, client: FlaskClient, short: Actor
) -> None:
    sign_in(client, "zhoujing")
    client.set_cookie("lang", "en")
    address = client.get("/lists/people.xlsx?col=state").location
    here = client.post(address, data=hidden(client, address)).location
    writing_exports.wait()
    data = client.get(f"{here}/file", buffered=True).data
    head, *lines = load_workbook(io.BytesIO(data)).active.values
    assert head == ("Name", "State")
    assert {line[1] for line in lines} == {"Registered"}


def test_one_that_is_cancelled_half_way_leaves_nothing_behind(
    app: Flask, short: Actor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    # The sheet is opened once its widths are measured: here by its first row.
    monkeypatch.setattr(spreadsheets, "_MEASURED", 1)
    with app.test_request_context(), transaction():
        export_id = begun(short, "xlsx").id
    seen: list[int] = []
    step = writing_exports._step

    def cancel(export_id: int, **values: Any) -> None:
        seen.append(len(files(app)) + len(list(tmp_path.iterdir())))
        with app.app_context(), transaction():
            kept_exports.cancel(export_id, by=short, at=clock.now())
        step(export_id, **values)

    monkeypatch.setattr(writing_exports, "_step", cancel)
    writing_exports._run(app, export_id, "zh", short)
    assert seen[0] >= 2
    assert len(seen) == 1
    assert files(app) == []
    assert list(tmp_path.iterdir()) == []
    assert journal(app) == []
    with app.app_context():
        row = db.session.get_one(ListExport, export_id)
        assert (row.state, row.asked) == ("cancelled", None)


def test_one_that_is_cancelled_at_its_very_end_is_not_taken_along(
    app: Flask, short: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.test_request_context(), transaction():
        export_id = begun(short).id
    finish = writing_exports._finish

    def late(export_id: int, part: Path, path: Path) -> None:
        kept_exports.cancel(export_id, by=short, at=clock.now())
        finish(export_id, part, path)

    monkeypatch.setattr(writing_exports, "_finish", late)
    writing_exports._run(app, export_id, "zh", short)
    assert files(app) == []
    assert journal(app) == []


def test_one_that_fails_says_so_and_leaves_nothing(
    app: Flask, short: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spreadsheets, "_write_text", full)
    with app.test_request_context(), transaction():
        export_id = begun(short).id
    writing_exports._run(app, export_id, "zh", short)
    assert files(app) == []
    with app.app_context():
        assert db.session.get_one(ListExport, export_id).state == "failed"


def test_an_export_is_of_the_account_that_began_it(app: Flask, short: Actor) -> None:
    with app.test_request_context(), transaction():
        row = begun(short)
        there = make.area("东街道")
        other = acting(make.account("other", "何静", role="coordinator", area=there))
        for work in (kept_exports.of, kept_exports.cancel, kept_exports.file_of):
            more = {} if work is kept_exports.of else {"at": MORNING}
            with pytest.raises(NotFound):
                work(row.id, by=other, **more)
        with pytest.raises(ExportNotReady):
            kept_exports.file_of(row.id, by=short, at=MORNING)


def test_a_file_of_more_streets_than_one_still_has_is_not_given_out(
    app: Flask, short: Actor
) -> None:
    """Who lost the street reads the list of a smaller place: its new file, not the old one."""
    with app.test_request_context(), transaction():
        export_id = begun(short).id
    writing_exports._run(app, export_id, "zh", short)
    with app.app_context(), transaction():
        grant = db.session.scalars(db.select(Grant).filter_by(account_id=short.account_id)).one()
        kept_exports.file_of(export_id, by=short, at=clock.now())
        there = db.session.scalars(db.select(Area).where(Area.name == "渤海社区")).one()
        before, grant.area_id = grant.area_id, there.id
    with app.app_context(), transaction():
        account = db.session.get_one(Account, short.account_id)
        with pytest.raises(NotFound):
            kept_exports.file_of(export_id, by=acting(account), at=clock.now())
        # Another role takes nothing away.
        db.session.add(Grant(account_id=account.id, role="coordinator", area_id=before))
    with app.app_context(), transaction():
        account = db.session.get_one(Account, short.account_id)
        assert kept_exports.file_of(export_id, by=acting(account), at=clock.now())


def test_an_account_has_so_many_at_a_time(app: Flask, short: Actor) -> None:
    with app.test_request_context(), transaction():
        for _n in range(kept_exports.MOST_RUNNING):
            begun(short)
        with pytest.raises(TooManyExports):
            begun(short)


def test_who_reads_the_list_no_longer_does_not_get_the_file(
    app: Flask, client: FlaskClient, short: Actor
) -> None:
    with app.test_request_context(), transaction():
        export_id = begun(short).id
    writing_exports._run(app, export_id, "zh", short)
    sign_in(client, "zhoujing")
    assert client.get(f"/lists/exports/{export_id}/file", buffered=True).status_code == 200
    with app.app_context(), transaction():
        db.session.execute(db.delete(Grant).where(Grant.account_id == short.account_id))
    assert client.get(f"/lists/exports/{export_id}/file").status_code in (403, 404)


def test_a_file_ends_with_its_days_and_one_of_nothing_is_dropped(app: Flask, short: Actor) -> None:
    with app.test_request_context(), transaction():
        export_id = begun(short).id
    writing_exports._run(app, export_id, "zh", short)
    lost = files(app)[0].with_name("987654.csv.part")
    lost.write_text("王建国")
    with app.app_context(), transaction():
        assert kept_exports.drop_old(at=clock.now()) == 1
    assert len(files(app)) == 1
    with app.app_context(), transaction():
        later = clock.now() + kept_exports.KEPT_FOR + timedelta(minutes=1)
        with pytest.raises(ExportNotReady):
            kept_exports.file_of(export_id, by=short, at=later)
        assert kept_exports.drop_old(at=later) == 1
        row = db.session.get_one(ListExport, export_id)
        assert (row.state, row.asked) == ("expired", None)
    assert files(app) == []


def test_one_that_its_process_left_is_begun_anew(
    app: Flask, client: FlaskClient, short: Actor
) -> None:
    with app.test_request_context(), transaction():
        row = begun(short)
        export_id = row.id
        with pytest.raises(ExportNotReady):
            kept_exports.go_on(export_id, by=short, at=clock.now())
        row.moved_at -= 2 * kept_exports.LEFT_AFTER
    sign_in(client, "zhoujing")
    here = f"/lists/exports/{export_id}"
    assert "重新生成" in client.get(here).get_data(as_text=True)
    client.post(f"{here}/go-on", data=hidden(client, here))
    writing_exports.wait()
    assert "已生成" in client.get(here).get_data(as_text=True)


def test_an_auditor_says_why_and_the_people_are_told(
    app: Flask, client: FlaskClient, short: Actor
) -> None:
    sign_in(client, "wumin")
    audit(client, "wumin")
    address = client.get("/lists/people.csv").location
    client.post(address, data=hidden(client, address))
    writing_exports.wait()
    with app.app_context(), transaction(write=False):
        looks = set(db.session.execute(db.select(Look.field, Look.why)))
        assert looks == {("workbook", "半年抽查")}
    with app.test_request_context(), transaction():
        there = make.area("东街道")
        without = acting(make.account("audits", "何静", role="auditor", area=there))
        with pytest.raises(PurposeMissing):
            begun(without)


def test_a_sheet_that_is_full_goes_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "_LINES", 2)
    for rows, sheets in ((0, 1), (2, 1), (3, 2)):
        with spreadsheets.workbook([("人", ["号"], ([n] for n in range(rows)))]) as made:
            book = load_workbook(made)
        assert len(book.worksheets) == sheets
        lines = [row[0] for page in book.worksheets for row in list(page.values)[1:]]
        assert lines == list(range(rows))
        assert all(next(page.values) == ("号",) for page in book.worksheets)


def test_what_is_sorted_for_a_file_is_not_held_in_memory(
    app: Flask, short: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.test_request_context(), transaction():
        export_id = begun(short).id
    seen: list[bool] = []

    def written(*arguments: Any, **_values: Any) -> None:
        seen.append(sorts_on_disk.get())
        if app.extensions["settings"].is_sqlite:
            # 1: in a file, 2: in memory.
            assert db.session.scalar(db.text("PRAGMA temp_store")) == 1

    monkeypatch.setattr(exporting, "write", written)
    writing_exports._run(app, export_id, "zh", short)
    assert seen == [True]
    with app.app_context(), transaction(write=False):
        assert db.session.get_one(ListExport, export_id).state == "done"
        if app.extensions["settings"].is_sqlite:
            assert db.session.scalar(db.text("PRAGMA temp_store")) == 2
