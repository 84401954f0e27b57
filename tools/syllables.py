"""Write knowledge/language/syllables.txt: how each Han character sounds, folded as Sichuan speech folds it.

Run it when pypinyin or the folding changes: ``.venv/bin/python tools/syllables.py``. The table ships with the project,
so that starting needs neither the library nor its time and memory. Source: pypinyin's pinyin_dict (MIT).
"""

import re
from collections import defaultdict
from pathlib import Path

from pypinyin.pinyin_dict import pinyin_dict

TABLE = Path(__file__).parent.parent / "knowledge" / "language" / "syllables.txt"
_TONES = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ", "aaaaeeeeiiiioooouuuuvvvvvnnnm")
_FOLDS = ((re.compile(r"^([zcs])h"), r"\1"), (re.compile(r"^[nr](?=[aeiouv])"), "l"), (re.compile(r"([ie]n)g$"), r"\1"))
_HAN = range(0x4E00, 0x9FA6)


def folded(readings: str) -> str:
    """The commonest reading without tone; z/zh, c/ch, s/sh, n/l/r, in/ing, en/eng alike."""
    syllable = readings.split(",", 1)[0].translate(_TONES)
    for pattern, plain in _FOLDS:
        syllable = pattern.sub(plain, syllable)
    return syllable


def main() -> None:
    """One line a syllable: ``lan 燃软暖…``."""
    characters: dict[str, list[str]] = defaultdict(list)
    for point in _HAN:
        in_daily_use = len(chr(point).encode("gb2312", "ignore")) == 2
        if in_daily_use and point in pinyin_dict:
            characters[folded(str(pinyin_dict[point]))].append(chr(point))
    lines = [f"{syllable} {''.join(own)}" for syllable, own in sorted(characters.items())]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
