"""Links in e-mails that work without signing in: stop all e-mail, confirm an address, answer for a
place.

They are signed with ``SECRET_KEY`` (the previous one still opens them) and name a row.
"""

from typing import Any

from flask import current_app, url_for
from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer

from volunteer_service import crypto, settings
from volunteer_service.errors import NotFound

#: Seconds for which a link confirms an address.
CONFIRM_SECONDS = 7 * 24 * 60 * 60


def leaving(settings_id: int) -> str:
    """Return the address where the reader of these settings stops all e-mail."""
    token = _signer(URLSafeSerializer, "leave").dumps(settings_id)
    return settings.current().base_url + url_for("messages.leave", token=token)


def who_leaves(token: str) -> int:
    """Return the settings that an unsubscribe link names, or raise ``NotFound``."""
    return int(_opened(_signer(URLSafeSerializer, "leave"), token))


def confirming(settings_id: int, email: str) -> str:
    """Return the address where the reader of this mailbox confirms it."""
    token = _signer(URLSafeTimedSerializer, "confirm").dumps([settings_id, _key(email)])
    return settings.current().base_url + url_for("messages.confirm", token=token)


def who_confirms(token: str) -> tuple[int, str]:
    """Return settings and keyed hash of the address, or raise ``NotFound``."""
    signer = _signer(URLSafeTimedSerializer, "confirm")
    settings_id, key = _opened(signer, token, max_age=CONFIRM_SECONDS)
    return int(settings_id), str(key)


def answering(sign_up_id: int, until: str) -> str:
    """Return the address where a waiting person answers for the place kept for them until then."""
    token = _signer(URLSafeSerializer, "place").dumps([sign_up_id, until])
    return settings.current().base_url + url_for("messages.place", token=token)


def what_is_answered(token: str) -> tuple[int, str]:
    """Return sign-up and time of the offer that a link answers, or raise ``NotFound``."""
    sign_up_id, until = _opened(_signer(URLSafeSerializer, "place"), token)
    return int(sign_up_id), str(until)


def _opened(signer: Any, token: str, **limits: int) -> Any:
    try:
        return signer.loads(token, **limits)
    except BadSignature:
        raise NotFound() from None


def _signer(kind: Any, salt: str) -> Any:
    config = current_app.config
    keys = [*config["SECRET_KEY_FALLBACKS"], config["SECRET_KEY"]]
    return kind(keys, salt=f"message-{salt}")


def _key(email: str) -> str:
    return crypto.vault().key_of(email, "message.email")
