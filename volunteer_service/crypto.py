"""Personal data at rest: encrypted to be read back, hashed with a key to be found again.

The keys derive from ``PERSONAL_DATA_KEY``, so a stolen database alone reveals neither an identity
number nor whether it contains a guessed one.
"""

import hashlib
import hmac
import os
from base64 import urlsafe_b64encode
from collections.abc import Iterable

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

_NONCE = 12


class Vault:
    """Seals and finds personal data under one master key."""

    def __init__(self, master: str) -> None:
        self._seal = AESGCM(self._derive(master, b"seal"))
        self._find = self._derive(master, b"find")

    @staticmethod
    def _derive(master: str, purpose: bytes) -> bytes:
        return hmac.digest(master.encode(), b"volunteer_service/" + purpose, hashlib.sha256)

    def seal(self, text: str, about: str) -> bytes:
        """Encrypt ``text``; ``about`` (say ``volunteer.phone``) is bound to it.

        Binding means that a sealed phone number copied into the identity column does not open.
        """
        return self.seal_bytes(text.encode(), about)

    def seal_bytes(self, data: bytes, about: str) -> bytes:
        """Encrypt bytes as :meth:`seal` encrypts text."""
        nonce = os.urandom(_NONCE)
        return nonce + self._seal.encrypt(nonce, data, about.encode())

    def unseal(self, sealed: bytes, about: str) -> str:
        """Decrypt what :meth:`seal` made; raises ``InvalidTag`` when key or purpose differ."""
        return self.unseal_bytes(sealed, about).decode()

    def unseal_bytes(self, sealed: bytes, about: str) -> bytes:
        """Decrypt what :meth:`seal_bytes` made."""
        return self._seal.decrypt(sealed[:_NONCE], sealed[_NONCE:], about.encode())

    def key_of(self, text: str, about: str) -> str:
        """Return a keyed hash of 43 characters: equal texts have equal hashes, which reveal nothing
        else.
        """
        digest = hmac.digest(
            self._find, f"{about}\0{text}".encode(errors="surrogatepass"), hashlib.sha256
        )
        return urlsafe_b64encode(digest).decode().rstrip("=")


def fits_one(said: str, expected: Iterable[str]) -> bool:
    """Tell whether ``said`` is one of these; all are compared, so that the time does not reveal
    which.
    """
    fits = [
        hmac.compare_digest(each.encode(), said.encode(errors="surrogatepass")) for each in expected
    ]
    return any(fits)


def token_hash(token: str) -> str:
    """Return the SHA-256 of a random token (128 bits or more need no salt and no slow hash)."""
    return hashlib.sha256(token.encode()).hexdigest()


def vault() -> Vault:
    """Return the vault of the running app (``create_app`` makes one from the settings)."""
    found: Vault = current_app.extensions["vault"]
    return found
