"""The channels by which a message to a reader is sent, beside their page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import select

from volunteer_service import settings
from volunteer_service.db import db, in_lists
from volunteer_service.people.messages.message_models import MessageSettings
from volunteer_service.people.messages.message_topics import TOPICS, topic_of
from volunteer_service.people.models import Volunteer

Reader = Mapping[str, int]


def is_on(chosen: MessageSettings | None, topic: str, door: str) -> bool:
    """Tell whether a reader gets this topic by this channel."""
    if chosen is None:
        return door != "email"
    if door == "email" and (chosen.email_confirmed_at is None or chosen.left_at is not None):
        return False
    return TOPICS[topic].is_needed or f"{topic}:{door}" not in chosen.off


def doors_for(kind: str, readers: Sequence[Reader]) -> list[tuple[str, ...]]:
    """Return for each reader the channels by which a message of this kind is sent.

    If no channel is set up for the kind, the database is not queried.
    """
    doors = settings.current().doors.of_persons(kind)
    if not doors:
        return [()] * len(readers)
    chosen = _chosen(readers)
    phones = _with_phone(readers) if "sms" in doors else set()
    return [tuple(_doors_of(reader, kind, doors, chosen, phones)) for reader in readers]


def _doors_of(
    reader: Reader,
    kind: str,
    doors: Iterable[str],
    chosen: Mapping[tuple[str, int], MessageSettings],
    phones: set[int],
) -> Iterator[str]:
    (who,) = reader.items()
    found, topic = chosen.get(who), topic_of(kind)
    for door in doors:
        if door == "sms" and reader.get("volunteer_id") not in phones:
            continue
        if is_on(found, topic, door):
            yield door


def _chosen(readers: Sequence[Reader]) -> dict[tuple[str, int], MessageSettings]:
    found = {}
    for name in ("volunteer_id", "account_id"):
        column = getattr(MessageSettings, name)
        for ids in in_lists({reader[name] for reader in readers if name in reader}):
            rows = db.session.scalars(select(MessageSettings).where(column.in_(ids)))
            found.update({(name, getattr(row, name)): row for row in rows})
    return found


def _with_phone(readers: Sequence[Reader]) -> set[int]:
    """Return the volunteers whose phone staff saw in their hand."""
    found: set[int] = set()
    for ids in in_lists({reader["volunteer_id"] for reader in readers if "volunteer_id" in reader}):
        seen = select(Volunteer.id).where(
            Volunteer.id.in_(ids),
            Volunteer.phone_confirmed_at.is_not(None),
            Volunteer.state == "active",
        )
        found.update(db.session.scalars(seen))
    return found
