"""Chinese and Arabic numerals as one number: 三千五 → 3500, 1.2w → 12000, 幺三八 → 138, 十九点三 → 19.3.

``read_number`` takes a numeral that was cut out already; it never searches prose (there 一起 is no
number). The spoken short form counts: 一百八 is 180, 一万三 is 13000, but 一百零八 is 108 and 十八 is 18.
"""

import re

DIGITS = {
    **dict(zip("0123456789", range(10), strict=True)),
    **dict(zip("零一二三四五六七八九", range(10), strict=True)),
    **dict(zip("〇壹贰叁肆伍陆柒捌玖", range(10), strict=True)),
    "洞": 0,
    "幺": 1,
    "两": 2,
    "俩": 2,
}
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000, "k": 1_000}
BIG_UNITS = {"万": 10_000, "w": 10_000, "亿": 100_000_000}

#: one character of a Chinese numeral, for character classes
CHINESE_DIGIT = "零〇洞一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖"
NUMERAL = re.compile(rf"(?:\d+(?:\.\d+)?|[{CHINESE_DIGIT}十拾百佰千仟万亿])+(?:点[{CHINESE_DIGIT}]+)?[wk]?")
_DECIMAL = re.compile(r"(\d+(?:\.\d+)?)([wk万千百十亿]?)")


def read_number(numeral: str) -> float | None:
    """The number that the whole of ``numeral`` writes, an int where it is whole; None when it is no numeral."""
    plain = _DECIMAL.fullmatch(numeral)
    if plain:
        return _tidy(float(plain[1]) * (UNITS | BIG_UNITS).get(plain[2], 1))
    whole, point, fraction = numeral.partition("点")
    if point:
        return _with_fraction(whole, fraction)
    if len(numeral) > 1 and all(character in DIGITS for character in numeral):
        return int("".join(str(DIGITS[character]) for character in numeral))
    return _by_units(numeral)


def read_digits(numeral: str) -> str | None:
    """The digits as said one by one, leading zeros kept: 五洞幺 → ``501``; None when a unit (十, 百) is in it."""
    if not numeral or any(character not in DIGITS for character in numeral):
        return None
    return "".join(str(DIGITS[character]) for character in numeral)


def _with_fraction(whole: str, fraction: str) -> float | None:
    before, after = read_number(whole), read_digits(fraction)
    return None if before is None or after is None else float(f"{int(before)}.{after}")


def _by_units(numeral: str) -> int | None:
    total = section = 0
    number: int | None = None
    last_unit, zero_after_unit = 1, False
    for character in numeral:
        if character in DIGITS:
            zero_after_unit |= DIGITS[character] == 0
            number = DIGITS[character] if number is None else number * 10 + DIGITS[character]
        elif character in UNITS:
            last_unit, zero_after_unit = UNITS[character], False
            section += (1 if number is None else number) * last_unit
            number = None
        elif character in BIG_UNITS:
            last_unit, zero_after_unit = BIG_UNITS[character], False
            if character == "亿":
                total = (total + section + (number or 0) or 1) * last_unit
            else:
                total += (section + (number or 0) or 1) * last_unit
            section, number = 0, None
        else:
            return None
    if number is None:
        return total + section if numeral else None
    is_short_form = last_unit >= 100 and not zero_after_unit and number < 10
    return total + section + number * (last_unit // 10 if is_short_form else 1)


def _tidy(value: float) -> float:
    return int(value) if value == int(value) else round(value, 6)
