"""A file of facts inside a PDF of this service, which a program reads back without the page."""

import json
from collections.abc import Mapping
from typing import Any

import pypdfium2

NAME = "certificate.json"
#: Bytes of the largest file that is read back.
LARGEST = 10_000_000


def packed(facts: Mapping[str, Any]) -> bytes:
    """Return the facts in the form in which the PDF holds them."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, indent=1).encode()


def read(pdf: bytes) -> dict[str, Any] | None:
    """Return the facts in a PDF of this service, or None for any other file."""
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError:
        return None
    try:
        for at in range(document.count_attachments()):
            attachment = document.get_attachment(at)
            if attachment.get_name() != NAME:
                continue
            data = bytes(attachment.get_data())
            found = json.loads(data) if len(data) <= LARGEST else None
            return found if isinstance(found, dict) else None
    except (pypdfium2.PdfiumError, ValueError, RecursionError):
        return None
    finally:
        document.close()
    return None
