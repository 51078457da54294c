"""How long a cell may be: what the tables can hold."""

from volunteer_service.workbooks.judging.rows import Refusal
from volunteer_service.workbooks.reading.sheets import Line

_NAME, _TITLE, _TEXT = 60, 80, 500
#: By kind and field; every other field is read as a number, a date or a known name.
_LONGEST = {
    "areas": {"street": _NAME, "community": _NAME, "grid": _NAME, "building": _NAME},
    "teams": {
        "name": _NAME,
        "community": _NAME,
        "recording_unit": _NAME,
        "brand": _NAME,
        "project": _NAME,
    },
    "volunteers": {
        "name": _NAME,
        "community": _NAME,
        "grid": _NAME,
        "building": _NAME,
        "team": _NAME,
        "guardian_name": _NAME,
        "party": _NAME,
        "employer": _TEXT,
        "skills": _TEXT,
        "remark": _TEXT,
    },
    "service_log": {
        "event": _TITLE,
        "place": _TITLE,
        "content": _TEXT,
        "team": _NAME,
        "leader": _NAME,
        "name": _NAME,
    },
    "gifts": {"name": _NAME},
}


def check(line: Line) -> None:
    """Refuse a row with a cell that is too long for its column."""
    for name, longest in _LONGEST[line.header.kind.name].items():
        raw = line.raw(name)
        if isinstance(raw, str) and len(raw) > longest and len(line.text(name)) > longest:
            raise Refusal("too_long", name, f"最多 {longest} 个字，请写短一些。")
