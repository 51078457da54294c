"""The list of stock moves: what was added to the stock and what was taken from it."""

from flask_babel import lazy_gettext as _l

from volunteer_service.lists import expressions, shared_columns
from volunteer_service.lists.declaration import Column, StaffList
from volunteer_service.lists.filters import (
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
from volunteer_service.scoring.rewards import catalogue
from volunteer_service.scoring.rewards.models import Gift, StockMove

KINDS = {
    "receive": (_l("入库"), "ok"),
    "hand_over": (_l("发放"), "plain"),
    "write_off": (_l("报损"), "bad"),
    "count": (_l("盘点"), "info"),
    "return": (_l("退回"), "warn"),
}

STOCK_MOVES = StaffList(
    name="stock_moves",
    title=_l("库存变动"),
    roles=("desk", "coordinator"),
    id_=StockMove.id,
    joined=lambda query: query.join(Gift, Gift.id == StockMove.gift_id).join(Gift.area),
    guard=catalogue.kept_by,
    order="-at",
    right=Right.GIFT_EDIT,
    area=Gift.area_id,
    lead=StockMove.gift_id,
    columns=(
        Column(name="gift", label=_l("礼品"), sql=Gift.name, sort=Gift.name),
        shared_columns.street(Gift.area_id),
        Column(name="at", label=_l("时间"), sql=StockMove.at, kind="when", sort=StockMove.at),
        Column(name="kind", label=_l("种类"), sql=StockMove.kind, kind="code", codes=KINDS),
        Column(
            name="quantity",
            label=_l("件数"),
            sql=StockMove.quantity,
            kind="number",
            sort=StockMove.quantity,
            is_summed=True,
        ),
        Column(name="reason", label=_l("说明"), sql=StockMove.reason),
        Column(name="who", label=_l("经手人"), sql=expressions.account_name(StockMove.account_id)),
    ),
    filters=(
        Search(label=_l("礼品名称"), texts=(Gift.name,)),
        Tree(label=_l("区域"), column=Gift.area_id),
        named_by("gift", _l("礼品"), StockMove.gift_id, Gift),
        Choice(name="kind", label=_l("种类"), choices=words_of(KINDS), column=StockMove.kind),
        Days(label=_l("日期"), column=StockMove.at, is_instant=True),
        Exact(
            name="gift_id",
            label=_l("礼品"),
            column=StockMove.gift_id,
            called=called(Gift.name, Gift.id),
        ),
    ),
    empty=_l("没有符合条件的库存变动。"),
)
