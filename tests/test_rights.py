"""Who may do what: one table, person by act; a row is an act, its letters are who may.

l 李梅 (leads the team) · w 王建国 (is in it) · z 赵芳 (a stranger to it) · c coordinator ·
d desk · a auditor · A admin. Everybody else is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests import make
from volunteer_service.areas import service as areas
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.people import queries as people_queries
from volunteer_service.people import service as people
from volunteer_service.people.actor import Actor
from volunteer_service.teams import service as teams
from volunteer_service.teams.models import Membership

NOW = make.MORNING

PEOPLE = {
    "l": "li_mei",
    "w": "wang_account",
    "z": "zhao_account",
    "c": "coordinator",
    "d": "desk",
    "a": "auditor",
    "A": "admin",
}


@dataclass(frozen=True)
class Scene:
    """The cast, and 赵芳's asking to join 李梅's team."""

    cast: make.Cast
    asked: Membership

    @property
    def plan(self) -> teams.TeamPlan:
        return teams.TeamPlan("新队", self.cast.community.id, "居委会")


Act = Callable[[Scene, Actor], Any]

ACTS: dict[str, tuple[str, Act]] = {
    "add an area": (
        "cA",
        lambda s, by: areas.add(s.cast.community.id, "grid", "网格", by=by, at=NOW),
    ),
    "found a team": ("cA", lambda s, by: teams.create(s.plan, by=by, at=NOW)),
    "edit a team": (
        "cA",
        lambda s, by: teams.edit(s.cast.team.id, s.plan, version=1, by=by, at=NOW),
    ),
    "see the roster": ("lcA", lambda s, by: teams.roster(s.cast.team.id, by=by)),
    "accept who asked": ("lcA", lambda s, by: teams.accept(s.asked.id, by=by, at=NOW)),
    "refuse who asked": ("lcA", lambda s, by: teams.refuse(s.asked.id, by=by, at=NOW)),
    "name a leader": (
        "cA",
        lambda s, by: teams.grant(
            s.cast.zhao_account.id, "leader", team_id=s.cast.team.id, by=by, at=NOW
        ),
    ),
    "name a desk": (
        "A",
        lambda s, by: teams.grant(
            s.cast.zhao_account.id, "desk", area_id=s.cast.town.id, by=by, at=NOW
        ),
    ),
    "register somebody": (
        "cA",
        lambda s, by: people.register(
            people.RegisterIn("新人", None, True, area_id=s.cast.community.id), by=by, at=NOW
        ),
    ),
    "see a person": ("wcA", lambda s, by: people_queries.volunteer(s.cast.wang.id, by=by)),
    "see a phone": (
        "wcA",
        lambda s, by: people.reveal(s.cast.wang.id, "phone", "核对", by=by, at=NOW),
    ),
    "take all that is held": (
        "wcA",
        lambda s, by: people.export_of(s.cast.wang.id, "本人申请", by=by, at=NOW),
    ),
    "give a consent": (
        "wcA",
        lambda s, by: people.give_consent(s.cast.wang.id, "publish", by=by, at=NOW),
    ),
    "disown": ("wcA", lambda s, by: people.disown(s.cast.wang.id, by=by, at=NOW)),
    "hand out a password": (
        "cA",
        lambda s, by: people.hand_out_password(s.cast.wang.id, by=by, at=NOW),
    ),
    "set a password": (
        "A",
        lambda s, by: people.set_password(s.cast.wang_account.id, "a new long one", by=by, at=NOW),
    ),
    "disable an account": (
        "A",
        lambda s, by: people.disable(s.cast.wang_account.id, by=by, at=NOW),
    ),
}


def _scene() -> Scene:
    cast = make.cast()
    asked = teams.join(cast.team.id, by=make.acting(cast.zhao_account), at=NOW)
    return Scene(cast, asked)


@pytest.mark.parametrize("act", ACTS)
def test_who_may(session: None, act: str) -> None:
    letters, verb = ACTS[act]
    scene = _scene()
    allowed = ""
    for letter, name in PEOPLE.items():
        by = make.acting(getattr(scene.cast, name))
        point = make.db.session.begin_nested()
        try:
            verb(scene, by)
            make.db.session.flush()
            allowed += letter
        except (NotFound, NotAllowed):
            pass
        finally:
            point.rollback()
            make.db.session.expire_all()
    assert allowed == "".join(letter for letter in PEOPLE if letter in letters)
