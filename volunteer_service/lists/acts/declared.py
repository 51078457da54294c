"""Every act on many rows, by its list."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from volunteer_service.areas import lookup as areas
from volunteer_service.attendance.records import record_decisions
from volunteer_service.db import db, fetch
from volunteer_service.lists.acts import acts_of_cards as of_cards
from volunteer_service.lists.acts import acts_of_circulars as circulars
from volunteer_service.lists.acts import acts_of_events as of_events
from volunteer_service.lists.acts import acts_of_papers
from volunteer_service.lists.acts import acts_of_states as of_states
from volunteer_service.lists.acts.declaration import Act, Asked, Values, Work
from volunteer_service.lists.acts.refusals import NothingToChange, TeamNotNamed
from volunteer_service.people.authentication import accounts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, places
from volunteer_service.people.messages import stuck_deliveries
from volunteer_service.scoring.points import adjustments
from volunteer_service.scoring.rewards import gifts
from volunteer_service.scoring.rewards.models import Gift
from volunteer_service.teams import founding, placing
from volunteer_service.teams.models import Membership, Team

_REASON = Asked(name="reason", label=_l("原因"))


def _confirm(id_: int, _values: Values, by: Actor, at: datetime) -> None:
    record_decisions.confirm([id_], by=by, at=at)


def _refuse(id_: int, values: Values, by: Actor, at: datetime) -> None:
    record_decisions.refuse(id_, reason=values["reason"], by=by, at=at)


def _team(values: Values, by: Actor) -> dict[str, Any]:
    paths, team_ids = places(by, Right.ROSTER_EDIT)
    name = values["team"].strip()
    query = select(Team.id).where(
        Team.name == name,
        Team.state == "active",
        or_(Team.id.in_(team_ids), areas.within(Team.area_id, paths)),
    )
    found = db.session.scalars(query).all()
    if len(found) != 1:
        raise TeamNotNamed(field="team", name=name)
    return {"team": name, "team_id": found[0]}


def _move(id_: int, values: Values, by: Actor, at: datetime) -> int:
    return placing.move(id_, values["team_id"], by=by, at=at).id


def _move_back(id_: int, made_id: int | None, by: Actor, at: datetime) -> None:
    before = fetch(Membership, id_)
    placing.move(made_id or 0, before.team_id, by=by, at=at)


def _end_place(id_: int, _values: Values, by: Actor, at: datetime) -> None:
    placing.end_place(id_, by=by, at=at)


def _place_again(id_: int, _made_id: int | None, by: Actor, at: datetime) -> None:
    before = fetch(Membership, id_)
    placing.place(before.team_id, [before.volunteer_id], by=by, at=at)


def _centi(values: Values, _by: Actor) -> dict[str, Any]:
    return {**values, "points": int(values["points"] * 100)}


def _adjust(id_: int, values: Values, by: Actor, at: datetime) -> int:
    return adjustments.adjust(id_, values["points"], values["reason"], by=by, at=at).id


def _offered(id_: int, state: str, by: Actor, at: datetime) -> None:
    gift = fetch(Gift, id_)
    if gift.state == state:
        raise NothingToChange()
    kept = {
        name: getattr(gift, name) for name in ("name", "price_centi", "minimum_stars", "picture")
    }
    gifts.edit_gift(id_, gift.version, **kept, state=state, by=by, at=at)


def _offer(id_: int, _values: Values, by: Actor, at: datetime) -> None:
    _offered(id_, "offered", by, at)


def _withdraw(id_: int, _values: Values, by: Actor, at: datetime) -> None:
    _offered(id_, "withdrawn", by, at)


def _set_team(id_: int, state: str, by: Actor, at: datetime) -> None:
    team = fetch(Team, id_)
    if team.state == state:
        raise NothingToChange()
    plan = founding.TeamPlan(
        name=team.name,
        area_id=team.area_id,
        recording_unit=team.recording_unit,
        brand=team.brand.name if team.brand else None,
        project=team.project.name if team.project else None,
        founded_on=team.founded_on,
    )
    founding.edit(id_, plan, state=state, version=team.version, by=by, at=at)


def _close_team(id_: int, _values: Values, by: Actor, at: datetime) -> None:
    _set_team(id_, "closed", by, at)


def _reopen_team(id_: int, _values: Values, by: Actor, at: datetime) -> None:
    _set_team(id_, "active", by, at)


def _disable(id_: int, _values: Values, by: Actor, at: datetime) -> None:
    accounts.disable(id_, by=by, at=at)


def _enable(id_: int, _values: Values, by: Actor, at: datetime) -> None:
    accounts.enable(id_, by=by, at=at)


def _send_again(id_: int, _values: Values, by: Actor, at: datetime) -> None:
    stuck_deliveries.try_again(id_, by=by, at=at)


def _give_up(id_: int, _values: Values, by: Actor, at: datetime) -> None:
    stuck_deliveries.give_up(id_, by=by, at=at)


def _sign_up(work: Work) -> Act:
    return Act(
        name="sign_up",
        label=_l("报名参加活动"),
        roles=("leader", "coordinator"),
        work=work,
        asks=(
            Asked(
                name="event",
                label=_l("活动"),
                kind="event",
                hint=_l("活动的完整名称。名额满了的排候补，办完逐条标出。"),
            ),
            Asked(name="day", label=_l("日期"), kind="day"),
        ),
        settled=of_events.named_shift,
        undo=of_events.take_back_sign_up,
        noted=of_events.waiting_place,
    )


_OF_RECORDS = (
    Act(name="confirm", label=_l("确认记录"), roles=("leader", "coordinator"), work=_confirm),
    Act(
        name="refuse",
        label=_l("不计入"),
        roles=("leader", "coordinator"),
        work=_refuse,
        asks=(_REASON,),
    ),
)


def _print_cards(work: Work) -> Act:
    return Act(
        name="print_cards",
        label=_l("打印卡片"),
        roles=("coordinator",),
        work=work,
        settled=of_cards.drawn,
        undo=of_cards.end_card,
        most=of_cards.MOST,
        gives_cards=True,
    )


ACTS: dict[str, tuple[Act, ...]] = {
    "records": _OF_RECORDS,
    "waiting": _OF_RECORDS,
    "memberships": (
        Act(
            name="move",
            label=_l("转到另一支队伍"),
            roles=("leader", "coordinator"),
            work=_move,
            asks=(
                Asked(
                    name="team",
                    label=_l("转到的队伍"),
                    kind="team",
                    hint=_l("队伍的完整名称"),
                ),
            ),
            settled=_team,
            undo=_move_back,
        ),
        Act(
            name="end_place",
            label=_l("移出队伍"),
            roles=("leader", "coordinator"),
            work=_end_place,
            undo=_place_again,
        ),
        _sign_up(of_events.sign_up_member),
        _print_cards(of_cards.print_member),
        circulars.act(circulars.to_member),
    ),
    "teams": (
        Act(
            name="close",
            label=_l("关闭队伍"),
            roles=("coordinator",),
            work=_close_team,
            undo=lambda id_, _made, by, at: _set_team(id_, "active", by, at),
        ),
        Act(
            name="reopen",
            label=_l("重新开放队伍"),
            roles=("coordinator",),
            work=_reopen_team,
            undo=lambda id_, _made, by, at: _set_team(id_, "closed", by, at),
        ),
    ),
    "events": (
        Act(
            name="publish",
            label=_l("发布"),
            roles=("leader", "coordinator"),
            work=of_events.publish,
        ),
        Act(
            name="cancel",
            label=_l("取消活动"),
            roles=("leader", "coordinator"),
            work=of_events.cancel,
            asks=(_REASON,),
            undo=of_events.bring_back,
        ),
    ),
    "sign_ups": (
        Act(
            name="withdraw",
            label=_l("取消报名"),
            roles=("leader", "coordinator"),
            work=of_events.withdraw,
        ),
        circulars.act(circulars.to_sign_up),
    ),
    "people": (
        Act(
            name="adjust",
            label=_l("调整积分"),
            roles=("coordinator",),
            work=_adjust,
            asks=(
                Asked(
                    name="points",
                    label=_l("积分"),
                    kind="points",
                    hint=_l("每人增加或减少（前面加减号）的积分；超过限额的等另一个人批准。"),
                ),
                _REASON,
            ),
            settled=_centi,
        ),
        _sign_up(of_events.sign_up),
        _print_cards(of_cards.print_card),
        circulars.act(circulars.to_person),
        *of_states.ACTS,
    ),
    "gifts": (
        Act(
            name="withdraw",
            label=_l("下架"),
            roles=("desk", "coordinator"),
            work=_withdraw,
            undo=lambda id_, _made, by, at: _offered(id_, "offered", by, at),
        ),
        Act(
            name="offer",
            label=_l("上架"),
            roles=("desk", "coordinator"),
            work=_offer,
            undo=lambda id_, _made, by, at: _offered(id_, "withdrawn", by, at),
        ),
    ),
    "certificates": (acts_of_papers.PRINT,),
    "deliveries": (
        Act(name="send_again", label=_l("再发一次"), roles=(), work=_send_again),
        Act(name="give_up", label=_l("放弃"), roles=(), work=_give_up),
    ),
    "accounts": (
        Act(
            name="disable",
            label=_l("停用"),
            roles=(),
            work=_disable,
            undo=lambda id_, _made, by, at: accounts.enable(id_, by=by, at=at),
        ),
        Act(
            name="enable",
            label=_l("恢复"),
            roles=(),
            work=_enable,
            undo=lambda id_, _made, by, at: accounts.disable(id_, by=by, at=at),
        ),
    ),
}


def offered(list_name: str, *, by: Actor) -> list[Act]:
    """Return the acts on rows of a list that are offered to somebody."""
    return [each for each in ACTS.get(list_name, ()) if by.has_role("admin", *each.roles)]
