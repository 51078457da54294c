"""The list of one's own exports that were written beside a request."""

from flask_babel import lazy_gettext as _l

from volunteer_service.lists.declaration import Column, StaffList, Words
from volunteer_service.lists.exports.export_models import ListExport
from volunteer_service.lists.filters import Choice, Days, words_of
from volunteer_service.people.authorization.rights import Right

STATES = {
    "running": (_l("正在生成"), "info"),
    "done": (_l("可以下载"), "ok"),
    "cancelled": (_l("已取消"), "plain"),
    "failed": (_l("没有生成"), "bad"),
    "expired": (_l("已过期"), "plain"),
}
#: The lists by name, set by the registry.
TITLES: dict[str, tuple[Words, str]] = {}

EXPORTS = StaffList(
    name="exports",
    title=_l("我的导出"),
    roles=("leader", "coordinator", "desk", "auditor"),
    id_=ListExport.id,
    joined=lambda query: query,
    guard=lambda by: ListExport.account_id == (by.account_id or 0),
    order="-created_at",
    right=Right.TEAM_SEE,
    columns=(
        Column(name="list", label=_l("名单"), sql=ListExport.list_name, kind="code", codes=TITLES),
        Column(name="kind", label=_l("格式"), sql=ListExport.kind),
        Column(
            name="created_at",
            label=_l("时间"),
            sql=ListExport.created_at,
            kind="when",
            sort=ListExport.created_at,
        ),
        Column(
            name="total",
            label=_l("条数"),
            sql=ListExport.total,
            kind="number",
            sort=ListExport.total,
            is_summed=True,
        ),
        Column(
            name="kept_until",
            label=_l("保存到"),
            sql=ListExport.kept_until,
            kind="when",
            sort=ListExport.kept_until,
        ),
        Column(name="state", label=_l("状态"), sql=ListExport.state, kind="code", codes=STATES),
    ),
    filters=(
        Choice(name="state", label=_l("状态"), choices=words_of(STATES), column=ListExport.state),
        Days(label=_l("日期"), column=ListExport.created_at, is_instant=True),
    ),
    empty=_l("还没有导出。行数很多的名单下载时，会在这里生成，可以离开页面，稍后再来取。"),
)
