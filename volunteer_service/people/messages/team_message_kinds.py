"""The kinds of messages about a person's place in a team."""

from volunteer_service.errors import Phrase
from volunteer_service.people.messages.message_facts import As, Kind

TEAM_KINDS: dict[str, Kind] = {
    "team_placed": Kind(
        Phrase("您从 %(day)s 起是“%(team)s”的队员。如果不对，可以退出，或联系队长。"),
        {"team": As.NAME, "day": As.DAY},
    ),
    "team_moved": Kind(
        Phrase("您从 %(day)s 起由“%(was)s”转到“%(team)s”。以前的服务记录不变。"),
        {"was": As.NAME, "team": As.NAME, "day": As.DAY},
    ),
    "team_merged": Kind(
        Phrase("从 %(day)s 起“%(was)s”并入“%(team)s”，您也随队转入。时长和积分都不变。"),
        {"was": As.NAME, "team": As.NAME, "day": As.DAY},
    ),
    "team_merging_undone": Kind(
        Phrase("从 %(day)s 起您回到“%(team)s”：它并入“%(was)s”的事已撤销。时长和积分都不变。"),
        {"was": As.NAME, "team": As.NAME, "day": As.DAY},
    ),
    "team_left": Kind(
        Phrase("您从 %(day)s 起不再是“%(team)s”的队员。时长和积分都保留。"),
        {"team": As.NAME, "day": As.DAY},
    ),
    "team_refused": Kind(
        Phrase("您加入“%(team)s”的申请没有通过（%(day)s）。可以看看别的队伍。"),
        {"team": As.NAME, "day": As.DAY},
    ),
    "robot_paused": Kind(
        Phrase(
            "“%(team)s”的群机器人连续发不出消息，已停用。"
            "请到群里看看机器人还在不在，再在队伍页“群机器人”里把地址重新保存一次。"
        ),
        {"team": As.NAME},
    ),
}
