"""Why a row is not taken: a stable code and the Chinese words a coordinator reads.

The words are the msgids; the workbook that goes back prints them with the code and the cure.
"""

WORDS = {
    # Any list
    "missing_value": "必填内容为空",
    "duplicate_row": "与前面的行重复",
    "impossible_date": "日期不存在或无法识别",
    "unknown_area": "网格楼栋表中没有这个社区、网格或楼栋",
    "unknown_team": "没有这支服务队",
    # Roster
    "missing_name": "缺少姓名",
    "id_missing": "缺少身份证号",
    "id_malformed": "身份证号不是 18 位",
    "id_lost_digits": "身份证号被 Excel 存成数字，末尾几位已丢失",
    "id_check_digit": "身份证号校验不通过",
    "same_id_other_person": "同一身份证号已登记在另一人名下",
    "sex_contradicts_id": "性别与身份证号不符",
    "minor_without_guardian": "未满 18 周岁，缺少监护人或监护人电话",
    "bad_phone": "手机号不正确",
    # Service log
    "unknown_volunteer": "花名册中没有这位志愿者",
    "ambiguous_volunteer": "有多人同名且同手机号",
    "impossible_time": "开始或结束时间无法识别",
    "unreadable_hours": "服务时长无法识别",
    "hours_not_positive": "服务时长不是正数",
    "hours_exceed_event": "服务时长超过活动时长",
    "overlaps_another_record": "与同一人的另一条记录时间重叠",
    "not_volunteer_service": "不属于志愿服务（在岗工作、会议等）",
    "date_in_the_future": "日期在今天之后",
    # Gifts
    "bad_number": "积分或数量不正确",
}
