"""The lists of accounts, of what they did, and of looks at personal data."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, case, select
from sqlalchemy.orm import aliased

from volunteer_service.journal import Entry
from volunteer_service.lists import shared_columns
from volunteer_service.lists.declaration import Column, StaffList
from volunteer_service.lists.filters import (
    Choice,
    Days,
    Exact,
    Flag,
    Search,
    Tree,
    called,
    words_of,
)
from volunteer_service.people.authorization import namesakes
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import living_under
from volunteer_service.people.models import Account, Look, Volunteer
from volunteer_service.people.search import people_lists
from volunteer_service.stories.act_words import ACTS

ACCOUNT_STATES = {"open": (_l("可登录"), "ok"), "disabled": (_l("已停用"), "bad")}

DOORS = {
    "page": (_l("页面"), "plain"),
    "api": (_l("接口"), "plain"),
    "cli": (_l("命令行"), "plain"),
    "job": (_l("定时任务"), "plain"),
    "gate": (_l("签到入口"), "plain"),
}


def _is(state: str) -> ColumnElement[bool]:
    is_open = Account.disabled_at.is_(None)
    return is_open if state == "open" else ~is_open


ACCOUNTS = StaffList(
    name="accounts",
    title=_l("账号"),
    roles=("coordinator",),
    id_=Account.id,
    joined=lambda query: query,
    guard=people_lists.accounts_seen_by,
    order="login",
    right=Right.GRANT_EDIT,
    columns=(
        Column(name="login", label=_l("用户名"), sql=Account.login, sort=Account.login),
        Column(name="name", label=_l("姓名"), sql=Account.name, sort=Account.name),
        Column(
            name="created_at",
            label=_l("开通日期"),
            sql=Account.created_at,
            kind="day",
            sort=Account.created_at,
        ),
        Column(
            name="state",
            label=_l("状态"),
            sql=case((_is("open"), "open"), else_="disabled"),
            kind="code",
            codes=ACCOUNT_STATES,
        ),
    ),
    filters=(
        Search(
            label=_l("用户名或姓名"),
            person=Account.volunteer_id,
            texts=(Account.login, Account.name),
        ),
        Choice(
            name="state",
            label=_l("状态"),
            choices=words_of(ACCOUNT_STATES),
            by=_is,
        ),
        Flag(name="unsettled", label=_l("未关联志愿者"), matches=namesakes.is_unsettled),
        Days(label=_l("开通日期"), column=Account.created_at, is_instant=True),
    ),
    empty=_l("没有符合条件的账号。"),
)
LOOKS = StaffList(
    name="looks",
    title=_l("个人信息查看记录"),
    roles=("coordinator",),
    id_=Look.id,
    joined=lambda query: query.join(Volunteer, Volunteer.id == Look.volunteer_id).join(
        Account, Account.id == Look.account_id
    ),
    guard=lambda by: living_under(by, Right.PERSONAL_SEE),
    order="-at",
    right=Right.PERSONAL_SEE,
    area=Volunteer.area_id,
    whose=Look.volunteer_id,
    lead=Look.volunteer_id,
    columns=(
        *shared_columns.VOLUNTEER,
        shared_columns.street(Volunteer.area_id),
        Column(name="at", label=_l("时间"), sql=Look.at, kind="when", sort=Look.at),
        Column(name="who", label=_l("谁看了"), sql=Account.name, sort=Account.name),
        Column(name="why", label=_l("原因"), sql=Look.why),
    ),
    filters=(
        Search(label=_l("姓名、拼音、编号或手机号"), person=Look.volunteer_id),
        Tree(label=_l("区域"), column=Volunteer.area_id),
        Days(label=_l("日期"), column=Look.at, is_instant=True),
        Exact(
            name="volunteer_id",
            label=_l("志愿者"),
            column=Look.volunteer_id,
            called=called(Volunteer.number, Volunteer.id),
        ),
        Exact(
            name="account_id",
            label=_l("谁看了"),
            column=Look.account_id,
            called=called(Account.name, Account.id),
        ),
    ),
    empty=_l("没有符合条件的查看记录。"),
)


#: An act has the same name in the list as in a story.
_VERBS = {verb: (shared_columns.lazily(words), "plain") for verb, words in ACTS.items()}
_SUBJECTS = {
    "accounts": (_l("账号"), "plain"),
    "events": (_l("活动"), "plain"),
    "gifts": (_l("礼品"), "plain"),
    "rounds": (_l("星级评定"), "plain"),
    "service_records": (_l("服务记录"), "plain"),
    "teams": (_l("队伍"), "plain"),
    "volunteers": (_l("志愿者"), "plain"),
}
#: Other names, because the guard asks who opened an account, which the journal knows too.
_ACT, _WHO = aliased(Entry), aliased(Account)


def _acted(by: Actor) -> ColumnElement[bool]:
    return _ACT.account_id.in_(select(Account.id).where(people_lists.accounts_seen_by(by)))


JOURNAL = StaffList(
    name="journal",
    title=_l("操作记录"),
    roles=(),
    id_=_ACT.id,
    joined=lambda query: query.join(_WHO, _WHO.id == _ACT.account_id),
    guard=_acted,
    order="-id",
    right=Right.GRANT_EDIT,
    lead=_ACT.account_id,
    columns=(
        Column(name="who", label=_l("经手人"), sql=_WHO.name, sort=_WHO.name),
        Column(name="at", label=_l("时间"), sql=_ACT.at, kind="when"),
        Column(name="verb", label=_l("操作"), sql=_ACT.verb, kind="code", codes=_VERBS),
        Column(
            name="subject", label=_l("对象"), sql=_ACT.subject_type, kind="code", codes=_SUBJECTS
        ),
        Column(name="subject_id", label=_l("编号"), sql=_ACT.subject_id),
        Column(name="door", label=_l("入口"), sql=_ACT.door, kind="code", codes=DOORS),
    ),
    filters=(
        Search(label=_l("用户名、姓名或操作"), texts=(_WHO.login, _WHO.name, _ACT.verb)),
        Choice(name="door", label=_l("入口"), choices=words_of(DOORS), column=_ACT.door),
        Days(label=_l("日期"), column=_ACT.at, is_instant=True),
        Exact(
            name="account_id",
            label=_l("经手人"),
            column=_ACT.account_id,
            called=called(_WHO.name, _WHO.id),
        ),
    ),
    empty=_l("没有符合条件的操作。"),
)
