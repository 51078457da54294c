"""Every verb that changes something is tried on the actor's own case, or is listed with a reason.

Found by looking into the packages: a new verb that is neither tried here nor listed fails.
"""

import inspect
from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest

from tests import make, make_points, verbs
from tests.make import MORNING, Cast
from tests.make_points import FRIDAY
from tests.own_matters import DAY, SYSTEM, Me
from volunteer_service.attendance import complaints
from volunteer_service.attendance.anomalies import deciding
from volunteer_service.attendance.anomalies.anomaly_models import Anomaly
from volunteer_service.attendance.backfills import backfill as attendance_backfill
from volunteer_service.attendance.backfills import backfill_sheets
from volunteer_service.attendance.check_ins import check_in, check_in_undo, check_out_undo, walk_ins
from volunteer_service.attendance.records import corrections, disputes, record_decisions
from volunteer_service.db import db
from volunteer_service.events import no_shows, place_offers, sign_ups
from volunteer_service.merging import steps, undoing
from volunteer_service.people.authentication import one_time_codes, phone_confirmation, watchers
from volunteer_service.people.authorization import conflicts, household_declarations
from volunteer_service.people.authorization.conflicts import OwnCase, SecondPersonNeeded
from volunteer_service.people.changes import person_changes, phone_passing
from volunteer_service.people.registrations import departures, registration_checks, reinstating
from volunteer_service.scoring.points import adjustments, bulk_reversals, reversals
from volunteer_service.scoring.rewards import gifts, orders
from volunteer_service.scoring.rewards.refusals import OwnGift
from volunteer_service.teams import leading, membership, placing, role_grants


@pytest.fixture
def cast(session: None) -> Cast:
    return make.cast()


def _refuse_undo(me: Me) -> object:
    row = me.merged()
    row.decided_at = row.undo_asked_at = MORNING
    return undoing.refuse_undo(row.id, answer="是一个人", by=me.by, at=MORNING)


def _edit(me: Me) -> object:
    return gifts.edit_gift(
        me.gift(),
        1,
        name="保温杯",
        price_centi=1,
        minimum_stars=0,
        state="offered",
        by=me.by,
        at=FRIDAY,
    )


def _decide_adjustment(me: Me) -> object:
    asked = adjustments.adjust(me.person.id, 90_000, "补", by=SYSTEM, at=MORNING)
    return adjustments.decide_adjustment(asked.id, approve=True, by=me.by, at=MORNING)


def _decide_correction(me: Me) -> object:
    row = corrections.correct(
        me.record(minutes=240).id, minutes=0, reason="没来", by=SYSTEM, at=MORNING
    )
    return corrections.decide_correction(row.id, approve=True, by=me.by, at=MORNING)


def _decide_anomaly(me: Me) -> object:
    record = me.record()
    who = {"team_id": record.team_id, "volunteer_id": record.volunteer_id}
    row = Anomaly(kind="week_hours", key="1", happened_on=MORNING.date(), found_at=MORNING, **who)
    db.session.add(row)
    db.session.flush()
    return deciding.decide_anomaly(row.id, accept=True, reason="是", by=me.by, at=MORNING)


def _decide_dispute(me: Me) -> object:
    row = disputes.dispute(me.record().id, words="少", by=me.own, at=MORNING)
    return disputes.decide_dispute(
        row.id, upheld=True, answer="是", minutes=60, by=me.by, at=MORNING
    )


def _pass_phone_on(me: Me) -> object:
    me.cast.wang.phone_key = me.person.phone_key
    return phone_passing.pass_phone_on(me.person.id, reason="换了机主", by=me.by, at=MORNING)


def _set_end(me: Me) -> object:
    record_id, ends_at = me.waiting("end"), MORNING + timedelta(hours=1)
    return record_decisions.set_end(
        record_id, ends_at=ends_at, scan_id=uuid4().hex, by=me.by, at=MORNING
    )


#: What the person whose matter it is tries, with every right there is.
ASKS: dict[str, Callable[[Me], object]] = {
    "attendance.approve_backfill": lambda me: attendance_backfill.approve_backfill(
        me.waiting("second"), by=me.by, at=MORNING
    ),
    "attendance.backfill": lambda me: attendance_backfill.backfill(
        me.backfill(), by=me.by, at=MORNING
    ),
    "attendance.confirm": lambda me: record_decisions.confirm(
        [me.waiting("leader")], by=me.by, at=MORNING
    ),
    "attendance.approve_sheet": lambda me: backfill_sheets.approve_sheet(
        me.sheet(), by=me.by, at=MORNING
    ),
    "attendance.enter_sheet": lambda me: me.entered(me.by),
    "attendance.complain": lambda me: complaints.complain(
        me.person.id, happened_on=MORNING.date(), words="迟到", by=me.by, at=MORNING
    ),
    "attendance.decide_complaint": lambda me: complaints.decide_complaint(
        me.complaint(), upheld=True, by=me.by, at=MORNING
    ),
    "attendance.note_reply": lambda me: complaints.note_reply(
        me.complaint(), words="没有迟到", by=me.by, at=MORNING
    ),
    "attendance.told_in_person": lambda me: complaints.told_in_person(
        me.complaint(), by=me.by, at=MORNING
    ),
    "attendance.correct": lambda me: corrections.correct(
        me.record().id, minutes=60, reason="错", by=me.by, at=MORNING
    ),
    "attendance.correct_times": lambda me: corrections.correct_times(
        me.record().id,
        starts_at=MORNING,
        ends_at=MORNING + DAY / 24,
        reason="错",
        by=me.by,
        at=MORNING + DAY,
    ),
    "attendance.decide_correction": _decide_correction,
    "attendance.decide_anomaly": _decide_anomaly,
    "attendance.decide_dispute": _decide_dispute,
    "attendance.decide_waiting": lambda me: record_decisions.decide_waiting(
        me.waiting("coordinator"), minutes=9, reason="核", by=me.by, at=MORNING
    ),
    "attendance.evaluate": lambda me: record_decisions.evaluate(
        me.record().id, score=5, by=me.by, at=MORNING
    ),
    "attendance.move": lambda me: walk_ins.move(
        me.event(), volunteer_id=me.person.id, shift_id=1, by=me.by, at=MORNING
    ),
    "attendance.refuse": lambda me: record_decisions.refuse(
        me.waiting("leader"), reason="未到", by=me.by, at=MORNING
    ),
    "attendance.set_end": _set_end,
    "attendance.take_back_check_out": lambda me: check_out_undo.take_back_check_out(
        me.event(), volunteer_id=me.person.id, by=me.by, at=MORNING
    ),
    "attendance.take_back_check_in": lambda me: check_in_undo.take_back_check_in(
        me.event(), volunteer_id=me.person.id, by=me.by, at=MORNING
    ),
    "attendance.tick": lambda me: check_in.tick(
        me.event(),
        volunteer_id=me.person.id,
        kind="in",
        scan_id=uuid4().hex,
        by=me.by,
        at=MORNING,
    ),
    "events.give": lambda me: place_offers.give(me.held(state="waiting").id, by=me.by, at=MORNING),
    "events.arrange_swap": lambda me: me.swapped(),
    "events.give_away": lambda me: sign_ups.give_away(me.held().id, by=me.by, at=MORNING),
    "events.take_back_no_show": lambda me: no_shows.take_back_no_show(
        me.held(state="no_show").id, reason="病了", by=me.by, at=MORNING
    ),
    "events.lift_block": lambda me: sign_ups.lift_block(me.person.id, "病了", by=me.by, at=MORNING),
    "people.answer_check": lambda me: registration_checks.answer_check(
        me.check(), by=me.by, at=MORNING
    ),
    "merging.merge": lambda me: steps.merge(
        me.cast.wang.id, me.person.id, reason="登记了两次", by=me.by, at=MORNING
    ),
    "merging.decide_merging": lambda me: steps.decide_merging(
        me.merging().id, approve=True, by=me.by, at=MORNING
    ),
    "merging.undo_merging": lambda me: undoing.undo_merging(
        me.merged().id, reason="是两个人", by=me.by, at=MORNING
    ),
    "merging.ask_undo": lambda me: undoing.ask_undo(
        me.merged().id, reason="是两个人", by=me.by, at=MORNING
    ),
    "merging.refuse_undo": _refuse_undo,
    "people.mark_departed": lambda me: departures.mark_departed(
        me.person.id, "moved", date(2026, 5, 1), reason="家属来说", by=me.by, at=MORNING
    ),
    "people.take_back_departure": lambda me: departures.take_back_departure(
        me.person.id, reason="标错了", by=me.by, at=MORNING
    ),
    "people.reinstate": lambda me: reinstating.reinstate(
        me.person.id, reason="又来参加了", by=me.by, at=MORNING
    ),
    "people.change_person": lambda me: person_changes.change_person(
        me.person.id, me.edit(), by=me.by, at=MORNING
    ),
    "people.decide_change": lambda me: person_changes.decide_change(
        person_changes.change_person(me.person.id, me.edit(), by=SYSTEM, at=MORNING).id,
        approve=True,
        by=me.by,
        at=MORNING,
    ),
    "people.pass_phone_on": _pass_phone_on,
    "people.confirm_phone": lambda me: phone_confirmation.confirm_phone(
        me.person.id, by=me.by, at=MORNING
    ),
    "people.issue_code": lambda me: one_time_codes.issue_code(me.account.id, by=me.by, at=MORNING),
    "people.issue_code_to": lambda me: one_time_codes.issue_code_to(
        me.person.id, by=me.by, at=MORNING
    ),
    "people.ask_second_admin": lambda me: watchers.ask_second_admin(
        me.account.id, "disable", reason="核查", by=me.by, at=MORNING
    ),
    "people.end_household": lambda me: household_declarations.end_household(
        me.tie(), by=me.by, at=MORNING
    ),
    "people.household_never_so": lambda me: household_declarations.household_never_so(
        me.tie(), reason="查过", by=me.by, at=MORNING
    ),
    "scoring.points.adjust": lambda me: adjustments.adjust(
        me.person.id, 100, "补", by=me.by, at=MORNING
    ),
    "scoring.points.decide_adjustment": _decide_adjustment,
    "scoring.points.reverse": lambda me: reversals.reverse(
        me.earning(), "错", by=me.by, at=MORNING
    ),
    "scoring.points.reverse_many": lambda me: bulk_reversals.reverse_many(
        "record", me.undone(), reason="撤销", by=me.by, at=MORNING
    ),
    "scoring.rewards.count": lambda me: gifts.count(me.gift(), 3, "盘点", by=me.by, at=FRIDAY),
    "scoring.rewards.edit_gift": _edit,
    "scoring.rewards.hand_over": lambda me: orders.hand_over(me.order().id, by=me.by, at=FRIDAY),
    "scoring.rewards.move_stock": lambda me: gifts.move_stock(
        me.gift(), "receive", 1, None, by=me.by, at=FRIDAY
    ),
    "scoring.rewards.order_at_counter": lambda me: orders.order_at_counter(
        make_points.gift(me.cast).id, 1, me.person.id, stars=0, by=me.by, at=FRIDAY
    ),
    "scoring.rewards.receive": lambda me: gifts.receive(me.gift(), 1, by=me.by, at=FRIDAY),
    "scoring.rewards.return_same_day": lambda me: orders.return_same_day(
        me.order(handed_over=True).id, "错", by=me.by, at=FRIDAY
    ),
    "scoring.rewards.write_off": lambda me: gifts.write_off(
        me.gift(), 1, "破", by=me.by, at=FRIDAY
    ),
    "teams.accept": lambda me: membership.accept(
        membership.join(me.cast.other_team.id, by=me.own, at=MORNING).id, by=me.by, at=MORNING
    ),
    "teams.grant": lambda me: role_grants.grant(
        me.account.id, "auditor", area_id=me.cast.town.id, by=me.by, at=MORNING
    ),
    "teams.end_place": lambda me: placing.end_place(me.place(), by=me.by, at=MORNING),
    "teams.move": lambda me: placing.move(me.place(), me.cast.other_team.id, by=me.by, at=MORNING),
    "teams.name_lead": lambda me: leading.name_lead(me.place(), "leader", by=me.by, at=MORNING),
    "teams.place": lambda me: placing.place(
        me.cast.other_team.id, [me.person.id], by=me.by, at=MORNING
    ),
    "teams.refuse": lambda me: membership.refuse(
        membership.join(me.cast.other_team.id, by=me.own, at=MORNING).id, by=me.by, at=MORNING
    ),
}

_OWN = "what one does for oneself; others cannot"
_KEYS = "the operator's, about keys of papers and nobody's paper"
_PLACE = "about a place, a team or an event, not about a person"
_READS = "reads"
_ROUND = "about a whole round: what is asked of rows of one's own, tests/scoring/ratings asks"
_GUARD = "a guard, or a part of a verb that has asked"
_IMPORT = "about a whole import: what concerns the importer, tests/workbooks asks"
_LETTER = "whether a copy of a message leaves; the message is on its reader's page"
_CARD = "a card decides nothing: somebody else scans it, and never the own one"
#: Verbs that decide nothing about the person who acts, and why.
LISTED: dict[str, str] = {
    "merging.standing": _READS,
    "people.answer": _GUARD,
    "people.ask": _GUARD,
    "people.decided": _GUARD,
    "merging.withdraw_undo": "takes back what the actor asked for",
    "areas.add": _PLACE,
    "areas.close": _PLACE,
    "areas.move": _PLACE,
    "areas.rename": _PLACE,
    "areas.reopen": _PLACE,
    "areas.set_contact": _PLACE,
    "workbooks.set_step_aside": _PLACE,
    "attendance.close": "records follow from scans by the rule and wait for somebody else",
    "attendance.close_due": "the service itself",
    "attendance.count_again": _GUARD,
    "attendance.count_once": _GUARD,
    "attendance.dispute": _OWN,
    "attendance.found": _READS,
    "attendance.show": _READS,
    "attendance.roster_page": _READS,
    "attendance.print_sheets": "names who is expected; nobody comes or goes by it",
    "attendance.scan_at_gate": "scan_card and tick ask, and are tried",
    "attendance.scan_kept": "a batch of scan_at_gate",
    "attendance.enter_roster_sheet": "each line is a tick, which asks and is tried",
    "attendance.tick_lines": "each line is a tick, which asks and is tried",
    "attendance.say": _READS,
    "people.key_of": _READS,
    "scoring.rewards.load": _READS,
    "people.end_card": _CARD,
    "people.make_cards": _CARD,
    "people.print_one": _CARD,
    "teams.print_cards": _CARD,
    "teams.set_robot": "where a team is told what waits; it decides about nobody",
    "teams.remove_robot": "where a team is told what waits; it decides about nobody",
    "attendance.judged": _READS,
    "attendance.add": "proof for others to look at; of whom one entered, never oneself",
    "attendance.keep_aside": "pages of one's own form; nothing is decided",
    "attendance.looked_at": _READS,
    "teams.judged": _READS,
    "teams.keep_looks": _READS,
    "attendance.not_me": _OWN,
    "people.choose": _OWN,
    "people.come_back": _OWN,
    "people.set_email": _OWN,
    "people.give_up": _LETTER,
    "people.resume_door": _LETTER,
    "people.try_again": _LETTER,
    "people.leave": _OWN,
    "people.record": _GUARD,
    "attendance.state_end": _OWN,
    "attendance.claim": _OWN,
    "attendance.add_claim_photos": _OWN,
    "attendance.take_back_claim": _OWN,
    "attendance.to_claim": _READS,
    "events.came_after_all": _GUARD,
    "attendance.offer": _READS,
    "attendance.picture": _READS,
    "attendance.reopen": "records are made anew by the same rule and wait for somebody else; a"
    " block of one's own stays: test_blocks.test_nor_by_reopening_what_they_did_not_come_to",
    "attendance.reply": _OWN,
    "attendance.scan": _OWN,
    "attendance.stay": _OWN,
    "attendance.take_in": "a registration earns nothing until others confirm service",
    "attendance.take_out": "takes a page of proof away that one added, before anybody decides",
    "attendance.why_not": _READS,
    "attendance.why_not_approved": _READS,
    "attendance.why_not_decide": _READS,
    "certificates.certify_service": "states confirmed records; what they say others confirmed",
    "certificates.issue": "states the star of a final round, which others signed off",
    "certificates.supersede": "follows a signature, which asks whose rows it touches",
    "certificates.issue_round": "states the stars of a final round, which others signed off",
    "certificates.adopt_hmac": _KEYS,
    "certificates.revoke_key": _KEYS,
    "certificates.rotate": _KEYS,
    "certificates.print_paper": "notes that a paper was printed, which its owner may print anyway",
    "certificates.revoke": "takes a paper away and gives nothing",
    "events.add_post": _PLACE,
    "events.add_shift": _PLACE,
    "events.add_shift_at": _PLACE,
    "events.add_term": _PLACE,
    "events.bring_back": _PLACE,
    "events.cancel": _PLACE,
    "events.cancel_series": _PLACE,
    "events.carry_over": _PLACE,
    "events.copy": _PLACE,
    "events.change_shift": _GUARD,
    "events.create": _PLACE,
    "events.edit": _PLACE,
    "events.edit_shift": _PLACE,
    "events.end_feed": "an address of one's own calendar, or of a team's",
    "events.foresee": _READS,
    "events.hand_over": _PLACE,
    "events.share": _PLACE,
    "events.undo_carry_over": _PLACE,
    "events.change_serves": _PLACE,
    "events.add_photos": _PLACE,
    "attendance.claim_photo": _READS,
    "events.take_photo_down": "whom a photo shows takes it down themself",
    "events.stop_sharing": _PLACE,
    "events.hold_again": _GUARD,
    "events.mark_no_shows": _GUARD,
    "events.need_known": _GUARD,
    "events.place": _GUARD,
    "events.new_feed": "an address of one's own calendar, or of a team's",
    "events.promote": _GUARD,
    "events.accept": _OWN,
    "events.agree_to_swap": _OWN,
    "events.ask_swap": _OWN,
    "events.decline_swap": _OWN,
    "events.exchangeable": _READS,
    "events.mine": _READS,
    "events.take_swap_back": _OWN,
    "events.decline": _OWN,
    "events.end": _GUARD,
    "events.lapse_due": "passes on, in order, what nobody answered for",
    "events.publish": _PLACE,
    "events.put_off": _PLACE,
    "events.remove_shift": _PLACE,
    "events.remove_term": _PLACE,
    "events.repeat": _PLACE,
    "events.require": _PLACE,
    "events.sign_up": "a place by the one rule of places, for oneself as for others",
    "events.undo_change": _PLACE,
    "events.withdraw": "gives a place back, one's own or another's",
    "people.ask_to_move": _OWN,
    "people.change": _READS,
    "people.change_own_guardian": _OWN,
    "people.change_own_phone": _OWN,
    "merging.preview": _READS,
    "merging.merge_teams": _PLACE,
    "merging.preview_teams": _READS,
    "merging.undo_team_merging": _PLACE,
    "teams.need_to_give": _GUARD,
    "people.begin_factor": _OWN,
    "people.change_password": _OWN,
    "people.confirm_factor": _OWN,
    "people.remove_factor": _OWN,
    "people.renew_recovery_codes": _OWN,
    "people.state_of": _OWN,
    "people.take_off_factor": "never one's own: NotAllowed",
    "people.trust_no_device": _OWN,
    "people.unlock": "never one's own: NotAllowed",
    "people.changes_of": _READS,
    "people.agree_as_guardian": _OWN,
    "people.claim": _OWN,
    "people.confirm_household": _OWN,
    "people.deny_household": _OWN,
    "people.declare_household": "takes rights away from the person and gives none",
    "people.ask_unlink": "never one's own account: OwnCase; tried in test_account_people.py",
    "people.decide_unlink": "never one's own account: OwnCase; tried in test_account_people.py",
    "people.link": "never one's own account, nor about oneself: test_account_people.py",
    "people.say_nobody": "never one's own account: OwnCase; tried in test_account_people.py",
    "people.standing": _READS,
    "people.tell_apart": "never one's own account nor namesake: test_account_people.py",
    "people.disable": "never one's own: NotAllowed",
    "people.enable": "never one's own: who is disabled is not signed in",
    "people.settle": "only while nothing is known; one's own too",
    "people.disown": "ends a registration, one's own too",
    "people.end_session": _OWN,
    "people.export_of": _READS,
    "people.first_conflict": _READS,
    "people.give_consent": _OWN,
    "people.join": _OWN,
    "people.make_token": _OWN,
    "people.mark_read": _OWN,
    "people.acts_on": _READS,
    "people.asks_about": _READS,
    "people.need_asked": _GUARD,
    "people.need_two_to_grant": _GUARD,
    "people.need_to_change_alone": _GUARD,
    "people.need_grantor": _GUARD,
    "people.need_other": _GUARD,
    "people.need_second": _GUARD,
    "people.opened": _READS,
    "people.open_account": "an account without any right; who opened it is no second person to it",
    "people.open_staff": "as open_account, an admin's",
    "people.register": "a registration earns nothing until others confirm service",
    "people.reveal": _READS,
    "people.reveal_change": _READS,
    "people.reasons": _READS,
    "people.revoke_token": _OWN,
    "people.sentence": _READS,
    "people.sessions_of": _READS,
    "people.set_password": "an admin's, of any account; who set it is no second person to it",
    "people.sign_out_everywhere": _OWN,
    "people.take_in": "a registration earns nothing until others confirm service",
    "people.use_code": _OWN,
    "people.why_not": _READS,
    "people.why_not_each": _READS,
    "people.drop": "part of an undone import, whose verb has asked",
    "people.taken_along": _READS,
    "people.withdraw_ask": "takes back what one asked for",
    "people.withdraw_change": "takes back what one asked for",
    "people.withdraw_consent": _OWN,
    "scoring.points.effect_of": _READS,
    "scoring.points.take_back": "part of a correction whose verb has asked",
    "scoring.points.waiting_adjustments": _READS,
    "scoring.ratings.activate_policy": _PLACE,
    "scoring.ratings.propose_policy": _PLACE,
    "scoring.ratings.refuse_policy": _PLACE,
    "scoring.ratings.close_due": "the service itself",
    "scoring.ratings.close_notice": _ROUND,
    "scoring.ratings.correct_day": _PLACE,
    "scoring.ratings.decide_objection": _ROUND,
    "scoring.ratings.draft": _ROUND,
    "scoring.ratings.export": _READS,
    "scoring.ratings.freeze": _ROUND,
    "scoring.ratings.need_untouched": _GUARD,
    "scoring.ratings.object_to": _OWN,
    "scoring.ratings.open_due": _ROUND,
    "scoring.ratings.open_round": _ROUND,
    "scoring.ratings.publish_notice": _ROUND,
    "scoring.ratings.sign_off": _ROUND,
    "scoring.ratings.supplement": _ROUND,
    "scoring.ratings.supplement_due": _ROUND,
    "scoring.ratings.thaw": _ROUND,
    "scoring.ratings.withdraw_decision": _ROUND,
    "scoring.ratings.withdraw_round": _ROUND,
    "scoring.ratings.why_not_sign": _READS,
    "scoring.ratings.why_touched": _READS,
    "scoring.rewards.add_gift": "whoever set a price has no gift at it: test_own_orders.py",
    "scoring.rewards.cancel": "gives points and pieces back, one's own or another's",
    "scoring.rewards.close_day": "its counts go through count, which asks",
    "scoring.rewards.day_of": _READS,
    "scoring.rewards.handed_over_today": _READS,
    "scoring.rewards.order": "one's own order is everybody's right; never at one's own terms",
    "scoring.rewards.waiting": _READS,
    "scoring.rewards.why_not_undone": _READS,
    "teams.create": _PLACE,
    "teams.edit": _PLACE,
    "teams.join": _OWN,
    "teams.leave": _OWN,
    "teams.need_placeable": _GUARD,
    "teams.revoke_grant": "never one's own: NotAllowed",
    "workbooks.answer": "says what a sheet is; what comes in is decided after that",
    "workbooks.agree": _IMPORT,
    "workbooks.apply": _IMPORT,
    "workbooks.approve": _IMPORT,
    "workbooks.ask": _IMPORT,
    "workbooks.begin": _IMPORT,
    "workbooks.choose": "says which rows count; what comes in is decided after that",
    "workbooks.choose_places": "says which names are one place; what comes in is decided later",
    "workbooks.begin_upload": "takes nothing in",
    "workbooks.detail": _READS,
    "workbooks.discard": "takes nothing in",
    "workbooks.forget": "takes nothing in",
    "workbooks.forecast": _READS,
    "workbooks.hand_in": _READS,
    "workbooks.import_now": _IMPORT,
    "workbooks.ask_undo": _IMPORT,
    "workbooks.refuse_undo": _IMPORT,
    "workbooks.standing": _READS,
    "workbooks.withdraw_undo": "lets it stand as it is",
    "workbooks.keep_profile": "says how files are read; what comes in is decided after that",
    "workbooks.preview": _READS,
    "workbooks.read": _IMPORT,
    "workbooks.rename_profile": "says how files are read; what comes in is decided after that",
    "workbooks.read_again": _READS,
    "workbooks.refuse": "takes nothing in",
    "workbooks.undo": _IMPORT,
    "workbooks.withdraw": "takes nothing in",
}


@pytest.mark.parametrize("name", ASKS)
def test_nobody_does_it_about_themself(cast: Cast, name: str) -> None:
    with pytest.raises(OwnCase):
        ASKS[name](Me(cast))


@pytest.mark.parametrize("name", ASKS)
def test_nor_about_whom_they_live_with(cast: Cast, name: str) -> None:
    """What asks about oneself alone fails here: a tie keeps from every one of these."""
    with pytest.raises((SecondPersonNeeded, OwnGift)) as refused:
        ASKS[name](Me(cast, housemate=True))
    # The refusal names the people who may act instead, or says that nobody may.
    if refused.type is SecondPersonNeeded:
        assert refused.value.numbers["who"] != conflicts.ASK_ANOTHER


def test_no_verb_asks_about_oneself_alone() -> None:
    """The guard takes the instant from everybody, and looks for ties with it."""
    assert (
        inspect.signature(conflicts.need_other).parameters["at"].default is inspect.Parameter.empty
    )


def test_every_verb_is_tried_or_says_why_not() -> None:
    found = verbs.verbs().keys()
    assert found - ASKS.keys() - LISTED.keys() == set(), "new verbs"
    assert LISTED.keys() - found == set(), "verbs that are no more"
