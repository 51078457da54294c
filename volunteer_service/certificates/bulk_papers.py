"""Many papers as one PDF: sorted by team, each team with a list to sign before its papers."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import IO, NamedTuple

from sqlalchemy import func, select

from volunteer_service import db as database
from volunteer_service.certificates import rendering
from volunteer_service.certificates.models import Certificate
from volunteer_service.db import db
from volunteer_service.paper import pdf as pdfs
from volunteer_service.paper.sheet import Sheet
from volunteer_service.paper.sign_list import SignLine, SignList, sign_sheets
from volunteer_service.people.models import Volunteer
from volunteer_service.teams.models import Membership, Team

#: The most papers of one file: a ream of sheets.
MOST = 500


class _Printed(NamedTuple):
    team: str
    number: str
    paper: Certificate


def write(
    ids: Iterable[int],
    out: IO[bytes],
    noted: Callable[[Iterator[Certificate]], Iterator[Certificate]] = iter,
    *,
    at: datetime,
) -> int:
    """Write the valid papers among these into an open file; return how many.

    People are sorted by the first of their teams, then by name; who is in none comes last.
    ``noted`` gets the papers as they are laid out and passes them on.
    """
    chosen = sorted(_chosen(list(ids)), key=_order)
    laid = {paper.id: rendering.sheets(paper) for paper in noted(each.paper for each in chosen)}
    sheets: list[Sheet] = []
    for team, people in groupby(chosen, key=lambda each: each.team):
        listed = list(people)
        sheets += sign_sheets(SignList(team or "未在队伍", [_line(each) for each in listed]))
        for each in listed:
            sheets += laid[each.paper.id]
    out.write(pdfs.paint(sheets, title="certificates", made_at=at))
    return len(chosen)


def _order(each: _Printed) -> tuple[bool, str, str, str]:
    return (not each.team, each.team, each.paper.volunteer.name_order, each.paper.number)


def _line(each: _Printed) -> SignLine:
    return SignLine(each.paper.words["name"], each.number, each.paper.number)


def _chosen(ids: list[int]) -> Iterator[_Printed]:
    first_team = (
        select(func.min(Team.name))
        .join(Membership, Membership.team_id == Team.id)
        .where(Membership.volunteer_id == Certificate.volunteer_id, Membership.state == "active")
        .scalar_subquery()
    )
    for some in database.in_lists(ids):
        query = (
            select(func.coalesce(first_team, ""), Volunteer.number, Certificate)
            .join(Certificate.volunteer)
            .where(Certificate.id.in_(some), Certificate.revoked_at.is_(None))
        )
        yield from (_Printed(*row) for row in db.session.execute(query))
