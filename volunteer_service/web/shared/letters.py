"""Letters in words: the text of a delivery for its door, in its reader's language."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import current_app, url_for
from flask_babel import force_locale

from volunteer_service import settings
from volunteer_service.circulars import reading as circulars
from volunteer_service.db import db
from volunteer_service.outbox import queueing
from volunteer_service.outbox.letters import Letter
from volunteer_service.outbox.models import Delivery
from volunteer_service.outbox.sending import Composed, Dropped
from volunteer_service.people.authentication import password_resets
from volunteer_service.people.messages import delivery_addresses
from volunteer_service.people.messages.delivery_addresses import Recipient
from volunteer_service.people.messages.message_topics import headline_of
from volunteer_service.people.models import Message
from volunteer_service.teams.models import TeamRobot
from volunteer_service.web.shared import frame, message_words, signed_links, words
from volunteer_service.wording import gettext as _

_RESET = "password_reset_asked"


def compose(delivery: Delivery, at: datetime) -> Composed:
    """Return the present letter of a delivery, or why there is none."""
    if delivery.purpose == "confirm":
        found = delivery_addresses.confirmed_by(delivery)
        if not isinstance(found, Recipient):
            return found
        is_former = queueing.replaced_address(delivery) is not None
        return (_given_up if is_former else _confirming)(delivery, found)
    if delivery.purpose == "digest":
        return _digest(delivery)
    message = db.session.get(Message, delivery.message_id) if delivery.message_id else None
    found = delivery_addresses.recipient_of(delivery, message, at=at)
    if message is None or not isinstance(found, Recipient):
        return found if not isinstance(found, Recipient) else Dropped("gone")
    with in_language(found.language):
        link = _link(message, at)
    if link is None and message.kind == _RESET:
        return Dropped("late")
    return letter_of(message, found, door=delivery.door, key=_key(delivery), link=link)


def letter_of(
    message: Message, to: Recipient, *, door: str, key: str, link: str | None = None
) -> Letter:
    """Return a message as a letter; an SMS contains its headline and no fact.

    ``link`` is the address in an e-mail that works without signing in, for its reader only.
    """
    with in_language(to.language):
        headline = headline_of(message.kind).worded(_)
        url = absolute(message_words.page_of(message))
        if door == "email" and link is not None:
            url = link
        leave_url = signed_links.leaving(to.settings_id) if to.settings_id else None
        text = (
            _mail_text(_said(message), url, leave_url)
            if door == "email"
            else _("%(headline)s。登录后查看：%(url)s", headline=headline, url=absolute("/"))
        )
        return Letter(
            to=to.to,
            headline=headline,
            text=text,
            key=key,
            kind=message.kind,
            leave_url=leave_url if door == "email" else None,
            url=url,
        )


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Use this language, and full addresses of pages, inside the block."""
    # The cookie is for our own words, the locale for flask_babel, which keeps one for each context.
    request = current_app.test_request_context(
        base_url=settings.current().base_url, headers={"Cookie": f"lang={language}"}
    )
    with request, force_locale(frame.LOCALES[language]):
        yield


def absolute(path: str) -> str:
    """Return the public address of a page."""
    return settings.current().base_url + path


def _confirming(delivery: Delivery, to: Recipient) -> Letter:
    with in_language(to.language):
        url = signed_links.confirming(to.settings_id or 0, to.to)
        text = _(
            "有人在志愿服务里填了这个邮箱，想用它收消息。\n\n"
            "是您填的，请在 7 天内打开下面的网页确认：\n%(url)s\n\n"
            "不是您填的，不用理会，不会再收到邮件。",
            url=url,
        )
        return Letter(
            to=to.to, headline=_("请确认您的邮箱"), text=text, key=_key(delivery), url=url
        )


def _given_up(delivery: Delivery, to: Recipient) -> Letter:
    with in_language(to.language):
        text = _(
            "您在志愿服务里的账号换了邮箱，或不再用邮箱：以后的消息不再发到这里。\n\n"
            "是您改的，不用理会。不是您改的，请马上登录修改密码，"
            "再到“消息设置”把邮箱改回来；登录不了，请联系社区管理员：\n%(url)s",
            url=absolute("/"),
        )
        return Letter(to=to.to, headline=_("这个邮箱不再使用"), text=text, key=_key(delivery))


def _digest(delivery: Delivery) -> Composed:
    """Return counts for a group of staff; a robot that is no longer set up gets nothing."""
    facts = delivery.facts
    to, group = _robot(facts)
    if to is None:
        return Dropped("no_address")
    with in_language(settings.current().language):
        if facts.get("is_greeting"):
            text = _("这个群从今天起，每天早上收到“%(team)s”等着办的事，只有数目。", team=group)
            return Letter(
                to=to,
                headline=_("志愿服务：群机器人已接通"),
                text=text,
                key=_key(delivery),
                kind="digest",
            )
        counts = {name: words.number(facts[name]) for name in ("records", "disputes", "joining")}
        text = _(
            "待确认的记录 %(records)s 条，异议 %(disputes)s 件，想加入队伍的 %(joining)s 人。",
            **counts,
        )
        return Letter(
            to=to,
            headline=_("志愿服务：等着办的事") + (f"（{group}）" if group else ""),
            text=text + "\n" + absolute("/"),
            key=_key(delivery),
            kind="digest",
        )


def _robot(facts: dict[str, Any]) -> tuple[str | None, str]:
    """Return the robot's address, or None, and the team whose group it is in."""
    if "team_robot" in facts:
        row = db.session.get(TeamRobot, facts["team_robot"])
        if row is None or row.paused_at is not None:
            return None, ""
        return row.address, row.team.name
    robots = settings.current().doors.robots
    return (robots[facts["robot"]] if facts["robot"] < len(robots) else None), ""


def _mail_text(sentence: str, url: str, leave_url: str | None) -> str:
    parts = [sentence, _("查看：%(url)s", url=url), "-- "]
    parts.append(_("选择要收哪些消息：%(url)s", url=absolute(url_for("messages.settings"))))
    if leave_url:
        parts.append(_("不再收任何邮件：%(url)s", url=leave_url))
    return "\n\n".join(parts) + "\n"


def _link(message: Message, at: datetime) -> str | None:
    """Return the address that works without signing in, for the reader's own mailbox."""
    if message.kind == "place_offered":
        return signed_links.answering(message.facts["place"], message.facts["until"])
    if message.kind != _RESET:
        return None
    key = password_resets.link_key(message.facts["reset"], at=at)
    return absolute(url_for("account.reset", key=key)) if key else None


def _said(message: Message) -> str:
    """Return the sentence; with the words of a circular, which is read in the mail itself."""
    sentence = message_words.sentence(message)
    if message.kind != "circular":
        return sentence
    return f"{sentence}\n\n{circulars.text_of(message.facts['circular'])}"


def _key(delivery: Delivery) -> str:
    return f"delivery-{delivery.id}"
