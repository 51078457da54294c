"""Signatures of certificates: a row edited by hand or an invented paper does not verify.

From format 2 on the words include their format, which is signed too; a paper without one has the
first format. From format 3 on a key of the ring (``paper_keys.py``) signs with Ed25519 what
``paper_codes.py`` says; formats 1 and 2 were signed with HMAC over their canonical JSON.
"""

import hashlib
import hmac
import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from volunteer_service.certificates import paper_codes
from volunteer_service.certificates.models import Certificate, PaperKey
from volunteer_service.errors import WrittenByNewerProgram
from volunteer_service.identifiers import base32

#: Characters of the signature in a verify URL: 40 bits, beyond guessing behind the rate limit.
TOKEN = base32.CHARACTERS

#: The format in which words are written now; 2: a service record says content, organiser, leader;
#: 3: signed by a key of the ring.
FORMAT = 3


def written(**words: Any) -> dict[str, Any]:
    """Return the words as they are kept and signed."""
    return words if FORMAT == 1 else {"format": FORMAT, **words}


def read(words: dict[str, Any]) -> dict[str, Any]:
    """Return the words of a paper without their format; raise where a newer version of the program
    wrote them.
    """
    WrittenByNewerProgram.unless(words.get("format", 1), known=FORMAT)
    return {name: word for name, word in words.items() if name != "format"}


def sign(key: PaperKey, number: str, words: dict[str, Any]) -> str:
    """Return the signature (128 hex digits) over number and words, by a key that signs."""
    if key.secret is None or key.algorithm != "ed25519":
        raise ValueError(f"key {key.id} signs nothing")
    private = Ed25519PrivateKey.from_private_bytes(key.secret)
    return private.sign(paper_codes.stated(key.id, number, words)).hex()


def signed(key: PaperKey, number: str, words: dict[str, Any]) -> dict[str, Any]:
    """Return words, signature and key as a certificate keeps them."""
    return {"words": words, "signature": sign(key, number, words), "key_id": key.id}


def is_signed(certificate: Certificate) -> bool:
    """Tell whether the paper's key made its signature over its number and words."""
    key = certificate.key
    if key is None:
        return False
    if key.algorithm == "hmac":
        return key.secret is not None and fits_hmac(key.secret, certificate)
    try:
        signed = paper_codes.stated(key.id, certificate.number, certificate.words)
        signature = bytes.fromhex(certificate.signature)
    except (KeyError, ValueError, TypeError):
        return False
    return fits(bytes.fromhex(key.public_key or ""), signed, signature)


def fits(public_key: bytes, signed: bytes, signature: bytes) -> bool:
    """Tell whether the owner of this Ed25519 key signed these bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def fits_hmac(secret: bytes, certificate: Certificate) -> bool:
    """Tell whether the paper of format 1 or 2 was signed with this key."""
    words = certificate.words
    canonical = json.dumps(words, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    said = f"{certificate.number}\n{canonical}".encode(errors="surrogatepass")
    made = hmac.digest(secret, said, hashlib.sha256).hex()
    return hmac.compare_digest(made.encode(), certificate.signature.encode())


def code_of(certificate: Certificate) -> str | None:
    """Return the text of the code with facts and signature; papers of formats 1 and 2 have none."""
    key = certificate.key
    if key is None or key.algorithm != "ed25519":
        return None
    signed = paper_codes.stated(key.id, certificate.number, certificate.words)
    return paper_codes.code_of(signed, bytes.fromhex(certificate.signature))


def token_of(number: str, signature: str) -> str:
    """Return the last part of the verify URL: number, dash, eight characters of the signature."""
    return f"{number}-{base32.encode(int(signature[:10], 16))[:TOKEN]}"


def is_token(number: str, mac: str, signature: str) -> bool:
    """Tell whether these eight characters belong to the certificate."""
    return hmac.compare_digest(token_of(number, signature).encode(), f"{number}-{mac}".encode())
