"""What a post asks of people: age, star, skills; and how they are insured on it."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from volunteer_service import journal, settings
from volunteer_service.bounds import text, whole
from volunteer_service.db import db, fetch
from volunteer_service.errors import Invalid
from volunteer_service.events import planning, refusals
from volunteer_service.events.models import Post, Shift
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Volunteer
from volunteer_service.visible_text import said

OLDEST = 120
MOST_STARS = 5
LONGEST_SKILLS, LONGEST_COVER = 120, 200

_stars: list[Callable[[int], int]] = []


@dataclass(frozen=True, kw_only=True)
class Requirements:
    """Ages are whole years on the day of the shift, bounds included, 0 for no limit; stars are 0 to
    5.

    ``skills`` and ``cover`` (the insurance of a dangerous post) are shown, not checked.
    """

    min_age: int = 0
    max_age: int = 0
    min_stars: int = 0
    skills: str | None = None
    cover: str | None = None


def stars_from(latest: Callable[[int], int]) -> None:
    """Register the function of a higher package that returns a volunteer's star."""
    _stars[:] = [latest]


@said("wanted.skills", "wanted.cover")
def require(post_id: int, wanted: Requirements, *, by: Actor, at: datetime) -> Post:
    """Set what a post asks; people with a place keep it, and new sign-ups must meet it."""
    post = fetch(Post, post_id)
    event = planning.editable(post.event_id, by=by)
    for name in ("min_age", "max_age"):
        whole(getattr(wanted, name), 0, OLDEST, name)
    whole(wanted.min_stars, 0, MOST_STARS, "min_stars")
    text(wanted.skills or "", LONGEST_SKILLS, "skills")
    text(wanted.cover or "", LONGEST_COVER, "cover")
    if wanted.max_age and wanted.max_age < wanted.min_age:
        raise Invalid(field="max_age", why="最大年龄不能小于最小年龄")
    changed = {
        name: value for name, value in asdict(wanted).items() if getattr(post, name) != value
    }
    before = {name: getattr(post, name) for name in changed}
    for name, value in changed.items():
        setattr(post, name, value)
    if changed:
        event.version += 1
        journal.record(
            "events.require",
            event,
            account_id=by.account_id,
            door=by.door,
            at=at,
            post=post.id,
            values=journal.changes(before, changed),
        )
    db.session.flush()
    return post


def age(born_on: date, on: date) -> int:
    """Return whole years lived on a day."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def need_met(person: Volunteer, shift: Shift) -> None:
    """Pass for a person who has the age and the star that the post asks; unknown ages pass."""
    post = shift.post
    if person.born_on is not None and (post.min_age or post.max_age):
        years = age(person.born_on, settings.local_day(shift.starts_at))
        if years < post.min_age:
            raise refusals.TooYoungForPost(age=post.min_age)
        if post.max_age and years > post.max_age:
            raise refusals.TooOldForPost(age=post.max_age)
    if post.min_stars and (not _stars or _stars[0](person.id) < post.min_stars):
        raise refusals.StarNeededForPost(stars=post.min_stars)
