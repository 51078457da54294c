"""Prints, ends and reads volunteer cards.

The QR code of a card is an address in capitals with 128 random bits; the database keeps their
SHA-256. So a card can be printed only once: a new one ends the one before, and a lost one can be
ended without a new one.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import select, update

from volunteer_service import bounds, journal, settings
from volunteer_service.areas.models import Area
from volunteer_service.crypto import token_hash
from volunteer_service.db import db, fetch
from volunteer_service.errors import Refused, told_to
from volunteer_service.identifiers import base32, typed_text
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import may_on_person, need_to_act_on
from volunteer_service.people.cards.card_models import VolunteerCard
from volunteer_service.people.merged_entries import going_on, need_all_going_on
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Volunteer

#: Characters of base 32 for 128 bits.
LENGTH = 26
SHORTEST_KEY, LONGEST_KEY = 8, 64
_SECRET = re.compile(rf"[0-9A-HJKMNP-TV-Z]{{{LENGTH}}}")


class NoCard(Refused):
    """The person has no card in use."""

    status = 409
    message = "您现在没有可用的志愿者卡。"
    message_to_others = "此人现在没有可用的志愿者卡。"


@dataclass(frozen=True)
class PrintedCard:
    """The content of one card; ``url`` is in its QR code and exists only on paper."""

    name: str
    number: str
    community: str
    url: str


def print_one(volunteer_id: int, *, print_key: str, by: Actor, at: datetime) -> PrintedCard:
    """Print the card of one person in the actor's care."""
    person = fetch(Volunteer, volunteer_id)
    need_to_act_on(by, Right.VOLUNTEER_EDIT, person)
    return make_cards([person], print_key=print_key, by=by, at=at)[0]


def make_cards(
    people: Sequence[Volunteer], *, print_key: str, by: Actor, at: datetime
) -> list[PrintedCard]:
    """Make a card for each of these people, who are told; the caller has checked the right.

    ``print_key`` is the form's own key: the same form sent twice prints the same cards.
    """
    bounds.text(print_key, LONGEST_KEY, "print_key")
    bounds.whole(len(print_key), SHORTEST_KEY, LONGEST_KEY, "print_key")
    need_all_going_on([person.id for person in people])
    communities = _communities(people)
    made = []
    for person in people:
        secret = _secret(print_key, person.id)
        _use(person, secret, by, at)
        made.append(_card(person, secret, communities))
    return made


def printed_before(volunteer_ids: Sequence[int], *, print_key: str, by: Actor) -> list[PrintedCard]:
    """Return the cards in use with this key, of people in the actor's care, by name.

    No new card is made, so nobody is told.
    """
    query = select(Volunteer).join(VolunteerCard, VolunteerCard.volunteer_id == Volunteer.id)
    query = query.where(VolunteerCard.ended_at.is_(None))
    found = []
    for id_ in dict.fromkeys(volunteer_ids):
        secret = _secret(print_key, id_)
        is_its = VolunteerCard.secret_hash == token_hash(secret)
        person = db.session.scalar(query.where(Volunteer.id == id_, is_its))
        if person is not None and may_on_person(by, Right.VOLUNTEER_EDIT, person):
            found.append((person, secret))
    found.sort(key=lambda each: each[0].name_order)
    communities = _communities([person for person, _secret in found])
    return [_card(person, secret, communities) for person, secret in found]


def end_card(volunteer_id: int, *, by: Actor, at: datetime) -> None:
    """End the card in use, lost or returned, as its person or as staff, who tell the person."""
    person = fetch(Volunteer, volunteer_id)
    need_to_act_on(by, Right.VOLUNTEER_EDIT, person, own=True)
    with told_to(is_person=by.volunteer_id == volunteer_id):
        if not _end(volunteer_id, by, at):
            raise NoCard()
    if by.volunteer_id != volunteer_id:
        messages.tell(volunteer_id, "card_ended", at=at)
    journal.record("card.end", person, account_id=by.account_id, door=by.door, at=at)


def in_use(volunteer_ids: Sequence[int]) -> dict[int, datetime]:
    """Return since when each of these people has the card in use, without people who have none."""
    query = select(VolunteerCard.volunteer_id, VolunteerCard.made_at).where(
        VolunteerCard.volunteer_id.in_(volunteer_ids), VolunteerCard.ended_at.is_(None)
    )
    return dict(db.session.execute(query).all())


def owner_of(text: str) -> int | None:
    """Return whose card was scanned or typed, as the kept entry; None if it is not in use."""
    secret = _SECRET.fullmatch(typed_text.plain(text).upper())
    if secret is None:
        return None
    query = (
        select(going_on())
        .join(VolunteerCard, VolunteerCard.volunteer_id == Volunteer.id)
        .where(VolunteerCard.secret_hash == token_hash(secret[0]))
        .where(VolunteerCard.ended_at.is_(None), Volunteer.state != "disowned")
    )
    return db.session.scalar(query)


def is_card(text: str) -> bool:
    """Tell whether a text has the shape of a card's code, in use or not."""
    return _SECRET.fullmatch(typed_text.plain(text).upper()) is not None


def name_key(secret: str) -> bytes:
    """Return the key of 256 bits that opens the card's name on a phone, which derives it from the
    26 characters of the card in the same way.
    """
    derive = HKDF(SHA256(), 32, salt=None, info=b"volunteer_service/card-name")
    return derive.derive(secret.encode())


def _secret(print_key: str, volunteer_id: int) -> str:
    key = settings.current().secret_key.encode()
    said = f"volunteer_service/card/{print_key}/{volunteer_id}".encode(errors="surrogatepass")
    drawn = int.from_bytes(hmac.digest(key, said, hashlib.sha256)[:16], "big")
    return base32.digits(drawn, LENGTH)


def _card(person: Volunteer, secret: str, communities: Mapping[int, str]) -> PrintedCard:
    community = communities.get(person.area_id or 0, "")
    return PrintedCard(person.name, person.number, community, _url(secret))


def _url(secret: str) -> str:
    return f"{settings.current().base_url}/k/{secret}".upper()


def _use(person: Volunteer, secret: str, by: Actor, at: datetime) -> None:
    hashed = token_hash(secret)
    known = select(VolunteerCard.id).where(VolunteerCard.secret_hash == hashed)
    if db.session.scalar(known) is not None:
        return
    had_one = _end(person.id, by, at)
    db.session.add(
        VolunteerCard(
            volunteer_id=person.id,
            secret_hash=hashed,
            name_key=name_key(secret),
            made_at=at,
            made_by_id=by.account_id,
        )
    )
    db.session.flush()
    journal.record(
        "card.print", person, account_id=by.account_id, door=by.door, at=at, replaced=had_one
    )
    messages.tell(person.id, "card_printed", at=at)


def _end(volunteer_id: int, by: Actor, at: datetime) -> bool:
    ended = (
        update(VolunteerCard)
        .where(VolunteerCard.volunteer_id == volunteer_id, VolunteerCard.ended_at.is_(None))
        .values(ended_at=at, ended_by_id=by.account_id)
        .returning(VolunteerCard.id)
    )
    return bool(db.session.scalars(ended).all())


def _communities(people: Sequence[Volunteer]) -> dict[int, str]:
    ids = {person.area_id for person in people if person.area_id is not None}
    return dict(db.session.execute(select(Area.id, Area.name).where(Area.id.in_(ids))).all())
