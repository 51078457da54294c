"""Cleans text that was typed, pasted or scanned into a field.

A scanned address is reduced to its last part (or the value of ``q`` or ``code``), even in capitals,
because QR codes in alphanumeric mode have only those. A label with a colon («取货码：») is removed,
and full-width letters and digits become plain ones.
"""

import re
import unicodedata
from urllib.parse import parse_qs, unquote, urlsplit

#: Longer than any address of ours; nobody types more.
LONGEST = 400

_ASKED = ("q", "code")
_LABEL = re.compile(r"[^\W\d]{1,12}[ ]*:")
_BETWEEN = re.compile(r"[,;|/、。\s]+")


def plain(text: str) -> str:
    """Return the text in half width, without invisible characters, addresses and labels."""
    wide = unicodedata.normalize("NFKC", text[:LONGEST])
    shown = "".join(char for char in wide if unicodedata.category(char) != "Cf")
    shown = _LABEL.sub(" ", _inside_address(shown.strip()))
    return _BETWEEN.sub(" ", shown).strip()


def _inside_address(text: str) -> str:
    at = text.find("://")
    if at < 0:
        return text
    # A label may stand before the address: «扫码：HTTPS://…».
    scheme = re.search(r"[A-Za-z]+\Z", text[:at])
    try:
        found = urlsplit(text[scheme.start() if scheme else at :].split()[0])
    except ValueError:
        return ""
    asked = {name.lower(): values for name, values in parse_qs(found.query).items()}
    for name in _ASKED:
        if name in asked:
            return asked[name][0]
    return unquote(found.path).rstrip("/").rpartition("/")[2]
