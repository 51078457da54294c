"""Topics of messages: what a reader chooses to get by e-mail or SMS; and headlines.

A headline is what a locked phone, a list of mails or an SMS shows. It contains no facts, so that
nobody who reads it over a shoulder learns anything about a person.
"""

from dataclasses import dataclass

from volunteer_service.errors import Phrase
from volunteer_service.people.messages.message_kinds import KINDS


@dataclass(frozen=True)
class Topic:
    """A topic that a reader chooses; ``is_needed`` if its e-mail and SMS cannot be turned off."""

    label: Phrase
    headline: Phrase
    is_needed: bool = False


TOPICS: dict[str, Topic] = {
    "places": Topic(Phrase("报名和班次"), Phrase("您报名的活动有新消息")),
    "records": Topic(Phrase("服务记录"), Phrase("您的服务记录有新消息")),
    "stars": Topic(Phrase("星级评定"), Phrase("您的星级评定有新消息")),
    "points": Topic(Phrase("积分"), Phrase("您的积分有新消息")),
    "gifts": Topic(Phrase("礼品订单"), Phrase("您的礼品订单有新消息")),
    "certificates": Topic(Phrase("证书"), Phrase("您的证书有新消息")),
    "letters": Topic(Phrase("队长和活动负责人的通知"), Phrase("您有一条新通知")),
    "account": Topic(Phrase("登记和登录"), Phrase("您的登记有新消息"), is_needed=True),
    "work": Topic(Phrase("工作人员的事"), Phrase("有一件事等您看")),
}

_BY_PAGE = {
    "event": "places",
    "record": "records",
    "records": "records",
    "star": "stars",
    "points": "points",
    "order": "gifts",
    "certificate": "certificates",
    "me": "account",
    "changes": "account",
    "complaint": "account",
    "circular": "letters",
    "home": "work",
}


def topic_of(kind: str) -> str:
    """Return the topic of a kind; a kind about none of one's own pages is work."""
    return _BY_PAGE.get(KINDS[kind].about, "work")


def headline_of(kind: str) -> Phrase:
    """Return what a locked phone may show: the kind's own headline, or its topic's."""
    return KINDS[kind].headline or TOPICS[topic_of(kind)].headline
