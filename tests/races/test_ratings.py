"""A round takes each step once, and nothing slips in behind a signature; one paper a star."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from tests import make
from tests.make import acting
from tests.make_ratings import AFTER_NOTICE, JULY, record, result, round_at
from tests.racing import at_once, overlapped, verb
from tests.signing import hidden, sign_in, token_for
from volunteer_service import policies
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.certificates import issuing, revoking, service_record_papers
from volunteer_service.certificates.models import Certificate
from volunteer_service.db import db, transaction
from volunteer_service.identifiers.check_characters import checks
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.ratings import (
    objections,
    policy_versions,
    replays,
    round_steps,
    supplements,
)
from volunteer_service.scoring.ratings import sign_off as ratings_sign_off
from volunteer_service.scoring.ratings.models import Objection, Round, RoundResult

#: The last moment of the notice's last day, and the first one after it.
LAST_MOMENT = (AFTER_NOTICE - timedelta(days=1)).replace(hour=15, minute=59, second=59)


@dataclass(frozen=True)
class Half:
    """A round at some step, 王建国's result in it, and who acts."""

    round_id: int
    result_id: int
    area_id: int
    community_id: int
    wang: Actor
    coordinator: Actor
    second: Actor
    token: dict[str, str]
    admin: Actor


def half(app: Flask, state: str, *, people: int = 1) -> Half:
    with app.app_context():
        with transaction():
            cast = make.cast()
            record(cast.wang, cast.team)
            for number in range(people - 1):
                record(make.volunteer(f"志愿者{number}", team=cast.team), cast.team)
            row = round_at(state, cast)
            found = Half(
                row.id,
                0 if state == "open" else result(row, cast.wang).id,
                cast.town.id,
                cast.community.id,
                acting(cast.wang_account),
                acting(cast.coordinator),
                acting(cast.second),
                token_for(cast.coordinator),
                acting(cast.admin),
            )
        db.session.remove()
    return found


def publish(of: Half, by: Actor) -> Callable[[], Any]:
    return lambda: round_steps.publish_notice(of.round_id, by=by, at=JULY).state


def sign_off(of: Half) -> Callable[[], Any]:
    return lambda: ratings_sign_off.sign_off(of.round_id, by=of.second, at=AFTER_NOTICE).state


def close(of: Half, at: Any = AFTER_NOTICE) -> Callable[[], Any]:
    return lambda: round_steps.close_notice(of.round_id, by=of.coordinator, at=at).state


def object_to(of: Half, at: Any = JULY) -> Callable[[], Any]:
    return lambda: objections.object_to(of.result_id, "少算了", by=of.wang, at=at).id


def state_of(app: Flask, of: Half) -> str:
    with app.app_context(), transaction(write=False):
        return db.session.get_one(Round, of.round_id).state


def replays_equal(app: Flask, of: Half) -> bool:
    with app.app_context(), transaction(write=False):
        return replays.replay(db.session.get_one(Round, of.round_id)).equal


def test_a_notice_is_published_once(app: Flask) -> None:
    town = half(app, "draft")
    said = at_once([verb(app, publish(town, by)) for by in (town.coordinator, town.second)] * 2)
    assert sorted(said) == ["notice"] + ["round_moved_on"] * 3


def test_publishing_what_another_publishes(app: Flask) -> None:
    town = half(app, "draft")
    said = overlapped(app, publish(town, town.coordinator), publish(town, town.second))
    assert said == ("notice", "round_moved_on")
    with app.app_context(), transaction(write=False):
        noticed_by = db.session.get_one(Round, town.round_id).noticed_by_id
    assert noticed_by == town.coordinator.account_id


def test_drawing_back_what_is_being_published(app: Flask) -> None:
    town = half(app, "draft")

    def thaw() -> str:
        return round_steps.thaw(town.round_id, reason="漏了", by=town.second, at=JULY).state

    assert overlapped(app, publish(town, town.coordinator), thaw) == ("notice", "round_moved_on")
    assert replays_equal(app, town)


def test_a_round_is_signed_off_once_through_both_doors(app: Flask) -> None:
    town = half(app, "decided")
    page = app.test_client()
    sign_in(page, "qianwei")
    token = hidden(page, f"/ratings/{town.round_id}")

    def tap() -> bool:
        answer = page.post(f"/ratings/{town.round_id}/sign-off", data=token)
        return answer.status_code == 303

    said = at_once([tap, verb(app, sign_off(town)), verb(app, sign_off(town))])
    assert sum(each is True or each == "final" for each in said) == 1
    assert set(said) <= {True, False, "final", "round_moved_on"}
    assert state_of(app, town) == "final"
    assert replays_equal(app, town)


def test_an_objection_of_the_last_moment_holds_the_round_up(app: Flask) -> None:
    """It was raised in time, and is committed when the day is over."""
    town = half(app, "notice")
    said = overlapped(app, object_to(town, LAST_MOMENT), close(town))
    assert said[1] == "objections_open"
    assert state_of(app, town) == "notice"


def test_no_objection_slips_in_while_the_notice_is_closed(app: Flask) -> None:
    town = half(app, "notice")
    said = overlapped(app, close(town), object_to(town, LAST_MOMENT))
    assert said == ("decided", "not_in_notice")
    with app.app_context(), transaction(write=False):
        assert db.session.scalar(select(func.count(Objection.id))) == 0


def uphold(of: Half, objection_id: int, minutes: int) -> Callable[[], Any]:
    """The records hold so many minutes by then."""

    def work() -> str:
        served = db.session.scalars(select(ServiceRecord)).first()
        assert served is not None
        served.minutes = minutes
        return objections.decide_objection(
            objection_id, upheld=True, answer="已核对", by=of.coordinator, at=AFTER_NOTICE
        ).state

    return work


def test_an_objection_is_decided_once(app: Flask) -> None:
    town = half(app, "notice")
    objection_id = verb(app, object_to(town))()
    said = overlapped(app, uphold(town, objection_id, 1_200), uphold(town, objection_id, 2_400))
    assert said == ("upheld", "round_moved_on")
    with app.app_context(), transaction(write=False):
        assert db.session.get_one(RoundResult, town.result_id).stars == 2
    assert replays_equal(app, town)


def test_closing_while_an_objection_is_decided(app: Flask) -> None:
    town = half(app, "notice")
    objection_id = verb(app, object_to(town))()
    said = overlapped(app, uphold(town, objection_id, 1_200), close(town))
    # On PostgreSQL the one who closes sees the objection as it was: open.
    assert said[0] == "upheld"
    assert said[1] in ("decided", "objections_open")
    if said[1] == "objections_open":
        assert verb(app, close(town))() == "decided"
    assert verb(app, sign_off(town))() == "final"
    assert replays_equal(app, town)


def test_one_objection_about_a_star_at_a_time(app: Flask) -> None:
    town = half(app, "notice")
    said = overlapped(app, object_to(town), object_to(town))
    assert said[1] == "already_objected"


def test_a_town_and_its_community_are_not_rated_both(app: Flask) -> None:
    town = half(app, "open")

    def open_round(area_id: int, half_year: str = "2025H2") -> Callable[[], Any]:
        return lambda: (
            round_steps.open_round(area_id, half_year, by=town.coordinator, at=JULY).state
        )

    said = overlapped(app, open_round(town.area_id), open_round(town.community_id))
    assert said == ("open", "round_exists")
    with app.app_context(), transaction(write=False):
        assert db.session.scalar(select(func.count(Round.id)).filter_by(half_year="2025H2")) == 1


def test_a_supplement_is_numbered_once(app: Flask) -> None:
    town = half(app, "final")
    with app.app_context(), transaction(write=False):
        who = town.wang.volunteer_id or 0

    def supplement() -> int:
        row = supplements.supplement(
            town.round_id, [who], reason="补", by=town.coordinator, at=AFTER_NOTICE
        )
        return row.supplement

    assert overlapped(app, supplement, supplement) in ((1, "supplement_running"), (1, "conflict"))


def test_of_two_policies_put_in_force_at_once_one_is_told(app: Flask) -> None:
    town = half(app, "open")
    with app.app_context(), transaction():
        for minutes in (20, 25):
            policy_versions.propose_policy(
                {"late_minutes": minutes}, reason="试", by=town.admin, at=JULY, expected=1
            )

    def put(version: int) -> Callable[[], Any]:
        # The operator is everybody's second person.
        return lambda: policy_versions.activate_policy(version, by=Actor.system(), at=JULY).version

    assert overlapped(app, put(2), put(3)) == (2, "policy_outdated")
    with app.app_context(), transaction(write=False):
        assert policies.active().late_minutes == 20


# Certificates


def issue_round(of: Half) -> Callable[[], Any]:
    return lambda: issuing.issue_round(of.round_id, by=of.coordinator, at=AFTER_NOTICE)


def issue(of: Half) -> Callable[[], Any]:
    return lambda: issuing.issue(of.result_id, by=of.second, at=AFTER_NOTICE).issue


def papers(app: Flask) -> list[tuple[int | None, int]]:
    with app.app_context(), transaction(write=False):
        rows = db.session.scalars(select(Certificate).order_by(Certificate.number)).all()
        numbers = [row.number for row in rows]
        assert len(set(numbers)) == len(numbers)
        assert all(checks(number) for number in numbers)
        # Without gaps: the refused and the repeated ones used up no number.
        assert [int(number[5:12]) for number in numbers] == list(range(1, len(rows) + 1))
        return [(row.result_id, row.issue) for row in rows]


def test_a_round_s_certificates_are_issued_once(app: Flask) -> None:
    town = half(app, "final", people=4)
    url = f"/api/v1/rounds/{town.round_id}/certificates"

    def api(key: str) -> Callable[[], int]:
        headers = town.token | {"Idempotency-Key": key}
        return lambda: app.test_client().post(url, headers=headers).get_json()["issued"]

    said = at_once([verb(app, issue_round(town)), verb(app, issue_round(town)), api("a"), api("b")])
    assert sorted(said) == [0, 0, 0, 4]
    assert [issue for _result, issue in papers(app)] == [1] * 4


def test_issuing_while_another_issues(app: Flask) -> None:
    town = half(app, "final", people=3)
    assert overlapped(app, issue_round(town), issue_round(town)) == (3, 0)
    assert len(papers(app)) == 3


def test_one_star_s_certificate_while_the_round_s_are_issued(app: Flask) -> None:
    town = half(app, "final", people=3)
    assert overlapped(app, issue_round(town), issue(town)) == (3, 1)
    assert len(papers(app)) == 3


def test_the_round_s_while_one_star_s_certificate_is_issued(app: Flask) -> None:
    town = half(app, "final", people=3)
    assert overlapped(app, issue(town), issue_round(town)) == (1, 2)
    assert len(papers(app)) == 3


def test_one_replacement_follows_a_revocation(app: Flask) -> None:
    town = half(app, "final")

    def revoke() -> str:
        number = issuing.issue(town.result_id, by=town.second, at=AFTER_NOTICE).number
        revoking.revoke(number, reason="名字错", by=town.second, at=AFTER_NOTICE)
        return number

    number = verb(app, revoke)()

    def again() -> str:
        return revoking.revoke(number, reason="再撤", by=town.second, at=AFTER_NOTICE).number

    assert at_once([verb(app, again)] * 2) == ["conflict"] * 2
    assert overlapped(app, issue(town), issue(town)) == (2, 2)
    assert papers(app) == [(town.result_id, 1), (town.result_id, 2)]


def test_service_records_certified_at_once_share_no_number(app: Flask) -> None:
    town = half(app, "open")

    def certify() -> str:
        days = JULY.date() - timedelta(days=90), JULY.date()
        who = town.wang.volunteer_id or 0
        return service_record_papers.certify_service(
            who, *days, by=town.wang, at=AFTER_NOTICE
        ).number

    at_once([verb(app, certify)] * 4)
    assert len(papers(app)) == 4
