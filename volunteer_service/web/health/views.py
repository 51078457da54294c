"""For machines: does the process answer, may it get requests, and Prometheus' figures."""

from hmac import compare_digest
from ipaddress import ip_address

from flask import Blueprint, Response, jsonify, request
from sqlalchemy.exc import SQLAlchemyError

from volunteer_service import clock, job_runs, settings
from volunteer_service.db import db, schema
from volunteer_service.errors import Away, NotFound
from volunteer_service.monitoring import metrics
from volunteer_service.rate_limits import limiter
from volunteer_service.web.shared.guard import public

bp = Blueprint("ops", __name__)


@bp.get("/healthz")
@public
@limiter.exempt
def healthz() -> Response:
    """Answer that the process runs, without any other check."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
@limiter.exempt
def readyz() -> tuple[Response, int]:
    """Show each part by name, with 200 if all are well, else 503."""
    parts = _parts()
    well = all(word == "ok" for word in parts.values())
    answer = jsonify(status="ok" if well else "not_ready", parts=parts)
    if not well:
        answer.headers["Retry-After"] = str(Away.seconds)
    return answer, 200 if well else 503


@bp.get("/metrics")
@public
@limiter.exempt
def figures() -> Response:
    """Return the metrics for Prometheus, to this machine or to a caller with METRICS_TOKEN."""
    if not (_is_this_machine() or _brings_token()):
        raise NotFound()
    at = clock.now()
    beat = job_runs.last_beat()
    ages = metrics.Ages(job_runs.ages(at=at), None if beat is None else (at - beat).total_seconds())
    return Response(metrics.render(ages), content_type=metrics.CONTENT_TYPE)


def _parts() -> dict[str, str]:
    try:
        at_head = schema.current(db.engine) == schema.head()
        if not at_head:
            return {"database": "ok", "migrations": "behind", "jobs": "unknown"}
        alive = job_runs.is_alive(at=clock.now())
    except SQLAlchemyError:
        return {"database": "unreachable", "migrations": "unknown", "jobs": "unknown"}
    return {"database": "ok", "migrations": "ok", "jobs": "ok" if alive else "no_heartbeat"}


def _is_this_machine() -> bool:
    # A proxy on this machine is loopback too; what it forwards comes from elsewhere.
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    return request.remote_addr is not None and ip_address(request.remote_addr).is_loopback


def _brings_token() -> bool:
    token = settings.current().metrics_token
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return token is not None and compare_digest(sent.encode(), token.encode())
