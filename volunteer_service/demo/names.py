"""People and teams of the demo town: nothing but words and numbers.

The tests name some of these people; the others fill the town. All phone numbers lie in
1700000xxxx, which no operator gives out, and no identity number is stored.
"""

from dataclasses import dataclass

SUBDISTRICT = "临江街道"
#: The sub-district of the workbooks in ``examples/programme``: empty until somebody imports them.
NEIGHBOUR = "市西街道"
COMMUNITIES = (
    "庆丰社区",
    "滨江社区",
    "碧林花园社区",
    "学院东社区",
    "吾悦社区",
    "彩虹湖社区",
    "新立河社区",
    "文昌路社区",
    "江湾社区",
    "清风社区",
    "明德社区",
    "安康社区",
)
OPENING_HOURS = "周一至周五 9:00—12:00、14:00—17:00"
GRIDS = ("第1网格", "第2网格", "第3网格")


@dataclass(frozen=True)
class TeamPlan:
    """A team: its community, brand, and the events it holds (title, content, place, minutes)."""

    name: str
    community: str
    founded: str
    brand: str | None
    work: tuple[str, str, str, int]


TEAMS = (
    TeamPlan(
        "庆丰社区护学志愿服务队",
        "庆丰社区",
        "2023-06-15",
        "向阳花公益岗",
        ("庆丰小学门前护学", "护送学生过马路，疏导接送车辆", "庆丰小学东门", 210),
    ),
    TeamPlan(
        "滨江社区助老志愿服务队",
        "滨江社区",
        "2024-01-08",
        "滨江善治先锋",
        ("独居老人上门探访", "陪老人聊天，打扫房间，代买菜和药", "滨江社区日间照料中心", 240),
    ),
    TeamPlan(
        "学院东社区环保志愿服务队",
        "学院东社区",
        "2024-05-23",
        "橙心城意",
        ("楼前花坛清洁日", "清理花坛和楼道杂物，指导垃圾分类", "学院东社区中心广场", 270),
    ),
    TeamPlan(
        "吾悦社区调解志愿服务队",
        "吾悦社区",
        "2024-01-15",
        None,
        ("邻里调解接待日", "接待居民来访，调解邻里纠纷", "吾悦社区议事厅", 210),
    ),
    TeamPlan(
        "彩虹湖社区便民维修志愿服务队",
        "彩虹湖社区",
        "2024-07-11",
        "临江小哥",
        ("便民维修进小区", "修小家电、磨剪刀、配钥匙", "彩虹湖社区北门", 270),
    ),
    TeamPlan(
        "新立河社区义务巡逻志愿服务队",
        "新立河社区",
        "2023-06-30",
        None,
        ("夜间平安巡逻", "沿河巡逻，检查消防通道", "新立河社区警务室", 210),
    ),
    TeamPlan(
        "文昌路社区家长课堂志愿服务队",
        "文昌路社区",
        "2023-10-10",
        "橙心城意",
        ("周末家长课堂", "带孩子读书，给家长讲沟通方法", "文昌路社区图书室", 210),
    ),
    TeamPlan(
        "江湾社区思源助残志愿服务队",
        "江湾社区",
        "2023-04-28",
        "向阳花公益岗",
        ("陪残障朋友去公园", "推轮椅陪同出行，帮助拍照留念", "江湾公园南门", 270),
    ),
    TeamPlan(
        "清风社区文明劝导志愿服务队",
        "清风社区",
        "2023-09-02",
        None,
        ("路口文明劝导", "劝导非机动车按道行驶", "清风路与学院路口", 180),
    ),
    TeamPlan(
        "明德社区护学志愿服务队",
        "明德社区",
        "2024-02-26",
        "向阳花公益岗",
        ("明德中学护学岗", "上学放学时段维持秩序", "明德中学西门", 180),
    ),
    TeamPlan(
        "安康社区助老志愿服务队",
        "安康社区",
        "2023-11-20",
        "疫路相助",
        ("老人免费理发", "为老人理发、量血压", "安康社区活动室", 240),
    ),
    TeamPlan(
        "碧林花园社区环保志愿服务队",
        "碧林花园社区",
        "2024-03-12",
        None,
        ("碧林花园捡拾日", "捡拾绿地垃圾，清洗垃圾桶", "碧林花园中心花园", 210),
    ),
    TeamPlan(
        "庆丰社区助老志愿服务队",
        "庆丰社区",
        "2024-09-01",
        "滨江善治先锋",
        ("老年食堂帮厨", "择菜、打饭、送餐上门", "庆丰社区老年食堂", 210),
    ),
    TeamPlan(
        "滨江社区文明劝导志愿服务队",
        "滨江社区",
        "2024-01-08",
        "滨江善治先锋",
        ("农贸市场文明劝导", "维持市场秩序，劝导文明停车", "滨江农贸市场", 180),
    ),
)


@dataclass(frozen=True)
class Person:
    """A volunteer of ``TEAMS[team]``, who comes to ``keen`` percent of the town's events.

    ``phone`` ends the phone number; a person without one has no account either, and comes with a
    card. ``late`` ones registered too late for a star of the finished round.
    """

    name: str
    born: str
    team: int
    keen: int
    phone: int | None
    guardian: str | None = None
    late: bool = False


#: Places in :data:`PEOPLE`.
LI_MEI, WANG, ZHAO, RARE, ELDER, MINOR = range(6)
LATE, COMPLAINED_OF, REVOKED, FORGETFUL = 45, 24, 16, 15
#: Their service of one day stood on a paper list only, and moves them up by a star.
UNRECORDED = (WANG, 13, 18)
#: People whose orders wait at the desk.
WAITING = (LI_MEI, WANG, ELDER, 8, 21)

PEOPLE = (
    Person("李梅", "1978-03-21", 0, 97, 1),
    Person("王建国", "1956-10-01", 0, 55, 2),
    Person("赵芳", "1989-07-14", 1, 36, 3),
    # A family name outside the BMP: many programs lose it.
    Person("王𬱖", "1994-12-05", 3, 24, 4),
    # Has no phone at all, and comes with a printed card.
    Person("陈桂英", "1947-02-18", 0, 30, None),
    # A family of three with one phone; the daughter is a minor.
    Person("刘小雨", "15 years ago", 0, 14, 6, guardian="刘洋"),
    Person("刘洋", "1982-05-30", 0, 20, 6),
    Person("黄丽娟", "1984-11-02", 0, 16, 6),
    Person("马秀兰", "1951-08-09", 0, 70, 8),
    Person("徐志强", "1963-01-25", 0, 40, 9),
    Person("沈怡", "1999-04-17", 0, 13, 10),
    Person("张伟民", "1960-06-06", 1, 74, 11),
    Person("何秀英", "1955-09-12", 1, 48, 12),
    Person("郭子涵", "2003-03-03", 1, 12, 13),
    Person("宋春梅", "1970-10-10", 2, 66, 14),
    Person("丁江红", "1968-12-28", 2, 34, 15),
    Person("谭国刚", "1957-05-19", 2, 24, 16),
    Person("韩琪", "1996-02-02", 3, 26, 17),
    Person("蒋文博", "1987-08-08", 3, 13, 18),
    Person("罗桂芝", "1953-04-04", 3, 44, 19),
    Person("叶青", "1991-11-11", 4, 38, 20),
    Person("邓国庆", "1959-10-01", 4, 72, 21),
    Person("曹雪", "2000-07-07", 4, 11, 22),
    Person("彭建华", "1965-03-15", 5, 94, 23),
    Person("曾凡", "1973-09-23", 5, 28, 24),
    Person("吕秀珍", "1958-01-30", 5, 22, 25),
    Person("苏婷", "1990-05-05", 6, 36, 26),
    Person("卢明", "1985-02-14", 6, 19, 27),
    Person("蔡玉兰", "1952-06-21", 6, 43, 28),
    Person("贾晓东", "1979-12-12", 7, 27, 29),
    Person("夏雨荷", "1993-08-18", 7, 20, 30),
    Person("范国栋", "1949-11-26", 7, 39, 31),
    Person("石磊", "1988-04-29", 8, 12, 32),
    Person("姚桂兰", "1954-07-03", 8, 33, 33),
    Person("邹平", "1966-10-24", 8, 23, 34),
    Person("熊丽", "1981-01-09", 9, 14, 35),
    Person("金秀云", "1950-03-27", 9, 29, 36),
    Person("陆天宇", "2001-09-01", 9, 10, 37),
    Person("郝建军", "1962-08-01", 10, 47, 38),
    Person("孔令梅", "1956-02-22", 10, 25, 39),
    Person("白雪梅", "1977-12-19", 10, 11, 40),
    Person("崔永福", "1948-05-13", 11, 19, 41),
    Person("康敏", "1983-06-16", 11, 16, 42),
    Person("毛晓燕", "1992-10-08", 12, 21, 43),
    Person("邱国富", "1961-04-11", 12, 31, 44),
    # Came too late for a star of the finished round (registered 90 days before its end).
    Person("秦朗", "1998-01-17", 13, 18, 45, late=True),
    Person("江小鱼", "2002-11-30", 13, 15, 46, late=True),
    Person("史大伟", "1969-07-27", 13, 20, 47),
)


@dataclass(frozen=True)
class GiftPlan:
    """A gift of the desk: price in hundredths of a point, pieces received, least star."""

    name: str
    price_centi: int
    pieces: int
    minimum_stars: int = 0


GIFTS = (
    GiftPlan("香皂", 200, 200),
    GiftPlan("抽纸", 300, 200),
    GiftPlan("毛巾", 400, 180),
    GiftPlan("洗洁精", 400, 180),
    GiftPlan("雨伞", 800, 80),
    GiftPlan("洗衣液", 1000, 80),
    GiftPlan("大米5千克", 1200, 60),
    GiftPlan("保温杯", 1800, 3),
    GiftPlan("食用油5升", 2200, 40, 3),
)


def desk_phone(n: int) -> str:
    """Return the phone of the n-th desk, of those that no operator gives out."""
    return f"{17000009100 + n}"
