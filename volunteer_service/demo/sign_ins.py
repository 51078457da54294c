"""The sign-ins of the demo town: one for each role, one password for all."""

from dataclasses import dataclass

#: Marks a text for the catalogue; ``cli/demo.py`` translates it.
N_ = str

#: For the demo only: ``seed`` refuses to run in production.
PASSWORD = "shixi-demo"  # noqa: S105


@dataclass(frozen=True)
class SignIn:
    """Somebody to sign in as: the login is a user name, or a volunteer's phone number."""

    role: str
    login: str
    name: str
    sees: str


STAFF = (
    SignIn("admin", "admin", "管理员", N_("所有功能：账号、权限、导入")),
    SignIn("coordinator", "coordinator", "周静", N_("星级评定、待办的异议和补录、队伍、志愿者")),
    SignIn("coordinator", "coordinator2", "钱伟", N_("第二人：等待签发的补充评定、待审批的补录")),
    SignIn("desk", "desk", "孙丽", N_("兑换点：等待领取的订单、库存、日结")),
    SignIn("desk", "desk2", "郑洁", N_("第二人：撤销当天的发放")),
    SignIn("auditor", "auditor", "吴敏", N_("只读：记录、评定、积分账")),
)
LEADER = SignIn("leader", "leader", "李梅", N_("正在进行的活动、昨天待确认的记录"))

SIGN_INS = (
    *STAFF,
    LEADER,
    SignIn("volunteer", "17000000002", "王建国", N_("我的时长、积分、证书；现在可以签退")),
    SignIn("volunteer", "17000000003", "赵芳", N_("待处理的异议；现在可以扫码签到")),
)
