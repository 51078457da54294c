"""Why a step of an import did not come to its end: kept, and told in the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any

from volunteer_service.errors import Phrase, Refused
from volunteer_service.workbooks.models import Import

#: Longest sentence that is kept.
LONGEST = 400

Told = Callable[[str], str]


def kept(refused: Refused) -> dict[str, Any]:
    """Give the columns of an import that keep a refusal: its sentence, its code, its facts."""
    trouble = {"code": refused.code(), "message": refused.sentence, "facts": _facts(refused)}
    return {"problem": str(refused)[:LONGEST], "trouble": trouble}


def problem_code(row: Import) -> str | None:
    """Give the code of what went wrong; None where nothing did, or before codes were kept."""
    return row.trouble["code"] if row.problem and row.trouble else None


def worded(row: Import, translate: Told) -> str | None:
    """Give the sentence in the language of ``translate``; None where nothing went wrong."""
    if not row.problem or not row.trouble:
        return row.problem
    return _worded(row.trouble, translate)


def _facts(refused: Refused) -> dict[str, Any]:
    return {name: _kept_fact(fact) for name, fact in refused.numbers.items()}


def _kept_fact(fact: Any) -> Any:
    if type(fact) is Phrase:
        inner = {name: _kept_fact(one) for name, one in fact.facts.items()}
        return {"message": fact.message, "facts": inner}
    return fact if isinstance(fact, int | str) else str(fact)


def _worded(part: Mapping[str, Any], translate: Told) -> str:
    facts = {
        name: _worded(fact, translate) if isinstance(fact, dict) else fact
        for name, fact in part["facts"].items()
    }
    words = translate(part["message"])
    return words % facts if facts else words
