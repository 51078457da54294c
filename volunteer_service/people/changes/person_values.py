"""A person's registered values by field: as a change stores them, and masked for display.

A value is a small mapping; None means that nothing is registered. The meaning of a key never
changes; new keys come with the next format (docs/formats.md).
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from volunteer_service import crypto
from volunteer_service.areas import lookup as areas
from volunteer_service.areas.models import Area
from volunteer_service.db import fetch
from volunteer_service.errors import Phrase, Verbatim, WrittenByNewerProgram
from volunteer_service.identifiers.masks import mask_identity, mask_name, mask_phone
from volunteer_service.people.changes.change_models import PersonChange
from volunteer_service.people.models import Guardian, Volunteer
from volunteer_service.people.search import people_lists

#: The newest format, and the fields that came with it; every other is in format 1.
FORMAT = 2
_SINCE_2 = frozenset({"registered", "party", "employer", "skills", "remark"})
#: What a roster contains beyond the registration, word for word.
DETAILS = ("party", "employer", "skills", "remark")
#: Characters of the mark that identifies the value on the form.
_MARK = 16

Value = dict[str, Any]

NOTHING = Phrase("没有登记")
FIELD_WORDS = {
    "phone": Phrase("手机号"),
    "name": Phrase("姓名"),
    "identity": Phrase("身份证号"),
    "born_on": Phrase("出生日期"),
    "sex": Phrase("性别"),
    "home": Phrase("居住社区"),
    "guardian": Phrase("监护人"),
    "consent": Phrase("同意书"),
    "registered": Phrase("登记日期"),
    "party": Phrase("政治面貌"),
    "employer": Phrase("工作单位"),
    "skills": Phrase("服务特长"),
    "remark": Phrase("备注"),
}
_SEXES = {"f": Phrase("女"), "m": Phrase("男")}
_PURPOSES = {
    "register": Phrase("登记为志愿者"),
    "publish": Phrase("在公示中列出"),
    "location": Phrase("签到时核对位置"),
}


def present(volunteer: Volunteer, field: str) -> Value | None:
    """Return the value that is registered now; consents have no single value."""
    read = _PRESENT.get(field)
    return read(volunteer) if read else None


def format_of(field: str) -> int:
    """Return the format in which a change of this field is stored."""
    return FORMAT if field in _SINCE_2 else 1


def written(value: Value | None) -> str | None:
    """Return the text that is stored for a value."""
    return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)


def was_and_now(row: PersonChange) -> tuple[Value | None, Value | None]:
    """Return the old and the new value of a change."""
    WrittenByNewerProgram.unless(row.format, known=FORMAT)
    was, now = (None if text is None else json.loads(text) for text in (row.was, row.now))
    return was, now


def mark(volunteer: Volunteer, field: str) -> str:
    """Return the mark of a value for its form; a change meanwhile makes the form stale."""
    seen = f"{volunteer.id}\0{field}\0{written(present(volunteer, field))}"
    return crypto.vault().key_of(seen, "person_change.seen")[:_MARK]


def marks(volunteer_id: int) -> dict[str, str]:
    """Return the mark of each field of a person."""
    volunteer = fetch(Volunteer, volunteer_id)
    return {field: mark(volunteer, field) for field in _PRESENT}


def told(field: str, value: Value | None) -> Phrase:
    """Return a value in words, with numbers masked."""
    return NOTHING if value is None else _TOLD[field](value)


def _born_on(volunteer: Volunteer) -> str | None:
    return volunteer.born_on.isoformat() if volunteer.born_on else None


def _identity(volunteer: Volunteer) -> Value:
    # The number contains the other two, so they change with it.
    return {
        "identity": volunteer.identity,
        "born_on": _born_on(volunteer),
        "sex": volunteer.sex,
    }


def _home(volunteer: Volunteer) -> Value | None:
    if volunteer.area_id is None:
        return None
    return home(volunteer.area_id)


def home(area_id: int) -> Value:
    """Return an area as a home value; it keeps the name, because an area may be renamed."""
    return _as_home(areas.of(area_id))


def new_home(area_id: int) -> Value:
    """Return the home value of an area to move to; it must be open."""
    return _as_home(areas.open_at(area_id))


def _as_home(found: Area) -> Value:
    return {"area": found.id, "name": found.name}


def _guardian(volunteer: Volunteer) -> Value | None:
    found = people_lists.guardian_of(volunteer.id)
    return None if found is None else guardian(found)


def guardian(row: Guardian) -> Value:
    """Return the value of a guardian."""
    return {"guardian": row.name, "guardian_phone": row.phone}


def _single(field: str) -> Callable[[Volunteer], Value | None]:
    def read(volunteer: Volunteer) -> Value | None:
        value = getattr(volunteer, field)
        return None if value is None else {field: value}

    return read


def _detail(field: str) -> Callable[[Volunteer], Value | None]:
    def read(volunteer: Volunteer) -> Value | None:
        said = volunteer.details.get(field)
        return {field: said} if said else None

    return read


def _as_it_is(field: str) -> Callable[[Value], Phrase]:
    return lambda value: Verbatim(value[field])


def _told_consent(value: Value) -> Phrase:
    words = Phrase("%(what)s：同意") if value["given"] else Phrase("%(what)s：不同意")
    return words.filled(what=_PURPOSES[value["purpose"]])


def _told_guardian(value: Value) -> Phrase:
    return Verbatim(f"{mask_name(value['guardian'])} {mask_phone(value['guardian_phone'])}")


def _told_identity(value: Value) -> Phrase:
    return Verbatim(mask_identity(value["identity"])) if value["identity"] else NOTHING


_PRESENT: Mapping[str, Callable[[Volunteer], Value | None]] = {
    "phone": _single("phone"),
    "name": _single("name"),
    "identity": _identity,
    "born_on": lambda person: {"born_on": _born_on(person)} if person.born_on else None,
    "sex": _single("sex"),
    "home": _home,
    "guardian": _guardian,
    "registered": lambda person: {"registered": person.registered_on.isoformat()},
    **{name: _detail(name) for name in DETAILS},
}
_TOLD: Mapping[str, Callable[[Value], Phrase]] = {
    "phone": lambda value: Verbatim(mask_phone(value["phone"])),
    "name": lambda value: Verbatim(value["name"]),
    "identity": _told_identity,
    "born_on": lambda value: Verbatim(value["born_on"]),
    "sex": lambda value: _SEXES[value["sex"]],
    "home": lambda value: Verbatim(value["name"]),
    "guardian": _told_guardian,
    "consent": _told_consent,
    "registered": lambda value: Verbatim(value["registered"]),
    **{name: _as_it_is(name) for name in DETAILS},
}
