"""Messages in words: the kind's sentence with its facts in the reader's language, and its page."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import url_for

from volunteer_service.people.messages.message_facts import As, Choice
from volunteer_service.people.messages.message_kinds import KINDS
from volunteer_service.people.models import Message
from volunteer_service.web.ratings.blueprint import half_year
from volunteer_service.web.shared import frame, words
from volunteer_service.wording import gettext as _

#: The page that a message is about: its endpoint, and which argument the message's key is.
PAGES: dict[str, tuple[str, str | None]] = {
    "account": ("people.account", "account_id"),
    "certificate": ("certificates.show", "number"),
    "circular": ("circulars.received", "received_id"),
    "changes": ("person_changes.mine", None),
    "complaint": ("people.my_complaint", "complaint_id"),
    "event": ("events.show", "event_id"),
    "gift": ("gifts.edit", "gift_id"),
    "home": ("home.index", None),
    "import": ("imports.show", "import_id"),
    "me": ("account.me", None),
    "merging": ("merging.show", "merging_id"),
    "order": ("gifts.of", "order_id"),
    "outbox": ("messages.outbox", None),
    "person": ("people.show", "volunteer_id"),
    "person_change": ("person_changes.one", "change_id"),
    "points": ("points.mine", None),
    "policies": ("ratings.policy_list", None),
    "points_of": ("points.of_person", "volunteer_id"),
    "record": ("records.of", "record_id"),
    "records": ("records.mine", None),
    "round": ("ratings.show", "round_id"),
    "star": ("ratings.mine", None),
}


def sentence(message: Message) -> str:
    """Return what the message says, in the reader's language."""
    kind = KINDS[message.kind]
    facts = {
        name: _worded(said, message.facts[name])
        for name, said in kind.facts.items()
        if said is not As.KEY
    }
    return kind.words.worded(_) % facts if facts else kind.words.worded(_)


def page_of(message: Message) -> str:
    """Return the address of what the message is about."""
    kind = KINDS[message.kind]
    endpoint, argument = PAGES[kind.about]
    if argument is None:
        return url_for(endpoint)
    key = next(message.facts[name] for name, said in kind.facts.items() if said is As.KEY)
    return url_for(endpoint, **{argument: key})


def _worded(said: As | Choice, value: Any) -> str:
    if isinstance(said, As):
        return _WORDED[said](value)
    return said[value].worded(_)


def _change(centi: int) -> str:
    return ("+" if centi > 0 else "") + words.points(centi, frame.lang())


_WORDED: dict[As, Callable[[Any], str]] = {
    As.POINTS: lambda centi: words.points(centi, frame.lang()),
    As.CHANGE: _change,
    As.HOURS: lambda minutes: words.hours(minutes, frame.lang()),
    As.DAY: lambda written: frame.FILTERS["day"](date.fromisoformat(written)),
    As.STARS: lambda n: words.stars(n, frame.lang()),
    As.HALF_YEAR: half_year,
    As.NUMBER: words.number,
    As.NAME: str,
}
