"""What a message may say: the shapes of its facts, and of a kind of message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from volunteer_service.errors import Phrase


class As(StrEnum):
    """How a fact is worded on a page."""

    #: Whole hundredths of a point: 12.50 分.
    POINTS = "points"
    #: The same with its sign: +12.50 分.
    CHANGE = "change"
    #: Whole minutes: 3.5 小时.
    HOURS = "hours"
    #: A local day, ISO: 11月22日 周日.
    DAY = "day"
    #: 0 to 5: 三星级.
    STARS = "stars"
    #: 2026H1: 2026年上半年.
    HALF_YEAR = "half_year"
    #: A whole number.
    NUMBER = "number"
    #: The public name of a team, an area or an event, as it stands.
    NAME = "name"
    #: The key of what the message is about: not worded, it makes the link.
    KEY = "key"


#: A fact that is one of a few codes, each with its words.
Choice = Mapping[str | bool, Phrase]

#: What a second person answered to the first.
ANSWERED: Choice = {
    "done": Phrase("已同意"),
    "confirmed": Phrase("已同意"),
    "applied": Phrase("已同意"),
    "refused": Phrase("没有同意"),
}


@dataclass(frozen=True)
class Kind:
    """What a person is told: the words, the facts in them, and the page that it is about."""

    words: Phrase
    facts: Mapping[str, As | Choice] = field(default_factory=dict)
    #: The page, a name that ``web.message_words.PAGES`` knows.
    about: str = "me"
    #: What is shown where others may read it, without facts; none: that of the topic.
    headline: Phrase | None = None
    #: After so many hours no e-mail or SMS says it any more; None: it never is too late.
    hours_good: int | None = None
    #: Whether e-mail and SMS go out in quiet hours: what is of no use later.
    is_urgent: bool = False

    def fits(self, facts: Mapping[str, Any]) -> bool:
        """Tell whether exactly the declared facts are there, the coded ones with a
        declared code.
        """
        return facts.keys() == self.facts.keys() and all(
            facts[name] in said for name, said in self.facts.items() if not isinstance(said, As)
        )
