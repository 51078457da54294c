"""Reads a typed or pasted list of names and finds who each line may be.

At most :data:`MOST_NAMES` are searched at once; a look at people outside the team is logged.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from volunteer_service.errors import Refused
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Volunteer
from volunteer_service.people.search.person_names import folded
from volunteer_service.teams import findable
from volunteer_service.teams.models import Team

#: A numbering before a name in a chat: «1. », «2、», «(3) », «④».
_NUMBERING = re.compile(r"^\s*(?:[(（]?\d{1,3}\s*[.．、)）:：]\s*|[①-⑳]\s*|[-*•·]\s+)")
#: Within a line a new number begins a new name: «1. 张三 2. 李四».
#: A run of blanks is read only from its beginning, because reading from each of 8,000 took a
#: second.
_NEXT = re.compile(r"[\n\r,，;；、]+|(?<!\s)\s+(?=[(（]?\d{1,3}\s*[.．、)）])|(?=[①-⑳])")
#: The most names of one list, and its most characters.
MOST_NAMES, LONGEST_LIST = 200, 8000


class NamesUnclear(Refused):
    """A line of the list is neither one person nor left out on purpose."""

    message = "有 %(count)s 行还不清楚是谁。请在下面逐行选人，或选“不录这一行”，再提交。"


class TooManyNames(Refused):
    """The list has more names than are searched at once."""

    message = "名单超过 %(most)s 个名字。请分成几次提交。"


@dataclass(frozen=True)
class Line:
    """One name as typed, and the people it may be, likeliest first."""

    typed: str
    likely: tuple[Volunteer, ...]

    @property
    def only(self) -> Volunteer | None:
        """Return the person if there is no doubt: the only one with this whole name or number."""
        if len(self.likely) != 1:
            return None
        (person,) = self.likely
        is_whole = folded(self.typed) in (folded(person.name), folded(person.number))
        return person if is_whole else None


def names_in(text: str) -> list[str]:
    """Return the names of a pasted list, numbered, by comma or by line; a repeated name once."""
    text = text[:LONGEST_LIST]
    # A numbering with 、 («1、张三») is no separator.
    text = re.sub(r"(\d{1,3})\s*、", r"\1.", text)
    parts = (_NUMBERING.sub("", part).strip() for part in _NEXT.split(text))
    return list(dict.fromkeys(part for part in parts if part))


def judged(
    text: str, team: Team, *, is_joining: bool = False, by: Actor, at: datetime
) -> list[Line]:
    """Return for each name of a pasted list who it may be: team members first, then others.

    With ``is_joining`` the people are to join the team: others come first, then its members. One
    line more than :data:`MOST_NAMES` shows that the list is longer; :func:`chosen` refuses it.
    People outside the team and the actor's care are told of the look.
    """
    known = findable.members_of(team)
    names = names_in(text)
    likely = findable.joining if is_joining else findable.likely
    lines = [Line(name, likely(name, team, known, by=by)) for name in names[:MOST_NAMES]]
    shown = [person for line in lines for person in line.likely]
    findable.keep_looks(shown, team, by=by, at=at)
    return lines + [Line(name, ()) for name in names[MOST_NAMES : MOST_NAMES + 1]]


def count_looked_for(text: str, team: Team, *, is_joining: bool = False, by: Actor) -> int:
    """Count the names of a list that are searched outside the team; 0 if the actor sees all.

    The limit of searches needs it: a list of thirty strangers is thirty searches. People who are to
    join are always searched outside the team.
    """
    if findable.sees_street(team, by=by):
        return 0
    members = () if is_joining else findable.members_of(team)
    known = {folded(said) for row in members for said in (row.name, row.number)}
    return sum(folded(name) not in known for name in names_in(text)[:MOST_NAMES])


def chosen(lines: Sequence[Line], picks: Mapping[str, int | None]) -> list[int]:
    """Return the people of the lines: as picked, else the only match; ``None`` skips a line."""
    if len(lines) > MOST_NAMES:
        raise TooManyNames(field="names", most=MOST_NAMES)
    unclear = [line for line in lines if line.only is None and line.typed not in picks]
    if unclear:
        raise NamesUnclear(field="names", count=len(unclear))
    found = (picks.get(line.typed, line.only.id if line.only else None) for line in lines)
    return [volunteer_id for volunteer_id in found if volunteer_id is not None]
