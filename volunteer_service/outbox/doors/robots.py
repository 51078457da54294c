"""Group robots of WeCom, DingTalk and Feishu, through apprise."""

from volunteer_service.outbox.letters import Letter, NeverTaken, TakenLater

#: The robots that a team may have, by the scheme of apprise. Each has its own fixed host, so nobody
#: can make the service connect to another machine; the operator's setting accepts any scheme.
SCHEMES = {"wecom": "wecombot", "dingtalk": "dingtalk", "feishu": "feishu"}


class RobotDoor:
    """Posts to the group whose robot a letter names."""

    def send(self, letter: Letter) -> None:
        """Post one text, or raise ``NotTaken``."""
        # Apprise loads all its plugins, so only the process that sends imports it.
        import apprise

        robot = apprise.Apprise.instantiate(letter.to)
        if robot is None:
            raise NeverTaken("robot_address")
        if not robot.notify(body=letter.text, title=letter.headline):
            raise TakenLater("robot_says_no")
