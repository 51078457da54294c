"""The kinds of messages that a clock sends, and those about the outbox itself."""

from volunteer_service.errors import Phrase
from volunteer_service.people.message_facts import Choice, Kind

_DOORS: Choice = {
    "email": Phrase("邮件"),
    "sms": Phrase("短信"),
    "robot": Phrase("群机器人"),
}

REMINDER_KINDS: dict[str, Kind] = {
    "door_paused": Kind(
        Phrase("%(door)s一整天没有发出去，已暂停。消息都还在，请看原因，修好后再恢复发送。"),
        {"door": _DOORS},
        about="outbox",
        headline=Phrase("有一个发送渠道已暂停"),
    ),
}
