"""Whether a key, a token or a database password can be guessed; the only check of every secret.

It looks for secrets that a person made up instead of a machine: too short, a placeholder, words, a
row of the keyboard, repetitions, or a key that this repository has published.
"""

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from itertools import combinations, pairwise

from volunteer_service.errors import Phrase

#: The least characters of a key or token, and of a database password.
SHORTEST_KEY = 32
SHORTEST_PASSWORD = 16

#: The least different characters of a secret of 32; random hexadecimal ones have 14.
_FEWEST_KINDS = 10
#: In a random text nearly every three neighbours are different from others.
_FEWEST_TRIPLES = 0.75
#: The most frequent step from one character to the next: 1 in «abcdef», 0 in «aaaa».
_MOST_OF_ONE_STEP = 0.4

_PLACEHOLDER = re.compile(r"\.\.\.|…|[<>{}$\s]|^x+$", re.I)

#: Words that occur in no random text; they are removed before the rest is measured.
_WORDS = re.compile(
    "|".join(
        (
            *("changeme", "change", "replace", "placeholder", "example", "sample", "default"),
            *("insecure", "secret", "password", "passwd", "private", "token", "bearer"),
            *("production", "develop", "volunteer", "service", "street", "postgres", "database"),
            *("flask", "django", "admin", "letmein", "welcome", "please", "random", "string"),
            *("qwerty", "asdfgh", "zxcvbn", "poiuyt", "lkjhgf", "mnbvcx", "1qaz2wsx", "qazwsx"),
            *("bench", "metrics", "personal", "session", "zhiyuan", "shequ", "jiedao", "mima"),
        )
    ),
    re.I,
)

#: Keys that are or were in the tests and documents of this repository.
PUBLISHED = frozenset(
    {
        "kT9vQx2mZr7LpWd4HcJ8nYbS6fGaEu3K",
        "K3uEaGf6SbYn8JcH4dWpL7rZm2xQv9Tk",
        "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
        "f0e1d2c3b4a5968778695a4b3c2d1e0f",
    }
)


#: Random-looking texts that everybody knows: from other documents, digits of a constant.
_WELL_KNOWN = frozenset(
    {
        "550e8400-e29b-41d4-a716-446655440000",
        "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",
        "243f6a8885a308d313198a2e03707344",
    }
)

#: The length of a decoded text that chance no longer explains.
_SHORTEST_TEXT = 12

#: Words whose digest people use as a key.
_DIGESTED = (
    *("", "0", "1", "a", "x", "123", "1234", "12345", "123456", "12345678", "123456789"),
    *("password", "secret", "key", "secret_key", "secretkey", "admin", "root", "test", "demo"),
    *("changeme", "qwerty", "abc123", "hello", "world", "hello world", "token", "volunteer"),
    *("service", "volunteer_service", "flask", "postgres", "production", "zhiyuan", "志愿服务"),
)


def weakness(secret: str, *, least: int = SHORTEST_KEY) -> Phrase | None:
    """Return what is wrong with ``secret``, in a few words that never repeat it; None where it is
    good.
    """
    if not secret:
        return Phrase("还没有设")
    if _PLACEHOLDER.search(secret):
        return Phrase("像是示例里的占位文字")
    if secret in PUBLISHED:
        return Phrase("是公开在本项目里的示例")
    if len(secret) < least:
        return Phrase("太短")
    if _is_written(secret, least) or _is_written_in_code(secret):
        return Phrase("太容易猜到")
    return None


def too_alike(secrets: Iterable[tuple[str, str | None]]) -> tuple[str, str] | None:
    """Return the names of the first two secrets of which one is or contains the other."""
    given = [(name, value.casefold()) for name, value in secrets if value]
    for (first, one), (second, other) in combinations(given, 2):
        if one in other or other in one:
            return first, second
    return None


def _is_written(secret: str, least: int) -> bool:
    rest = _WORDS.sub("", secret)
    if len(rest) < least or not (re.search(r"\d", rest) and re.search(r"[A-Za-z]", rest)):
        return True
    # A shorter secret has fewer kinds of characters, in the same proportion.
    fewest = _FEWEST_KINDS * min(least, SHORTEST_KEY) / SHORTEST_KEY
    triples = [rest[at : at + 3] for at in range(len(rest) - 2)]
    steps = Counter(ord(after) - ord(before) for before, after in pairwise(rest))
    return (
        len(set(rest.casefold())) < fewest
        or len(set(triples)) < _FEWEST_TRIPLES * len(triples)
        or steps.most_common(1)[0][1] > _MOST_OF_ONE_STEP * (len(rest) - 1)
    )


def _is_written_in_code(secret: str) -> bool:
    """Tell whether it is a text in base 64 or hexadecimal, or the digest of a common word."""
    plain = secret.lower()
    if plain in _WELL_KNOWN or plain in _digests():
        return True
    for decoded in (base64.b64decode, base64.urlsafe_b64decode, bytes.fromhex):
        with suppress(ValueError):
            # One random byte in three is printable, so a dozen in a row hardly ever are.
            text = decoded(secret).decode("ascii")
            if len(text) >= _SHORTEST_TEXT and text.isprintable():
                return True
    return False


def _digests() -> set[str]:
    kinds = ("md5", "sha1", "sha256", "sha512")
    return {
        hashlib.new(kind, (word + end).encode(), usedforsecurity=False).hexdigest()
        for kind in kinds
        for word in _DIGESTED
        for end in ("", "\n")
    }
