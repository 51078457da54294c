"""ETags where two people may edit: the row's version, which an edit sends back in ``If-Match``."""

from typing import Any

from flask import Response, request

from volunteer_service.errors import Refused

#: Digits of a version; the database holds no larger ones.
LONGEST = 9


class EtagMissing(Refused):
    """An edit without If-Match could overwrite somebody's work unnoticed."""

    status = 428
    message = "请在 If-Match 中带上您读到的 ETag，以免覆盖别人的修改。"


class EtagStale(Refused):
    """Somebody has edited it since it was read."""

    status = 412
    message = "内容刚被别人修改过。请重新读取后再改。"

    def __init__(self, details: dict[str, Any] | None = None) -> None:
        super().__init__()
        self._details = details or {}

    @property
    def details(self) -> dict[str, Any]:
        return self._details


def tag(response: Response, version: int) -> Response:
    """Put the version on the answer."""
    response.set_etag(str(version))
    return response


def expected_version() -> int:
    """Return the version that the caller read; refuse one that is missing or not ours."""
    if not request.if_match:
        raise EtagMissing()
    for value in request.if_match.as_set():
        if value.isdecimal() and len(value) <= LONGEST:
            return int(value)
    raise EtagStale()
