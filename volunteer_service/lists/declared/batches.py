"""The list of one's own acts on many rows."""

from flask_babel import lazy_gettext as _l

from volunteer_service.lists.acts.declared import ACTS
from volunteer_service.lists.acts.models import Batch
from volunteer_service.lists.declaration import Column, StaffList
from volunteer_service.lists.filters import Choice, Days, Search, words_of
from volunteer_service.people.authorization.rights import Right

STATES = {
    "judging": (_l("正在核对"), "info"),
    "judged": (_l("待确认"), "warn"),
    "running": (_l("正在办理"), "info"),
    "done": (_l("已办理"), "ok"),
    "undoing": (_l("正在撤销"), "info"),
    "undone": (_l("已撤销"), "plain"),
    "stopped": (_l("没有办理"), "plain"),
}
ACT_WORDS = {act.name: (act.label, "plain") for acts in ACTS.values() for act in acts}

BATCHES = StaffList(
    name="batches",
    title=_l("批量操作"),
    roles=("leader", "coordinator", "desk"),
    id_=Batch.id,
    joined=lambda query: query,
    guard=lambda by: Batch.account_id == (by.account_id or 0),
    order="-created_at",
    right=Right.TEAM_SEE,
    columns=(
        Column(name="act", label=_l("操作"), sql=Batch.act, kind="code", codes=ACT_WORDS),
        Column(name="number", label=_l("批号"), sql=Batch.id),
        Column(
            name="created_at",
            label=_l("时间"),
            sql=Batch.created_at,
            kind="when",
            sort=Batch.created_at,
        ),
        Column(
            name="total",
            label=_l("条数"),
            sql=Batch.total,
            kind="number",
            sort=Batch.total,
            is_summed=True,
        ),
        Column(name="state", label=_l("状态"), sql=Batch.state, kind="code", codes=STATES),
    ),
    filters=(
        Search(label=_l("操作代码"), texts=(Batch.act,)),
        Choice(name="state", label=_l("状态"), choices=words_of(STATES), column=Batch.state),
        Days(label=_l("日期"), column=Batch.created_at, is_instant=True),
    ),
    empty=_l("还没有批量操作。在名单里勾选几行，就可以一起办理。"),
)
