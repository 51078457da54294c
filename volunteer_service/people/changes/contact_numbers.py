"""Phone and identity numbers: read as people type them, found again by keyed hash."""

import re
import unicodedata

from volunteer_service import crypto
from volunteer_service.errors import Refused

_MOBILE = re.compile(r"1[0-9]{10}")
_LANDLINE = re.compile(r"0[0-9]{9,11}|[2-8][0-9]{6,7}")


class PhoneInvalid(Refused):
    """Neither a mobile number of 11 digits nor a landline."""

    message = "手机号不对。请填 11 位手机号，或带区号的座机号。"

    @property
    def field(self) -> str:
        """Return the phone field of whatever form asked, or the one that is named."""
        return str(self.numbers.get("field", "phone"))


def read_phone(text: str) -> str:
    """Return the digits of a Chinese phone number, without +86, spaces and dashes; or
    PhoneInvalid.
    """
    found = maybe_phone(text)
    if found is None:
        raise PhoneInvalid()
    return found


def maybe_phone(text: str) -> str | None:
    """As :func:`read_phone`, None where the text is no phone number."""
    plain = unicodedata.normalize("NFKC", text)
    digits = re.sub(r"[\s\-()]", "", plain).removeprefix("+86")
    if len(digits) == 15:
        digits = digits.removeprefix("00")
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    return digits if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits) else None


def phone_key(phone: str) -> str:
    """Return the keyed hash under which volunteers with this phone are found."""
    return crypto.vault().key_of(phone, "volunteer.phone")


def identity_key(number: str) -> str:
    """Return the keyed hash under which the volunteer with this identity number is found."""
    return crypto.vault().key_of(number, "volunteer.identity")
