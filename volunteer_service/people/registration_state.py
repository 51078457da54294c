"""Nothing new begins for somebody who has left; every door asks here."""

from volunteer_service.errors import Refused


class RegistrationEnded(Refused):
    """The person withdrew the consent to be registered, or said that it was never theirs."""

    message = "登记已停用或本人已退出，不能登录、参加活动或兑换。请联系社区管理员恢复登记。"


def need_registered(state: str) -> None:
    """Pass for an ``active`` volunteer; who left is reinstated by consenting anew."""
    if state != "active":
        raise RegistrationEnded()
