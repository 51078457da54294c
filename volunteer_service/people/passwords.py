"""Passwords: argon2id, long enough, not one of those that everybody tries first."""

from functools import cache
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from volunteer_service.errors import Refused

SHORTEST, LONGEST = 8, 128

# OWASP's figures for argon2id with little parallelism: about 20 ms and 19 MiB a try.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)

_TRIED_FIRST = frozenset(
    {"password", "password1", "qwertyuiop", "1q2w3e4r", "abc12345", "a1234567", "woaini1314"}
)


class PasswordWeak(Refused):
    """Shorter than 8 characters, or among the first that a stranger would try."""

    message = "密码太容易猜。请用至少 8 个字符，不要用手机号、编号、连续或重复的数字。"

    @property
    def field(self) -> str:
        """The password field of whatever form asked."""
        return "password"


def hashed(password: str, *known: str) -> str:
    """The argon2id hash; ``known`` are words that must not be the password (phone, number)."""
    if not SHORTEST <= len(password) <= LONGEST or _guessed_first(password, known):
        raise PasswordWeak()
    return _HASHER.hash(password)


def fits(stored: str, password: str) -> bool:
    """True where the password is the one that was hashed."""
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def is_old(stored: str) -> bool:
    """True where the hash was made with other figures than today's."""
    return _HASHER.check_needs_rehash(stored)


def hashed_again(password: str) -> str:
    """A hash with today's figures of a password that was accepted before."""
    return _HASHER.hash(password)


def waste_a_try(password: str) -> None:
    """Take as long as a real try, so that the clock does not tell who has an account."""
    fits(_nobody(), password)


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")


def _guessed_first(password: str, known: tuple[str, ...]) -> bool:
    plain = password.lower()
    steps = {ord(b) - ord(a) for a, b in pairwise(plain)}
    one_run = len(steps) == 1 and steps <= {-1, 0, 1}
    return one_run or plain in _TRIED_FIRST or plain in {word.lower() for word in known if word}
