"""Uploads that resume after a lost connection, and files that are handed in a second time."""

import errno
import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from tests import make
from tests.make import Cast
from tests.workbooks import town
from tests.workbooks.town import NOON
from volunteer_service.db import db
from volunteer_service.errors import Invalid, NotAllowed
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.workbooks import (
    applying,
    approval,
    import_states,
    problems,
    receiving,
    stored_files,
)
from volunteer_service.workbooks.handing_in import same_files, uploads
from volunteer_service.workbooks.handing_in.same_files import HandedIn
from volunteer_service.workbooks.judging.hand_in import judge
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.refusals import (
    FilesChanged,
    ImportNotReady,
    NotAWorkbook,
    StorageFull,
    UploadGone,
    UploadHarmed,
    UploadOffset,
    UploadUnfinished,
    WorkbookTooBig,
)
from volunteer_service.workbooks.taking_back import undoing

HERE = {"sub_district": "市西街道"}


@pytest.fixture
def cast(session: None) -> Cast:
    # What the tests before this one left.
    uploads.drop_old_uploads(at=NOON + timedelta(days=9))
    return make.cast()


@pytest.fixture
def by(cast: Cast) -> Actor:
    return make.acting(cast.coordinator)


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    return town.files_of(tmp_path / "street")


def sent(path: Path, by: Actor, piece: int = 4000, **said: str) -> str:
    """The whole of a file sent in pieces; its key."""
    whole = path.read_bytes()
    found = uploads.begin_upload(path.name, len(whole), by=by, at=NOON, **said)
    for start in range(0, len(whole), piece):
        found = uploads.add_piece(found.key, start, whole[start : start + piece], by=by)
    assert found.is_whole
    return found.key


def handed(paths: list[Path], by: Actor, **where: str) -> HandedIn:
    with uploads.whole_uploads([sent(path, by) for path in paths], by=by) as files:
        return same_files.hand_in(files, **(where or HERE), by=by, at=NOON)


def test_what_comes_in_pieces_is_what_was_sent(by: Actor, paths: list[Path]) -> None:
    row = handed(paths, by).row

    stored = stored_files.paths_of(row.id, row.files)
    assert [path.read_bytes() for path in stored] == [path.read_bytes() for path in paths]


def test_it_goes_on_from_where_the_server_is(by: Actor, paths: list[Path]) -> None:
    whole = paths[0].read_bytes()
    key = uploads.begin_upload("名单.xlsx", len(whole), by=by, at=NOON).key
    uploads.add_piece(key, 0, whole[:1000], by=by)

    # The answer to the first piece was lost: it comes again, and so does one from too far on.
    for offset in (0, 2000):
        with pytest.raises(UploadOffset) as refused:
            uploads.add_piece(key, offset, whole[offset : offset + 1000], by=by)
        assert refused.value.numbers["have"] == 1000
    with pytest.raises(UploadOffset):
        uploads.add_piece(key, 1000, whole, by=by)

    assert uploads.upload_so_far(key, by=by).offset == 1000
    assert uploads.add_piece(key, 1000, whole[1000:], by=by).is_whole


def test_half_an_upload_is_not_handed_in(by: Actor, paths: list[Path]) -> None:
    key = uploads.begin_upload("名单.xlsx", 5000, by=by, at=NOON).key
    uploads.add_piece(key, 0, b"x" * 10, by=by)

    with pytest.raises(UploadUnfinished, match="名单"), uploads.whole_uploads([key], by=by):
        pass
    assert uploads.upload_so_far(key, by=by).offset == 10


def test_a_file_that_was_changed_meanwhile_is_refused(by: Actor, paths: list[Path]) -> None:
    announced = hashlib.sha256(b"another").hexdigest()
    key = sent(paths[0], by, sha256=announced)

    with pytest.raises(UploadHarmed), uploads.whole_uploads([key], by=by):
        pass
    right = hashlib.sha256(paths[0].read_bytes()).hexdigest()
    with uploads.whole_uploads([sent(paths[0], by, sha256=right)], by=by) as files:
        assert files[0].stream.read() == paths[0].read_bytes()


def test_nobody_else_sees_an_upload(cast: Cast, by: Actor, paths: list[Path]) -> None:
    key = sent(paths[0], by)
    other = make.acting(cast.desk)

    for act in (
        lambda: uploads.upload_so_far(key, by=town.SYSTEM),
        lambda: uploads.add_piece(key, 0, b"x", by=town.SYSTEM),
        lambda: uploads.drop_upload(key, by=town.SYSTEM),
        lambda: uploads.upload_so_far("../../../etc/passwd", by=by),
        lambda: uploads.upload_so_far("A" * 22, by=by),
    ):
        with pytest.raises(UploadGone):
            act()
    with pytest.raises(NotAllowed):
        uploads.begin_upload("名单.xlsx", 10, by=other, at=NOON)


@pytest.mark.parametrize(
    ("name", "length", "refusal"),
    [
        ("名单.pdf", 10, NotAWorkbook),
        ("名单.xlsx", 0, Invalid),
        ("名单.xlsx", 10**9, WorkbookTooBig),
    ],
)
def test_what_is_no_list_is_refused_before_it_is_sent(
    by: Actor, name: str, length: int, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        uploads.begin_upload(name, length, by=by, at=NOON)


def test_an_account_keeps_as_many_as_a_hand_in_has_files(by: Actor) -> None:
    keys = [
        uploads.begin_upload("名单.xlsx", 10, by=by, at=NOON + timedelta(seconds=n)).key
        for n in range(receiving.MOST_FILES + 1)
    ]

    with pytest.raises(UploadGone):
        uploads.upload_so_far(keys[0], by=by)
    assert uploads.upload_so_far(keys[1], by=by).offset == 0


def test_after_a_day_it_is_gone(by: Actor, paths: list[Path]) -> None:
    key = sent(paths[0], by)

    assert uploads.drop_old_uploads(at=NOON + timedelta(hours=23)) == 0
    assert uploads.drop_old_uploads(at=NOON + timedelta(hours=25)) == 1
    with pytest.raises(UploadGone):
        uploads.upload_so_far(key, by=by)


def test_an_upload_of_another_format_is_not_there(by: Actor) -> None:
    found = uploads.begin_upload("名单.xlsx", 10, by=by, at=NOON)
    said = found.path.with_name("upload.json")

    said.write_text(said.read_text().replace("[1,", "[2,", 1))
    with pytest.raises(UploadGone):
        uploads.upload_so_far(found.key, by=by)
    # As a process leaves it that is killed in the middle of writing it.
    said.write_text("[1, ")
    with pytest.raises(UploadGone):
        uploads.upload_so_far(found.key, by=by)


def test_a_full_disk_is_told_in_a_sentence() -> None:
    with (
        pytest.raises(StorageFull, match="磁盘满了"),
        stored_files.told_when_full(),
        Path("/dev/full").open("wb", buffering=0) as full,
    ):
        full.write(b"x")
    with pytest.raises(PermissionError), stored_files.told_when_full():
        raise PermissionError(errno.EACCES, "another fault")


def test_the_same_files_again_are_the_same_import(by: Actor, paths: list[Path]) -> None:
    first = handed(paths, by)
    assert (first.is_to_read, first.is_again) == (True, False)

    # While the first is read, and under other names in another order.
    again = handed(paths[::-1], by)
    assert (again.row.id, again.is_to_read, again.is_again) == (first.row.id, False, True)
    other = handed(paths[1:], by)
    assert other.row.id != first.row.id


def test_of_two_clerks_the_second_finds_the_import_of_the_first(
    cast: Cast, by: Actor, paths: list[Path]
) -> None:
    colleague = make.acting(cast.second)
    first = handed(paths, by).row

    again = handed(paths, colleague)

    assert (again.row.id, again.row.account_id) == (first.id, by.account_id)


def test_a_preview_is_judged_anew_and_what_is_over_does_not_count(
    by: Actor, paths: list[Path]
) -> None:
    row = town.previewed(paths, by, **HERE)

    again = handed(paths, by)
    assert (again.row.id, again.is_to_read, again.row.state) == (row.id, True, "reading")
    with pytest.raises(ImportNotReady):
        same_files.read_again(row.id, by=by, at=NOON)
    undoing.discard(row.id, by=by, at=NOON)
    assert handed(paths, by).row.id != row.id


def test_what_waits_for_a_second_person_goes_on_waiting(by: Actor, paths: list[Path]) -> None:
    row = town.previewed(paths, by, **HERE)
    approval.ask(row.id, by=by, at=NOON)

    again = handed(paths, by)

    assert (again.row.id, again.is_to_read, again.row.state) == (row.id, False, "asked")


def test_a_reading_that_died_goes_on_without_an_upload(by: Actor, paths: list[Path]) -> None:
    row = handed(paths, by).row
    later = NOON + timedelta(days=400)
    standing = import_states.standing(row.id, by=by, at=later)
    assert (standing.state, standing.is_cut_off) == ("failed", True)

    found = same_files.read_again(row.id, by=by, at=later)

    assert found.state == "reading"
    assert stored_files.paths_of(row.id, row.files)


@pytest.mark.parametrize("how", ["replaced", "damaged", "cut short"])
def test_a_stored_file_that_is_another_one_brings_nothing_in(
    by: Actor, paths: list[Path], how: str
) -> None:
    row = town.previewed(paths, by, **HERE)
    stored = stored_files.paths_of(row.id, row.files)[0]
    whole = stored.read_bytes()
    stored.write_bytes(
        {
            "replaced": paths[1].read_bytes(),
            "damaged": whole[:-40] + b"\x00" + whole[-39:],
            "cut short": whole[: len(whole) // 2],
        }[how]
    )
    before = town.counted()

    for verb in (same_files.read_again, applying.apply):
        with pytest.raises(FilesChanged, match=stored.name):
            verb(row.id, by=by, at=NOON)

    assert town.counted() == before
    # Uploaded once more it is an import of its own, which comes in.
    again = handed(paths, by)
    assert (again.row.id != row.id, again.is_again) == (True, False)


def test_a_file_replaced_while_it_is_applied_brings_nothing_in(
    by: Actor, paths: list[Path]
) -> None:
    row = town.previewed(paths, by, **HERE)
    begun = applying.begin(row.id, by=by, at=NOON)
    stored = stored_files.paths_of(row.id, row.files)[0]
    stored.write_bytes(paths[1].read_bytes())

    with pytest.raises(FilesChanged) as refused:
        judge(begun, at=NOON, tell=applying.silent)
    receiving.stop(row.id, refused.value)

    assert (row.state, problems.problem_code(row)) == ("previewed", "files_changed")


def test_handed_in_after_it_was_applied_nothing_is_doubled(by: Actor, paths: list[Path]) -> None:
    applying.apply(town.previewed(paths).id, by=town.SYSTEM, at=NOON)
    there = town.counted()

    second = handed(paths, town.SYSTEM, sub_district="")
    assert second.is_again is False
    db.session.delete(db.session.get_one(Import, second.row.id))
    again = town.applied(paths)

    assert not any(again.counts["new"].values())
    assert town.counted() == there
