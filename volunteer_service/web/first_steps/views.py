"""The first steps of a street: what is done so far, what comes next, and samples to fill in."""

from io import BytesIO
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from volunteer_service import clock, settings
from volunteer_service.errors import NotFound
from volunteer_service.people.authorization import account_scope
from volunteer_service.people.authorization.rights import Right
from volunteer_service.web.first_steps.forms import AsideForm
from volunteer_service.web.shared import forms, workbooks
from volunteer_service.web.shared.guard import actor, staff
from volunteer_service.workbooks import receiving
from volunteer_service.workbooks.new_streets import first_steps, papers
from volunteer_service.workbooks.reading.known_columns import BY_NAME

bp = Blueprint("first_steps", __name__)

#: Of each step: its name, what to do, and the page where it is done.
WORDS = {
    "areas": (_l("社区、网格、楼栋"), _l("先把区域建好，后面的名单都按它归位。"), "imports.index"),
    "teams": (_l("服务队"), _l("每支队伍归一个社区，由记录单位负责。"), "imports.index"),
    "people": (_l("志愿者"), _l("每个人要有书面的同意书。"), "imports.index"),
    "balances": (
        _l("期初余额"),
        _l("原来的系统里有积分、时长、星级或证书的才需要；一律由两个人办理。"),
        "imports.index",
    ),
    "gifts": (_l("兑换礼品"), _l("礼品、所需积分和库存。"), "imports.index"),
    "staff": (
        _l("工作人员"),
        _l("至少两个人：许多事要由另一个人审批。由系统管理员开通账号。"),
        "people.accounts",
    ),
    "event": (_l("第一个活动"), _l("发布一个活动，把二维码贴在现场。"), "events.new"),
}


@bp.app_context_processor
def _words() -> dict[str, Any]:
    return {"first_step_words": WORDS}


@bp.get("/first-steps")
@staff("coordinator")
def index() -> ResponseReturnValue:
    """Show every street of the reader, with its steps and their samples."""
    titles = {name: _(kind.title) for name, kind in (BY_NAME | papers.PAPERS).items()}
    found = first_steps.streets(by=actor())
    begins = account_scope.covers_service(actor(), Right.SERVICE_EDIT)
    return render_template("first_steps/index.html", streets=found, titles=titles, may_begin=begins)


@bp.get("/first-steps/samples/<kind>.xlsx")
@staff("coordinator")
def sample(kind: str) -> ResponseReturnValue:
    """Show the sample workbook of one list."""
    receiving.need_street(actor())
    known = BY_NAME | papers.PAPERS
    out = BytesIO()
    papers.write_any(kind, out, today=settings.local_day(clock.now()))
    out.seek(0)
    return workbooks.sent(_("样表-%(list)s.xlsx", list=_(known[kind].title)), out)


@bp.post("/first-steps/<int:area_id>/aside")
@staff("coordinator")
def set_aside(area_id: int) -> ResponseReturnValue:
    """Set a step or the whole list aside, or take it up again."""

    def work() -> str:
        values, bad = forms.read(AsideForm)
        if bad:
            raise NotFound()
        first_steps.set_step_aside(area_id, **values, by=actor(), at=clock.now())
        said = _("已收起。要再看，点“导入”页上的“开始使用的步骤”。")
        return forms.done(said if values["is_aside"] else _("已重新列出。"), url_for(".index"))

    return forms.act(work, by=actor())
