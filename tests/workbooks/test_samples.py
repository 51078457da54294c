"""The samples: made from what is read, noted in full, and taken as they are."""

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests import make
from tests.make import Cast, acting
from tests.workbooks import town
from tests.workbooks.town import NOON, SYSTEM
from volunteer_service import settings
from volunteer_service.errors import Invalid
from volunteer_service.scoring.points import doctor
from volunteer_service.workbooks import applying
from volunteer_service.workbooks.new_streets import samples
from volunteer_service.workbooks.reading import sheet_guesses
from volunteer_service.workbooks.reading.known_columns import KINDS, Kind

TODAY = NOON.date()
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def written(folder: Path, kind: Kind) -> Path:
    path = folder / f"{kind.name}.xlsx"
    with path.open("wb") as out:
        samples.write_sample(kind.name, out, today=settings.local_day(NOON))
    return path


@each_kind
def test_headers_and_notes_are_what_is_read(tmp_path: Path, kind: Kind, app) -> None:
    with app.app_context():
        book = load_workbook(written(tmp_path, kind))
    assert book.sheetnames == [kind.title, samples.NOTES_SHEET]
    header, example, *more = book[kind.title].values
    found = sheet_guesses.guess(header, {})
    assert found is not None
    assert found.kind is kind
    assert found.is_certain
    assert list(found.columns) == [field.name for field in kind.listed]
    assert more == []
    filled = {
        field.name for field, value in zip(kind.listed, example, strict=True) if value is not None
    }
    assert {field.name for field in kind.listed if field.required} <= filled
    lines = list(book[samples.NOTES_SHEET].values)[3:]
    assert [tuple(cell or "" for cell in line) for line in lines] == list(samples.notes(kind))
    assert all(line[2] for line in lines)


def test_every_note_is_of_a_field_that_is_read() -> None:
    names = {field.name for kind in KINDS for field in kind.listed}
    of_one = {(kind.name, field.name) for kind in KINDS for field in kind.listed}
    assert samples.NOTES.keys() <= names | of_one
    assert samples.examples(TODAY).keys() == {kind.name for kind in KINDS}


def test_handed_in_together_every_example_is_taken(session: None, tmp_path: Path) -> None:
    paths = [written(tmp_path, kind) for kind in KINDS]

    row = town.previewed(paths, SYSTEM, sub_district="示例街道")

    assert row.counts["by_kind"] == {kind.name: [1, 1, 0] for kind in KINDS}
    assert applying.apply(row.id, by=SYSTEM, at=NOON).state == "applied"
    assert doctor.doctor() == []


def test_one_after_the_other_too(session: None, tmp_path: Path) -> None:
    cast: Cast = make.cast()
    for kind in KINDS:
        row = town.previewed([written(tmp_path, kind)], SYSTEM, area_id=cast.town.id)
        assert row.counts["by_kind"] == {kind.name: [1, 1, 0]}, kind.name
        applying.apply(row.id, by=SYSTEM, at=NOON)
    assert acting(cast.coordinator)


def test_there_is_no_sample_of_what_is_no_list() -> None:
    with pytest.raises(Invalid):
        samples.write_sample("tea", BytesIO(), today=TODAY)
