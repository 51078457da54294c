"""The acts that a reader may do next about a thing, by the same guards as the verbs themselves."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from volunteer_service.attendance.check_ins import rosters
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import disputes
from volunteer_service.errors import Phrase, refusal_of
from volunteer_service.events import planning
from volunteer_service.events.models import Event
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import may_on_person
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.scoring.rewards.models import Gift
from volunteer_service.teams import role_grants
from volunteer_service.teams.models import Team


@dataclass(frozen=True)
class NextAct:
    """One act: its code, which the API tells and a page links, and its name in words."""

    code: str
    words: Phrase


#: Reads a thing, the reader and the instant; yields the codes that are open.
Open = Callable[[Any, Actor, datetime], Iterator[str]]


def _of_person(person: Volunteer, by: Actor, _at: datetime) -> Iterator[str]:
    may = {right for right in _ON_PERSON if may_on_person(by, right, person)}
    if person.id == by.volunteer_id or person.state != "active":
        return
    if Right.PERSONAL_SEE in may:
        yield "change_data"
    if Right.POINTS_ADJUST in may:
        yield "adjust_points"
    if {Right.VOLUNTEER_EDIT, Right.POINTS_ADJUST} <= may:
        yield "merge"


_ON_PERSON = (Right.PERSONAL_SEE, Right.POINTS_ADJUST, Right.VOLUNTEER_EDIT)


def _of_team(team: Team, by: Actor, _at: datetime) -> Iterator[str]:
    def here(right: Right) -> bool:
        return rights.may(by, right, area_path=team.area.path, team_id=team.id)

    is_active = team.state == "active"
    if here(Right.ROSTER_EDIT) and is_active:
        yield from ("add_members", "write", "print_cards")
    if here(Right.TEAM_EDIT):
        yield "edit_team"
        if is_active:
            yield "merge_team"


def _of_event(event: Event, by: Actor, _at: datetime) -> Iterator[str]:
    if refusal_of(lambda: planning.editable(event.id, by=by)) is None:
        yield "edit_event"
        if event.state == "published":
            yield from ("put_off", "write_to_event", "hand_over")
    yield from ("manage", "copy")


def _of_record(record: ServiceRecord, by: Actor, at: datetime) -> Iterator[str]:
    may = rosters.may_decide(record, by=by)
    if record.state == "waiting" and may:
        yield "decide_record"
    if record.volunteer_id == by.volunteer_id and not disputes.why_not(record, by=by, at=at):
        yield "dispute"


def _of_gift(gift: Gift, by: Actor, _at: datetime) -> Iterator[str]:
    if rights.may(by, Right.GIFT_EDIT, area_path=gift.area.path):
        yield from ("edit_gift", "book_stock")


def _of_round(row: Round, by: Actor, _at: datetime) -> Iterator[str]:
    if rights.may(by, Right.RATING_RUN, area_path=row.area.path) and row.state in ROUND_STEPS:
        yield ROUND_STEPS[row.state]


#: The step that follows a state of a round.
ROUND_STEPS = {
    "open": "freeze",
    "frozen": "draft",
    "draft": "publish_notice",
    "notice": "answer_objections",
    "decided": "sign_off",
    "final": "issue_certificates",
}


def _of_account(account: Account, by: Actor, _at: datetime) -> Iterator[str]:
    if account.id != by.account_id and role_grants.roles_given(by):
        yield "give_role"


OPEN: Mapping[str, Open] = {
    "person": _of_person,
    "team": _of_team,
    "event": _of_event,
    "record": _of_record,
    "gift": _of_gift,
    "round": _of_round,
    "account": _of_account,
}

WORDS: Mapping[str, Phrase] = {
    "change_data": Phrase("更改资料"),
    "adjust_points": Phrase("增减积分"),
    "merge": Phrase("合并登记"),
    "add_members": Phrase("加入队员"),
    "write": Phrase("发通知"),
    "print_cards": Phrase("志愿者卡"),
    "edit_team": Phrase("修改队伍"),
    "merge_team": Phrase("并入另一支队伍"),
    "edit_event": Phrase("修改活动"),
    "put_off": Phrase("改期"),
    "write_to_event": Phrase("发通知"),
    "hand_over": Phrase("转给别的队伍"),
    "manage": Phrase("管理活动"),
    "copy": Phrase("复制活动"),
    "decide_record": Phrase("确认这条记录"),
    "dispute": Phrase("提出异议"),
    "edit_gift": Phrase("修改礼品"),
    "book_stock": Phrase("登记库存"),
    "freeze": Phrase("冻结数据"),
    "draft": Phrase("计算草案"),
    "publish_notice": Phrase("发布公示"),
    "answer_objections": Phrase("答复异议"),
    "sign_off": Phrase("签发"),
    "issue_certificates": Phrase("发放证书"),
    "give_role": Phrase("授予角色"),
}


def of(kind: str, thing: Any, *, by: Actor, at: datetime) -> Sequence[NextAct]:
    """Return the acts open to this reader about a thing of a kind of ``reading.STORIES``."""
    return [NextAct(code, WORDS[code]) for code in OPEN[kind](thing, by, at)]
