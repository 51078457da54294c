"""Bytes as 45 characters that a QR code holds at 5.5 bits each (RFC 9285)."""

_CHARS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = {char: value for value, char in enumerate(_CHARS)}


def encode(data: bytes) -> str:
    """Return three characters for each two bytes, and two for a single last byte."""
    found = []
    for at in range(0, len(data) - 1, 2):
        high, rest = divmod(data[at] * 256 + data[at + 1], 45 * 45)
        found.append(_CHARS[rest % 45] + _CHARS[rest // 45] + _CHARS[high])
    if len(data) % 2:
        found.append(_CHARS[data[-1] % 45] + _CHARS[data[-1] // 45])
    return "".join(found)


def decode(text: str) -> bytes | None:
    """Return the bytes, or None if the text is not base 45."""
    try:
        values = [_VALUES[char] for char in text]
    except KeyError:
        return None
    found = bytearray()
    for at in range(0, len(values), 3):
        part = values[at : at + 3]
        number = sum(value * 45**place for place, value in enumerate(part))
        size = len(part) - 1
        if not size or number >= 256**size:
            return None
        found += number.to_bytes(size, "big")
    return bytes(found)
