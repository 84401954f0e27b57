"""ID, bank-card and phone numbers are masked before anything is stored: who needs one asks at the door.

Each masked digit becomes one ``*``, so that the places of all other words stay. Doors, amounts, dates, short numbers
(110, 96110, 962777) and landlines are left alone.
"""

import re

_DIGIT = "[0-9０-９]"
_GAP = "[ \\-]?"
#: 18 digits, the last may be X
_ID = re.compile(f"(?<!{_DIGIT}){_DIGIT}{{17}}(?:{_DIGIT}|[XxＸｘ])(?!{_DIGIT})")
#: 16 to 19 digits, as typed in one go or in groups of four
_CARD = re.compile(f"(?<!{_DIGIT})(?:{_DIGIT}{{4}}{_GAP}){{4}}{_DIGIT}{{0,3}}(?!{_DIGIT})")
#: a mobile number, as typed in one go or as 3-4-4
_PHONE = re.compile(f"(?<!{_DIGIT})[1１][3-9３-９]{_DIGIT}{_GAP}{_DIGIT}{{4}}{_GAP}{_DIGIT}{{4}}(?!{_DIGIT})")
_ANY_DIGIT = re.compile(f"{_DIGIT}|[XxＸｘ]")


def masked(text: str) -> str:
    """``text`` with such numbers masked but for a phone's first three digits and every number's last four characters.

    The result has the same length as ``text``.
    """
    text = _ID.sub(lambda found: _hide(found.group(), 0), text)
    text = _CARD.sub(lambda found: _hide(found.group(), 0), text)
    return _PHONE.sub(lambda found: _hide(found.group(), 3), text)


def _hide(number: str, shown_before: int) -> str:
    head, body, tail = number[:shown_before], number[shown_before:-4], number[-4:]
    return head + _ANY_DIGIT.sub("*", body) + tail
