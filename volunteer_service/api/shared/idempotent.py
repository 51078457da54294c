"""``Idempotency-Key`` on the calls that move points or records: sent twice, done once."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response, jsonify, make_response, request

from volunteer_service import clock, idempotency
from volunteer_service.api.shared.auth import actor
from volunteer_service.api.shared.problems import body_of
from volunteer_service.errors import Refused
from volunteer_service.monitoring import logs

View = TypeVar("View", bound=Callable[..., Any])


class IdempotencyKeyMissing(Refused):
    """This call moves points or records, so it needs a key to be safe to repeat."""

    status = 400
    message = "请在请求头中加上 Idempotency-Key（每个新操作一个新值），以便网络中断后安全重试。"


def idempotent(view: View) -> View:
    """Return the stored answer when the key comes again; the decorator stands right under
    ``@guarded``.
    """

    @wraps(view)
    def once(*args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            raise IdempotencyKeyMissing()

        def work() -> idempotency.Answer:
            answer = make_response(view(*args, **kwargs))
            return idempotency.Answer(answer.status_code, answer.get_json(silent=True))

        hashed = idempotency.request_hash(request.method, request.full_path, request.get_data())
        answer = idempotency.once(
            f"account:{actor().account_id}", key, hashed, work, _refusal, at=clock.now()
        )
        return _respond(answer)

    once._apidoc = _with_header(view)  # type: ignore[attr-defined]
    return cast(View, once)


def _refusal(refused: Refused) -> idempotency.Answer:
    logs.refused(refused.code())
    return idempotency.Answer(refused.status, body_of(refused))


def _respond(answer: idempotency.Answer) -> Response:
    response = jsonify(answer.body) if answer.body is not None else make_response("")
    response.status_code = answer.status
    if answer.status >= 400:
        response.mimetype = "application/problem+json"
    if answer.replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def _with_header(view: Callable[..., Any]) -> dict[str, Any]:
    header = {
        "in": "header",
        "name": "Idempotency-Key",
        "required": True,
        "schema": {"type": "string", "minLength": 1, "maxLength": 80},
        "description": "A new value for each new act; the same value repeats the same answer.",
    }
    apidoc = dict(getattr(view, "_apidoc", {}))
    manual = dict(apidoc.get("manual_doc", {}))
    manual["parameters"] = [*manual.get("parameters", []), header]
    return apidoc | {"manual_doc": manual}
