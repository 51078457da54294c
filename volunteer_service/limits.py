"""The one counter of tries, with which both rims limit."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import Response
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

P = ParamSpec("P")
R = TypeVar("R")

limiter = Limiter(get_remote_address, default_limits=["1200 per minute"], storage_uri="memory://")

#: Checks of a certificate from one address, whichever door.
verifications = limiter.shared_limit("60 per minute", scope="verifications")


def pick_up_codes(account: Callable[[], str]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """20 misses a minute an account; a queue of 40 correct codes is no guessing."""
    return limiter.shared_limit(
        "20 per minute",
        scope="pick-up-codes",
        key_func=account,
        deduct_when=_is_miss,
    )


def _is_miss(response: Response) -> bool:
    return response.status_code == 404
