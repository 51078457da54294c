"""Certificates: issued once, verified by anyone, refused when touched or revoked."""

import dataclasses
import io
import re
import shutil
import subprocess
from datetime import date

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import update

from tests.make import acting, cast, volunteer
from tests.make_ratings import AFTER_NOTICE, JULY, record, result, round_at
from volunteer_service.certificates import (
    issuing,
    refusals,
    register,
    rendering,
    revoking,
    service_record_papers,
    signing,
    verifying,
)
from volunteer_service.certificates.models import Certificate
from volunteer_service.certificates.numbering import is_number
from volunteer_service.db import db
from volunteer_service.errors import Conflict, NotAllowed, NotFound
from volunteer_service.identifiers.check_characters import check_character
from volunteer_service.identifiers.masks import mask_name
from volunteer_service.people.changes import person_changes, person_values
from volunteer_service.people.changes.person_edits import PersonEdit
from volunteer_service.scoring.ratings.models import RoundResult
from volunteer_service.scoring.ratings.refusals import RoundNotFinal

RARE = "𬱖建国"


def one(minutes: int = 1410, name: str = RARE):
    """A town where one person got an honour certificate."""
    town = cast()
    person = volunteer(name, team=town.team, identity="110101196001011234")
    record(person, town.team, minutes)
    row = round_at("final", town)
    by = acting(town.coordinator)
    return town, person, issuing.issue(result(row, person).id, by=by, at=AFTER_NOTICE)


def token(certificate: Certificate) -> str:
    return rendering.verify_url(certificate).rsplit("/", 1)[1]


def test_a_paper_keeps_the_name_it_says(session: None) -> None:
    town, person, certificate = one()
    seen = person_values.mark(person, "name")
    asked = PersonEdit("name", "改了名", seen, name="王新名")
    row = person_changes.change_person(
        person.id, asked, by=acting(town.coordinator), at=AFTER_NOTICE
    )
    person_changes.decide_change(row.id, approve=True, by=acting(town.second), at=AFTER_NOTICE)
    verified = verifying.verify(token(certificate))
    assert (person.name, certificate.words["name"]) == ("王新名", RARE)
    assert (verified.state, verified.masked_name) == ("valid", mask_name(RARE))
    # So does the star of that half-year when it is asked for once more.
    again = issuing.issue(certificate.result_id, by=acting(town.coordinator), at=AFTER_NOTICE)
    assert again.words["name"] == RARE


def test_a_star_is_certified_once_in_frozen_words(session: None) -> None:
    town, _person, certificate = one()
    assert certificate.words == {
        "format": 3,
        "name": RARE,
        "stars": 2,
        "begins_on": "2026-01-01",
        "ends_on": "2026-06-30",
        "minutes": 1410,
        "rule": "志愿服务星级评定办法",
        "policy_version": 1,
        "issuer": "市西街道",
        "issued_on": "2026-07-09",
    }
    assert certificate.number.startswith("202610000001")
    assert is_number(certificate.number)
    again = issuing.issue(
        certificate.result_id, by=acting(town.second), at=AFTER_NOTICE.replace(day=20)
    )
    assert again.id == certificate.id
    assert db.session.query(Certificate).count() == 1


def test_a_verify_url_is_short_and_says_valid(session: None) -> None:
    _town, _person, certificate = one()
    path = rendering.verify_url(certificate).removeprefix("http://localhost")
    assert len("https://volunteer.example.org" + path) <= 56
    found = verifying.verify(token(certificate))
    assert (found.state, found.masked_name, found.stars) == ("valid", "𬱖*国", 2)
    assert verifying.verify(token(certificate).lower()).state == "valid"


@pytest.mark.parametrize(
    "touch",
    [
        lambda t: t[:-1] + ("0" if t[-1] != "0" else "1"),
        lambda t: ("3" if t[0] != "3" else "4") + t[1:],
        lambda t: t + "0",
        lambda t: "",
        lambda t: "-",
        lambda t: "\x00" + t,
        lambda t: "𬱖" * 40,
    ],
)
def test_a_made_up_certificate_is_unknown(session: None, touch) -> None:
    _town, _person, certificate = one()
    found = verifying.verify(touch(token(certificate)))
    assert (found.state, found.masked_name) == ("unknown", None)


@pytest.mark.parametrize("written", ["{}-", " {} ", "{}"])
def test_a_number_alone_is_asked_for_its_check_part_and_tells_nothing(session, written) -> None:
    _town, _person, certificate = one()
    number = certificate.number
    nobodys = f"{number[:4]}29999999"
    nobodys += check_character(nobodys)
    for each in (number, nobodys):
        found = verifying.verify(written.format(each))
        assert found == verifying.Verified("incomplete", each)


def test_the_paper_prints_number_and_check_part_together(session: None) -> None:
    _town, _person, certificate = one()
    printed = "".join(word.text for sheet in rendering.sheets(certificate) for word in sheet.words)
    assert f"No. {token(certificate)}" in printed
    assert verifying.verify(token(certificate).replace("-", "")).state == "valid"


@pytest.mark.parametrize("words", [{"stars": 5}, {"name": "别人"}])
def test_a_row_edited_by_hand_is_unknown(session: None, words: dict) -> None:
    _town, _person, certificate = one()
    db.session.execute(update(Certificate).values(words=certificate.words | words))
    db.session.expire_all()
    assert verifying.verify(token(certificate)).state == "unknown"


def test_a_revoked_one_shows_as_revoked_and_is_not_handed_out(session: None) -> None:
    town, person, certificate = one()
    by = acting(town.coordinator)
    for who, refused in ((town.auditor, NotAllowed), (town.wang_account, NotFound)):
        with pytest.raises(refused):
            revoking.revoke(certificate.number, reason="x", by=acting(who), at=AFTER_NOTICE)
    revoking.revoke(certificate.number, reason="姓名有误", by=by, at=AFTER_NOTICE)
    assert verifying.verify(token(certificate)).state == "revoked"
    with pytest.raises(refusals.CertificateRevoked):
        rendering.pdf(certificate)
    with pytest.raises(Conflict):
        revoking.revoke(certificate.number, reason="再撤", by=by, at=AFTER_NOTICE)
    assert certificate.revoke_reason == "姓名有误"

    person.name = "王建国"
    replacement = issuing.issue(certificate.result_id, by=by, at=AFTER_NOTICE)
    assert (replacement.issue, replacement.words["name"]) == (2, "王建国")
    assert replacement.number != certificate.number
    assert verifying.verify(token(replacement)).state == "valid"
    assert issuing.issue_round(ratings_round(certificate), by=by, at=AFTER_NOTICE) == 0


def ratings_round(certificate: Certificate) -> int:
    return db.session.get(RoundResult, certificate.result_id).round_id


def test_a_round_is_certified_once_in_chunks(session: None, monkeypatch) -> None:
    monkeypatch.setattr("volunteer_service.certificates.issuing.CHUNK", 2)
    town = cast()
    for n in range(5):
        record(volunteer(f"志愿{n}", team=town.team), town.team, 600)
    record(town.wang, town.team, 60)
    row = round_at("final", town)
    by = acting(town.coordinator)
    assert issuing.still_missing(row) == 5
    assert issuing.issue_round(row.id, by=by, at=AFTER_NOTICE) == 5
    assert issuing.issue_round(row.id, by=by, at=AFTER_NOTICE) == 0
    numbers = sorted(db.session.scalars(db.select(Certificate.number)))
    assert [number[:12] for number in numbers] == [f"20261000000{n}" for n in range(1, 6)]
    with pytest.raises(refusals.NoStarNoCertificate):
        issuing.issue(result(row, town.wang).id, by=by, at=AFTER_NOTICE)
    with pytest.raises(NotAllowed):
        issuing.issue_round(row.id, by=acting(town.auditor), at=AFTER_NOTICE)


def test_nothing_is_certified_before_the_round_is_final(session: None) -> None:
    town = cast()
    record(town.wang, town.team)
    row = round_at("decided", town)
    with pytest.raises(RoundNotFinal):
        issuing.issue_round(row.id, by=acting(town.coordinator), at=AFTER_NOTICE)


def test_the_picture_and_the_pdf_carry_name_and_code(session: None) -> None:
    _town, _person, certificate = one()
    url = rendering.verify_url(certificate)
    picture = Image.open(io.BytesIO(rendering.png(certificate))).convert("RGB")
    codes = {code.text for code in zxingcpp.read_barcodes(picture)}
    assert codes == {url, signing.code_of(certificate)}
    paper = rendering.pdf(certificate)
    assert paper == rendering.pdf(certificate)
    mapped = b"".join(re.findall(rb"begincmap.*?endcmap", paper, re.DOTALL)).decode().upper()
    # 𬱖 is U+2CC56: D873 DC56 in UTF-16.
    assert "D873DC56" in mapped
    if shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", "-", "-"], input=paper, capture_output=True).stdout
        copied = re.sub(r"\s", "", text.decode())
        assert RARE in copied
        assert certificate.number in copied


def test_a_service_record_states_the_confirmed_records_of_a_period(session: None) -> None:
    town = cast()
    person = volunteer(RARE, team=town.team, identity="110101196001011234")
    mine = acting(town.wang_account)
    me = dataclasses.replace(mine, volunteer_id=person.id)
    record(person, town.team, 90)
    record(person, town.team, 60, state="waiting")
    record(person, town.team, 30, on=JULY.date())
    certificate = service_record_papers.certify_service(
        person.id, date(2026, 1, 1), date(2026, 6, 30), by=me, at=JULY
    )
    assert certificate.words["minutes"] == 90
    assert certificate.words["masked_id"] == "110101********1234"
    assert [line["activity"] for line in certificate.words["lines"]] == ["庆丰小学门前护学"]
    assert certificate.number.startswith("202630000001")
    assert verifying.verify(token(certificate)).state == "valid"
    assert rendering.png(certificate).startswith(b"\x89PNG")
    with pytest.raises(refusals.NothingToCertify):
        service_record_papers.certify_service(
            person.id, date(2020, 1, 1), date(2020, 6, 30), by=me, at=JULY
        )
    with pytest.raises(refusals.PeriodInvalid):
        service_record_papers.certify_service(
            person.id, date(2026, 6, 30), date(2026, 6, 29), by=me, at=JULY
        )
    with pytest.raises(NotFound):
        service_record_papers.certify_service(
            person.id, date(2026, 1, 1), date(2026, 6, 30), by=mine, at=JULY
        )


def test_the_sub_district_attests_and_each_line_names_its_unit(session: None) -> None:
    town = cast()
    person = volunteer("钱一", team=town.team)
    for team in (town.team, town.other_team):
        record(person, team, 60)
    me = dataclasses.replace(acting(town.wang_account), volunteer_id=person.id)
    year = (date(2026, 1, 1), date(2026, 6, 30))
    made = service_record_papers.certify_service(person.id, *year, by=me, at=JULY)
    assert made.words["unit"] == "市西街道"
    assert {line["unit"] for line in made.words["lines"]} == {
        town.team.recording_unit,
        town.other_team.recording_unit,
    }
    person.area_id = None
    again = service_record_papers.certify_service(person.id, *year, by=me, at=JULY)
    assert again.words["unit"] == "市西街道"


def test_without_a_registered_number_the_line_is_left_out(session: None) -> None:
    town = cast()
    record(town.wang, town.team, 60)
    year = (date(2026, 1, 1), date(2026, 6, 30))
    made = service_record_papers.certify_service(
        town.wang.id, *year, by=acting(town.wang_account), at=JULY
    )
    printed = "".join(word.text for sheet in rendering.sheets(made) for word in sheet.words)
    assert "证件号码" not in printed
    assert "王建国" in printed


def test_who_may_read_a_certificate(session: None) -> None:
    town, person, certificate = one()
    owner = dataclasses.replace(acting(town.wang_account), volunteer_id=person.id)
    for by in (owner, acting(town.coordinator), acting(town.auditor)):
        assert register.readable(certificate.number, by).id == certificate.id
        assert [each.id for each in register.listed(by).items] == [certificate.id]
    with pytest.raises(NotFound):
        register.readable(certificate.number, acting(town.zhao_account))
    assert register.listed(acting(town.zhao_account)).items == []
