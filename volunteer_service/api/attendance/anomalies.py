"""The anomaly desk over the API: one anomaly with its facts, and the answer to it."""

from typing import Any

from volunteer_service import clock
from volunteer_service.api.attendance.anomaly_shapes import AnomalyAnswerIn, AnomalyOut
from volunteer_service.api.attendance.views import bp
from volunteer_service.api.shared.auth import actor, guarded
from volunteer_service.api.shared.idempotent import idempotent
from volunteer_service.attendance.anomalies import deciding
from volunteer_service.attendance.anomalies.anomaly_models import Anomaly


@bp.get("/anomalies/<int:anomaly_id>")
@guarded("read")
@bp.response(200, AnomalyOut)
def anomaly(anomaly_id: int) -> Anomaly:
    """Return an anomaly; ``facts`` are those of its ``kind``, ``people`` whom it is about."""
    return deciding.anomaly(anomaly_id, by=actor())


@bp.post("/anomalies/<int:anomaly_id>/decide")
@guarded("write")
@idempotent
@bp.arguments(AnomalyAnswerIn)
@bp.response(200, AnomalyOut)
def decide_anomaly(body: dict[str, Any], anomaly_id: int) -> Anomaly:
    """Accept or reject an anomaly with a reason, as somebody who is not concerned."""
    return deciding.decide_anomaly(anomaly_id, **body, by=actor(), at=clock.now())
