"""Logs: one JSON object a line with caller, route and result, without personal data.

A line names the route's pattern, never the path (codes and tokens are in paths), no query string,
no form, no name. For a crash it has the exception's type and the frames, but not the message, which
may quote a row of the database.
"""

import json
import logging
import time
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, has_request_context, request

from volunteer_service.monitoring import metrics

#: The name of ``app.logger`` too.
LOGGER = "volunteer_service"

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_access = logging.getLogger(f"{LOGGER}.access")


class JsonLines(logging.Formatter):
    """A record as one line of JSON; ``extra={"facts": {...}}`` adds codes and numbers."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        facts: Mapping[str, Any] = getattr(record, "facts", {})
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "event": record.getMessage(),
            "request_id": g.get("request_id") if has_request_context() else None,
            **facts,
            "error": _error(record),
        }
        return json.dumps({name: value for name, value in line.items() if value is not None})


def init_logs(app: Flask, level: str) -> None:
    """Write this service's own log to standard error, one line for each answered request."""
    logger = logging.getLogger(LOGGER)
    logger.setLevel(level)
    if not any(isinstance(handler.formatter, JsonLines) for handler in logger.handlers):
        handler = logging.StreamHandler()
        handler.setFormatter(JsonLines())
        logger.addHandler(handler)
        logger.propagate = False
    app.after_request(_answered)


def refused(code: str) -> None:
    """Remember the refusal that answers this request, for its log line and for the metrics."""
    g.refused = code
    metrics.refused(code)


def _answered(response: Response) -> Response:
    endpoint = request.endpoint or "none"
    if endpoint == "static" or g.get("is_only_asked"):
        # The request itself follows.
        return response
    method = request.method if request.method in _METHODS else "OTHER"
    seconds = time.perf_counter() - g.get("began", time.perf_counter())
    metrics.observe(endpoint, method, response.status_code, seconds)
    if not _access.isEnabledFor(logging.INFO):
        return response
    actor = g.get("actor")
    _access.info(
        "request",
        extra={
            "facts": {
                "method": method,
                "route": request.url_rule.rule if request.url_rule else None,
                "status": response.status_code,
                "ms": round(seconds * 1000, 1),
                "account": actor.account_id if actor else None,
                "refused": g.get("refused"),
            }
        },
    )
    return response


def _error(record: logging.LogRecord) -> list[str] | None:
    error = record.exc_info[1] if record.exc_info else None
    if error is None:
        return None
    frames = traceback.extract_tb(error.__traceback__)
    return [type(error).__name__, *(f"{f.filename}:{f.lineno} {f.name}" for f in frames)]
