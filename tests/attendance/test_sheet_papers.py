"""The paper behind a sheet: who adds, who sees, who is told, and when it settles."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from tests import make
from tests.attendance.test_backfill_sheets import AT, enter, sheet
from tests.paper.hostile_scans import photo
from volunteer_service.attendance.backfills import backfill_sheets, sheet_papers
from volunteer_service.attendance.models import SheetPaper
from volunteer_service.db import db, transaction
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.jobs.work import run_job
from volunteer_service.journal import Entry
from volunteer_service.paper.uploaded_pages import MOST_PAGES, Page, Unreadable
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Look
from volunteer_service.people.personal_data import paper_refusals
from volunteer_service.people.personal_data.audit_looks import PurposeMissing

PAGE = Page(b"\xff\xd8 one page \xff\xd9", 800, 600)


def page(n: int) -> Page:
    return Page(f"page {n}".encode(), 800, 600)


@pytest.fixture
def key(cast: make.Cast) -> str:
    (record, *_rest) = enter(cast, [cast.wang, cast.zhao])
    found = backfill_sheets.sheet_of(record)
    assert found
    return found


def auditor(cast: make.Cast, purpose: str = "半年抽查") -> Actor:
    from dataclasses import replace

    return replace(make.acting(cast.auditor), purpose=purpose)


def test_pages_are_sealed_kept_once_and_in_order(cast, key) -> None:
    by = make.acting(cast.li_mei)
    sheet_papers.add(key, [page(1), page(2)], by=by, at=AT)
    rows = sheet_papers.add(key, [page(2), page(3)], by=by, at=AT)
    db.session.expire_all()
    assert [row.jpeg for row in rows] == [b"page 1", b"page 2", b"page 3"]
    raw = db.session.scalars(text("SELECT jpeg FROM sheet_papers")).all()
    assert not any(b"page" in bytes(each) for each in raw)


def test_who_may_see_and_who_may_not(cast, key) -> None:
    (row,) = sheet_papers.add(key, [PAGE], by=make.acting(cast.li_mei), at=AT)
    for reader in (cast.li_mei, cast.coordinator, cast.admin):
        assert sheet_papers.picture(key, row.id, by=make.acting(reader), at=AT) == PAGE.jpeg
    assert sheet_papers.picture(key, row.id, by=auditor(cast), at=AT) == PAGE.jpeg
    with pytest.raises(PurposeMissing):
        sheet_papers.picture(key, row.id, by=auditor(cast, ""), at=AT)
    # People on it see their own record, not the others' signatures.
    for stranger in (cast.wang_account, cast.zhao_account):
        with pytest.raises(NotFound):
            sheet_papers.picture(key, row.id, by=make.acting(stranger), at=AT)
    with pytest.raises(NotAllowed):
        sheet_papers.picture(key, row.id, by=make.acting(cast.desk), at=AT)
    with pytest.raises(NotFound):
        sheet_papers.picture("0" * 32, row.id, by=make.acting(cast.coordinator), at=AT)


def test_only_who_confirms_adds_and_only_while_it_waits(cast, key) -> None:
    with pytest.raises(NotAllowed):
        sheet_papers.add(key, [PAGE], by=auditor(cast), at=AT)
    with pytest.raises(NotFound):
        sheet_papers.add(key, [PAGE], by=make.acting(cast.wang_account), at=AT)
    (row,) = sheet_papers.add(key, [PAGE], by=make.acting(cast.li_mei), at=AT)
    with pytest.raises(NotFound):
        sheet_papers.take_out(key, row.id, by=make.acting(cast.coordinator), at=AT)
    backfill_sheets.approve_sheet(key, by=make.acting(cast.coordinator), at=AT)
    for act in (
        lambda: sheet_papers.add(key, [page(2)], by=make.acting(cast.li_mei), at=AT),
        lambda: sheet_papers.take_out(key, row.id, by=make.acting(cast.li_mei), at=AT),
    ):
        with pytest.raises(paper_refusals.PaperSettled):
            act()
    assert len(sheet_papers.papers_of(key)) == 1


def test_a_wrong_page_is_taken_out_and_the_journal_says_so(cast, key) -> None:
    by = make.acting(cast.li_mei)
    one, two = sheet_papers.add(key, [page(1), page(2)], by=by, at=AT)
    sheet_papers.take_out(key, one.id, by=by, at=AT)
    assert sheet_papers.papers_of(key) == [two]
    acts = select(Entry.verb).where(Entry.verb.like("%paper")).order_by(Entry.id)
    verbs = db.session.scalars(acts).all()
    assert verbs == ["attendance.add_paper", "attendance.take_out_paper"]


def test_no_more_pages_than_the_bound(cast, key) -> None:
    by = make.acting(cast.li_mei)
    sheet_papers.add(key, [page(n) for n in range(MOST_PAGES)], by=by, at=AT)
    with pytest.raises(paper_refusals.PaperPages):
        sheet_papers.add(key, [page(99)], by=by, at=AT)


@pytest.mark.parametrize(
    ("reason", "refusal"),
    [("heic", paper_refusals.PaperIsHeic), ("pixels", paper_refusals.PaperTooManyPixels)],
)
def test_every_reason_has_its_cure(reason, refusal) -> None:
    with pytest.raises(refusal):
        paper_refusals.readable(Unreadable(reason))


def test_pages_of_a_sheet_that_is_typed_are_its_writer_s_alone(cast) -> None:
    by, other = make.acting(cast.li_mei), make.acting(cast.coordinator)
    key = sheet_papers.keep_aside("", [PAGE], by=by, at=AT)
    (row,) = sheet_papers.aside(key, by=by)
    assert sheet_papers.picture(key, row.id, by=by, at=AT) == PAGE.jpeg
    assert sheet_papers.aside(key, by=other) == []
    with pytest.raises(NotFound):
        sheet_papers.picture(key, row.id, by=other, at=AT)
    assert sheet_papers.keep_aside(key, [page(2)], by=other, at=AT) != key
    assert sheet_papers.keep_aside(key, [page(2)], by=by, at=AT) == key
    (record,) = backfill_sheets.enter_sheet(sheet(cast), [cast.wang.id], key=key, by=by, at=AT)
    assert backfill_sheets.sheet_of(record) == key
    assert len(sheet_papers.papers_of(key)) == 2
    # The key of an existing sheet accepts nothing more this way.
    assert sheet_papers.keep_aside(key, [page(3)], by=by, at=AT) != key


def test_what_was_left_behind_is_dropped_and_proof_is_not(cast, key) -> None:
    by = make.acting(cast.li_mei)
    sheet_papers.add(key, [page(1)], by=by, at=AT)
    left = sheet_papers.keep_aside("", [page(2)], by=by, at=AT)
    late = AT + timedelta(days=1, minutes=1)
    new = sheet_papers.keep_aside("", [page(3)], by=by, at=late)
    assert sheet_papers.drop_unused(at=AT + timedelta(days=1)) == 0
    assert sheet_papers.drop_unused(at=late) == 1
    assert sheet_papers.drop_unused(at=late) == 0
    keys = set(db.session.scalars(select(SheetPaper.sheet_key)))
    assert keys == {key, new}
    assert left not in keys


def test_the_job_drops_it_in_batches(app, databases_of_run, monkeypatch) -> None:
    monkeypatch.setattr(sheet_papers, "BATCH", 2)
    with app.app_context():
        with transaction():
            cast = make.cast()
            pages = [page(n) for n in range(5)]
            sheet_papers.keep_aside("", pages, by=make.acting(cast.li_mei), at=AT)
        run = run_job("drop_papers", at=AT + timedelta(days=2))
        assert (run.outcome, run.result) == (
            "done",
            {"dropped": 5, "imports": 0, "uploads": 0, "exports": 0},
        )


def test_one_person_lays_so_many_pages_aside(cast) -> None:
    by, other = make.acting(cast.li_mei), make.acting(cast.coordinator)
    keys = [
        sheet_papers.keep_aside("", [page(10 * n + m) for m in range(MOST_PAGES)], by=by, at=AT)
        for n in range(3)
    ]
    with pytest.raises(paper_refusals.PaperAsideFull), db.session.begin_nested():
        sheet_papers.keep_aside("", [page(99)], by=by, at=AT)
    assert db.session.scalar(select(func.count(SheetPaper.id))) == sheet_papers.MOST_ASIDE
    sheet_papers.keep_aside("", [page(99)], by=other, at=AT)
    # Entered pages are no longer kept aside.
    backfill_sheets.enter_sheet(sheet(cast), [cast.wang.id], key=keys[0], by=by, at=AT)
    sheet_papers.keep_aside("", [page(99)], by=by, at=AT)


def test_a_look_is_told_to_everybody_on_it_once_a_day(app, databases_of_run) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        (record, *_rest) = enter(cast, [cast.wang, cast.zhao])
        key = backfill_sheets.sheet_of(record)
        (row,) = sheet_papers.add(key, [PAGE], by=make.acting(cast.li_mei), at=AT)
        leader, auditing = make.acting(cast.li_mei), auditor(cast)
        people, paper_id = {cast.wang.id, cast.zhao.id}, row.id
    for _twice in range(2):
        for by in (leader, auditing):
            with app.app_context(), transaction(write=False):
                sheet_papers.picture(key, paper_id, by=by, at=AT)
    with app.app_context():
        looks = db.session.scalars(select(Look)).all()
        assert {(look.volunteer_id, look.why) for look in looks} == {
            (id_, why) for id_ in people for why in (sheet_papers.LOOKED, "半年抽查")
        }
        assert len(looks) == 4
        assert {look.field for look in looks} == {"paper"}


def test_the_real_photo_is_what_is_kept(cast, key) -> None:
    from volunteer_service.paper import uploaded_pages

    pages = uploaded_pages.pages(photo())
    (row,) = sheet_papers.add(key, pages, by=make.acting(cast.li_mei), at=AT)
    assert row.jpeg.startswith(b"\xff\xd8")
    assert (row.width, row.height) == (1200, 900)
