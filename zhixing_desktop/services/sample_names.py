"""Made-up people, firms and things of the sample bureau; no real person is meant."""

from __future__ import annotations

from random import Random

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜仇朴解查单曾"
GIVEN = (
    "建国", "秀英", "志强", "丽华", "文博", "雨桐", "浩然", "思远", "桂兰", "国庆", "春梅", "海涛",
    "晓燕", "永胜", "婷婷", "学军", "淑芬", "子轩", "雪梅", "振华", "喆", "堃", "珺", "旻", "龘",
    "镕", "𬭚", "玥", "祎", "翀", "骉", "昇", "淼", "㛃", "赟", "琀",
)  # fmt: skip
COMPOUND = ("尉迟恭宇", "欧阳雪", "司马文", "长孙旻", "阿依古丽·买买提")
PLACES = (
    "焦作市山阳区",
    "焦作市解放区",
    "焦作市中站区",
    "焦作市马村区",
    "修武县",
    "博爱县",
    "武陟县",
)
TRADES = (
    "商贸",
    "建筑工程",
    "机械制造",
    "物流运输",
    "农业科技",
    "餐饮管理",
    "房地产开发",
    "小额贷款",
    "新材料",
)
ROADS = ("人民路", "解放路", "建设路", "塔南路", "丰收路")
BRANDS = ("恒泰", "鑫源", "宏远", "云台", "太行", "怀川", "金穗", "华远", "瑞丰", "德昌")
_FEMALE = frozenset(
    ("秀英", "丽华", "雨桐", "桂兰", "春梅", "晓燕", "婷婷", "淑芬", "雪梅", "珺", "玥", "祎",
     "㛃", "琀")
)  # fmt: skip
AUTHORITY = "焦作市山阳区市场监督管理局"
LAW_FIRM = "河南怀川明理律师事务所"
CAUSES = (
    "民间借贷纠纷", "金融借款合同纠纷", "买卖合同纠纷", "劳动争议", "机动车交通事故责任纠纷",
    "离婚后财产纠纷", "房屋租赁合同纠纷", "建设工程施工合同纠纷", "追索劳动报酬纠纷",
)  # fmt: skip
OFFICERS = (
    "张承志", "李玉洁", "王建新", "刘海峰", "陈思雨", "杨国栋", "赵晓琳", "黄志远", "周立群",
    "吴敏", "徐长青", "孙喆",
)  # fmt: skip
CLERKS = ("马晓东", "朱婷", "胡佳怡", "郭子豪", "何静", "高翔")
OTHERS = (
    ("林立新", ("立案人员",)),
    ("罗文", ("立案人员",)),
    ("梁宏伟", ("执行局长",)),
    ("宋明远", ("主管院领导",)),
    ("唐振国", ("院长",)),
    ("韩审", ("审判管理办公室",)),
    ("冯核", ("材料审核人",)),
    ("曹会", ("财务",)),
    ("彭档", ("档案员",)),
    ("系统管理员", ("系统管理员",)),
    ("邓安", ("安全管理员",)),
    ("贺审计", ("审计员",)),
)
TEAMS = ("执行一团队", "执行二团队", "执行三团队", "执行四团队")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def person(rng: Random) -> str:
    """Return a person's name, now and then a rare or a long one."""
    if rng.random() < 0.03:
        return rng.choice(COMPOUND)
    return rng.choice(SURNAMES) + rng.choice(GIVEN)


def firm(rng: Random) -> str:
    """Return a firm's name."""
    return f"焦作市{rng.choice(BRANDS)}{rng.choice(TRADES)}有限公司"


def sex(name: str) -> str:
    """Return 男 or 女 as the name lets one think."""
    return "女" if name[1:] in _FEMALE or name in ("欧阳雪", "阿依古丽·买买提") else "男"


def man(rng: Random) -> str:
    """Return a name that one takes for a man's."""
    name = person(rng)
    while sex(name) != "男":
        name = person(rng)
    return name


def id_number(rng: Random, gender: str, years: tuple[int, int] = (1955, 2003)) -> str:
    """Return a number with a right check digit (GB 11643); its 17th digit is odd for men."""
    area = rng.choice(("410802", "410803", "410804", "410811", "410821", "410822", "410823"))
    born = f"{rng.randint(*years)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
    order = rng.randint(1, 999)
    if order % 2 != (gender == "男"):
        order += 1 if order < 999 else -1
    body = f"{area}{born}{order:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def bank_card(rng: Random) -> str:
    """Return a card number with a right check digit (Luhn)."""
    body = f"622848079{rng.randint(0, 999_999_999):09d}"
    doubled = (int(d) * (2 - place % 2) for place, d in enumerate(reversed(body)))
    total = sum(n - 9 if n > 9 else n for n in doubled)
    return f"{body}{-total % 10}"


def credit_code(rng: Random, head: str = "91410811") -> str:
    """Return a credit code with a right check character (GB 32100)."""
    body = head + "".join(rng.choice(_CREDIT) for _ in range(9))
    total = sum(_CREDIT.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return body + _CREDIT[(31 - total % 31) % 31]


def address(rng: Random) -> str:
    """Return an address."""
    return f"{rng.choice(PLACES)}{rng.choice(ROADS)}{rng.randint(1, 399)}号"
