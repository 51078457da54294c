"""The doors that are set up: e-mail, SMS through an HTTP gateway, group robots."""

from volunteer_service.outbox.doors.email import MailDoor
from volunteer_service.outbox.doors.gateway import GatewayDoor
from volunteer_service.outbox.doors.robots import RobotDoor
from volunteer_service.outbox.sending import Door
from volunteer_service.settings.doors import Doors


def doors_of(found: Doors) -> dict[str, Door]:
    """Return the doors by name; robots of teams need no setting."""
    doors: dict[str, Door] = {"robot": RobotDoor()}
    if found.mail is not None:
        doors["email"] = MailDoor(found.mail)
    if found.gateway is not None:
        doors["sms"] = GatewayDoor(found.gateway)
    return doors
