"""The rounds of the demo: one that is over, a supplement to sign off, and the next one."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select

from tests.demo.finding import AT, count, one, signed_in
from volunteer_service.certificates import issuing, rendering, verifying
from volunteer_service.certificates.models import Certificate
from volunteer_service.db import db, transaction
from volunteer_service.scoring.ratings import replays, sign_off
from volunteer_service.scoring.ratings import results as ratings_results
from volunteer_service.scoring.ratings.models import Objection, Round, RoundResult
from volunteer_service.scoring.ratings.refusals import SamePersonSignsOff

pytestmark = pytest.mark.xdist_group("demo")


def test_a_finished_round_that_replays_with_certificates_one_revoked(town: None) -> None:
    final = db.session.scalars(select(Round).where(Round.state == "final")).one()
    assert final.half_year == "2026H1"
    assert final.noticed_by_id != final.signed_off_by_id
    assert replays.replay(final).equal
    stars = Counter(
        db.session.scalars(select(RoundResult.stars).where(RoundResult.round_id == final.id))
    )
    assert set(stars) == {0, 1, 2, 3, 4, 5}
    assert count(Certificate) == stars.total() - stars[0]
    assert count(Certificate, Certificate.revoked_at.is_not(None)) == 1
    assert count(Objection, Objection.state == "dismissed") == 1


def test_a_supplement_waits_for_the_second_person(town: None) -> None:
    row = db.session.scalars(select(Round).where(Round.supplement == 1)).one()
    assert (row.state, row.half_year) == ("decided", "2026H1")
    assert row.notice_ends_on < AT.date()
    assert row.noticed_by_id == signed_in("coordinator").account_id
    stars = {"郭子涵": 2, "蒋文博": 2, "王建国": 4}
    results = db.session.scalars(select(RoundResult).where(RoundResult.round_id == row.id)).all()
    assert {result.volunteer.name: result.stars for result in results} == stars
    before = {each: ratings_results.latest_stars(one(each).id) for each in stars}
    assert before == {each: n - 1 for each, n in stars.items()}


def test_the_second_person_signs_it_off_and_issues_the_better_certificates(seeded: Flask) -> None:
    def sign_off_and_go_back() -> None:
        with transaction():
            row = db.session.scalars(select(Round).where(Round.supplement == 1)).one()
            with pytest.raises(SamePersonSignsOff):
                sign_off.sign_off(row.id, by=signed_in("coordinator"), at=AT)
            second = signed_in("coordinator2")
            assert sign_off.sign_off(row.id, by=second, at=AT).state == "final"
            # Whoever had a paper has the better one with the signature.
            rest = issuing.still_missing(row)
            assert issuing.issue_round(row.id, by=second, at=AT) == rest
            results = select(RoundResult.id).where(RoundResult.round_id == row.id)
            better = select(Certificate).where(Certificate.result_id.in_(results))
            assert len(db.session.scalars(better).all()) == 3
            assert ratings_results.latest_stars(one("王建国").id) == 4
            raise Undone

    with seeded.app_context():
        with pytest.raises(Undone):
            sign_off_and_go_back()
        db.session.remove()


class Undone(Exception):
    """Rolls the test's own deeds back."""


def test_certificates_verify_and_the_revoked_one_says_so(town: None) -> None:
    for certificate in db.session.scalars(select(Certificate)):
        token = rendering.verify_url(certificate).rpartition("/")[2]
        stands = certificate.revoked_at is None
        assert verifying.verify(token).state == ("valid" if stands else "revoked")


def test_the_running_half_year_has_an_open_round(town: None) -> None:
    rounds = select(Round.half_year).where(Round.state == "open")
    assert db.session.scalars(rounds).all() == ["2026H2"]
