"""SMS through a gateway over HTTP; its requests are configured (``settings.doors.Gateway``)."""

import re
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from volunteer_service.outbox.letters import DoorAway, Letter, NeverTaken, TakenLater
from volunteer_service.settings.doors import Gateway

if TYPE_CHECKING:
    from requests import Response

#: Seconds to connect and for one answer, seconds for the whole request, and bytes that are read of
#: an answer.
CONNECT_SECONDS, ANSWER_SECONDS, WHOLE_SECONDS = 5, 10, 30
_MOST_BYTES = 65_536
_TOO_MANY = 429
_SERVER_ERRORS = 500
_PLACE = re.compile(r"\{(\w+)\}")


class GatewayDoor:
    """Asks one gateway."""

    def __init__(self, gateway: Gateway, *, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._gateway = gateway
        self._answer_seconds = answer_seconds

    def send(self, letter: Letter) -> None:
        """Ask for one SMS, or raise ``NotTaken``."""
        values = {
            "phone": letter.to,
            "template": self._gateway.templates.get(letter.kind, ""),
            "text": letter.text,
            "key": letter.key,
        }
        # Imported here: it takes 6 MiB, and only the jobs process of a service with a gateway needs
        # it.
        from requests import RequestException

        try:
            self._ask(values)
        except RequestException as error:
            raise DoorAway(type(error).__name__) from None

    def _ask(self, values: Mapping[str, str]) -> None:
        from requests import Session

        found = self._gateway
        fields = _put(found.fields, values)
        body: dict[str, Any] = {"json": fields} if found.body == "json" else {"data": fields}
        with Session() as session:
            # Neither a proxy nor a password of the machine is used; the setting has everything.
            session.trust_env = False
            with session.post(
                found.url,
                headers=_put(found.headers, values),
                timeout=(CONNECT_SECONDS, self._answer_seconds),
                allow_redirects=False,
                stream=True,
                **body,
            ) as answer:
                self._judge(answer)

    def _judge(self, answer: "Response") -> None:
        code = answer.status_code
        if code in (401, 403):
            raise DoorAway(f"http_{code}")
        if code == _TOO_MANY or code >= _SERVER_ERRORS:
            raise TakenLater(f"http_{code}")
        if not 200 <= code < 300:
            raise NeverTaken(f"http_{code}")
        if self._gateway.good_field is None:
            return
        if _field_of(_read(answer), self._gateway.good_field) != self._gateway.good_value:
            raise TakenLater("gateway_says_no")


def _put(texts: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """Put the values into the texts; the inserted text is not scanned again."""
    return {name: _filled(text, values) for name, text in texts.items()}


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def _read(answer: "Response") -> Any:
    ends, held = time.monotonic() + WHOLE_SECONDS, b""
    for part in answer.iter_content(4096):
        held += part
        if len(held) > _MOST_BYTES or time.monotonic() > ends:
            raise TakenLater("answer_too_long")
    answer._content = held
    try:
        return answer.json()
    except ValueError:
        return None


def _field_of(found: Any, name: str) -> str | None:
    value = found.get(name) if isinstance(found, dict) else None
    return None if value is None else str(value)
