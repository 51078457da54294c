"""The browser's own cookie: a random key, signed, by which accounts know a device again.

It is set when somebody signs in and outlives the session: while others guess at an account, its
known devices can still sign in. It opens nothing by itself.
"""

import secrets

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from volunteer_service import settings
from volunteer_service.crypto import token_hash
from volunteer_service.people.authentication.known_devices import LIFE_DAYS
from volunteer_service.people.authentication.sign_in_tries import Whence

COOKIE = "device"


def whence() -> Whence:
    """Return where this request comes from: the address, and the browser if an account may know
    it.
    """
    known = key()
    return Whence(request.remote_addr or "", token_hash(known) if known else None)


def key() -> str | None:
    """Return the key in this browser's cookie; none where there is no cookie of ours."""
    try:
        found: str = _signer().loads(request.cookies.get(COOKIE, ""))
    except BadSignature:
        return None
    return found


def new_key() -> str:
    """Return a key for a browser that has none."""
    return secrets.token_urlsafe(24)


def set_key(known: str) -> None:
    """Set the cookie in the answer to this request, or make it last anew."""
    signed = str(_signer().dumps(known))

    def put(answer: Response) -> Response:
        answer.set_cookie(
            COOKIE,
            signed,
            max_age=LIFE_DAYS * 24 * 60 * 60,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return answer

    after_this_request(put)


def _signer() -> URLSafeSerializer:
    # This library signs with the last key.
    keys = settings.current().secret_keys[::-1]
    return URLSafeSerializer(keys, salt="volunteer_service/device")
