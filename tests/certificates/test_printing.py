"""Printing papers: the log, the reason for a second print, one file of a batch sorted by team."""

import io
from datetime import timedelta

import pypdfium2 as pdfium
import pytest
from sqlalchemy import select

from tests.make import Cast, acting, cast, volunteer
from tests.make_ratings import AFTER_NOTICE, record, round_at
from volunteer_service.certificates import bulk_papers, issuing, printing, refusals, revoking
from volunteer_service.certificates.models import Certificate
from volunteer_service.db import db
from volunteer_service.errors import Invalid, NotFound
from volunteer_service.lists import asking, registry
from volunteer_service.lists.acts import batches
from volunteer_service.lists.exports import kept_exports

LATER = AFTER_NOTICE + timedelta(days=1)


def issued() -> tuple[Cast, list[Certificate]]:
    """Three starred people of two teams with their papers."""
    town = cast()
    qian = volunteer("钱一", team=town.other_team)
    for who, team in ((town.wang, town.team), (town.zhao, town.other_team), (qian, town.team)):
        record(who, team, 5000)
    row = round_at("final", town)
    issuing.issue_round(row.id, by=acting(town.coordinator), at=AFTER_NOTICE)
    return town, list(db.session.scalars(select(Certificate).order_by(Certificate.id)))


def test_a_second_print_has_a_reason_and_both_are_in_the_log(session: None) -> None:
    town, (paper, *_others) = issued()
    by = acting(town.coordinator)
    printing.print_paper(paper.id, by=by, at=LATER)
    with pytest.raises(refusals.PrintedBefore):
        printing.print_paper(paper.id, by=acting(town.second), at=LATER)
    printing.print_paper(paper.id, reason="卡纸了", by=acting(town.second), at=LATER)
    assert [(each.account_id, each.reason) for each in printing.prints_of(paper.id)] == [
        (town.second.id, "卡纸了"),
        (town.coordinator.id, None),
    ]


def test_the_owner_prints_unnoted_and_nobody_else_without_the_right(session: None) -> None:
    town, papers = issued()
    mine = next(each for each in papers if each.volunteer_id == town.wang.id)
    for _ in range(2):
        printing.print_paper(mine.id, by=acting(town.wang_account), at=LATER)
    assert printing.prints_of(mine.id) == []
    with pytest.raises(NotFound):
        printing.print_paper(mine.id, by=acting(town.zhao_account), at=LATER)


def test_a_revoked_paper_is_not_printed(session: None) -> None:
    town, (paper, *_others) = issued()
    by = acting(town.coordinator)
    revoking.revoke(paper.number, reason="错发", by=by, at=LATER)
    with pytest.raises(refusals.CertificateRevoked):
        printing.print_paper(paper.id, by=by, at=LATER)
    assert bulk_papers.write([paper.id], io.BytesIO(), at=LATER) == 0


def test_one_file_is_sorted_by_team_with_a_list_to_sign(session: None) -> None:
    _town, papers = issued()
    out = io.BytesIO()
    assert bulk_papers.write([each.id for each in papers], out, at=LATER) == 3
    with pdfium.PdfDocument(out.getvalue()) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    kinds = ["签收" if "证书签收表" in page else "证书" for page in pages]
    assert sorted(kinds) == ["签收", "签收", "证书", "证书", "证书"]
    assert kinds[0] == "签收"
    people, first = [], None
    for kind, page in zip(kinds, pages, strict=True):
        if kind == "签收":
            first = page
        else:
            (name,) = (each.words["name"] for each in papers if each.words["name"] in page)
            people.append(name)
            assert first is not None
            assert name in first
    assert sorted(people) == ["王建国", "赵芳", "钱一"]


def test_a_batch_of_a_round_becomes_one_file_and_says_who_was_printed_before(
    session: None,
) -> None:
    town, papers = issued()
    by = acting(town.coordinator)
    printing.print_paper(papers[0].id, by=by, at=LATER)
    declared = registry.LISTS["certificates"]
    whole = asking.read(declared, {}, [], by=by)
    batch = batches.begin(whole, "print_papers", {}, chosen=None, by=by, at=LATER)
    while batches.advance(batch.id, by=by, at=LATER):
        pass
    assert batches.counted(batch) == {"fit": 2, "unfit": 1}
    batches.run(batch.id, by=by, at=LATER)
    while batches.advance(batch.id, by=by, at=LATER):
        pass
    args = {"batch": str(batch.id)}
    printed = asking.read(declared, args, [], by=by)
    row = kept_exports.begin(printed, "pdf", args, by=by, at=LATER)
    assert row.total == 2
    out = io.BytesIO()
    assert declared.papers is not None
    assert declared.papers(printed, out, iter, LATER) == 2
    with pytest.raises(Invalid):
        kept_exports.begin(whole, "pdf", {}, by=by, at=LATER)
