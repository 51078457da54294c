"""The pages of the programme's numbers: versions, old beside new, the rehearsal, the decision."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from marshmallow import Schema
from sqlalchemy import select
from werkzeug.wrappers import Response

from volunteer_service import clock, policies, settings
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.errors import Invalid
from volunteer_service.fields import Day, Reason, Text, Whole
from volunteer_service.people.authorization import account_scope
from volunteer_service.people.authorization.rights import Right, may
from volunteer_service.policies import PolicyVersion
from volunteer_service.scoring.ratings import policy_versions, rehearsals
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.web.ratings.blueprint import bp
from volunteer_service.web.ratings.forms import ReasonForm
from volunteer_service.web.ratings.policy_words import GROUPS
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.area_choices import area_choices
from volunteer_service.web.shared.guard import actor, staff

NAMES = tuple(name for _heading, numbers in GROUPS for name in numbers)
#: The form: each number as typed, and where and since when they hold.
PolicyForm = Schema.from_dict(
    {name: Text(200, required=True) for name in NAMES}
    | {
        "reason": Reason(200, required=True),
        "half_year": Text(6, required=True),
        "area_id": Whole(),
        "from_on": Day(),
        "expected": Whole(required=True),
    },
    name="PolicyForm",
)


@bp.get("/policies")
@staff("coordinator", "auditor")
def policy_list() -> str:
    """Show every version, newest first, with where and since when it holds."""
    found = policies.versions()
    return render_template(
        "ratings/policies.html", found=found, names=_area_names(found), may_propose=_may()
    )


@bp.get("/policies/new")
@staff()
def new_policy() -> str:
    """Show the form of all numbers, filled with those in force."""
    return _new({}, {})


@bp.post("/policies/new")
@staff()
def propose_policy() -> Response:
    """Propose the numbers that differ."""

    def work(values: dict[str, Any]) -> str:
        half_year = _half_year(values.pop("half_year"))
        changes = _changes(values, half_year)
        where: dict[str, Any] = {
            name: values.get(name) for name in ("area_id", "from_on", "reason")
        }
        if where["area_id"] is None:
            where["expected"] = values["expected"]
        row = policy_versions.propose_policy(
            changes, half_year=half_year, by=actor(), at=clock.now(), **where
        )
        said = _("已提出。请另一位管理员看过再生效。")
        return forms.done(said, url_for("ratings.policy", version=row.version))

    return forms.submit(PolicyForm, work, _new, by=actor())


@bp.get("/policies/<int:version>")
@staff("coordinator", "auditor")
def policy(version: int) -> str:
    """Show one version: each number beside the one before, and what it would have changed."""
    return _show(version, {})


@bp.post("/policies/<int:version>/activate")
@staff()
def activate_policy(version: int) -> Response:
    """Put a proposed version in force."""

    def work() -> str:
        policy_versions.activate_policy(version, by=actor(), at=clock.now())
        return forms.done(_("这一版已生效。"), url_for("ratings.policy", version=version))

    return forms.act(work, by=actor())


@bp.post("/policies/<int:version>/refuse")
@staff()
def refuse_policy(version: int) -> Response:
    """Refuse a proposed version, or withdraw one's own."""

    def work(values: dict[str, Any]) -> str:
        answer = values["reason"]
        policy_versions.refuse_policy(version, answer=answer, by=actor(), at=clock.now())
        return forms.done(_("这一版没有采用。"), url_for("ratings.policy", version=version))

    return forms.submit(ReasonForm, work, lambda _raw, errors: _show(version, errors), by=actor())


def _show(version: int, errors: dict[str, Any]) -> str:
    row = policies.kept(version)
    before = row.term.based_on if row.term else None
    return render_template(
        "ratings/policy.html",
        row=row,
        groups=GROUPS,
        new=row.policy.numbers,
        old=policies.of(before).numbers if before else row.policy.numbers,
        written=_written,
        names=_area_names([row]),
        rehearsed=rehearsals.rehearse(version, by=actor()) if before else [],
        decides=_may(row) and row.term is not None and row.term.state == "proposed",
        errors=errors,
    )


def _new(raw: dict[str, Any], errors: dict[str, Any]) -> str:
    now = policies.newest()
    running = HalfYear.of(settings.local_day(clock.now()))
    return render_template(
        "ratings/policy_new.html",
        groups=GROUPS,
        now=now,
        written=_written,
        half_years=[running, running.next],
        areas=area_choices(Right.SERVICE_EDIT),
        own=policy_versions.OF_AREAS,
        raw=raw,
        errors=errors,
    )


def _written(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _changes(values: dict[str, Any], half_year: HalfYear) -> dict[str, Any]:
    now = policy_versions.current(values.get("area_id"), half_year).numbers
    return {
        name: _read(name, values[name], now[name])
        for name in NAMES
        if _plain(values[name]) != _plain(_written(now[name]))
    }


def _read(name: str, typed: str, now: Any) -> Any:
    parts = [part for part in _plain(typed).split(",") if part]
    if isinstance(now, list) and name.startswith("grades"):
        return parts
    try:
        numbers = [int(part) for part in parts]
    except ValueError:
        raise Invalid(field=name, why="请填数字；几个数字之间用逗号隔开") from None
    return numbers if isinstance(now, list) else numbers[0] if len(numbers) == 1 else numbers


def _plain(text: str) -> str:
    return "".join(text.replace("，", ",").split())


def _half_year(text: str) -> HalfYear:
    try:
        return HalfYear.parse(text)
    except ValueError:
        raise Invalid(field="half_year", why="没有这个选项，请重新选择") from None


def _may(row: PolicyVersion | None = None) -> bool:
    area_id = row.term.area_id if row and row.term else None
    path = db.session.get_one(Area, area_id).path if area_id else "/"
    if path == "/":
        return account_scope.covers_service(actor(), Right.SERVICE_EDIT)
    return may(actor(), Right.SERVICE_EDIT, area_path=path)


def _area_names(rows: Sequence[PolicyVersion]) -> dict[int, str]:
    ids = [row.term.area_id for row in rows if row.term and row.term.area_id]
    query = select(Area.id, Area.name).where(Area.id.in_(ids))
    return dict(db.session.execute(query).all())
