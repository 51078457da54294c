"""The list of what left or waits to leave by e-mail, SMS or group robot; no content, no reader."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, false, true

from volunteer_service.lists.declaration import Column, StaffList
from volunteer_service.lists.filters import Choice, Days, Search, words_of
from volunteer_service.outbox.models import Delivery
from volunteer_service.people.authorization import account_scope
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right

STATES = {
    "waiting": (_l("等着发"), "info"),
    "sent": (_l("已发出"), "ok"),
    "dead": (_l("没有发出去"), "bad"),
    "dropped": (_l("不用发了"), "plain"),
    "given_up": (_l("已放弃"), "plain"),
}
DOORS = {
    "email": (_l("邮件"), "plain"),
    "sms": (_l("短信"), "plain"),
    "robot": (_l("群机器人"), "plain"),
}
PURPOSES = {
    "message": (_l("给本人的消息"), "plain"),
    "confirm": (_l("确认邮箱的链接"), "plain"),
    "digest": (_l("发到群里的汇总"), "plain"),
}


def _seen_by(by: Actor) -> ColumnElement[bool]:
    """Show the rows only to people with the whole service in their care, as the page of channels
    does.
    """
    return true() if account_scope.covers_service(by, Right.SERVICE_EDIT) else false()


DELIVERIES = StaffList(
    name="deliveries",
    title=_l("发件箱"),
    roles=(),
    id_=Delivery.id,
    joined=lambda query: query,
    guard=_seen_by,
    order="-created_at",
    right=Right.SERVICE_EDIT,
    columns=(
        Column(name="purpose", label=_l("内容"), sql=Delivery.purpose, kind="code", codes=PURPOSES),
        Column(name="number", label=_l("编号"), sql=Delivery.id),
        Column(name="door", label=_l("渠道"), sql=Delivery.door, kind="code", codes=DOORS),
        Column(
            name="created_at",
            label=_l("写下的时间"),
            sql=Delivery.created_at,
            kind="when",
            sort=Delivery.created_at,
        ),
        Column(
            name="next_at",
            label=_l("下次再试"),
            sql=Delivery.next_at,
            kind="when",
            sort=Delivery.next_at,
            is_first=False,
        ),
        Column(
            name="ended_at",
            label=_l("结束时间"),
            sql=Delivery.ended_at,
            kind="when",
            is_first=False,
        ),
        Column(
            name="tries", label=_l("试过"), sql=Delivery.tries, kind="number", sort=Delivery.tries
        ),
        Column(name="error", label=_l("对方的回答"), sql=Delivery.error),
        Column(name="state", label=_l("状态"), sql=Delivery.state, kind="code", codes=STATES),
    ),
    filters=(
        Search(label=_l("内容或回答的代码"), texts=(Delivery.purpose, Delivery.error)),
        Choice(name="state", label=_l("状态"), choices=words_of(STATES), column=Delivery.state),
        Choice(name="door", label=_l("渠道"), choices=words_of(DOORS), column=Delivery.door),
        Choice(
            name="purpose", label=_l("内容"), choices=words_of(PURPOSES), column=Delivery.purpose
        ),
        Days(label=_l("写下的日期"), column=Delivery.created_at, is_instant=True),
    ),
    empty=_l("没有符合条件的。没有接通邮件、短信和群机器人时，这里总是空的。"),
)
