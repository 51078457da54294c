"""Chooses the drawing of a gift, guessed from its name until somebody chooses one."""

PICTURES = (
    "gift",
    "soap",
    "tissue",
    "towel",
    "bottle",
    "umbrella",
    "rice",
    "flask",
    "oil",
    "kettle",
    "chess",
    "pens",
)

_WORDS = {
    "皂": "soap",
    "纸": "tissue",
    "巾": "towel",
    "洗": "bottle",
    "伞": "umbrella",
    "米": "rice",
    "面粉": "rice",
    "杯": "flask",
    "油": "oil",
    "壶": "kettle",
    "棋": "chess",
    "文具": "pens",
    "笔": "pens",
}


def picture_of(name: str, chosen: str | None) -> str:
    """Return the key of the drawing."""
    if chosen in PICTURES:
        return str(chosen)
    return next((key for word, key in _WORDS.items() if word in name), "gift")
