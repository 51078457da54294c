"""Rounds, objections and certificates of before come up as what they are."""

from dataclasses import replace
from datetime import date

import pytest
from flask import current_app
from sqlalchemy import text

from tests import make, make_papers, make_ratings
from tests.test_migrations import inside
from volunteer_service.certificates import (
    issuing,
    paper_keys,
    service_record_papers,
    signing,
    verifying,
)
from volunteer_service.certificates.models import Certificate
from volunteer_service.db import db, schema, transaction
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.ratings import (
    frozen_facts,
    objections,
    round_steps,
    round_withdrawals,
    sign_off,
    supplements,
)
from volunteer_service.scoring.ratings.models import Objection, Round

__all__ = ["inside"]


@pytest.fixture
def first_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rounds are frozen without records in their facts, as earlier programs froze them: those go
    down.
    """
    first = {"facts_format": 1, "rules_version": 1}
    monkeypatch.setattr(frozen_facts, "newest", lambda: first)


@pytest.mark.usefixtures("first_facts")
def test_a_withdrawn_round_goes_down_with_its_state_and_upheld_objections_come_up_as_typed(
    inside: None,
) -> None:
    with transaction():
        cast = make.cast()
        make_ratings.record(cast.wang, cast.team)
        by, at = make.acting(cast.coordinator), make_ratings.JULY
        wrong = make_ratings.round_at("draft", cast).id
        round_withdrawals.withdraw_round(wrong, reason="选错", by=by, at=at)
        right = make_ratings.round_at("notice", cast)
        mine, me = make_ratings.result(right, cast.wang), make.acting(cast.wang_account)
        said = objections.object_to(mine.id, "少了", by=me, at=at)
        make_ratings.record(cast.wang, cast.team, 60)
        objections.decide_objection(said.id, upheld=True, answer="对", by=by, at=at)
        assert said.typed is False
        kept = right.id, said.id
    schema.downgrade(db.engine, "0085")
    schema.upgrade(db.engine)
    with transaction(write=False):
        assert [row.id for row in db.session.query(Round)] == [kept[0]]
        assert db.session.get_one(Objection, kept[1]).typed is True


@pytest.mark.usefixtures("first_facts")
def test_papers_that_a_supplement_replaced_come_up_as_revoked(inside: None) -> None:
    with transaction():
        cast = make.cast()
        make_ratings.record(cast.wang, cast.team)
        first = make_ratings.round_at("final", cast)
        by, at = make.acting(cast.coordinator), make_ratings.AFTER_NOTICE
        old = issuing.issue(make_ratings.result(first, cast.wang).id, by=by, at=at)
        make_ratings.record(cast.wang, cast.team)
        extra = supplements.supplement(first.id, [cast.wang.id], reason="补", by=by, at=at)
        round_steps.draft(extra.id, by=by, at=at)
        round_steps.publish_notice(extra.id, by=by, at=at)
        later = at.replace(day=30)
        round_steps.close_notice(extra.id, by=by, at=later)
        sign_off.sign_off(extra.id, by=make.acting(cast.second), at=later)
        for paper in db.session.query(Certificate).all():
            make_papers.hmac_signed(paper, current_app.extensions["settings"].secret_key)
        one, two = old.id, db.session.query(Certificate).order_by(Certificate.id.desc()).first().id
    schema.downgrade(db.engine, "0086")
    with transaction():
        # As an earlier version left it: both are valid.
        db.session.execute(text("UPDATE certificates SET revoked_at = NULL, revoke_reason = NULL"))
    schema.upgrade(db.engine)
    with transaction(write=False):
        kept, new = (db.session.get_one(Certificate, id_) for id_ in (one, two))
        assert (kept.revoked_at is None, kept.replaced_by_id) == (False, two)
        assert (new.revoked_at, new.half_year, new.rated_id) == (None, "2026H1", kept.rated_id)


@pytest.mark.usefixtures("first_facts")
def test_papers_of_before_come_up_with_the_key_that_signed_them(inside: None) -> None:
    """The ring takes ``SECRET_KEY`` and the one before it; a paper of neither names none."""
    before = current_app.extensions["settings"]
    keys = ("the key of today" * 3, "the key of yesterday" * 3, "a key that is gone" * 3)
    with transaction():
        cast = make.cast()
        make_ratings.record(cast.wang, cast.team)
        period = (date(2026, 1, 1), date(2026, 6, 30))
        papers = [
            service_record_papers.certify_service(
                cast.wang.id, *period, by=make.acting(cast.wang_account), at=make_ratings.JULY
            )
            for _key in keys
        ]
        for paper, key in zip(papers, keys, strict=True):
            make_papers.hmac_signed(paper, key)
        tokens = [signing.token_of(each.number, each.signature) for each in papers]
    schema.downgrade(db.engine, "0111")
    current_app.extensions["settings"] = replace(
        before, secret_key=keys[0], secret_key_previous=keys[1]
    )
    try:
        schema.upgrade(db.engine)
    finally:
        current_app.extensions["settings"] = before
    with transaction():
        states = [verifying.verify(token).state for token in tokens]
        assert states == ["valid", "valid", "unknown"]
        kept = [(key.algorithm, key.public_key) for key in paper_keys.published()]
        assert kept == [("hmac", None)] * 2
        # The next key has the next number, on either database.
        assert paper_keys.rotate(by=Actor.system(), at=make_ratings.JULY).id == 3


def test_a_paper_of_the_ring_keeps_the_ring(inside: None) -> None:
    with transaction():
        cast = make.cast()
        make_ratings.record(cast.wang, cast.team)
        period = (date(2026, 1, 1), date(2026, 6, 30))
        service_record_papers.certify_service(
            cast.wang.id, *period, by=make.acting(cast.wang_account), at=make_ratings.JULY
        )
    with pytest.raises(RuntimeError, match="papers with signatures of their own keys"):
        schema.downgrade(db.engine, "0111")
