"""What a door is given, and what it may answer."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Letter:
    """One thing in its reader's language, with the address that its door knows."""

    #: An e-mail address, a phone number, or the address of a robot (apprise).
    to: str
    #: What a locked phone or a list of mails may show: nothing personal.
    headline: str
    text: str
    #: The same for each try, so that the other side can tell a repeat.
    key: str
    kind: str = ""
    #: Where one leaves this door with one click.
    leave_url: str | None = None
    #: Public address of what it is about.
    url: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


class NotTaken(Exception):
    """The door did not take a letter; ``code`` says why, in our words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code[:40]


class DoorAway(NotTaken):
    """The door itself does not work: unreachable, too slow, wrong password."""


class TakenLater(NotTaken):
    """Not now: asked again after a pause."""


class NeverTaken(NotTaken):
    """This letter will never be taken: for example there is no such address."""
