"""The list of points entries: what was credited to and debited from members' accounts."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import case, or_

from volunteer_service.lists import expressions, shared_columns
from volunteer_service.lists.declaration import Column, StaffList
from volunteer_service.lists.figure_rows import Counted
from volunteer_service.lists.filters import Choice, Days, Exact, Search, Tree, called, words_of
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import living_under
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.points.models import PointsAccount, Transfer

KINDS = {
    "earn": (_l("服务获得"), "ok"),
    "opening": (_l("期初带入"), "plain"),
    "redeem": (_l("兑换礼品"), "plain"),
    "reverse": (_l("冲正和撤销兑换"), "warn"),
    "adjust": (_l("调整"), "warn"),
    "expire": (_l("到期清零"), "plain"),
    "debt": (_l("记入待抵扣"), "bad"),
    "repay": (_l("抵扣"), "plain"),
    "waive": (_l("过期免扣"), "plain"),
}
# The other side is always one of the programme's own accounts.
_MEMBER = or_(PointsAccount.id == Transfer.debit_id, PointsAccount.id == Transfer.credit_id)
_AMOUNT = case((Transfer.credit_id == PointsAccount.id, Transfer.amount), else_=-Transfer.amount)

ENTRIES = StaffList(
    name="entries",
    title=_l("积分流水"),
    roles=("coordinator", "auditor"),
    id_=Transfer.id,
    joined=lambda query: query.join(PointsAccount, _MEMBER).join(
        Volunteer, Volunteer.id == PointsAccount.volunteer_id
    ),
    guard=lambda by: living_under(by, Right.POINTS_SEE),
    order="-id",
    right=Right.POINTS_SEE,
    area=Volunteer.area_id,
    whose=Volunteer.id,
    lead=Volunteer.id,
    columns=(
        *shared_columns.VOLUNTEER,
        shared_columns.street(Volunteer.area_id),
        Column(name="at", label=_l("时间"), sql=Transfer.at, kind="when", sort=Transfer.at),
        Column(name="kind", label=_l("种类"), sql=Transfer.kind, kind="code", codes=KINDS),
        Column(name="reason", label=_l("说明"), sql=Transfer.reason),
        Column(name="source", label=_l("来源"), sql=expressions.entry_source(), kind="source"),
        Column(
            name="amount",
            label=_l("积分"),
            sql=_AMOUNT,
            kind="movement",
            sort=_AMOUNT,
            is_summed=True,
        ),
        Column(
            name="expires_on",
            label=_l("有效期至"),
            sql=Transfer.expires_on,
            kind="day",
            sort=Transfer.expires_on,
            is_first=False,
        ),
    ),
    filters=(
        Counted(label=_l("指标"), list_name="entries", id_=Transfer.id),
        Search(label=_l("姓名、拼音、编号或手机号"), person=Volunteer.id),
        Tree(label=_l("区域"), column=Volunteer.area_id),
        Choice(
            name="kind",
            label=_l("种类"),
            choices=words_of(KINDS),
            column=Transfer.kind,
        ),
        Days(label=_l("日期"), column=Transfer.at, is_instant=True),
        Exact(
            name="volunteer_id",
            label=_l("志愿者"),
            column=Volunteer.id,
            called=called(Volunteer.number, Volunteer.id),
        ),
    ),
    empty=_l("没有符合条件的积分流水。"),
)
