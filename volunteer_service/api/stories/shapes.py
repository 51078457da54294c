"""The shape of an act of a story, in words of the reader's language."""

from typing import Any

from marshmallow import Schema, fields, pre_dump

from volunteer_service.errors import Phrase
from volunteer_service.stories.fact_words import Fact
from volunteer_service.stories.next_acts import NextAct
from volunteer_service.stories.reading import Act
from volunteer_service.wording import gettext


class FactOut(Schema):
    """One fact: its key, its name in words, its value, and the value before."""

    name = fields.String(required=True)
    label = fields.String(required=True)
    unit = fields.String(required=True)
    before = fields.Raw(required=True, allow_none=True)
    value = fields.Raw(required=True, allow_none=True)

    @pre_dump
    def in_words(self, fact: Fact, **_kwargs: Any) -> dict[str, Any]:
        """Put names and codes into the reader's language."""
        return {key: _worded(value) for key, value in vars(fact).items()}


class ActOut(Schema):
    """Who did what, when, through which door."""

    id = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)
    door = fields.String(required=True)
    words = fields.String(required=True)
    who = fields.String(required=True)
    facts = fields.List(fields.Nested(FactOut), required=True)

    @pre_dump
    def in_words(self, act: Act, **_kwargs: Any) -> dict[str, Any]:
        """Put what was done, and the word in place of a name that is not told, into the reader's
        language.
        """
        return {key: _worded(value) for key, value in vars(act).items()}


def _worded(value: Any) -> Any:
    return value.worded(gettext) if isinstance(value, Phrase) else value


class NextActOut(Schema):
    """An act that the caller may do next: its code, and its name in words."""

    code = fields.String(required=True)
    words = fields.String(required=True)

    @pre_dump
    def in_words(self, act: NextAct, **_kwargs: Any) -> dict[str, Any]:
        """Put the name into the reader's language."""
        return {key: _worded(value) for key, value in vars(act).items()}


class ActPage(Schema):
    """A page of acts, newest first, with what the caller may do next."""

    items = fields.List(fields.Nested(ActOut), required=True)
    next = fields.String(allow_none=True, required=True)
    may = fields.List(fields.Nested(NextActOut), required=True)


#: One shape for all stories: the document names it once.
STORY = ActPage()
