"""Figures of people: who is registered, who is new."""

from volunteer_service.errors import Phrase
from volunteer_service.figures.figure import Figure, Source
from volunteer_service.people.models import Volunteer

REGISTERED = Source(
    lambda: Volunteer.__table__,
    lambda _asked: [Volunteer.state == "active"],
    area_id=Volunteer.area_id,
    day=Volunteer.registered_on,
    counted="up_to",
    listed=("people", Volunteer.id),
)
NEW = Source(
    lambda: Volunteer.__table__,
    lambda _asked: [Volunteer.state != "disowned", Volunteer.merged_into_id.is_(None)],
    area_id=Volunteer.area_id,
    day=Volunteer.registered_on,
    listed=("people", Volunteer.id),
)

FIGURES = (
    Figure(
        "people",
        Phrase("在册志愿者"),
        Phrase("期末或之前注册、现在仍在册的志愿者，按居住地统计；合并了的登记算一个。"),
        "persons",
        REGISTERED,
    ),
    Figure(
        "people_new",
        Phrase("新注册志愿者"),
        Phrase("期内注册的志愿者，按居住地统计；后来退出的也算，撤回登记的不算。"),
        "persons",
        NEW,
    ),
)
