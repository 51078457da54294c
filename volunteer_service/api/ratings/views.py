"""Policies, rating rounds, results, objections and notices over the API."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from volunteer_service import clock, policies
from volunteer_service.api.ratings import shapes
from volunteer_service.api.shared.auth import actor, guarded, public
from volunteer_service.api.shared.blueprint import Blueprint
from volunteer_service.api.shared.idempotent import idempotent
from volunteer_service.api.shared.shapes import page_of
from volunteer_service.paging import Page
from volunteer_service.people.personal_data import audit_looks
from volunteer_service.policies import PolicyVersion
from volunteer_service.scoring.ratings import (
    late_counts,
    objection_lists,
    objections,
    policy_versions,
    public_notices,
    readiness,
    replays,
    results,
    round_steps,
    round_withdrawals,
    supplements,
    working_day_corrections,
)
from volunteer_service.scoring.ratings import sign_off as ratings_sign_off
from volunteer_service.scoring.ratings.models import (
    LateChange,
    Objection,
    Round,
    RoundResult,
)
from volunteer_service.scoring.ratings.objections import Weighed
from volunteer_service.scoring.ratings.public_notices import Notice
from volunteer_service.scoring.ratings.replays import Replay
from volunteer_service.scoring.ratings.results import Explanation
from volunteer_service.working_days import WorkingDayCorrection

bp = Blueprint("api_ratings", __name__, url_prefix="", description="The half-yearly star rating")


@bp.get("/policies")
@guarded("read")
@bp.response(200, shapes.PoliciesOut)
def list_policies() -> dict[str, Sequence[PolicyVersion]]:
    """List every version of the programme's numbers, newest first."""
    return {"items": policies.versions()}


@bp.get("/policies/active")
@guarded("read")
@bp.response(200, shapes.PolicyOut)
def active_policy() -> PolicyVersion:
    """Return the numbers that hold now in every area without numbers of its own."""
    return policies.kept(policies.active().version)


@bp.post("/policies")
@guarded("write")
@idempotent
@bp.arguments(shapes.PolicyIn)
@bp.response(201, shapes.PolicyOut)
def propose_policy(body: dict[str, Any]) -> PolicyVersion:
    """Propose the next version: the newest one with these numbers changed.

    Another person puts it in force. Rounds of `half_year` and later take it; its other numbers hold
    from `from_on` on. A number that keeps one person from acting alone and is loosened counts after
    the policy's `independence_days`.
    """
    return policy_versions.propose_policy(by=actor(), at=clock.now(), **body)


@bp.post("/policies/<int:version>/activate")
@guarded("write")
@idempotent
@bp.response(200, shapes.PolicyOut)
def activate_policy(version: int) -> PolicyVersion:
    """Put a proposed version in force; somebody other than its proposer does so."""
    return policy_versions.activate_policy(version, by=actor(), at=clock.now())


@bp.post("/policies/<int:version>/refuse")
@guarded("write")
@idempotent
@bp.arguments(shapes.PolicyRefuseIn)
@bp.response(200, shapes.PolicyOut)
def refuse_policy(body: dict[str, Any], version: int) -> PolicyVersion:
    """Refuse a proposed version, or withdraw one's own."""
    return policy_versions.refuse_policy(version, by=actor(), at=clock.now(), **body)


@bp.get("/rounds")
@guarded("read")
@bp.arguments(shapes.RoundQuery, location="query")
@bp.response(200, page_of(shapes.RoundOut))
def list_rounds(query: dict[str, Any]) -> Page[Round]:
    """List the rounds of the caller's areas, newest half-year first."""
    return results.rounds(actor(), **query)


@bp.post("/rounds")
@guarded("write")
@idempotent
@bp.arguments(shapes.RoundIn)
@bp.response(201, shapes.RoundOut)
def open_round(body: dict[str, Any]) -> Round:
    """Open the round of an area for a half-year."""
    return round_steps.open_round(body["area_id"], body["half_year"], by=actor(), at=clock.now())


@bp.get("/rounds/<int:round_id>")
@guarded("read")
@bp.response(200, shapes.RoundOut)
def get_round(round_id: int) -> Round:
    """Return one round."""
    return results.round_of(round_id, actor())


@bp.get("/rounds/<int:round_id>/distribution")
@guarded("read")
@bp.response(200, shapes.DistributionOut)
def get_distribution(round_id: int) -> dict[str, Any]:
    """Return how many people have how many stars."""
    row = results.round_of(round_id, actor())
    return {"people": results.people(row.id), "stars": results.distribution(row.id)}


@bp.post("/rounds/<int:round_id>/freeze")
@guarded("write")
@idempotent
@bp.arguments(shapes.FreezeIn)
@bp.response(200, shapes.RoundOut)
def freeze(body: dict[str, Any], round_id: int) -> Round:
    """Freeze everybody's facts and the policy; the half-year must be over.

    A `reason` waives what is still to be done, where that may be waived; both stay with the round.
    """
    return round_steps.freeze(round_id, by=actor(), at=clock.now(), **body)


@bp.get("/rounds/<int:round_id>/readiness")
@guarded("read")
@bp.response(200, shapes.ReadinessOut)
def get_readiness(round_id: int) -> dict[str, list[readiness.Found]]:
    """Return what is still to be done in the half-year, by kind: it blocks, a reason waives it, or
    it is only reported.
    """
    return {"items": readiness.look(results.round_of(round_id, actor()), at=clock.now())}


@bp.post("/rounds/<int:round_id>/thaw")
@guarded("write")
@idempotent
@bp.arguments(shapes.ThawIn)
@bp.response(200, shapes.RoundOut)
def thaw(body: dict[str, Any], round_id: int) -> Round:
    """Drop the frozen facts to freeze corrected records; before the notice."""
    return round_steps.thaw(round_id, reason=body["reason"], by=actor(), at=clock.now())


@bp.post("/rounds/<int:round_id>/withdraw")
@guarded("write")
@idempotent
@bp.arguments(shapes.ThawIn)
@bp.response(200, shapes.RoundOut)
def withdraw_round(body: dict[str, Any], round_id: int) -> Round:
    """Withdraw a round before its notice, a supplement before its signature."""
    return round_withdrawals.withdraw_round(
        round_id, reason=body["reason"], by=actor(), at=clock.now()
    )


@bp.post("/rounds/<int:round_id>/draft")
@guarded("write")
@idempotent
@bp.response(200, shapes.RoundOut)
def draft(round_id: int) -> Round:
    """Compute stars and reasons from the frozen facts."""
    return round_steps.draft(round_id, by=actor(), at=clock.now())


@bp.post("/rounds/<int:round_id>/publish")
@guarded("write")
@idempotent
@bp.response(200, shapes.RoundOut)
def publish(round_id: int) -> Round:
    """Publish the draft for the policy's working days."""
    return round_steps.publish_notice(round_id, by=actor(), at=clock.now())


@bp.post("/rounds/<int:round_id>/close")
@guarded("write")
@idempotent
@bp.response(200, shapes.RoundOut)
def close(round_id: int) -> Round:
    """End the notice after its last day, once every objection is decided."""
    return round_steps.close_notice(round_id, by=actor(), at=clock.now())


@bp.post("/rounds/<int:round_id>/sign-off")
@guarded("write")
@idempotent
@bp.response(200, shapes.RoundOut)
def sign_off(round_id: int) -> Round:
    """Make the round final; by another person than the one who published it."""
    return ratings_sign_off.sign_off(round_id, by=actor(), at=clock.now())


@bp.post("/rounds/<int:round_id>/supplements")
@guarded("write")
@idempotent
@bp.arguments(shapes.SupplementIn)
@bp.response(201, shapes.RoundOut)
def supplement(body: dict[str, Any], round_id: int) -> Round:
    """Rate these people of a final round again, as a numbered supplement."""
    return supplements.supplement(
        round_id, body["volunteer_ids"], reason=body["reason"], by=actor(), at=clock.now()
    )


@bp.post("/rounds/<int:round_id>/supplement-due")
@guarded("write")
@idempotent
@bp.response(201, shapes.RoundOut)
def supplement_due(round_id: int) -> Round:
    """Rate again everybody whose records changed since the round was frozen, or whom the last
    night's count found to differ.
    """
    return supplements.supplement_due(round_id, by=actor(), at=clock.now())


@bp.get("/rounds/<int:round_id>/late-changes")
@guarded("read")
@bp.arguments(shapes.LateChangeQuery, location="query")
@bp.response(200, page_of(shapes.LateChangeOut))
def list_late_changes(query: dict[str, Any], round_id: int) -> Page[LateChange]:
    """List whose facts of now would give another star or other hours than the signed result, as
    the last night counted them; those in a supplement are left out.
    """
    return late_counts.late_people(results.round_of(round_id, actor()), **query)


@bp.get("/rounds/<int:round_id>/replay")
@guarded("read")
@bp.response(200, shapes.ReplayOut)
def replay(round_id: int) -> Replay:
    """Recompute hash and stars from the frozen facts; changes nothing."""
    return replays.replay(results.frozen_round(round_id, actor()))


@bp.get("/rounds/<int:round_id>/results")
@guarded("read")
@bp.arguments(shapes.ResultQuery, location="query")
@bp.response(200, page_of(shapes.ResultOut))
def list_results(query: dict[str, Any], round_id: int) -> Page[RoundResult]:
    """List the people of a round, most stars first once they are rated."""
    return results.results(results.round_of(round_id, actor()), **query)


@bp.get("/rounds/<int:round_id>/objections")
@guarded("read")
@bp.arguments(shapes.ObjectionQuery, location="query")
@bp.response(200, page_of(shapes.ObjectionOut))
def list_objections(query: dict[str, Any], round_id: int) -> Page[Objection]:
    """List the objections of a round, undecided ones first."""
    return objection_lists.listed(results.round_of(round_id, actor()).id, **query)


@bp.get("/rounds/<int:round_id>/notice")
@public
@bp.arguments(shapes.NoticeQuery, location="query")
@bp.response(200, shapes.NoticeOut)
def get_notice(query: dict[str, Any], round_id: int) -> Notice:
    """Return the public notice: masked names of people who agreed, a count of the others; nothing
    once it is over.
    """
    return public_notices.notice(round_id, **query, at=clock.now())


@bp.get("/results/<int:result_id>")
@guarded("read")
@bp.response(200, shapes.ResultExplanationOut)
def explain_result(result_id: int) -> Explanation:
    """Explain a person's stars; to that person from the notice on; an auditor's look is logged."""
    result = results.result_of(result_id, actor())
    audit_looks.opened(result.volunteer, "star", by=actor(), at=clock.now())
    return results.explain(result)


@bp.post("/results/<int:result_id>/objections")
@guarded("write")
@idempotent
@bp.arguments(shapes.ObjectionIn)
@bp.response(201, shapes.ObjectionOut)
def object_to(body: dict[str, Any], result_id: int) -> Objection:
    """Object to one's own draft star while the notice runs."""
    return objections.object_to(result_id, body["words"], by=actor(), at=clock.now())


@bp.post("/objections/<int:objection_id>/decide")
@guarded("write")
@idempotent
@bp.arguments(shapes.ObjectionDecisionIn)
@bp.response(200, shapes.ObjectionOut)
def decide_objection(body: dict[str, Any], objection_id: int) -> Objection:
    """Uphold (facts frozen anew from the records) or dismiss; the answer goes to the volunteer."""
    return objections.decide_objection(objection_id, by=actor(), at=clock.now(), **body)


@bp.get("/objections/<int:objection_id>/weighed")
@guarded("read")
@bp.response(200, shapes.WeighedOut)
def weigh_objection(objection_id: int) -> Weighed:
    """Return what upholding would change: the present facts beside those that the records give
    now.
    """
    return objections.weigh(objection_lists.objection(objection_id, actor()).result)


@bp.post("/objections/<int:objection_id>/withdraw-decision")
@guarded("write")
@idempotent
@bp.arguments(shapes.ThawIn)
@bp.response(200, shapes.ObjectionOut)
def withdraw_decision(body: dict[str, Any], objection_id: int) -> Objection:
    """Take back the last answer while the notice is not closed; the objection waits again."""
    return objections.withdraw_decision(
        objection_id, reason=body["reason"], by=actor(), at=clock.now()
    )


@bp.get("/working-day-corrections")
@guarded("read")
@bp.response(200, shapes.WorkingDaysOut)
def list_working_days() -> dict[str, list[WorkingDayCorrection]]:
    """List the days on which a coordinator corrected the calendar."""
    return {"items": working_day_corrections.corrections(date.min)}


@bp.post("/working-day-corrections")
@guarded("write")
@idempotent
@bp.arguments(shapes.WorkingDayIn)
@bp.response(201, shapes.WorkingDayOut)
def correct_working_day(body: dict[str, Any]) -> WorkingDayCorrection:
    """Set whether a day is a working day; running notices end accordingly."""
    return working_day_corrections.correct_day(body.pop("day"), by=actor(), at=clock.now(), **body)
