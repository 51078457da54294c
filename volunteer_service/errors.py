"""Refusals: the errors that a verb raises when a rule forbids the act.

They have two renderers (problem+json in ``api``, a page in ``web``). The code is the class name
in snake case and never changes; the message is Chinese (the msgid of the English catalogue) and
says what is wrong and what to do.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, ClassVar


class Phrase:
    """A part of a refusal that is a message itself, filled with facts of its own."""

    def __init__(self, message: str, **facts: object) -> None:
        self._message = message
        self._facts = facts

    @property
    def message(self) -> str:
        """Return the message, in Chinese, with its placeholders."""
        return self._message

    @property
    def facts(self) -> Mapping[str, object]:
        """Return the values of the placeholders."""
        return self._facts

    def filled(self, **facts: object) -> "Phrase":
        """Return the same message with these facts in it."""
        return Phrase(self._message, **facts)

    def worded(self, translate: Callable[[str], str]) -> str:
        """Return the part in the language of ``translate``."""
        facts = {
            name: fact.worded(translate) if isinstance(fact, Phrase) else fact
            for name, fact in self._facts.items()
        }
        return translate(self._message) % facts if facts else translate(self._message)

    def __str__(self) -> str:
        return self.worded(str)


class Verbatim(Phrase):
    """A part that is the same in every language: a name, a masked number."""

    def worded(self, translate: Callable[[str], str]) -> str:
        """Return the text itself."""
        return self._message


class Counts(Phrase):
    """A list of messages with numbers, «报名 12、订单 1»."""

    def __init__(self, found: Mapping[str, int]) -> None:
        self._found = found

    def worded(self, translate: Callable[[str], str]) -> str:
        """Return the list in the language of ``translate``."""
        parts = (f"{translate(word)} {n}" for word, n in self._found.items())
        return translate("、").join(parts)


class BadSetting(ValueError):
    """A setting is missing or invalid: its name, the reason and the remedy."""

    def __init__(self, setting: str, *, why: str, **facts: object) -> None:
        super().__init__(f"{setting}: {why % facts}")
        self.setting = setting
        self.why = why
        self.facts = facts


class Refused(Exception):
    """A rule refused an action; nothing was changed."""

    status: ClassVar[int] = 422
    message: ClassVar[str] = "无法完成这个操作。"
    #: The words for somebody who acts for the person, where ``message`` addresses the person.
    message_to_others: ClassVar[str | None] = None

    def __init__(self, **numbers: Any) -> None:
        super().__init__(self.code())
        self.numbers = numbers
        self.is_to_person = True

    @property
    def sentence(self) -> str:
        """Return the message for its reader: the person, or an actor who acts for them."""
        return self.message if self.is_to_person else self.message_to_others or self.message

    @classmethod
    def code(cls) -> str:
        """Return the stable code, for example ``already_checked_in``."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    @property
    def field(self) -> str | None:
        """Return the input field that the refusal is about, if any."""
        named = self.numbers.get("field")
        return str(named) if named is not None else None

    @property
    def details(self) -> dict[str, Any]:
        """Return the data for API clients beside the sentence."""
        return {}

    def __str__(self) -> str:
        return self.sentence % self.numbers if self.numbers else self.sentence


class NotFound(Refused):
    """The thing does not exist, or this person may not see it: the two look the same from
    outside.
    """

    status = 404
    message = "没有找到。可能已被删除，或您无权查看。"


class NotAllowed(Refused):
    """The person is known and sees the thing, but may not do this to it."""

    status = 403
    message = "您没有这个权限。请联系您的队长或社区管理员。"


class SignInNeeded(Refused):
    """Nobody is signed in, or the token is missing, expired or revoked."""

    status = 401
    message = "请先登录。"


class Invalid(Refused):
    """One field has an invalid value; ``field`` names it, ``why`` says the remedy."""

    message = "%(why)s。"


class FieldsRefused(Refused):
    """More than one field is refused; ``parts`` are the refusals, each about its own field."""

    message = "有几处要改。请按每一栏的说明修改。"

    def __init__(self, parts: Sequence[Refused]) -> None:
        super().__init__()
        self.parts = tuple(parts)


class Checks:
    """Collects refusals of several fields, so that a form comes back once with all of them."""

    def __init__(self) -> None:
        self._found: list[Refused] = []

    @contextmanager
    def of_a_field(self) -> Iterator[None]:
        """Keep a refusal about a field for the end; raise any other one at once."""
        try:
            yield
        except FieldsRefused as several:
            self._found.extend(several.parts)
        except Refused as refused:
            if refused.field is None:
                raise
            self._found.append(refused)

    def settle(self) -> None:
        """Raise what was found, the first of each field: one refusal, or FieldsRefused."""
        first: dict[str | None, Refused] = {}
        for refused in self._found:
            first.setdefault(refused.field, refused)
        if len(first) > 1:
            raise FieldsRefused(list(first.values()))
        for refused in first.values():
            raise refused


class Conflict(Refused):
    """Somebody else changed it in between; read it again and repeat."""

    status = 409
    message = "内容刚被别人修改过。请刷新后再试。"


class EditedSince(Conflict):
    """Somebody else edited it since it was read; both versions are told, field by field."""

    message = "您填写的时候，别人改过它。请逐项选择保留哪一个，再保存。"

    def __init__(self, version: int, *, theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> None:
        super().__init__()
        #: The version that is there now.
        self.version = version
        self.both = {
            name: {"theirs": _told(theirs[name]), "mine": _told(value)}
            for name, value in mine.items()
            if theirs[name] != value
        }

    @property
    def details(self) -> dict[str, Any]:
        return {"version": self.version, "both": self.both}


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


class WrittenByNewerProgram(Refused):
    """The database contains a format of a newer program: this one was downgraded too far."""

    status = 503
    message = (
        "这里的数据由更新版本的程序写成（格式 %(format)s，本程序只认识到 %(known)s）。"
        "请管理员先升级程序。"
    )

    @classmethod
    def unless(cls, format_: int, *, known: int) -> None:
        """Refuse a format above the newest that is known here."""
        if format_ > known:
            raise cls(format=format_, known=known)


class Away(Refused):
    """The database does not answer, or its disk is full; no partial work stays."""

    status = 503
    message = "服务暂时不可用。您刚才的操作可能没有保存，请过一分钟再试。"
    #: Seconds until another try makes sense.
    seconds = 30


class TooMany(Refused):
    """Too many tries in too short a time; ``Retry-After`` says the same in seconds."""

    status = 429
    message = "尝试次数太多。请 %(minutes)s 分钟后再试。"

    def __init__(self, seconds: int) -> None:
        super().__init__(minutes=-(-seconds // 60))
        self.seconds = seconds


@contextmanager
def told_to(*, is_person: bool) -> Iterator[None]:
    """Address refusals in this block to the person they are about, or to an actor who acts for
    them.
    """
    try:
        yield
    except Refused as refused:
        refused.is_to_person = is_person
        raise


def refusal_of(need: Callable[[], object]) -> Refused | None:
    """Return what ``need`` refuses; None where it passes. It serves a page that says why a button
    is missing.
    """
    try:
        need()
    except Refused as refused:
        return refused
    return None
