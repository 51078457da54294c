"""Replaces marshmallow's messages about fields, which are for programmers, with messages for
people.

marshmallow takes its sentences from tables and class attributes that may be changed. Each becomes a
:class:`Sentence`, whose text is looked up in the reader's language when it is shown.
"""

from typing import Any

from marshmallow import Schema, fields, validate

from volunteer_service.wording import gettext

#: A bound above this one is the database's, which means nothing to a person.
_A_PERSON_COUNTS_TO = 2**53


class Sentence(str):
    """A Chinese message of the catalogue; marshmallow calls ``format`` to show it."""

    __slots__ = ()

    def format(self, *_args: object, **facts: Any) -> str:
        """Return the message in the reader's language with the bounds it names."""
        named = {name: fact for name, fact in facts.items() if f"%({name})s" in self}
        return gettext(str(self), **named)


class Bounds(Sentence):
    """The message of a range; a bound that no person reaches is not named."""

    __slots__ = ()

    def format(self, *_args: object, **facts: Any) -> str:
        """Return as :meth:`Sentence.format` does; marshmallow first asks for the words of its
        operators.
        """
        if "min" not in facts:
            return self
        least, most = facts["min"], facts["max"]
        if most is not None and most > _A_PERSON_COUNTS_TO:
            return _WHOLE.format()
        return super().format(min=least, max=most)


class Lengths(Sentence):
    """The message of a length; for an empty text it says that one is missing."""

    __slots__ = ()

    def format(self, *_args: object, **facts: Any) -> str:
        """Return as :meth:`Sentence.format` does; ``input`` is what was handed in."""
        if not isinstance(facts["input"], str):
            return _HOW_MANY.format()
        if facts.get("min") and not facts["input"]:
            return _REQUIRED.format()
        return super().format(**facts)


_REQUIRED = Sentence("请填写这一项。")
_WHOLE = Sentence("请填写合适的整数。")
_CHOICE = Sentence("请从给出的选项中选一个。")
_FORM = Sentence("格式不对。请核对后重填。")
_HOW_MANY = Sentence("数量不对。请核对有几项。")
_PAIRS = Sentence("请给出一组名称和值。")

_FIELDS: dict[type[fields.Field[Any]], dict[str, Sentence]] = {
    fields.Field: {"required": _REQUIRED, "null": _REQUIRED, "validator_failed": _FORM},
    fields.String: {
        "invalid": Sentence("请填写文字。"),
        "invalid_utf8": Sentence("文字的编码不对，请用 UTF-8。"),
    },
    fields.Number: {
        "invalid": Sentence("请填写数字。"),
        "too_large": Sentence("数字太大了。请填小一些的数字。"),
    },
    fields.Integer: {"invalid": Sentence("请填写整数，不带小数点。")},
    fields.Decimal: {"special": Sentence("请填写数字。")},
    fields.Float: {"special": Sentence("请填写数字。")},
    fields.Boolean: {"invalid": Sentence("请选择“是”或“否”。")},
    fields.DateTime: {
        "invalid": Sentence("请填写日期和时间，例如 2026-07-01 09:00。"),
        "invalid_awareness": Sentence("时间要带时区，例如 +08:00。"),
    },
    fields.Date: {
        "invalid": Sentence("请填写日期，例如 2026-07-01。"),
        "invalid_awareness": Sentence("请填写日期，例如 2026-07-01。"),
    },
    fields.Time: {
        "invalid": Sentence("请填写时间，例如 09:00。"),
        "invalid_awareness": Sentence("请填写时间，例如 09:00。"),
    },
    fields.List: {"invalid": Sentence("请给出一个列表。")},
    fields.Nested: {"type": _PAIRS},
    fields.Mapping: {"invalid": _PAIRS},
    fields.UUID: {"invalid_uuid": _FORM},
}


def teach() -> None:
    """Replace the library's sentences with ours; called once, when the schemas are imported."""
    for kind, messages in _FIELDS.items():
        # A table of its own, because a field without one would change that of its base class.
        kind.default_error_messages = {**kind.default_error_messages, **messages}
    Schema.error_messages = {
        "type": _PAIRS,
        "unknown": Sentence("没有这一项。请删去，或核对名称。"),
    }
    validate.Length.message_min = Lengths("至少 %(min)s 个字。")
    validate.Length.message_max = Lengths("最多 %(max)s 个字。")
    validate.Length.message_all = Lengths("请填 %(min)s 到 %(max)s 个字。")
    validate.Length.message_equal = Lengths("请填 %(equal)s 个字。")
    validate.Range.message_min = Bounds("不能小于 %(min)s。")
    validate.Range.message_max = Bounds("不能大于 %(max)s。")
    validate.Range.message_all = Bounds("请填 %(min)s 到 %(max)s 之间的数。")
    validate.OneOf.default_message = _CHOICE
    validate.ContainsOnly.default_message = _CHOICE
    validate.NoneOf.default_message = _FORM
    validate.Regexp.default_message = _FORM
    validate.Predicate.default_message = _FORM


def told(messages: Any) -> Any:
    """Return messages as a library collected them, each in the reader's language."""
    if isinstance(messages, dict):
        return {name: told(message) for name, message in messages.items()}
    if isinstance(messages, list):
        return [told(message) for message in messages]
    return messages.format() if isinstance(messages, Sentence) else messages
