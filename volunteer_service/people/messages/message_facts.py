"""The shapes of a message's facts, and of a kind of message."""

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
    #: The public name of a team, an area or an event, as it is.
    NAME = "name"
    #: The key of the message's subject, which is not shown but makes the link.
    KEY = "key"


#: A fact that is one of a few codes, each with its words.
Choice = Mapping[str | bool, Phrase]

#: The second person's answer to the first.
ANSWERED: Choice = {
    "done": Phrase("已同意"),
    "confirmed": Phrase("已同意"),
    "applied": Phrase("已同意"),
    "refused": Phrase("没有同意"),
}


@dataclass(frozen=True)
class Kind:
    """A kind of message: the words, the facts in them, and the page of its subject."""

    words: Phrase
    facts: Mapping[str, As | Choice] = field(default_factory=dict)
    #: The page, a name that ``web.message_words.PAGES`` knows.
    about: str = "me"
    #: The headline that others may read, without facts; by default that of the topic.
    headline: Phrase | None = None
    #: Hours after which no e-mail or SMS is sent any more; None means that it is never too late.
    hours_good: int | None = None
    #: True if e-mail and SMS are sent in quiet hours too, because they are useless later.
    is_urgent: bool = False

    def fits(self, facts: Mapping[str, Any]) -> bool:
        """Tell whether exactly the declared facts are there, the coded ones with a
        declared code.
        """
        return facts.keys() == self.facts.keys() and all(
            facts[name] in said for name, said in self.facts.items() if not isinstance(said, As)
        )
