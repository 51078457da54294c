"""The lists of imports and of the rows that they refused."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, case

from volunteer_service.lists import expressions
from volunteer_service.lists.declaration import Column, StaffList
from volunteer_service.lists.filters import Choice, Days, Exact, Search, Tree, called, words_of
from volunteer_service.people.authorization.rights import Right
from volunteer_service.workbooks import import_overviews
from volunteer_service.workbooks.judging.taken_or_refused import WORDS
from volunteer_service.workbooks.models import Import, RefusedRow

STATES = {
    "reading": (_l("读取中"), "info"),
    "previewed": (_l("待导入"), "warn"),
    "asked": (_l("待另一人审批"), "warn"),
    "applying": (_l("导入中"), "info"),
    "applied": (_l("已导入"), "ok"),
    "refused": (_l("未通过"), "bad"),
    "undo_asked": (_l("待另一人审批撤销"), "warn"),
    "undone": (_l("已撤销"), "plain"),
    "discarded": (_l("已放弃"), "plain"),
    "failed": (_l("未能读取"), "bad"),
}
#: The words of a kind of workbook, by its code.
KINDS = {
    "areas": (_l("网格楼栋"), "plain"),
    "teams": (_l("服务队"), "plain"),
    "volunteers": (_l("志愿者"), "plain"),
    "service_log": (_l("服务记录"), "plain"),
    "gifts": (_l("礼品"), "plain"),
    "open_points": (_l("期初积分"), "plain"),
    "open_hours": (_l("期初时长"), "plain"),
    "open_stars": (_l("期初星级"), "plain"),
    "open_papers": (_l("期初证书"), "plain"),
}
#: Why a row is refused; the words are in the catalogue under the same sentences.
REASONS = {code: (_l(words), "plain") for code, words in WORDS.items()}
#: An import that was never applied is not undone but dropped; an applied one may wait for the
#: second person who undoes it.
STATE = case(
    (and_(Import.state == "undone", Import.applied_at.is_(None)), "discarded"),
    (Import.is_undo_asked, "undo_asked"),
    else_=Import.state,
)

IMPORTS = StaffList(
    name="imports",
    title=_l("历次导入"),
    roles=("coordinator",),
    id_=Import.id,
    joined=lambda query: query,
    guard=import_overviews.seen_by,
    order="-created_at",
    right=Right.IMPORT,
    area=Import.area_id,
    columns=(
        Column(name="street", label=_l("街道"), sql=Import.sub_district, sort=Import.sub_district),
        Column(name="number", label=_l("编号"), sql=Import.id),
        Column(
            name="created_at",
            label=_l("时间"),
            sql=Import.created_at,
            kind="when",
            sort=Import.created_at,
        ),
        Column(name="who", label=_l("经手人"), sql=expressions.account_name(Import.account_id)),
        Column(name="state", label=_l("状态"), sql=STATE, kind="code", codes=STATES),
        Column(
            name="total",
            label=_l("行数"),
            sql=Import.total,
            kind="number",
            sort=Import.total,
            is_summed=True,
        ),
    ),
    filters=(
        Search(label=_l("街道名称"), texts=(Import.sub_district,)),
        Tree(label=_l("区域"), column=Import.area_id),
        Choice(name="state", label=_l("状态"), choices=words_of(STATES), column=STATE),
        Days(label=_l("日期"), column=Import.created_at, is_instant=True),
    ),
    empty=_l("还没有导入过"),
)
REFUSED_ROWS = StaffList(
    name="refused_rows",
    title=_l("退回的行"),
    roles=("coordinator",),
    id_=RefusedRow.id,
    joined=lambda query: query.join(Import, Import.id == RefusedRow.import_id),
    guard=import_overviews.seen_by,
    order="id",
    right=Right.IMPORT,
    area=Import.area_id,
    lead=RefusedRow.import_id,
    columns=(
        Column(name="file", label=_l("文件"), sql=RefusedRow.file, sort=RefusedRow.file),
        Column(name="sheet", label=_l("工作表"), sql=RefusedRow.sheet),
        Column(
            name="row_number",
            label=_l("行号"),
            sql=RefusedRow.row_number,
            kind="number",
            sort=RefusedRow.row_number,
        ),
        Column(name="street", label=_l("街道"), sql=Import.sub_district, is_of_streets=True),
        Column(name="kind", label=_l("种类"), sql=RefusedRow.kind, kind="code", codes=KINDS),
        Column(name="reason", label=_l("原因"), sql=RefusedRow.reason, kind="code", codes=REASONS),
        Column(name="cure", label=_l("怎么改"), sql=RefusedRow.cure),
    ),
    filters=(
        Search(label=_l("文件或工作表"), texts=(RefusedRow.file, RefusedRow.sheet)),
        Tree(label=_l("区域"), column=Import.area_id),
        Choice(name="kind", label=_l("种类"), choices=words_of(KINDS), column=RefusedRow.kind),
        Choice(
            name="reason", label=_l("原因"), choices=words_of(REASONS), column=RefusedRow.reason
        ),
        Days(label=_l("导入日期"), column=Import.created_at, is_instant=True),
        Exact(
            name="import_id",
            label=_l("导入"),
            column=RefusedRow.import_id,
            called=called(Import.sub_district, Import.id),
        ),
    ),
    empty=_l("没有退回的行。"),
)
