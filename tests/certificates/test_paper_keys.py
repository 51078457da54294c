"""Keys of papers: rotated, revoked, published; papers outlive every rotation."""

import dataclasses
import json
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.certificates.test_certificates import one, token
from tests.certificates.test_offline_check import service_paper
from tests.make import acting, cast
from tests.make_papers import hmac_signed
from tests.make_ratings import AFTER_NOTICE, JULY
from volunteer_service.certificates import (
    issuing,
    offline_check,
    paper_keys,
    refusals,
    rendering,
    revoking,
    signing,
    verifying,
)
from volunteer_service.certificates.models import Certificate, PaperKey
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, NotFound, WrittenByNewerProgram
from volunteer_service.people.authorization.actor import Actor

OPERATOR = Actor.system("cli")


def reissued(certificate: Certificate, town) -> Certificate:
    """The paper of the same result, revoked and issued once more."""
    by = acting(town.coordinator)
    revoking.revoke(certificate.number, reason="换发", by=by, at=AFTER_NOTICE)
    return issuing.issue(certificate.result_id, by=by, at=AFTER_NOTICE)


def test_papers_outlive_three_rotations_of_everything(app: Flask, session: None) -> None:
    town, _person, certificate = one()
    papers = [certificate]
    before = app.extensions["settings"]
    try:
        for turn in range(3):
            # Everything that the operator can rotate: the key of the service, and the ring.
            app.extensions["settings"] = dataclasses.replace(
                before, secret_key=f"secret of turn {turn}" * 4, secret_key_previous=None
            )
            paper_keys.rotate(by=OPERATOR, at=AFTER_NOTICE)
            papers.append(reissued(papers[-1], town))
        states = [verifying.verify(token(each)).state for each in papers]
        assert states == ["revoked", "revoked", "revoked", "valid"]
        keys = offline_check.public_keys(json.dumps(paper_keys.document()))
        for number, each in enumerate(papers, 1):
            found = offline_check.check(signing.code_of(each) or "", keys)
            assert (found.outcome, found.key) == ("genuine", number)
    finally:
        app.extensions["settings"] = before
    assert [key.secret is None for key in paper_keys.published()] == [True, True, True, False]


def test_a_paper_of_the_program_before_is_taken_into_the_ring_by_its_secret_key(
    session: None,
) -> None:
    _town, _person, certificate = one()
    old = "the key of years ago" * 3
    hmac_signed(certificate, old)
    assert verifying.verify(token(certificate)).state == "unknown"
    assert paper_keys.adopt_hmac("another" * 9, by=OPERATOR, at=AFTER_NOTICE) == 0
    assert paper_keys.adopt_hmac(old, by=OPERATOR, at=AFTER_NOTICE) == 1
    db.session.expire_all()
    assert verifying.verify(token(certificate)).state == "valid"
    assert signing.code_of(certificate) is None
    entry = paper_keys.document()["keys"][-1]
    assert (entry["algorithm"], entry["public_key"]) == ("HMAC-SHA256", None)


def test_from_the_day_on_which_a_key_was_stolen_nothing_that_it_signed_counts(
    session: None,
) -> None:
    town, _person, certificate = one()
    hour = timedelta(hours=1)
    key = db.session.get_one(PaperKey, certificate.key_id)
    at = AFTER_NOTICE + hour
    with pytest.raises(refusals.RevokedInFuture):
        paper_keys.revoke_key(key.id, at + hour, reason="丢了", by=OPERATOR, at=at)
    paper_keys.revoke_key(key.id, AFTER_NOTICE + hour, reason="丢了", by=OPERATOR, at=at)
    assert verifying.verify(token(certificate)).state == "valid"
    assert key.secret is None
    key.revoked_from = AFTER_NOTICE
    found = verifying.verify(token(certificate))
    assert (found.state, found.key, found.stars) == ("key_revoked", key.id, 2)
    # A thief of the key backdates papers: without the service none of them is believed.
    keys = offline_check.public_keys(json.dumps(paper_keys.document()))
    assert offline_check.check(signing.code_of(certificate) or "", keys).outcome == "key_revoked"
    with pytest.raises(refusals.KeyAlreadyRevoked):
        paper_keys.revoke_key(key.id, AFTER_NOTICE, reason="x1", by=OPERATOR, at=at)
    new = reissued(certificate, town)
    assert (new.key_id, verifying.verify(token(new)).state) == (key.id + 1, "valid")


def test_who_runs_a_street_turns_no_key(session: None) -> None:
    town = cast()
    for who, refused in ((town.coordinator, NotFound), (town.admin, NotFound)):
        with pytest.raises((refused, NotAllowed)):
            paper_keys.rotate(by=acting(who), at=AFTER_NOTICE)
    assert paper_keys.published() == []


def test_page_file_and_api_publish_every_key(client: FlaskClient, session: None) -> None:
    assert "还没有公钥" in client.get("/v/keys").get_data(as_text=True)
    one()
    paper_keys.rotate(by=OPERATOR, at=AFTER_NOTICE)
    db.session.commit()
    keys = paper_keys.document()["keys"]
    page = client.get("/v/keys").get_data(as_text=True)
    assert [each["public_key"] in page for each in keys] == [True, True]
    assert client.get("/v/keys.json").get_json()["keys"] == keys
    assert client.get("/api/v1/certificates/keys").get_json()["keys"] == keys


def test_the_words_of_the_code_and_the_pdf_are_the_papers(session: None) -> None:
    _town, _person, certificate = one()
    code = signing.code_of(certificate) or ""
    keys = offline_check.public_keys(json.dumps(paper_keys.document()))
    for given in (code, rendering.pdf(certificate), code.encode() + b"\n"):
        found = offline_check.check(given, keys)
        assert (found.outcome, found.number) == ("genuine", certificate.number)
        assert len(found.stated) == 9
        assert found.stated.items() <= certificate.words.items()


def test_a_paper_of_a_later_format_stands_beside_the_old_ones(
    session: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = cast()
    secret = "the key of the program before" * 2
    old, two = service_paper(town), service_paper(town)
    for line in old.words["lines"]:
        for later in ("content", "organiser", "leader"):
            del line[later]
    hmac_signed(old, secret, format_=1)
    hmac_signed(two, secret)
    assert paper_keys.adopt_hmac(secret, by=Actor.system(), at=JULY) == 2
    now = service_paper(town)
    monkeypatch.setattr(signing, "FORMAT", 4)
    new = service_paper(town)
    assert [each.words.get("format") for each in (old, two, now, new)] == [None, 2, 3, 4]
    for each in (old, two, now, new):
        token = signing.token_of(each.number, each.signature)
        assert verifying.verify(token).state == "valid"
        assert rendering.pdf(each).startswith(b"%PDF")
    monkeypatch.undo()
    with pytest.raises(WrittenByNewerProgram):
        rendering.pdf(new)
