"""Guard of the registration's state: nothing new begins for a person who has left."""

from volunteer_service.errors import Refused
from volunteer_service.people.merged_entries import need_all_going_on


class RegistrationEnded(Refused):
    """The person withdrew the consent to be registered, or said that it was never theirs."""

    message = "登记已停用或本人已退出，不能登录、参加活动或兑换。请联系社区管理员恢复登记。"


def need_registered(volunteer_id: int, state: str) -> None:
    """Pass for an ``active`` volunteer; a person who left returns by a new consent.

    A merged entry has left too: the refusal names the entry to use (``merged_entries``).
    """
    if state != "active":
        need_all_going_on([volunteer_id])
        raise RegistrationEnded()
