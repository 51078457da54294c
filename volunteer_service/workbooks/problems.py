"""Why a step of an import did not finish: stored, and shown in the reader's language."""

from collections.abc import Callable
from typing import Any

from volunteer_service import wording
from volunteer_service.errors import Refused
from volunteer_service.workbooks.models import Import

#: The longest stored sentence.
LONGEST = 400

Told = Callable[[str], str]


def kept(refused: Refused) -> dict[str, Any]:
    """Return the columns of an import that keep a refusal: its sentence, its code, its facts."""
    return {"problem": str(refused)[:LONGEST], "trouble": wording.kept(refused)}


def problem_code(row: Import) -> str | None:
    """Return the code of what went wrong; None where nothing did, or before codes were kept."""
    return row.trouble["code"] if row.problem and row.trouble else None


def worded(row: Import, translate: Told) -> str | None:
    """Return the sentence in the language of ``translate``; None where nothing went wrong."""
    if not row.problem or not row.trouble:
        return row.problem
    return wording.told(row.trouble, translate)
