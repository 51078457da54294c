"""The kinds of messages about signing in and about the card (:mod:`message_kinds`)."""

from volunteer_service.errors import Phrase
from volunteer_service.people.messages.message_facts import As, Kind

ACCOUNT_KINDS: dict[str, Kind] = {
    "second_factor_set": Kind(
        Phrase("您的账号已设登录验证器，别的设备都已退出。如果不是您设的，请马上联系系统管理员。")
    ),
    "second_factor_removed": Kind(
        Phrase("您的账号取下了登录验证器。如果不是您取下的，请马上修改密码。")
    ),
    "second_factor_taken_off": Kind(
        Phrase(
            "系统管理员取下了您丢失的登录验证器。登录后请重新设一个；如果不是您要求的，请马上联系社区。"
        )
    ),
    "recovery_code_used": Kind(
        Phrase("有人用一个恢复代码登录了您的账号，还剩 %(left)s 个。如果不是您，请马上修改密码。"),
        {"left": As.NUMBER},
    ),
    "password_reset_asked": Kind(
        Phrase(
            "有人要用邮件重设您账号的密码。是您本人，请在 30 分钟内打开邮件里的链接；"
            "不是您，不用理会，密码没有变。"
        ),
        {"reset": As.KEY},
        headline=Phrase("重设密码的链接"),
        hours_good=1,
        is_urgent=True,
    ),
    "password_reset_done": Kind(
        Phrase(
            "您的密码已用邮件里的链接重新设置，所有设备已退出登录。如果不是您本人，请马上联系社区管理员。"
        )
    ),
    "email_given": Kind(
        Phrase(
            "您的账号填写了一个新邮箱，打开确认邮件之后才会使用；以前的邮箱不再使用。"
            "如果不是您填的，请马上修改密码，并把邮箱清空。"
        )
    ),
    "email_confirmed": Kind(
        Phrase(
            "您账号的新邮箱已确认：消息会发到那里，忘记密码也可以用它重设。"
            "如果不是您填的，请马上修改密码，并把邮箱清空。"
        )
    ),
    "email_removed": Kind(Phrase("您的账号不再使用邮箱。如果不是您清空的，请马上修改密码。")),
    "card_printed": Kind(
        Phrase(
            "给您印了一张新的志愿者卡，以前的卡不能再用。卡丢了，请在“我的资料”里点“卡丢了”，或告诉队长。"
        )
    ),
    "card_ended": Kind(Phrase("您的志愿者卡已停用，扫它不再有用。需要新卡，请找社区或队长。")),
    "account_unlocked": Kind(
        Phrase("系统管理员解除了您账号因输错密码的等待。如果您没有请人解除，请马上修改密码。")
    ),
}
