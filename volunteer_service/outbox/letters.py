"""The letters given to a door, and its possible answers."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Letter:
    """One message in its reader's language, with the address for its door."""

    #: An e-mail address, a phone number, or the address of a robot (apprise).
    to: str
    #: The text that a locked phone or a list of mails may show, without personal data.
    headline: str
    text: str
    #: The same for each try, so that the other side can tell a repeat.
    key: str
    kind: str = ""
    #: The address that unsubscribes from this door with one click.
    leave_url: str | None = None
    #: The public address of its subject.
    url: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


class NotTaken(Exception):
    """The door did not accept a letter; ``code`` says why, in our words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code[:40]


class DoorAway(NotTaken):
    """The door itself does not work: unreachable, too slow, wrong password."""


class TakenLater(NotTaken):
    """The letter is not accepted now; it is tried again after a pause."""


class NeverTaken(NotTaken):
    """The letter will never be accepted, for example because there is no such address."""
