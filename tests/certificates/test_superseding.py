"""The signature of a supplement takes the place of the earlier papers, in its own transaction."""

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from tests.make import Cast, acting, cast
from tests.make_ratings import AFTER_NOTICE, record, result, round_at
from volunteer_service.certificates import issuing, refusals, rendering, revoking, verifying
from volunteer_service.certificates.models import Certificate
from volunteer_service.db import db
from volunteer_service.people.models import Message
from volunteer_service.scoring.ratings import replays, round_steps, sign_off, supplements
from volunteer_service.scoring.ratings.models import Round

LATER = AFTER_NOTICE.replace(day=30)


def token(certificate: Certificate) -> str:
    return rendering.verify_url(certificate).rsplit("/", 1)[1]


def certified(minutes: int) -> tuple[Cast, Round, Certificate]:
    town = cast()
    record(town.wang, town.team, 700)
    first = round_at("final", town)
    paper = issuing.issue(result(first, town.wang).id, by=acting(town.coordinator), at=AFTER_NOTICE)
    if minutes < 0:
        db.session.query(type(record(town.wang, town.team, 0))).update({"minutes": 0})
    else:
        record(town.wang, town.team, minutes)
    return town, first, paper


def supplemented(town: Cast, first: Round) -> Round:
    by = acting(town.coordinator)
    extra = supplements.supplement(first.id, [town.wang.id], reason="补", by=by, at=AFTER_NOTICE)
    round_steps.draft(extra.id, by=by, at=AFTER_NOTICE)
    round_steps.publish_notice(extra.id, by=by, at=AFTER_NOTICE)
    round_steps.close_notice(extra.id, by=by, at=LATER)
    sign_off.sign_off(extra.id, by=acting(town.second), at=LATER)
    return extra


def told(town: Cast) -> list[str]:
    query = db.session.query(Message).filter_by(volunteer_id=town.wang.id).order_by(Message.id)
    return [each.kind for each in query]


def test_a_raised_star_has_one_valid_paper_and_the_old_one_names_it(session: None) -> None:
    town, first, old = certified(600)
    by = acting(town.coordinator)
    extra = supplemented(town, first)
    new = issuing.issue(result(extra, town.wang).id, by=by, at=LATER)
    said = verifying.verify(token(old))
    assert (said.state, said.replaced_by) == ("revoked", new.number)
    assert (verifying.verify(token(new)).state, new.words["stars"]) == ("valid", 2)
    assert issuing.still_missing(extra) == 0
    with pytest.raises(refusals.CertificateReplaced):
        issuing.issue(old.result_id or 0, by=by, at=LATER)
    assert issuing.issue_round(first.id, by=by, at=LATER) == 0
    assert told(town)[-1] == "certificate_replaced"
    assert replays.replay(extra).equal


def test_a_star_taken_away_leaves_no_valid_paper(session: None) -> None:
    town, first, old = certified(-1)
    extra = supplemented(town, first)
    assert result(extra, town.wang).stars == 0
    said = verifying.verify(token(old))
    assert (said.state, said.replaced_by) == ("revoked", None)
    assert told(town)[-1] == "certificate_revoked"


def test_until_the_supplement_is_signed_the_earlier_paper_is_valid(session: None) -> None:
    town, first, old = certified(600)
    by = acting(town.coordinator)
    extra = supplements.supplement(first.id, [town.wang.id], reason="补", by=by, at=AFTER_NOTICE)
    round_steps.draft(extra.id, by=by, at=AFTER_NOTICE)
    assert verifying.verify(token(old)).state == "valid"


def test_the_database_allows_one_valid_paper_a_person_and_half_year(session: None) -> None:
    town, first, old = certified(600)
    supplemented(town, first)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(
            update(Certificate).where(Certificate.id == old.id).values(revoked_at=None)
        )


def test_what_is_issued_after_a_revocation_is_named_by_the_revoked_one(session: None) -> None:
    town, _first, old = certified(600)
    by = acting(town.coordinator)
    revoking.revoke(old.number, reason="姓名有误", by=by, at=LATER)
    new = issuing.issue(old.result_id or 0, by=by, at=LATER)
    assert verifying.verify(token(old)).replaced_by == new.number


def test_no_paper_shows_a_box_and_the_list_says_whose_name_and_which_character(
    session: None,
) -> None:
    town = cast()
    town.zhao.name = "王\U0003104f"
    for person, team in ((town.wang, town.team), (town.zhao, town.other_team)):
        record(person, team, 700)
    row, by = round_at("final", town), acting(town.coordinator)
    hers = result(row, town.zhao)
    with pytest.raises(refusals.NameNotDrawn, match="\U0003104f"):
        issuing.issue(hers.id, by=by, at=AFTER_NOTICE)
    assert issuing.issue_round(row.id, by=by, at=AFTER_NOTICE) == 1
    assert issuing.still_missing(row) == 1
    assert issuing.not_drawn(row) == [(hers.id, "王\U0003104f", "\U0003104f")]
