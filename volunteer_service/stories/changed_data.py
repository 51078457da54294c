"""What a change of a person's registered data changed: which field, and its masked values.

The journal keeps no personal data; the values come from the change, and only for a reader who may
see them on the page of the change.
"""

from collections.abc import Sequence

from sqlalchemy import select

from volunteer_service.db import db
from volunteer_service.errors import Phrase
from volunteer_service.journal import Entry
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import may_on_person
from volunteer_service.people.changes.change_models import PersonChange
from volunteer_service.people.changes.person_values import FIELD_WORDS, told, was_and_now
from volunteer_service.stories.fact_words import Fact

_FIELD = Phrase("更改的项目")


def facts(entries: Sequence[Entry], *, by: Actor) -> dict[int, list[Fact]]:
    """Return by id of an entry what its change changed; entries of other acts have none."""
    ids = {row.id: row.facts["change"] for row in entries if {"change", "field"} <= set(row.facts)}
    query = select(PersonChange).where(PersonChange.id.in_(ids.values()))
    changes = {row.id: row for row in db.session.scalars(query)} if ids else {}
    return {id_: [_fact(changes[each], by)] for id_, each in ids.items() if each in changes}


def _fact(row: PersonChange, by: Actor) -> Fact:
    label = FIELD_WORDS[row.field]
    if not may_on_person(by, Right.PERSONAL_SEE, row.volunteer):
        return Fact("field", _FIELD, "text", None, label)
    was, now = was_and_now(row)
    return Fact(row.field, label, "text", told(row.field, was), told(row.field, now))
