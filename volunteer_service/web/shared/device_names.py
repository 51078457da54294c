"""The name of a device: system and program as codes, from the browser's user agent."""

from flask import Request
from flask_babel import gettext as _

#: The first match counts, because later names also occur in the user agents of others.
_SYSTEMS = (
    ("harmonyos", "harmony"),
    ("android", "android"),
    ("iphone", "iphone"),
    ("ipad", "ipad"),
    ("windows", "windows"),
    ("mac os", "mac"),
    ("linux", "linux"),
)
#: Words that are no product names are translated.
_NAMES = {
    "harmony": "HarmonyOS",
    "android": "Android",
    "iphone": "iPhone",
    "ipad": "iPad",
    "windows": "Windows",
    "mac": "Mac",
    "linux": "Linux",
    "qq": "QQ",
    "uc": "UC",
    "edge": "Edge",
    "firefox": "Firefox",
    "chrome": "Chrome",
    "safari": "Safari",
}
_PROGRAMS = (
    ("micromessenger", "wechat"),
    ("alipayclient", "alipay"),
    ("qqbrowser", "qq"),
    ("ucbrowser", "uc"),
    ("huaweibrowser", "huawei"),
    ("miuibrowser", "xiaomi"),
    ("edg", "edge"),
    ("firefox", "firefox"),
    ("chrome", "chrome"),
    ("safari", "safari"),
)


def device_of(request: Request) -> str:
    """Return ``android/wechat``; an unknown one is ``other``."""
    said = request.user_agent.string.lower()
    found = (
        next((code for word, code in table if word in said), "other")
        for table in (_SYSTEMS, _PROGRAMS)
    )
    return "/".join(found)


def name_of(device: str) -> str:
    """Return the device in words, of the codes that :func:`device_of` gave."""
    words = {
        "wechat": _("微信"),
        "alipay": _("支付宝"),
        "huawei": _("华为浏览器"),
        "xiaomi": _("小米浏览器"),
    }
    known = [words.get(part) or _NAMES.get(part) for part in device.split("/")]
    return " · ".join(name for name in known if name) or _("其他设备")
