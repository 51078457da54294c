"""A round's archive is computed again by DuckDB alone, and a changed byte of it is found."""

import io
import os
import zipfile
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests import make, make_ratings
from volunteer_service.db import db
from volunteer_service.journal import Entry
from volunteer_service.scoring.ratings import objections, outside_exports, round_steps, sign_off
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.workbooks.reading.cells import harmless

TRUE = {
    "stars_differ": 0,
    "minutes_differ": 0,
    "policy_is_true": True,
    "frozen_is_true": True,
    "final_is_true": True,
}


def street_with_every_reason() -> Round:
    """Stars by minutes, and each reason that costs one; one row that an objection changed."""
    cast = make.cast()
    for minutes in (60, 120, 1_200):
        make_ratings.record(cast.wang, cast.team, minutes)
    make_ratings.record(cast.zhao, cast.other_team, 2_400, grade="imported")
    for name, minutes in (("周静", 6_600), ("吴刚", 600), ("郑爽", 4_200)):
        who = make.volunteer(name, team=cast.team)
        served = make_ratings.record(who, cast.team, minutes)
        if name == "周静":
            make_ratings.complaint(who)
        if name == "吴刚":
            for _ in range(3):
                make_ratings.evaluation(make_ratings.record(who, cast.team, 6), 2)
            make_ratings.evaluation(served, 2)
    row = make_ratings.round_at("notice", cast)
    mine = make_ratings.result(row, cast.wang)
    said = objections.object_to(
        mine.id, "少了", by=make.acting(cast.wang_account), at=make_ratings.JULY
    )
    make_ratings.record(cast.wang, cast.team, 1_200)
    by, at = make.acting(cast.coordinator), make_ratings.JULY
    objections.decide_objection(said.id, upheld=True, answer="对", by=by, at=at)
    round_steps.close_notice(row.id, by=by, at=make_ratings.AFTER_NOTICE)
    return sign_off.sign_off(row.id, by=make.acting(cast.second), at=make_ratings.AFTER_NOTICE)


def unpacked(row: Round, folder: Path, *, names: bool = True) -> Path:
    out = io.BytesIO()
    by = make.acting(make.account("jiancha", "检查", role="auditor", area=row.area))
    outside_exports.export(
        row, out, names=names, text=harmless, by=by, at=make_ratings.AFTER_NOTICE
    )
    with zipfile.ZipFile(out) as archive:
        archive.extractall(folder)
    return folder


def checked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the SQL of the archive says, run where an outsider would run it."""
    monkeypatch.chdir(folder)
    with duckdb.connect() as outside:
        found = outside.execute((folder / "check.sql").read_text())
        names = [column[0] for column in found.description]
        return dict(zip(names, found.fetchone(), strict=True))


def test_an_outsider_computes_every_star_and_both_hashes_from_the_files_alone(
    session, tmp_path, monkeypatch
) -> None:
    row = street_with_every_reason()
    found = checked(unpacked(row, tmp_path), monkeypatch)
    assert found == TRUE | {"people": 5}
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "README.html", "check.sql", "facts.csv", "frozen.csv",
        "people.csv", "policy.json", "records.csv", "round.json",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "was", "is_", "finds"),
    [
        ("facts.csv", ",2400,", ",2394,", {"final_is_true": False, "minutes_differ": 1}),
        ("frozen.csv", ",1380,", ",1440,", {"frozen_is_true": False}),
        ("policy.json", '"registered_days":90', '"registered_days":0', {"policy_is_true": False}),
        ("records.csv", ",2400,imported", ",2406,imported", {"minutes_differ": 1}),
    ],
)
def test_a_changed_byte_is_found(session, tmp_path, monkeypatch, name, was, is_, finds) -> None:
    folder = unpacked(street_with_every_reason(), tmp_path)
    whole = (folder / name).read_text()
    assert was in whole
    (folder / name).write_text(whole.replace(was, is_, 1))
    found = checked(folder, monkeypatch)
    assert {key: found[key] for key in finds} == finds


def test_names_are_left_out_on_wish_and_the_journal_says_who_took_it_along(
    session, tmp_path
) -> None:
    row = street_with_every_reason()
    folder = unpacked(row, tmp_path, names=False)
    assert not (folder / "people.csv").exists()
    whole = "".join(path.read_text() for path in folder.iterdir())
    assert "王建国" not in whole
    taken = db.session.scalars(db.select(Entry).where(Entry.verb == "ratings.export")).one()
    assert (taken.facts["names"], taken.facts["people"]) == (False, 5)


def test_a_round_that_is_not_frozen_has_nothing_to_export(session) -> None:
    cast = make.cast()
    make_ratings.record(cast.wang, cast.team, 700)
    row = make_ratings.round_at("open", cast)
    with pytest.raises(outside_exports.results.RoundMovedOn):
        unpacked(row, Path(os.devnull))


def test_the_check_is_short_enough_to_be_read() -> None:
    package = resources.files("volunteer_service.scoring.ratings")
    assert len(package.joinpath("outside_check.sql").read_text().splitlines()) <= 60
