"""Masks names, phones and identity numbers where others may read them (order 67 art. 16)."""

import re
import unicodedata


def mask_name(name: str) -> str:
    """Return 王*华, 李*, 欧**国; a name in Latin letters keeps its initials.

    A variation selector stays with the character it varies, so a rare form is one character.
    """
    name = " ".join(name.split())
    if name.isascii():
        return " ".join(f"{word[0]}***" for word in name.split())
    characters = re.findall(r".[\ufe00-\ufe0f\U000e0100-\U000e01ef]*", name)
    if len(characters) == 1:
        return "*"
    if len(characters) == 2:
        return f"{characters[0]}*"
    return f"{characters[0]}{'*' * (len(characters) - 2)}{characters[-1]}"


def mask_phone(phone: str | None) -> str:
    """Return 138****1234 for a mobile number; of any other only the last four digits, if it has
    7.
    """
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", phone or ""))
    digits = digits[2:] if len(digits) == 13 and digits.startswith("86") else digits
    if len(digits) == 11 and digits.startswith("1"):
        return f"{digits[:3]}****{digits[-4:]}"
    return "*" * min(len(digits), 4) + (digits[-4:] if len(digits) >= 7 else "")


def mask_identity(number: str | None) -> str:
    """Return 110101********1234, and nothing of a number that is too short to hide anything."""
    if not number or len(number) < 12:
        return "*" * 8
    return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}"
