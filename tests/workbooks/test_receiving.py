"""Handing workbooks in: who may, what is kept, what is dropped again."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from tests import make
from tests.workbooks import town
from volunteer_service.db import db, transaction
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.workbooks import (
    applying,
    import_overviews,
    import_states,
    receiving,
    stored_files,
)
from volunteer_service.workbooks.models import Import, RefusedRow
from volunteer_service.workbooks.refusals import (
    NoFiles,
    NotAWorkbook,
    SubDistrictNotYours,
    SubDistrictUnnamed,
)


def test_a_preview_changes_nothing_else(session, tmp_path: Path) -> None:
    row = town.previewed(town.files_of(tmp_path / "street"))

    assert row.state == "previewed"
    assert town.counted() == {}
    assert row.counts["by_kind"]["volunteers"] == [25, 25, 12]
    standing = import_states.standing(row.id, by=town.SYSTEM, at=town.NOON)
    assert standing.total == sum(sum(line[1::2]) for line in standing.kinds)
    kept = db.session.scalars(select(RefusedRow).where(RefusedRow.reason == "unknown_team")).all()
    assert {row.kind for row in kept} == {"volunteers", "service_log"}
    assert any("没有的队" in refused.cells for refused in kept)


def test_a_file_that_is_no_workbook_is_named_and_nothing_is_kept(session, tmp_path: Path) -> None:
    bad = tmp_path / "名单.xlsx"
    bad.write_bytes(b"\x00no list")
    imports = stored_files.folder_of(1).parent
    # What the tests before this one left.
    shutil.rmtree(imports, ignore_errors=True)

    with pytest.raises(NotAWorkbook, match=r"名单\.xlsx"):
        town.previewed([bad])
    with pytest.raises(NotAWorkbook, match=r"名单\.pdf”"):
        town.previewed([bad.rename(tmp_path / "名单.pdf")])
    with pytest.raises(NoFiles):
        town.previewed([])
    assert list(imports.glob("*")) == []


def test_names_of_files_cannot_leave_the_folder(session, tmp_path: Path) -> None:
    path = town.files_of(tmp_path / "street")[0]
    with path.open("rb") as one, path.open("rb") as two:
        row = receiving.receive(
            [
                stored_files.Upload("../../etc/pa:ss.xlsx", one),
                stored_files.Upload("C:\\temp\\pa:ss.XLSX", two),
            ],
            sub_district="临江镇",
            by=town.SYSTEM,
            at=town.NOON,
        )

    assert [file["name"] for file in row.files] == ["pa_ss.xlsx", "pa_ss (2).xlsx"]
    assert {path.parent for path in stored_files.paths_of(row.id, row.files)} == {
        stored_files.folder_of(row.id)
    }


def test_who_may_import_where(session, tmp_path: Path) -> None:
    cast = make.cast()
    paths = town.files_of(tmp_path / "street")
    coordinator, leader = make.acting(cast.coordinator), make.acting(cast.li_mei)

    with pytest.raises(SubDistrictNotYours, match="临江镇"):
        town.previewed(paths, coordinator)
    for named in ({"area_id": cast.town.id}, {"sub_district": "市西街道"}, {}):
        with pytest.raises(NotAllowed):
            town.previewed(paths, leader, **named)
    elsewhere = make.acting(make.account("he", "何静", role="coordinator", area=cast.elsewhere))
    with pytest.raises(SubDistrictUnnamed):
        town.previewed([path for path in paths if path.name == "a.xlsx"], elsewhere)
    row = town.previewed(paths, coordinator, area_id=cast.town.id)

    assert (row.area_id, row.sub_district) == (cast.town.id, "市西街道")
    with pytest.raises(NotFound):
        applying.apply(row.id, by=leader, at=town.NOON)
    with pytest.raises(NotFound):
        import_states.standing(row.id, by=make.acting(cast.zhao_account), at=town.NOON)
    assert applying.apply(row.id, by=coordinator, at=town.NOON).state == "applied"
    assert [found.id for found in import_overviews.imports(coordinator).items] == [row.id]
    assert list(import_overviews.imports(leader).items) == []


def test_hand_ins_that_nobody_applied_are_dropped_after_a_week(app, tmp_path: Path) -> None:
    paths = town.files_of(tmp_path / "street")
    with app.app_context():
        with transaction():
            import_id = town.previewed(paths).id
        later = town.NOON.replace(month=12)
        with transaction():
            assert receiving.drop_old(at=later) == 1
        with transaction():
            assert db.session.get(Import, import_id).state == "undone"
            assert db.session.scalars(select(RefusedRow)).all() == []
        assert not stored_files.folder_of(import_id).exists()
