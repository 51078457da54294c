"""Marshmallow fields that api and web use: text that can be stored, instants with an offset."""

from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, validate

from volunteer_service import field_messages, settings, visible_text
from volunteer_service.wording import gettext

field_messages.teach()

#: No control characters (PostgreSQL cannot store NUL) and no lone surrogates.
PLAIN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]*$"

_CONTROL = field_messages.Sentence("里面有不能显示的字符。请重新输入，不要粘贴。")

#: The largest whole number of the database.
LARGEST = 2**63 - 1

#: Years of any instant that is handed in.
FIRST_YEAR, LAST_YEAR = 1900, 2200

_YEAR: dict[str, str | list[Any] | dict[Any, Any]] = {
    "year": field_messages.Sentence("年份不对。请核对，写成 2026 这样的四位数。"),
}


class Text(fields.String):
    """Trimmed text of ``shortest`` to ``longest`` characters without control characters.

    Invisible characters are removed (:mod:`visible_text`), so that a text of only such characters
    is empty and no name reverses the text after it.
    """

    def __init__(self, longest: int, *, shortest: int = 1, **kwargs: Any) -> None:
        checks = [validate.Length(shortest, longest), validate.Regexp(PLAIN, error=_CONTROL)]
        super().__init__(validate=checks, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        found = visible_text.tidied(str(super()._deserialize(value, attr, data, **kwargs)))
        return found if visible_text.is_visible(found) else ""


class Reason(Text):
    """A reason, an answer or a complaint: readable words (:class:`visible_text.NothingSaid`)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        found = super()._deserialize(value, attr, data, **kwargs)
        if found and not visible_text.count_said(found):
            raise ValidationError(gettext(visible_text.NothingSaid.message))
        return found


class Instant(fields.AwareDateTime):
    """An instant with its offset: it reads any offset and writes the programme's."""

    default_error_messages = _YEAR

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        found = super()._deserialize(value, attr, data, **kwargs)
        return _within(found, self)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.astimezone(settings.current().zone).isoformat()


class Whole(fields.Integer):
    """A whole number that the database can hold: an id, a version."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(0, LARGEST), **kwargs)


class Day(fields.Date):
    """A local day, of the same years as an instant."""

    default_error_messages = _YEAR

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        found = super()._deserialize(value, attr, data, **kwargs)
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise self.make_error("year")
        return found


class LocalInstant(fields.NaiveDateTime):
    """The value of a ``datetime-local`` input: it reads local wall time and returns an aware
    instant.
    """

    default_error_messages = _YEAR

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        local = super()._deserialize(value, attr, data, **kwargs)
        return _within(local.replace(tzinfo=settings.current().zone), self)


def _within(found: datetime, field: fields.DateTime) -> datetime:
    # At the ends of the calendar an instant does not exist in another time zone.
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise field.make_error("year")
    return found
