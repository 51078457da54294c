"""Every refusal as problem+json (RFC 9457): a stable code, a sentence, the field and the cure."""

from http import HTTPStatus
from typing import Any

from flask import Response, current_app, g, jsonify, request
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import BadRequest, HTTPException

from volunteer_service import field_messages
from volunteer_service.api.shared.etags import EtagStale
from volunteer_service.errors import Conflict, FieldsRefused, Refused
from volunteer_service.wording import gettext
from volunteer_service.wording import refusal as words

#: What is wrong and what to do, where HTTP refuses and not a rule of ours.
WORDS = {
    400: _l("请求无法读取。请检查格式后再试。"),
    404: _l("没有这个地址。请核对路径；所有地址见 /api/docs。"),
    405: _l("这个地址不接受此方法。可用的方法见 Allow 响应头。"),
    413: _l("请求太大。请减小后再试。"),
    415: _l("请求体应为 JSON。请加上请求头 Content-Type: application/json。"),
    422: _l("请求中有字段不对。请按 errors 逐项修改。"),
    429: _l("请求太多。请等一分钟再试。"),
}
#: What each status means in a few words, as HTTP's own phrase does in English.
TITLES = {
    400: _l("请求无法读取"),
    401: _l("需要登录"),
    403: _l("没有权限"),
    404: _l("没有找到"),
    405: _l("不接受此方法"),
    409: _l("与现有内容冲突"),
    412: _l("内容已被修改"),
    413: _l("请求太大"),
    415: _l("格式不支持"),
    422: _l("内容不符合要求"),
    428: _l("缺少前提条件"),
    429: _l("请求太多"),
    500: _l("服务出错"),
    503: _l("服务暂时不可用"),
    507: _l("存储空间不足"),
}
OTHERWISE = _l("请求没有完成。请核对后再试；用法见 /api/docs。")


def refused(error: Refused) -> Response:
    """Answer a refusal of a rule; an old version in ``If-Match`` is HTTP's own 412."""
    if isinstance(error, Conflict) and request.if_match:
        error = EtagStale(error.details)
    return problem(error.status, error.code(), words(error), **_where(error))


def body_of(error: Refused) -> dict[str, Any]:
    """Return the JSON body alone, for the store of idempotent answers."""
    return _body(error.status, error.code(), words(error), **_where(error))


def _where(error: Refused) -> dict[str, Any]:
    """Return the field, or each field in its own words, shaped as a schema's errors are."""
    if isinstance(error, FieldsRefused):
        return {"errors": {"json": {part.field: [words(part)] for part in error.parts}}}
    return {"field": error.field} | error.details


def http(error: HTTPException) -> Response:
    """Answer a malformed request, an unknown path or method; name the fields that a schema
    refuses.
    """
    data = getattr(error, "data", None) or {}
    status = error.code or 500
    code = (error.name or "error").lower().replace(" ", "_").replace("'", "")
    detail = str(WORDS.get(status, OTHERWISE))
    # For a body that cannot be read, the detail says all that is known.
    errors = field_messages.told(data.get("messages")) if status == 422 else None
    answer = problem(status, code, detail, errors=errors)
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after", "www-authenticate"}:
            answer.headers[name] = value
    for name, value in (data.get("headers") or {}).items():
        answer.headers[name] = value
    return answer


def crashed(error: Exception) -> Response:
    """Answer our own fault: log it with the request id, tell no details."""
    if isinstance(error, RecursionError):
        # The only depth that a caller chooses is that of a JSON body.
        return http(BadRequest())
    current_app.logger.error("unhandled", exc_info=error)
    return problem(500, "internal_error", gettext("服务出错了，已记录。请稍后再试。"))


def problem(status: int, code: str, detail: str, **extra: Any) -> Response:
    """Return one problem document."""
    answer = jsonify(_body(status, code, detail, **extra))
    answer.status_code = status
    answer.mimetype = "application/problem+json"
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="volunteer_service"'
    return answer


def _body(status: int, code: str, detail: str, **extra: Any) -> dict[str, Any]:
    body = {
        "type": "about:blank",
        "title": str(TITLES.get(status, HTTPStatus(status).phrase)),
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": g.get("request_id"),
    }
    return body | {name: value for name, value in extra.items() if value is not None}
