"""Help of points, gifts and the reward desk."""

from flask_babel import lazy_gettext as _l

from volunteer_service.web.shared.page_help.declaration import Help, of

PAGES = of(
    Help(
        pages=("desk.day",),
        serves="desk",
        is_for=_l("这一页是这个兑换点今天的发放、退回和库存。"),
        do=_l("清点每样礼品，写下实际件数，再日结。"),
        then=_l("日结后打印签名；对不上的件数要写原因，由另一个人复核。"),
        picture=("chart", "check", "print"),
    ),
    Help(
        pages=(
            "desk.index",
            "desk.person",
        ),
        serves="desk",
        is_for=_l("在兑换点，从这里找订单或人。"),
        do=_l("扫取货码，或输入取货码、姓名、手机尾号，核对是本人再发放。"),
        then=_l("发放后打勾完成；代领、退回和发错了，都在订单下面办理。"),
        picture=("scan", "gift", "check"),
    ),
    Help(
        pages=(
            "desk.sheet",
            "desk.sheets",
        ),
        serves="auditor",
        is_for=_l("日结单是兑换点一天的账，关上以后不能再改。"),
        do=_l("按日期找到一张，看发放、退回和清点的差异，可以打印。"),
        then=_l("差异有疑问，请找单上写的经办人和复核人。"),
        picture=("print", "chart", "check"),
    ),
    Help(
        pages=("gifts.catalogue",),
        serves="coordinator",
        is_for=_l("这里是您管的礼品：价格、库存、上架还是下架。"),
        do=_l("点一件可以修改，或者新建一件、登记入库。"),
        then=_l("下架后不能再下单，已有的订单照样能领；库存对不上请做盘点更正。"),
        picture=("gift", "plus", "settings"),
    ),
    Help(
        pages=("gifts.confirm",),
        serves="volunteer",
        is_for=_l("下单前在这里看清要花多少积分、到哪里领。"),
        do=_l("核对后确认兑换。"),
        then=_l("积分先占用，到期没领会退回；领取时带上取货码。"),
        picture=("gift", "heart", "check"),
    ),
    Help(
        pages=(
            "gifts.edit",
            "gifts.new",
        ),
        serves="coordinator",
        is_for=_l("在这里写明一件礼品的价格、星级要求和库存。"),
        do=_l("填好后保存，再决定上不上架。"),
        then=_l("改价只对以后的订单有效；库存的每次变动都会记下是谁办的。"),
        picture=("gift", "settings", "check"),
    ),
    Help(
        pages=("gifts.index",),
        serves="volunteer",
        is_for=_l("这里是可以用积分兑换的礼品。"),
        do=_l("看看积分够不够、还有没有，点一件下单。"),
        then=_l("下单后到写明的兑换点领取；星级不够的，页面会说明还差什么。"),
        picture=("gift", "heart", "check"),
    ),
    Help(
        pages=("gifts.of",),
        serves="volunteer",
        is_for=_l("这是您的一个礼品订单。"),
        do=_l("到兑换点出示取货码，或者报姓名。"),
        then=_l("别人代领要先写好代领人；领取期限前没来，订单取消、积分退回。"),
        picture=("gift", "qr", "place"),
    ),
    Help(
        pages=(
            "points.entries",
            "points.outstanding",
        ),
        serves="coordinator",
        is_for=_l("这里是积分账：没用的积分、到期日和每一笔流水。"),
        do=_l("按人、种类或日期筛选，点一笔看它从哪里来。"),
        then=_l("账目不能改，只能冲正；调整要另一个人同意。"),
        picture=("heart", "search", "download"),
    ),
    Help(
        pages=("points.mine",),
        serves="volunteer",
        is_for=_l("这里是您的积分：有多少、从哪里来、什么时候到期。"),
        do=_l("往下看每一笔，点它看是哪次服务。"),
        then=_l("先到期的先用；哪一笔不对，请找社区核对。"),
        picture=("heart", "clock", "gift"),
    ),
    Help(
        pages=("points.of_person",),
        serves="coordinator",
        is_for=_l("这一页是一位志愿者的积分账。"),
        do=_l("看清来源，需要时写原因增减。"),
        then=_l("增减要另一个人同意，本人会收到消息；错的一笔用冲正。"),
        picture=("heart", "list", "plus"),
    ),
    Help(
        pages=("points.reversal",),
        serves="coordinator",
        is_for=_l("在这里冲正一笔积分，先看会怎样。"),
        do=_l("看清会收回多少，写明原因再确认。"),
        then=_l("原来的一笔保留，旁边记上冲正；不够收回的会记为待抵扣。"),
        picture=("undo", "heart", "check"),
    ),
)
