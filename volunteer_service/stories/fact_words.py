"""The words for the facts of an act, and in which unit each is told; other facts are not told."""

from volunteer_service.errors import Phrase

#: By key: its name, and its unit.
FACTS: dict[str, tuple[Phrase, str]] = {
    "name": (Phrase("名称"), "text"),
    "title": (Phrase("标题"), "text"),
    "place": (Phrase("地点"), "text"),
    "meeting_point": (Phrase("集合地点"), "text"),
    "starts_at": (Phrase("开始时间"), "instant"),
    "ends_at": (Phrase("结束时间"), "instant"),
    "area": (Phrase("区域"), "text"),
    "recording_unit": (Phrase("记录单位"), "text"),
    "brand": (Phrase("品牌"), "text"),
    "project": (Phrase("项目"), "text"),
    "founded_on": (Phrase("成立日期"), "text"),
    "state": (Phrase("状态"), "state"),
    "price_centi": (Phrase("积分"), "points"),
    "minimum_stars": (Phrase("最低星级"), "count"),
    "reason": (Phrase("原因"), "text"),
    "minutes": (Phrase("时长"), "minutes"),
    "quantity": (Phrase("数量"), "count"),
    "sign_ups": (Phrase("报名人次"), "count"),
    "people": (Phrase("人数"), "count"),
    "touched": (Phrase("涉及的人"), "count"),
    "issued": (Phrase("签发份数"), "count"),
    "withdrawn": (Phrase("撤销份数"), "count"),
    "made": (Phrase("生成"), "count"),
    "capacity": (Phrase("名额"), "count"),
    "score": (Phrase("评分"), "count"),
    "coefficient_centi": (Phrase("系数"), "hundredths"),
    "role": (Phrase("角色"), "role"),
    "approve": (Phrase("同意"), "answer"),
    "upheld": (Phrase("异议成立"), "answer"),
    "ends_on": (Phrase("截止"), "text"),
    "since": (Phrase("自"), "text"),
}
#: The words of codes, by unit.
CODES: dict[str, dict[str, Phrase]] = {
    "state": {
        "active": Phrase("有效"),
        "closed": Phrase("已关闭"),
        "offered": Phrase("上架"),
        "withdrawn": Phrase("下架"),
        "confirmed": Phrase("已确认"),
        "waiting": Phrase("待确认"),
        "refused": Phrase("未确认"),
        "disowned": Phrase("已停用"),
    },
    "role": {
        "leader": Phrase("队长"),
        "coordinator": Phrase("协调员"),
        "desk": Phrase("兑换台"),
        "auditor": Phrase("审核员"),
        "admin": Phrase("系统管理员"),
    },
    "answer": {"True": Phrase("是"), "False": Phrase("否")},
}
