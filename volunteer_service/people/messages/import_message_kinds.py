"""The kinds of messages about imports (:mod:`message_kinds` has all)."""

from volunteer_service.errors import Phrase
from volunteer_service.people.messages.message_facts import ANSWERED, As, Kind

#: The facts of a person's opening balances, list by list.
_OPENINGS = {
    "points": As.POINTS,
    "minutes": As.HOURS,
    "stars": As.NUMBER,
    "papers": As.NUMBER,
}

IMPORT_KINDS: dict[str, Kind] = {
    "import_changed_you": Kind(
        Phrase("一次导入为您记入 %(records)s 条服务记录，共 %(minutes)s，积分 %(points)s。"),
        {"records": As.NUMBER, "minutes": As.HOURS, "points": As.CHANGE},
        about="records",
    ),
    "import_entered_you": Kind(
        Phrase("一次导入登记了您，或把您加入了服务队。如果不是这样，请联系社区管理员。")
    ),
    "import_opened_you": Kind(
        Phrase(
            "已从原来的系统为您带入：积分 %(points)s，时长 %(minutes)s，星级 %(stars)s 条，"
            "证书 %(papers)s 张。如果不对，请联系社区管理员。"
        ),
        _OPENINGS,
        about="points",
    ),
    "opening_taken_back": Kind(
        Phrase(
            "从原来的系统为您带入的内容已撤销：积分 %(points)s，时长 %(minutes)s，"
            "星级 %(stars)s 条，证书 %(papers)s 张。"
        ),
        _OPENINGS,
        about="points",
    ),
    "import_answered": Kind(
        Phrase("您请人确认的一次导入已有答复：%(outcome)s。"),
        {"import": As.KEY, "outcome": ANSWERED},
        about="import",
    ),
    "import_undo_answered": Kind(
        Phrase("您请人撤销的一次导入已有答复：%(outcome)s。"),
        {"import": As.KEY, "outcome": ANSWERED},
        about="import",
    ),
    "your_import_undone": Kind(
        Phrase("您办理的一次导入，已由别人撤销。"), {"import": As.KEY}, about="import"
    ),
    "import_taken_back": Kind(
        Phrase("一次导入已撤销，收回了为您记入的 %(records)s 条服务记录，共 %(minutes)s。"),
        {"records": As.NUMBER, "minutes": As.HOURS},
        about="records",
    ),
}
