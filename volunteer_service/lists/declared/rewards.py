"""The lists of gifts and of orders."""

from flask_babel import lazy_gettext as _l

from volunteer_service.areas.models import Area
from volunteer_service.lists import shared_columns
from volunteer_service.lists.declaration import Column, StaffList
from volunteer_service.lists.figure_rows import Counted
from volunteer_service.lists.filters import (
    Amounts,
    Choice,
    Days,
    Exact,
    Search,
    Tree,
    called,
    named_by,
    words_of,
)
from volunteer_service.people.authorization.rights import Right
from volunteer_service.scoring.rewards import catalogue, orders
from volunteer_service.scoring.rewards.models import Gift, Redemption

GIFT_STATES = {"offered": (_l("可兑换"), "ok"), "withdrawn": (_l("已下架"), "plain")}
ORDER_STATES = {
    "ordered": (_l("待领取"), "info"),
    "handed_over": (_l("已领取"), "ok"),
    "cancelled": (_l("已取消"), "plain"),
    "lapsed": (_l("已过期"), "plain"),
    "returned": (_l("已撤销发放"), "warn"),
}
_LEFT = Gift.stock - Gift.reserved

GIFTS = StaffList(
    name="gifts",
    title=_l("礼品和库存"),
    roles=("desk", "coordinator"),
    id_=Gift.id,
    joined=lambda query: query.join(Gift.area),
    guard=catalogue.kept_by,
    order="name",
    right=Right.GIFT_EDIT,
    area=Gift.area_id,
    columns=(
        Column(name="name", label=_l("礼品"), sql=Gift.name, sort=Gift.name),
        shared_columns.street(Gift.area_id),
        Column(name="area", label=_l("兑换点"), sql=Area.name),
        Column(
            name="price",
            label=_l("积分"),
            sql=Gift.price_centi,
            kind="points",
            sort=Gift.price_centi,
        ),
        Column(
            name="stock",
            label=_l("库存"),
            sql=Gift.stock,
            kind="number",
            sort=Gift.stock,
            is_summed=True,
        ),
        Column(
            name="reserved",
            label=_l("已预留"),
            sql=Gift.reserved,
            kind="number",
            sort=Gift.reserved,
            is_summed=True,
        ),
        Column(name="left", label=_l("还可兑换"), sql=_LEFT, kind="number", sort=_LEFT),
        Column(
            name="minimum_stars",
            label=_l("最低星级"),
            sql=Gift.minimum_stars,
            kind="stars",
            sort=Gift.minimum_stars,
            is_first=False,
        ),
        Column(name="state", label=_l("状态"), sql=Gift.state, kind="code", codes=GIFT_STATES),
    ),
    filters=(
        Search(label=_l("礼品名称"), texts=(Gift.name,)),
        Tree(label=_l("区域"), column=Gift.area_id),
        Choice(
            name="state",
            label=_l("状态"),
            choices=words_of(GIFT_STATES),
            column=Gift.state,
        ),
        Amounts(name="price", label=_l("积分"), column=Gift.price_centi, unit=100),
        Amounts(name="left", label=_l("还可兑换"), column=_LEFT),
    ),
    empty=_l("没有符合条件的礼品。"),
)
ORDERS = StaffList(
    name="orders",
    title=_l("礼品订单"),
    roles=("desk", "coordinator", "auditor"),
    id_=Redemption.id,
    joined=lambda query: query.join(Redemption.gift).join(Redemption.volunteer),
    guard=orders.seen_by,
    order="-ordered_at",
    right=Right.GIFT_EDIT,
    area=Gift.area_id,
    whose=Redemption.volunteer_id,
    columns=(
        Column(name="gift", label=_l("礼品"), sql=Gift.name, sort=Gift.name),
        *shared_columns.VOLUNTEER,
        shared_columns.street(Gift.area_id),
        Column(
            name="quantity",
            label=_l("件数"),
            sql=Redemption.quantity,
            kind="number",
            sort=Redemption.quantity,
            is_summed=True,
        ),
        Column(
            name="points",
            label=_l("积分"),
            sql=Redemption.points_centi,
            kind="points",
            sort=Redemption.points_centi,
            is_summed=True,
        ),
        Column(
            name="ordered_at",
            label=_l("下单时间"),
            sql=Redemption.ordered_at,
            kind="when",
            sort=Redemption.ordered_at,
        ),
        Column(
            name="ended_at",
            label=_l("结束时间"),
            sql=Redemption.ended_at,
            kind="when",
            sort=Redemption.ended_at,
            is_first=False,
        ),
        Column(
            name="state", label=_l("状态"), sql=Redemption.state, kind="code", codes=ORDER_STATES
        ),
    ),
    filters=(
        Counted(label=_l("指标"), list_name="orders", id_=Redemption.id),
        Search(label=_l("姓名、拼音、编号或手机号"), person=Redemption.volunteer_id),
        Tree(label=_l("区域"), column=Gift.area_id),
        named_by("gift", _l("礼品"), Redemption.gift_id, Gift),
        Choice(
            name="state",
            label=_l("状态"),
            choices=words_of(ORDER_STATES),
            column=Redemption.state,
        ),
        Days(label=_l("下单日期"), column=Redemption.ordered_at, is_instant=True),
        Amounts(name="points", label=_l("积分"), column=Redemption.points_centi, unit=100),
        Exact(
            name="gift_id",
            label=_l("礼品"),
            column=Redemption.gift_id,
            called=called(Gift.name, Gift.id),
        ),
    ),
    empty=_l("没有符合条件的订单。"),
)
