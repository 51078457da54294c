"""Refusals: what a verb says when a rule does not let it act.

One family, two renderers (problem+json in ``api``, a page in ``web``). The code is the class name
in snake case and never changes; the message is Chinese (the msgid of the English catalogue) and
says what is so and what to do about it.
"""

import re
from typing import Any, ClassVar


class Refused(Exception):
    """A rule refused an action; nothing was changed."""

    status: ClassVar[int] = 422
    message: ClassVar[str] = "无法完成这个操作。"

    def __init__(self, **numbers: Any) -> None:
        super().__init__(self.code())
        self.numbers = numbers

    @classmethod
    def code(cls) -> str:
        """The stable code, for example ``already_checked_in``."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    @property
    def field(self) -> str | None:
        """The input field that the refusal is about, where there is one."""
        named = self.numbers.get("field")
        return str(named) if named is not None else None

    def __str__(self) -> str:
        return self.message % self.numbers if self.numbers else self.message


class NotFound(Refused):
    """Not there, or not for this person's eyes: the two look the same from outside."""

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
    """One field holds something that cannot be; ``field`` names it, ``why`` says the cure."""

    message = "%(why)s。"


class Conflict(Refused):
    """Someone else changed it in between; read it again and repeat."""

    status = 409
    message = "内容刚被别人修改过。请刷新后再试。"


class TooMany(Refused):
    """Too many tries in too short a time; wait ``seconds`` and try again."""

    status = 429
    message = "尝试次数太多，请在 %(seconds)s 秒后再试。"
