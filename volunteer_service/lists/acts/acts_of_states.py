"""The acts that set the state of many people: moved away, deceased, registered again."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from volunteer_service.lists.acts.declaration import Act, Asked, Values
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.registrations import departures

_REASON = Asked(name="reason", label=_l("原因"))
_DAY = Asked(name="day", label=_l("从哪天起"), kind="day", hint=_l("今天或以前的日期。"))
#: What the journal keeps as the reason where a whole batch is undone.
_UNDONE = "撤销批量办理"


def moved_away(id_: int, values: Values, by: Actor, at: datetime) -> None:
    """Mark one person as moved away."""
    _mark(id_, "moved", values, by, at)


def deceased(id_: int, values: Values, by: Actor, at: datetime) -> None:
    """Mark one person as deceased."""
    _mark(id_, "deceased", values, by, at)


def registered_again(id_: int, values: Values, by: Actor, at: datetime) -> None:
    """Take a mark back, so that the person is registered as before."""
    departures.take_back_departure(id_, reason=values["reason"], by=by, at=at)


def _mark(id_: int, departed_as: str, values: Values, by: Actor, at: datetime) -> None:
    on = date.fromisoformat(values["day"])
    departures.mark_departed(id_, departed_as, on, reason=values["reason"], by=by, at=at)


def _as_kept(values: Values, _by: Actor) -> dict[str, Any]:
    # A batch keeps what was typed as JSON.
    return {**values, "day": values["day"].isoformat()}


def _take_back(id_: int, _made_id: int | None, by: Actor, at: datetime) -> None:
    departures.take_back_departure(id_, reason=_UNDONE, by=by, at=at)


def _mark_act(name: str, label: Any, work: Callable[[int, Values, Actor, datetime], None]) -> Act:
    """Return the act that marks people from a day on; undoing takes the marks back."""
    return Act(
        name=name,
        label=label,
        roles=("coordinator",),
        work=work,
        asks=(_DAY, _REASON),
        settled=_as_kept,
        undo=_take_back,
    )


ACTS = (
    _mark_act("mark_moved", _l("标为已迁走"), moved_away),
    _mark_act("mark_deceased", _l("标为已去世"), deceased),
    Act(
        name="register_again",
        label=_l("恢复登记"),
        roles=("coordinator",),
        work=registered_again,
        asks=(_REASON,),
    ),
)
