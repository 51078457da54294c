"""Dead deliveries and the state of the doors, for admins of the whole service."""

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from volunteer_service import clock
from volunteer_service.people.messages import stuck_deliveries
from volunteer_service.web.messages.blueprint import bp
from volunteer_service.web.shared import forms
from volunteer_service.web.shared.guard import actor, staff

DOOR_WORDS = {"email": _l("邮件"), "sms": _l("短信"), "robot": _l("群机器人")}
PURPOSE_WORDS = {
    "message": _l("给本人的消息"),
    "confirm": _l("确认邮箱的链接"),
    "digest": _l("发到群里的汇总"),
}


@bp.get("/outbox")
@staff("admin")
def outbox() -> str:
    """Doors, and deliveries that are dead."""
    return render_template(
        "messages/outbox.html",
        doors=stuck_deliveries.doors(by=actor()),
        dead=stuck_deliveries.dead(by=actor(), cursor=request.args.get("cursor"), limit=30),
        door_words=DOOR_WORDS,
        purposes=PURPOSE_WORDS,
    )


@bp.post("/outbox/<int:delivery_id>/again")
@staff("admin")
def try_again(delivery_id: int) -> Response:
    """Restart a dead delivery."""

    def work() -> str:
        stuck_deliveries.try_again(delivery_id, by=actor(), at=clock.now())
        return forms.done(_("会再发一次。"), url_for("messages.outbox"))

    return forms.act(work, by=actor())


@bp.post("/outbox/<int:delivery_id>/give-up")
@staff("admin")
def give_up(delivery_id: int) -> Response:
    """End a dead delivery for good."""

    def work() -> str:
        stuck_deliveries.give_up(delivery_id, by=actor(), at=clock.now())
        return forms.done(_("不再发送；本人的消息页里还有。"), url_for("messages.outbox"))

    return forms.act(work, by=actor())


@bp.post("/outbox/doors/<door>/resume")
@staff("admin")
def resume(door: str) -> Response:
    """Resume a paused door."""

    def work() -> str:
        stuck_deliveries.resume_door(door, by=actor(), at=clock.now())
        return forms.done(_("已恢复，积下的消息会陆续发出。"), url_for("messages.outbox"))

    return forms.act(work, by=actor())
