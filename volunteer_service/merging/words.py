"""Plain words for what a merging moves."""

#: Marks words for the translators, who look for this name.
N_ = str

OTHER = N_("其他资料")
TABLES = {
    "accounts": N_("登录账号"),
    "adjustments": N_("积分调整"),
    "attendances": N_("签到"),
    "certificates": N_("证书"),
    "complaints": N_("投诉"),
    "consents": N_("同意书"),
    "disputes": N_("异议"),
    "guardians": N_("监护人"),
    "household_ties": N_("登记的家庭成员"),
    "memberships": N_("队伍"),
    "messages": N_("消息"),
    "redemptions": N_("兑换订单"),
    "round_results": N_("星级评定"),
    "service_records": N_("服务记录"),
    "sign_ups": N_("报名"),
    "volunteers": N_("个人资料"),
}
