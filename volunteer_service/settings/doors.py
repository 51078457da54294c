"""Settings of the doors (channels) of messages: mail server, SMS gateway, group robots.

Without a setting the door does not exist, and messages stay on people's pages.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from volunteer_service.errors import BadSetting
from volunteer_service.settings import hosts, secret_strength

#: The name of an environment setting within a text of the gateway's file.
_NAMED = re.compile(r"\$\{([^{}]*)\}")
#: A mail provider's password for programs has 16 letters.
_SHORTEST_MAIL_PASSWORD = 16


@dataclass(frozen=True)
class MailServer:
    """``MAIL_SERVER``: the server for e-mail, the login, and the sender's address."""

    host: str
    port: int
    #: TLS from the first byte; else STARTTLS, which only loopback may lack.
    is_tls: bool
    user: str | None
    password: str | None = field(repr=False)
    sender: str


@dataclass(frozen=True)
class Gateway:
    """``SMS_GATEWAY``: a file that says how to send an SMS over HTTP, and with which words.

    ``fields`` and ``headers`` are texts with ``{phone}``, ``{template}``, ``{text}``, ``{key}``;
    ``${NAME}`` is a setting of the environment, so that the secret is not in the file.
    """

    url: str
    headers: Mapping[str, str] = field(repr=False)
    fields: Mapping[str, str] = field(repr=False)
    #: ``json`` or ``form``.
    body: str
    #: A field of the JSON answer and its value, if 200 alone does not mean «accepted».
    good_field: str | None
    good_value: str | None
    #: The gateway's template by kind of message; other kinds send no SMS.
    templates: Mapping[str, str]


@dataclass(frozen=True)
class Doors:
    """The doors that are set up."""

    mail: MailServer | None = None
    gateway: Gateway | None = None
    #: ``STAFF_ROBOTS``: apprise addresses of the groups that get the staff's digest.
    robots: tuple[str, ...] = field(default=(), repr=False)

    def of_persons(self, kind: str) -> tuple[str, ...]:
        """Return the doors by which a message of this kind may be sent to a person."""
        sms = self.gateway is not None and kind in self.gateway.templates
        return ("email",) * (self.mail is not None) + ("sms",) * sms

    @property
    def leaving(self) -> dict[str, tuple[str, ...]]:
        """Return the secrets that each message sends to other machines, by their setting."""
        found: dict[str, tuple[str, ...]] = {"STAFF_ROBOTS": self.robots}
        if self.mail is not None:
            found["MAIL_SERVER"] = (self.mail.user or "", self.mail.password or "")
        if self.gateway is not None:
            sent = self.gateway.headers.values(), self.gateway.fields.values()
            found["SMS_GATEWAY"] = (self.gateway.url, *sent[0], *sent[1])
        return found

    @property
    def names(self) -> tuple[str, ...]:
        """Return the doors that are set up, as the outbox names them."""
        there = {"email": self.mail, "sms": self.gateway, "robot": self.robots}
        return tuple(name for name, found in there.items() if found)


def read(env: Mapping[str, str], *, is_production: bool) -> Doors:
    """Read the settings of all doors."""
    return Doors(
        mail=_mail(env, is_production),
        gateway=_gateway(env, is_production),
        robots=tuple(env.get("STAFF_ROBOTS", "").split()),
    )


def _mail(env: Mapping[str, str], is_production: bool) -> MailServer | None:
    value, sender = env.get("MAIL_SERVER", ""), env.get("MAIL_FROM", "")
    if not value:
        return None
    url = _split("MAIL_SERVER", value, ("smtp", "smtps"))
    if "@" not in sender or any(letter in sender for letter in "\r\n"):
        raise BadSetting("MAIL_FROM", why="请写发件人的邮箱地址，例如 zhiyuan@street.example.cn。")
    password = unquote(url.password) if url.password else None
    if is_production and not hosts.is_loopback(url.hostname or ""):
        _need_strong("MAIL_SERVER", password or "")
    return MailServer(
        host=url.hostname or "",
        port=url.port or (465 if url.scheme == "smtps" else 587),
        is_tls=url.scheme == "smtps",
        user=unquote(url.username) if url.username else None,
        password=password,
        sender=sender,
    )


def _gateway(env: Mapping[str, str], is_production: bool) -> Gateway | None:
    path = env.get("SMS_GATEWAY", "")
    if not path:
        return None
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
        return _read_gateway(found, env, is_production)
    except BadSetting:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadSetting(
            "SMS_GATEWAY",
            why="读不懂文件 %(path)s（%(reason)s）。请按运维手册里的例子写。",
            path=path,
            reason=type(error).__name__,
        ) from None


def _read_gateway(found: dict[str, Any], env: Mapping[str, str], is_production: bool) -> Gateway:
    url = _split("SMS_GATEWAY", found["url"], ("https", "http"))
    if is_production and url.scheme != "https" and not hosts.is_loopback(url.hostname or ""):
        raise BadSetting("SMS_GATEWAY", why="正式环境只用 https:// 地址。")
    good = found.get("good", {})
    body = found.get("body", "json")
    if body not in {"json", "form"}:
        raise ValueError(body)
    return Gateway(
        url=url.geturl(),
        headers=_filled(found.get("headers", {}), env, is_production),
        fields=_filled(found["fields"], env, is_production),
        body=body,
        good_field=good.get("field"),
        good_value=good.get("value"),
        templates={str(kind): str(name) for kind, name in found["templates"].items()},
    )


def _filled(
    texts: Mapping[str, str], env: Mapping[str, str], is_production: bool
) -> dict[str, str]:
    """Replace the names of settings in the texts with their values."""

    def value(found: re.Match[str]) -> str:
        if is_production:
            _need_strong(found[1], env.get(found[1], ""))
        return env.get(found[1], "")

    return {name: _NAMED.sub(value, str(text)) for name, text in texts.items()}


def _split(name: str, value: str, schemes: tuple[str, ...]) -> SplitResult:
    try:
        url = urlsplit(value)
        is_good = url.scheme in schemes and bool(url.hostname) and url.port != 0
    except ValueError:
        is_good = False
    if not is_good:
        raise BadSetting(
            name,
            why="地址读不懂。请写成 %(scheme)s://host 这样的地址。",
            scheme=schemes[-1],
        )
    return url


def _need_strong(name: str, secret: str) -> None:
    weak = secret_strength.weakness(secret, least=_SHORTEST_MAIL_PASSWORD)
    if weak is not None:
        raise BadSetting(
            name,
            why="这个密码不能用：%(weak)s。请用对方发给程序的授权码，至少 %(least)s 个字符。",
            weak=weak,
            least=_SHORTEST_MAIL_PASSWORD,
        )
