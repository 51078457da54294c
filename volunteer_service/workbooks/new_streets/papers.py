"""Workbooks to fill in for steps without an imported list: staff and the first event.

They are not handed in; people who open accounts or plan the event work from them.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, BinaryIO

from volunteer_service.errors import NotFound
from volunteer_service.workbooks.new_streets import samples
from volunteer_service.workbooks.reading.known_columns import BY_NAME, Field, Kind

#: Marks words for the translators, who look for this name.
N_ = str

STAFF = Kind(
    "staff",
    N_("工作人员名单"),
    (
        Field("name", ("姓名",), required=True),
        Field("phone", ("手机号",), required=True),
        Field("login", ("用户名",), required=True),
        Field("role", ("角色",), required=True),
        Field("place", ("管理的街道或社区",), required=True),
        Field("remark", ("备注",)),
    ),
)
EVENT = Kind(
    "event",
    N_("活动方案"),
    (
        Field("team", ("服务队",), required=True),
        Field("event", ("活动名称",), required=True),
        Field("content", ("服务内容",), required=True),
        Field("place", ("地点",), required=True),
        Field("on", ("日期",), required=True),
        Field("start", ("开始时间",), required=True),
        Field("end", ("结束时间",), required=True),
        Field("post", ("岗位",), required=True),
        Field("people", ("人数",), required=True),
        Field("contact", ("联系人和电话",)),
    ),
)
PAPERS = {kind.name: kind for kind in (STAFF, EVENT)}
_ABOUT = {
    "staff": "这份表不上传：填好交给系统管理员，由其在“账号和角色”页逐人开通。",
    "event": "这份表不上传：先在纸上商量好，再到“新建活动”页照着填。",
}
_NOTES: dict[str, Mapping[str, str]] = {
    "staff": {
        "name": "姓名，与花名册一致。",
        "phone": "本人的手机号。",
        "login": "登录用的名字，小写字母和数字。",
        "role": "社区管理员、兑换点、核查员或系统管理员。",
        "place": "只管这里和它下面的社区、网格。",
        "remark": "为什么需要这个账号。",
    },
    "event": {
        "team": "哪支队伍办，与服务队名单一致。",
        "event": "印在海报上的名称。",
        "content": "做什么，一句话。",
        "place": "到哪里签到。",
        "on": "写成 2024-03-05 这样的日期。",
        "start": "写成 08:30 这样的时间。",
        "end": "写成 10:30 这样的时间。",
        "post": "一个岗位一行，例如“路口引导”。",
        "people": "这个岗位要几个人。",
        "contact": "只有报上名的人看得到。",
    },
}


def write_paper(name: str, out: BinaryIO, *, today: date) -> None:
    """Write one of them: headers, an example row, a sheet of notes."""
    kind, notes = PAPERS[name], _NOTES[name]
    lines = (
        (field.title, "必填" if field.required else "", notes[field.name]) for field in kind.fields
    )
    samples.write(kind, _example(name, today), out, about=(_ABOUT[name],), notes=lines)


def write_any(name: str, out: BinaryIO, *, today: date) -> None:
    """Write the sample of a list, or one of these; raises ``NotFound`` for another name."""
    if name not in BY_NAME and name not in PAPERS:
        raise NotFound()
    write = write_paper if name in PAPERS else samples.write_sample
    write(name, out, today=today)


def _example(name: str, today: date) -> dict[str, Any]:
    if name == "staff":
        return {
            "name": "示例志愿者",
            "phone": "13800000000",
            "login": "shili",
            "role": "社区管理员",
            "place": "示例社区",
            "remark": "示例行，请删去",
        }
    return {
        "team": "示例社区志愿服务队",
        "event": "示例活动",
        "content": "打扫楼道",
        "place": "示例社区广场",
        "on": today + timedelta(days=7),
        "start": "08:30",
        "end": "10:30",
        "post": "打扫",
        "people": 8,
        "contact": "示例志愿者 13800000000",
    }
