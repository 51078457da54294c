"""Rights at the verbs: one table of persons and acts.

``test_rights_matrix.py`` asks the same at the doors, of every route; here no page or API stands
before the verb, as for a command, a job or the next door.

A row is an act with two words of letters (``make_rights.PEOPLE``): who may, and who is told that
they may not. To everybody else the thing does not exist.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests import make
from tests.make_points import FRIDAY
from tests.make_ratings import AFTER_NOTICE, JULY
from tests.make_rights import PEOPLE, Scene
from volunteer_service.areas import desk_contacts, tree
from volunteer_service.attendance import closing, complaints
from volunteer_service.attendance.backfills import backfill
from volunteer_service.attendance.check_ins import check_in, rosters
from volunteer_service.attendance.records import disputes, record_decisions
from volunteer_service.certificates import issuing, register, revoking, service_record_papers
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.events import cancelling, event_lists, planning, sign_ups
from volunteer_service.people.authentication import (
    accounts,
    api_tokens,
    one_time_codes,
    phone_confirmation,
)
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.personal_data import personal_data, personal_data_export
from volunteer_service.people.registrations import consents, registration, registration_fields
from volunteer_service.people.search import people_lists as people_queries
from volunteer_service.scoring.points import adjustments, balances, reversals
from volunteer_service.scoring.ratings import (
    objection_lists,
    objections,
    policy_versions,
    round_steps,
    round_withdrawals,
    sign_off,
    supplements,
    working_day_corrections,
)
from volunteer_service.scoring.ratings import results as ratings_queries
from volunteer_service.scoring.rewards import desk_days, desk_search, gifts, orders
from volunteer_service.teams import founding, membership, role_grants, team_lists
from volunteer_service.workbooks import applying, approval, import_states
from volunteer_service.workbooks.taking_back import undoing

NOW = make.MORNING

Act = Callable[[Scene, Actor], Any]
Row = tuple[str, str, Act]


def _team_plan(s: Scene) -> founding.TeamPlan:
    return founding.TeamPlan("新队", s.cast.community.id, "居委会")


def _grid(s: Scene) -> int:
    return make.area("一网格", parent=s.cast.community, kind="grid").id


def _event_plan(s: Scene) -> planning.EventPlan:
    return planning.EventPlan(
        title="护学",
        content="护送",
        place="东门",
        starts_at=NOW + timedelta(days=1),
        ends_at=NOW + timedelta(days=1, hours=2),
    )


AREAS: dict[str, Row] = {
    "add an area": (
        "kcA",
        "da",
        lambda s, by: tree.add(s.cast.community.id, "grid", "网格", by=by, at=NOW),
    ),
    "add a sub-district": (
        "A",
        "",
        lambda s, by: tree.add(None, "subdistrict", "东", by=by, at=NOW),
    ),
    "rename an area": (
        "kcA",
        "da",
        lambda s, by: tree.rename(s.cast.community.id, "新名", reason="区划", by=by, at=NOW),
    ),
    "move an area": (
        "cA",
        "da",
        lambda s, by: tree.move(_grid(s), s.cast.elsewhere.id, reason="区划", by=by, at=NOW),
    ),
    "close an area": (
        "kcA",
        "da",
        lambda s, by: tree.close(_grid(s), reason="撤销", by=by, at=NOW),
    ),
    "say where the desk is": (
        "kcdA",
        "a",
        lambda s, by: desk_contacts.set_contact(
            s.cast.community.id, desk_contacts.Contact(phone="5221234"), by=by, at=NOW
        ),
    ),
}

PERSONS: dict[str, Row] = {
    "register somebody": (
        "kcA",
        "da",
        lambda s, by: registration.register(
            registration_fields.RegisterIn("新人", None, True, area_id=s.cast.community.id),
            by=by,
            at=NOW,
        ),
    ),
    "see a person": ("wkcaA", "d", lambda s, by: people_queries.volunteer(s.cast.wang.id, by=by)),
    "see a phone": (
        "wkcA",
        "da",
        lambda s, by: personal_data.reveal(s.cast.wang.id, "phone", "核对", by=by, at=NOW),
    ),
    "see who looked": ("wkcA", "da", lambda s, by: personal_data.looks_at(s.cast.wang.id, by=by)),
    "see the consents": ("wkcA", "da", lambda s, by: consents.consents_of(s.cast.wang.id, by=by)),
    "take all that is held": (
        "wkcA",
        "da",
        lambda s, by: personal_data_export.export_of(s.cast.wang.id, "本人申请", by=by, at=NOW),
    ),
    "give a consent": (
        "wkcA",
        "da",
        lambda s, by: consents.give_consent(s.cast.wang.id, "publish", by=by, at=NOW),
    ),
    "withdraw a consent": (
        "wkcA",
        "da",
        lambda s, by: consents.withdraw_consent(s.cast.wang.id, "register", by=by, at=NOW),
    ),
    "disown": ("wkcA", "da", lambda s, by: registration.disown(s.cast.wang.id, by=by, at=NOW)),
    "confirm a phone": (
        "kcA",
        "da",
        lambda s, by: phone_confirmation.confirm_phone(s.cast.wang.id, by=by, at=NOW),
    ),
    "lift a block": (
        "kcA",
        "da",
        lambda s, by: sign_ups.lift_block(s.blocked, "病了", by=by, at=NOW),
    ),
    "hand out a code": (
        "kcA",
        "da",
        lambda s, by: one_time_codes.issue_code_to(s.cast.wang.id, by=by, at=NOW),
    ),
    "set a password that one knows": (
        "",
        "A",
        lambda s, by: accounts.set_password(
            s.cast.wang_account.id, "a new long one", by=by, at=NOW
        ),
    ),
    "disable an account": (
        "A",
        "",
        lambda s, by: accounts.disable(s.cast.wang_account.id, by=by, at=NOW),
    ),
    "sign out everywhere": (
        "w",
        "A",
        lambda s, by: accounts.sign_out_everywhere(s.cast.wang_account.id, by=by, at=NOW),
    ),
    "make a token of one's own": (
        "zmwlokcedDaA",
        "",
        lambda s, by: api_tokens.make_token("t", ("read", "write"), 9, by=by, at=NOW),
    ),
    "revoke a token": ("w", "", lambda s, by: api_tokens.revoke_token(s.token, by=by, at=NOW)),
}

TEAMS: dict[str, Row] = {
    "found a team": ("kcA", "da", lambda s, by: founding.create(_team_plan(s), by=by, at=NOW)),
    "edit a team": (
        "kcA",
        "lda",
        lambda s, by: founding.edit(s.cast.team.id, _team_plan(s), version=1, by=by, at=NOW),
    ),
    "see the roster": ("lkcA", "da", lambda s, by: team_lists.roster(s.cast.team.id, by=by)),
    "accept who asked": ("lkcA", "da", lambda s, by: membership.accept(s.asked, by=by, at=NOW)),
    "refuse who asked": ("lkcA", "da", lambda s, by: membership.refuse(s.asked, by=by, at=NOW)),
    "name a leader": (
        "kcA",
        "lda",
        lambda s, by: role_grants.grant(
            s.actors["m"].account_id, "leader", team_id=s.cast.team.id, by=by, at=NOW
        ),
    ),
    "name a desk": (
        "A",
        "kcda",
        lambda s, by: role_grants.grant(
            s.cast.zhao_account.id, "desk", area_id=s.cast.community.id, by=by, at=NOW
        ),
    ),
    "name an admin": (
        "A",
        "cda",
        lambda s, by: role_grants.grant(
            s.cast.zhao_account.id, "admin", area_id=s.cast.town.id, by=by, at=NOW
        ),
    ),
    "take a leader's role": (
        "kcA",
        "lda",
        lambda s, by: role_grants.revoke_grant(s.leads, by=by, at=NOW),
    ),
}

EVENTS: dict[str, Row] = {
    "make a draft": (
        "lkcA",
        "da",
        lambda s, by: planning.create(_event_plan(s), team_id=s.cast.team.id, by=by, at=NOW),
    ),
    "see a draft": ("lkcA", "", lambda s, by: event_lists.board(s.draft.id, by)),
    "see an event": ("zmwlokcedDaA", "", lambda s, by: event_lists.board(s.coming.id, by)),
    "edit": (
        "lkcA",
        "da",
        lambda s, by: planning.edit(s.coming.id, _event_plan(s), version=1, by=by, at=NOW),
    ),
    "add a post": (
        "lkcA",
        "da",
        lambda s, by: planning.add_post(s.draft.id, name="登记", by=by, at=NOW),
    ),
    "add a shift": (
        "lkcA",
        "da",
        lambda s, by: planning.add_shift(
            s.draft.id,
            post_id=s.draft.posts[0].id,
            starts_at=s.draft.starts_at,
            ends_at=s.draft.ends_at,
            capacity=3,
            by=by,
            at=NOW,
        ),
    ),
    "publish": ("lkcA", "da", lambda s, by: planning.publish(s.draft.id, by=by, at=NOW)),
    "call off": (
        "lkcA",
        "da",
        lambda s, by: cancelling.cancel(s.coming.id, reason="雨", by=by, at=NOW),
    ),
    "sign somebody up": (
        "mlkcA",
        "da",
        lambda s, by: sign_ups.sign_up(
            s.coming.shifts[0].id, volunteer_id=s.actors["m"].volunteer_id, by=by, at=NOW
        ),
    ),
    "withdraw a sign-up": (
        "wlkcA",
        "da",
        lambda s, by: sign_ups.withdraw(s.sign_up, by=by, at=NOW),
    ),
    "see who signed up": ("lkcA", "da", lambda s, by: event_lists.roster(s.coming.id, by=by)),
}

ATTENDANCE: dict[str, Row] = {
    "tick": (
        "lkcA",
        "da",
        lambda s, by: check_in.tick(
            s.running.id,
            volunteer_id=s.cast.wang.id,
            kind="in",
            scan_id="tick-of-the-rights",
            by=by,
            at=NOW,
        ),
    ),
    "see who came": ("lkcA", "da", lambda s, by: rosters.roster(s.ended.id, by=by)),
    "close": ("lkcA", "da", lambda s, by: closing.close(s.ended.id, by=by, at=NOW)),
    "see a record": ("wlkcaA", "d", lambda s, by: rosters.explain(s.confirmed, by=by)),
    "confirm": ("lkcA", "da", lambda s, by: record_decisions.confirm([s.waiting], by=by, at=NOW)),
    "set an end": (
        "lkcA",
        "da",
        lambda s, by: record_decisions.set_end(
            s.without_an_end,
            ends_at=NOW - timedelta(days=2) + timedelta(hours=2),
            scan_id="end-of-the-rights",
            by=by,
            at=NOW,
        ),
    ),
    "decide above the cap": (
        "kcA",
        "lda",
        lambda s, by: record_decisions.decide_waiting(
            s.above_the_cap, minutes=60, reason="核对", by=by, at=NOW
        ),
    ),
    "refuse a record": (
        "lkcA",
        "da",
        lambda s, by: record_decisions.refuse(s.waiting, reason="未到", by=by, at=NOW),
    ),
    "evaluate": (
        "lkcA",
        "da",
        lambda s, by: record_decisions.evaluate(s.confirmed, score=5, by=by, at=NOW),
    ),
    "backfill": ("lkcA", "da", lambda s, by: backfill.backfill(s.backfill, by=by, at=NOW)),
    "approve a backfill": (
        "kcA",
        "lda",
        lambda s, by: backfill.approve_backfill(s.backfilled, by=by, at=NOW),
    ),
    "dispute": ("w", "", lambda s, by: disputes.dispute(s.confirmed, words="少", by=by, at=NOW)),
    "decide a dispute": (
        "kcA",
        "lda",
        lambda s, by: disputes.decide_dispute(
            s.dispute, upheld=True, answer="核对", minutes=60, by=by, at=NOW
        ),
    ),
    "write down a complaint": (
        "kcA",
        "da",
        lambda s, by: complaints.complain(
            s.cast.wang.id, happened_on=date(2026, 5, 1), words="迟到", by=by, at=NOW
        ),
    ),
    "see complaints": ("wkcaA", "d", lambda s, by: complaints.complaints_of(s.cast.wang.id, by=by)),
    "reply to a complaint": (
        "w",
        "",
        lambda s, by: complaints.reply(s.complaint, words="堵车", by=by, at=NOW),
    ),
    "decide a complaint": (
        "kcA",
        "da",
        lambda s, by: complaints.decide_complaint(s.complaint, upheld=False, by=by, at=NOW),
    ),
}

POINTS: dict[str, Row] = {
    "see points": ("wkcaA", "d", lambda s, by: balances.need_sight(s.cast.wang.id, by=by)),
    "adjust": (
        "kcA",
        "da",
        lambda s, by: adjustments.adjust(s.cast.wang.id, 100, "补", by=by, at=NOW),
    ),
    "decide an adjustment": (
        "kcA",
        "da",
        lambda s, by: adjustments.decide_adjustment(s.adjustment, approve=True, by=by, at=NOW),
    ),
    "see what taking back does": (
        "kcA",
        "da",
        lambda s, by: reversals.effect_of(s.earning, by=by, at=NOW),
    ),
    "take an earning back": (
        "kcA",
        "da",
        lambda s, by: reversals.reverse(s.small_earning, "错", by=by, at=NOW),
    ),
}

REWARDS: dict[str, Row] = {
    "offer a gift": (
        "cdA",
        "a",
        lambda s, by: gifts.add_gift(s.cast.town.id, "毛巾", price_centi=100, by=by, at=FRIDAY),
    ),
    "offer a gift of the community": (
        "kcdA",
        "a",
        lambda s, by: gifts.add_gift(
            s.cast.community.id, "毛巾", price_centi=100, by=by, at=FRIDAY
        ),
    ),
    "edit a gift": (
        "cdA",
        "a",
        lambda s, by: gifts.edit_gift(
            s.gift,
            1,
            name="保温杯",
            price_centi=100,
            minimum_stars=0,
            state="withdrawn",
            by=by,
            at=FRIDAY,
        ),
    ),
    "receive": ("cdA", "a", lambda s, by: gifts.receive(s.gift, 1, by=by, at=FRIDAY)),
    "order for somebody": (
        "wdA",
        "ca",
        lambda s, by: orders.order(s.gift, 1, s.cast.wang.id, stars=0, by=by, at=FRIDAY),
    ),
    "see an order": ("wcdA", "", lambda s, by: orders.of(s.order, by=by)),
    "cancel an order": ("wcdA", "", lambda s, by: orders.cancel(s.order, by=by, at=FRIDAY)),
    "hand over": ("dA", "ca", lambda s, by: orders.hand_over(s.order, by=by, at=FRIDAY)),
    "undo a hand-over": (
        "cdA",
        "a",
        lambda s, by: orders.return_same_day(s.handed_over, "错", by=by, at=FRIDAY),
    ),
    "look somebody up at the desk": (
        "dA",
        "kca",
        lambda s, by: desk_search.need_customer(s.cast.wang, by=by),
    ),
    "see the desk's day": (
        "cdA",
        "a",
        lambda s, by: desk_days.day_of(s.cast.town.id, by=by, at=FRIDAY),
    ),
    "close the desk's day": (
        "dA",
        "ca",
        lambda s, by: desk_days.close_day(s.cast.town.id, {s.gift: 10}, by=by, at=FRIDAY),
    ),
}

RATINGS: dict[str, Row] = {
    "open a round": (
        "kcA",
        "da",
        lambda s, by: round_steps.open_round(s.cast.community.id, "2022H1", by=by, at=JULY),
    ),
    "freeze": ("kcA", "da", lambda s, by: round_steps.freeze(s.open.id, by=by, at=JULY)),
    "thaw": (
        "kcA",
        "da",
        lambda s, by: round_steps.thaw(s.drafted.id, reason="漏", by=by, at=JULY),
    ),
    "publish the notice": (
        "kcA",
        "da",
        lambda s, by: round_steps.publish_notice(s.drafted.id, by=by, at=JULY),
    ),
    "close the notice": (
        "kcA",
        "da",
        lambda s, by: round_steps.close_notice(s.noticed.id, by=by, at=AFTER_NOTICE),
    ),
    "sign off": ("kcA", "da", lambda s, by: sign_off.sign_off(s.over.id, by=by, at=AFTER_NOTICE)),
    "supplement": (
        "kcA",
        "da",
        lambda s, by: supplements.supplement(
            s.final.id, [s.cast.wang.id], reason="补", by=by, at=AFTER_NOTICE
        ),
    ),
    "see a round": ("kcaA", "d", lambda s, by: ratings_queries.round_of(s.drafted.id, by)),
    "object to a star": (
        "wkcA",
        "da",
        lambda s, by: objections.object_to(s.result(s.noticed), "少", by=by, at=JULY),
    ),
    "see an objection": ("kcA", "da", lambda s, by: objection_lists.objection(s.objection, by)),
    "decide an objection": (
        "kcA",
        "da",
        lambda s, by: objections.decide_objection(
            s.objection, upheld=False, answer="核对", by=by, at=JULY
        ),
    ),
    "withdraw a round": (
        "kcA",
        "da",
        lambda s, by: round_withdrawals.withdraw_round(s.drafted.id, reason="错", by=by, at=JULY),
    ),
    "correct the calendar": (
        "A",
        "zmwlokcedDa",
        lambda s, by: working_day_corrections.correct_day(
            date(2026, 7, 2), working=False, reason="台风", by=by, at=JULY
        ),
    ),
    "change the policy": (
        "A",
        "zmwlokcedDa",
        lambda s, by: policy_versions.propose_policy(
            {"late_minutes": 20}, reason="试", by=by, at=JULY
        ),
    ),
}

CERTIFICATES: dict[str, Row] = {
    "issue one": (
        "kcA",
        "da",
        lambda s, by: issuing.issue(s.result(s.final), by=by, at=AFTER_NOTICE),
    ),
    "issue a round's": (
        "kcA",
        "da",
        lambda s, by: issuing.issue_round(s.final.id, by=by, at=AFTER_NOTICE),
    ),
    "read one": ("wkcaA", "d", lambda s, by: register.readable(s.certificate, by)),
    "revoke one": (
        "kcA",
        "da",
        lambda s, by: revoking.revoke(s.certificate, reason="错", by=by, at=AFTER_NOTICE),
    ),
    "certify service": (
        "wkcA",
        "da",
        lambda s, by: (
            s.confirmed
            and service_record_papers.certify_service(
                s.cast.wang.id, date(2026, 1, 1), date(2026, 6, 30), by=by, at=JULY
            )
        ),
    ),
}

IMPORTS: dict[str, Row] = {
    "see an import": ("cA", "da", lambda s, by: import_states.standing(s.previewed, by=by, at=NOW)),
    "apply an import": ("cA", "da", lambda s, by: applying.begin(s.previewed, by=by, at=NOW)),
    "ask for an import": (
        "c",
        "daA",
        lambda s, by: approval.ask(s.previewed, by=by, at=NOW),
    ),
    "withdraw it": (
        "c",
        "daA",
        lambda s, by: approval.withdraw(s.asked_by_her, by=by, at=NOW),
    ),
    "approve it": ("cA", "da", lambda s, by: applying.approve(s.asked_by_another, by=by, at=NOW)),
    "refuse it": (
        "cA",
        "da",
        lambda s, by: approval.refuse(s.asked_by_another, "错", by=by, at=NOW),
    ),
    "discard an import": ("cA", "da", lambda s, by: undoing.discard(s.previewed, by=by, at=NOW)),
    "undo an import": ("cA", "da", lambda s, by: undoing.undo(s.applied, by=by, at=NOW)),
}

#: The acts of a slice, and what of the scene they are about.
SLICES: dict[str, tuple[dict[str, Row], str]] = {
    "areas": (AREAS, ""),
    "people": (PERSONS, "token"),
    "teams": (TEAMS, "asked leads"),
    "events": (EVENTS, "draft coming sign_up"),
    "attendance": (
        ATTENDANCE,
        "running ended confirmed waiting without_an_end above_the_cap backfilled dispute complaint",
    ),
    "points": (POINTS, "adjustment earning small_earning"),
    "rewards": (REWARDS, "gift order handed_over"),
    "ratings": (RATINGS, "open drafted noticed over final objection"),
    "certificates": (CERTIFICATES, "confirmed final certificate"),
    "imports": (IMPORTS, "previewed asked_by_her asked_by_another applied"),
}


def _told(scene: Scene, act: Act, by: Actor) -> str:
    point = make.db.session.begin_nested()
    try:
        act(scene, by)
        make.db.session.flush()
    except NotFound:
        return "not found"
    except NotAllowed:
        return "not allowed"
    else:
        return "done"
    finally:
        point.rollback()
        make.db.session.expire_all()


@pytest.mark.parametrize("slice_", SLICES)
def test_who_may(session: None, slice_: str) -> None:
    acts, things = SLICES[slice_]
    scene = Scene(make.cast())
    # Made before anybody lays hands on them: what they do is taken back.
    made = [getattr(scene, name) for name in ("actors", *things.split())]
    assert all(made)
    expected, found = {}, {}
    for name, (may, told, act) in acts.items():
        said = {letter: _told(scene, act, scene.actors[letter]) for letter in PEOPLE}
        found[name] = tuple(
            "".join(letter for letter, word in said.items() if word == outcome)
            for outcome in ("done", "not allowed")
        )
        expected[name] = (may, told)
    assert found == expected
