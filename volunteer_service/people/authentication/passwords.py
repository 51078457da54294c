"""Passwords: argon2id hashes, a least length, and a refusal of the most common ones."""

from functools import cache
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from volunteer_service.bounds import text
from volunteer_service.errors import Refused
from volunteer_service.identifiers.check_characters import normalise
from volunteer_service.people.changes.contact_numbers import maybe_phone
from volunteer_service.people.models import Account, Volunteer

SHORTEST, LONGEST = 8, 128

# OWASP's parameters for argon2id with little parallelism: about 20 ms and 19 MiB for each try.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)

_TRIED_FIRST = frozenset(
    {"password", "password1", "qwertyuiop", "1q2w3e4r", "abc12345", "a1234567", "woaini1314"}
)


class PasswordWeak(Refused):
    """The password is shorter than 8 characters, or among the first that a stranger would try."""

    message = "密码太容易猜。请用至少 8 个字符，不要用手机号、编号、姓名、连续或重复的数字。"

    @property
    def field(self) -> str:
        """Return the password field of the form in question."""
        return "password"


def hashed(password: str, *known: str | None) -> str:
    """Return the argon2id hash; ``known`` are words that must not be the password (`known_of`)."""
    need_strong(password, *known)
    return _HASHER.hash(password)


def need_strong(password: str, *known: str | None) -> None:
    """Raise PasswordWeak for a weak password; for checks before an account exists."""
    if not SHORTEST <= len(password) <= LONGEST or _guessed_first(password, known):
        raise PasswordWeak()
    text(password, LONGEST, "password")


def known_of(login: str, name: str, volunteer: Volunteer | None) -> tuple[str | None, ...]:
    """Return what others know about a person: login, name, volunteer number and phone."""
    if volunteer is None:
        return login, name
    return login, name, volunteer.name, volunteer.number, volunteer.phone


def known_of_account(account: Account) -> tuple[str | None, ...]:
    """Return the same for an existing account."""
    return known_of(account.login, account.name, account.volunteer)


def fits(stored: str, password: str) -> bool:
    """Tell whether the password is the one that was hashed."""
    try:
        # A malformed text matches nothing and is no error.
        return _HASHER.verify(stored, password.encode(errors="surrogatepass"))
    except (VerificationError, InvalidHashError):
        return False


def is_old(stored: str) -> bool:
    """Tell whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


def hashed_again(password: str) -> str:
    """Return a hash with today's parameters of a password that was accepted before."""
    return _HASHER.hash(password)


def waste_a_try(password: str) -> None:
    """Take as long as a real try, so that the time does not reveal who has an account."""
    fits(_nobody(), password)


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")


def _guessed_first(password: str, known: tuple[str | None, ...]) -> bool:
    plain = password.lower()
    steps = {ord(b) - ord(a) for a, b in pairwise(plain)}
    one_run = len(steps) == 1 and steps <= {-1, 0, 1}
    meant = _meant(password)
    return one_run or plain in _TRIED_FIRST or meant in {_meant(word) for word in known if word}


def _meant(text: str) -> str:
    """Return a phone in the form in which two are compared: ``+86 139-0000-0013`` and
    ``13900000013`` are equal.
    """
    return maybe_phone(text) or normalise(text)
