"""Every number of the programme in words, by group; a test finds a number without words."""

N_ = str

#: Headings, and the numbers below each with their words.
GROUPS: tuple[tuple[str, dict[str, str]], ...] = (
    (
        N_("半年星级"),
        {
            "star_minutes": N_("一至五星要的分钟数（半年）"),
            "lifetime_minutes": N_("累计一至五星要的分钟数"),
            "grades_for_stars": N_("哪些证据等级计入星级"),
            "registered_days": N_("半年最后一天之前至少注册多少天"),
            "complaints_allowed": N_("半年里成立的投诉超过几件就没有星级"),
            "evaluations_needed": N_("从几次评价起看平均分"),
            "quality_mean_centi": N_("平均分至少多少（百分之一分，满分 500）"),
            "notice_working_days": N_("公示几个工作日"),
            "openings_for_stars": N_("带入的时长是否计入累计星级（1 是，0 否）"),
        },
    ),
    (
        N_("计时长"),
        {
            "early_minutes": N_("班次开始前多少分钟起可以签到"),
            "late_minutes": N_("班次结束后多少分钟内签退算准时"),
            "rounding_minutes": N_("时长按多少分钟取整"),
            "presence_percent": N_("在场不足班次的百分之几不计时长"),
            "day_cap_minutes": N_("一天超过多少分钟要管理员核对"),
            "close_after_minutes": N_("活动结束多少分钟后自动结束登记"),
            "undo_check_out_minutes": N_("签退后多少分钟内本人可以撤回"),
            "late_tap_hours": N_("没有网络时记下的签到最多晚几小时"),
            "late_tap_minutes": N_("晚到几分钟以上降为负责人确认"),
            "late_tap_jitter_seconds": N_("手机时钟来回差几秒以内不计较"),
            "clock_skew_seconds": N_("手机时钟差几秒以上要提醒"),
            "plausible_week_minutes": N_("一周超过多少分钟列为异常"),
            "half_day_minutes": N_("服务记录里“半天”算多少分钟"),
            "claim_days": N_("没有扫到码的，几天内可以申请补记"),
            "claims_at_once": N_("这些天里一个人最多申请几次"),
        },
    ),
    (
        N_("积分和兑换"),
        {
            "grades_for_points": N_("哪些证据等级给积分"),
            "points_per_hour_centi": N_("每小时多少积分（百分之一分）"),
            "default_coefficient_centi": N_("岗位没有写系数时的系数（百分之一）"),
            "points_valid_years": N_("积分到之后第几年的 12 月 31 日有效"),
            "orders_a_month": N_("每人每月最多几个订单"),
            "pieces_an_order": N_("一个订单同一礼品最多几件"),
            "order_days": N_("订单保留几天"),
            "adjust_alone_centi": N_("一个人一次最多调整多少积分（百分之一分）"),
            "adjust_days": N_("调整按几天累计"),
            "adjust_member_centi": N_("为同一位志愿者累计最多调整多少（百分之一分）"),
            "adjust_account_centi": N_("一个账号累计最多调整多少（百分之一分）"),
        },
    ),
    (
        N_("报名"),
        {
            "no_shows_to_block": N_("几次未到就不能报名"),
            "no_show_days": N_("未到按几天累计"),
            "offer_hours": N_("空出的名额为排队的人保留几小时"),
            "offer_at_once_hours": N_("班次开始前几小时起立即补上"),
        },
    ),
    (
        N_("两个人办的事"),
        {
            "independence_days": N_("几天内由其设过密码、手机或角色的，不算另一个人"),
            "correct_alone_minutes": N_("一个人更正记录最多改多少分钟"),
            "import_alone_records": N_("一个人最多导入多少条新记录"),
            "merge_alone_minutes": N_("合并的登记超过多少分钟要两个人"),
            "merge_undo_days": N_("合并几天内可以撤销"),
            "second_admin_days": N_("涉及管理员的申请等另一位管理员几天"),
            "complaint_reply_days": N_("被投诉的人有几天可以说明"),
            "household_most": N_("一个人最多登记几位家人"),
            "household_days": N_("登记家人按几天累计"),
        },
    ),
    (
        N_("消息"),
        {
            "quiet_from_minute": N_("从当天第几分钟起不发邮件短信"),
            "quiet_to_minute": N_("到当天第几分钟恢复发送"),
        },
    ),
)
