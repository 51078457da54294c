"""Why a row is not taken: a stable code and the Chinese words a coordinator reads.

The words are the msgids; the workbook that goes back prints them with the code and the cure.
"""

#: Marks words for the translators, who look for this name.
N_ = str

WORDS = {
    # Any list
    "missing_value": N_("必填内容为空"),
    "duplicate_row": N_("与前面的行重复"),
    "too_long": N_("内容太长"),
    "impossible_date": N_("日期不存在或无法识别"),
    "unknown_area": N_("网格楼栋表中没有这个社区、网格或楼栋"),
    "unknown_team": N_("没有这支服务队"),
    # Roster
    "missing_name": N_("缺少姓名"),
    "id_missing": N_("缺少身份证号"),
    "id_malformed": N_("身份证号不是 18 位"),
    "id_lost_digits": N_("身份证号被 Excel 存成数字，末尾几位已丢失"),
    "id_check_digit": N_("身份证号校验不通过"),
    "same_id_other_person": N_("同一身份证号已登记在另一人名下"),
    "sex_contradicts_id": N_("性别与身份证号不符"),
    "minor_without_guardian": N_("未满 18 周岁，缺少监护人或监护人电话"),
    "bad_phone": N_("手机号不正确"),
    # Service log
    "unknown_volunteer": N_("花名册中没有这位志愿者"),
    "ambiguous_volunteer": N_("有多人同名且同手机号"),
    "impossible_time": N_("开始或结束时间无法识别"),
    "unreadable_hours": N_("服务时长无法识别"),
    "hours_not_positive": N_("服务时长不是正数"),
    "hours_exceed_event": N_("服务时长超过活动时长"),
    "overlaps_another_record": N_("与同一人的另一条记录时间重叠"),
    "not_volunteer_service": N_("不属于志愿服务（在岗工作、会议等）"),
    "date_in_the_future": N_("日期在今天之后"),
    # Gifts
    "bad_number": N_("积分或数量不正确"),
}

OTHER = N_("其他资料")
JUST_NOW = N_("刚刚新增的资料")

#: What can stand upon an import, by table.
BUILT_UPON = {
    "accounts": N_("登录账号"),
    "adjustments": N_("积分调整"),
    "areas": N_("区域"),
    "attendances": N_("签到"),
    "certificates": N_("证书"),
    "complaints": N_("投诉"),
    "consents": N_("本人确认的同意书"),
    "day_sheets": N_("兑换点日报"),
    "disputes": N_("异议"),
    "evaluations": N_("评价"),
    "events": N_("活动"),
    "gifts": N_("礼品"),
    "grants": N_("工作人员权限"),
    "household_ties": N_("登记的家庭成员"),
    "looks": N_("查看个人信息的记录"),
    "memberships": N_("入队"),
    "record_changes": N_("已更正的服务记录"),
    "redemptions": N_("兑换订单"),
    "round_results": N_("星级评定结果"),
    "rounds": N_("星级评定"),
    "scans": N_("扫码记录"),
    "service_records": N_("其他服务记录"),
    "sign_ups": N_("报名"),
    "stock_moves": N_("库存变动"),
    "teams": N_("队伍"),
    "volunteers": N_("志愿者"),
}

#: What was tidied while a roster was read (``workbooks.tidied``), and what is worth knowing of it.
TIDIED = {
    "full_width_digits": N_("全角数字"),
    "spaced_phones": N_("手机号中有空格"),
    "padded_or_lower_case_ids": N_("身份证号有空格或小写 x"),
    "spaces_inside_names": N_("姓名中有空格"),
    "rare_character_names": N_("姓名含生僻字"),
    "formula_like_remarks": N_("备注像公式，按文字保存"),
    "people_sharing_a_phone": N_("与别人共用手机号"),
}
