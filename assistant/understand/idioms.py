"""The small turns of speech of ``knowledge/language/idioms.yaml``, compiled once to patterns.

    idioms().refers_back.search("上回那家")

Each pattern is named like its list; what it is anchored to or put together from stands here.
"""

import re
from dataclasses import dataclass
from functools import cache

from assistant.understand.numbers.words import any_of
from knowledge.language import IdiomWords, load_language

_MARKS = r"(?:\s|[,。!?、])*"


@dataclass(frozen=True)
class Idioms:
    """The compiled patterns, and the lists themselves as ``words``."""

    words: IdiomWords
    refers_back: re.Pattern[str]
    that_home: re.Pattern[str]
    goes_on_first: re.Pattern[str]
    leans_on_before: re.Pattern[str]
    tries_again: re.Pattern[str]
    one_meant: re.Pattern[str]
    several_meant: re.Pattern[str]
    opens_a_question: re.Pattern[str]
    notices: re.Pattern[str]
    towards: re.Pattern[str]
    beside: re.Pattern[str]
    asks_at: re.Pattern[str]
    says_of_it: re.Pattern[str]
    tells_at: re.Pattern[str]
    leaves_word: re.Pattern[str]
    kin_live_at: re.Pattern[str]
    all_well: re.Pattern[str]
    told_of_a_floor: re.Pattern[str]
    replaced_by: re.Pattern[str]
    next_one: re.Pattern[str]
    found_there: re.Pattern[str]
    indoors: re.Pattern[str]
    not_answered: re.Pattern[str]
    lives_below: re.Pattern[str]
    shopkeeper: re.Pattern[str]
    online: re.Pattern[str]
    goes_there: re.Pattern[str]
    becomes: re.Pattern[str]
    wished_at: re.Pattern[str]
    some_time: re.Pattern[str]
    says_where: re.Pattern[str]
    singled_out: re.Pattern[str]
    stands_at: re.Pattern[str]
    drawn_to: re.Pattern[str]
    told_to: re.Pattern[str]
    said_to_them: re.Pattern[str]
    focus: re.Pattern[str]
    brought_forward: re.Pattern[str]


def compiled(words: IdiomWords) -> Idioms:
    """The patterns for one set of lists."""
    going, not_going = any_of(words.goes_there), any_of(words.not_going_before)
    asks = f"{any_of(words.asks_whom)}?[,，]?(?:我?想|请)?{any_of(words.asks_first)}"
    return Idioms(
        words,
        refers_back=re.compile(any_of(words.refers_back)),
        that_home=re.compile(
            f"{_MARKS}{any_of(words.that_home_before)}*(?P<home>{any_of(words.that_home)})(?!{any_of(words.no_home_after)})"
        ),
        goes_on_first=re.compile(f"^{_MARKS}{any_of(words.goes_on_first)}"),
        leans_on_before=re.compile(any_of(words.leans_on_before)),
        tries_again=re.compile(rf"^{_MARKS}{any_of(words.tries_again_at)}*{any_of(words.tries_again)}"),
        one_meant=re.compile(any_of(words.one_meant)),
        several_meant=re.compile(any_of(words.several_meant)),
        opens_a_question=re.compile(f"{asks}(?!{any_of(words.not_asking_after)})"),
        notices=re.compile(f"{any_of(words.notices_links)}*{any_of(words.notices)}"),
        towards=re.compile(any_of(words.towards) + "[了起]?$"),
        beside=re.compile(any_of(words.beside) + "$"),
        asks_at=re.compile(any_of(words.asks_at) + "$"),
        says_of_it=re.compile(f"的?[^,。;]{{0,3}}[,，]?{any_of(words.says_of_it)}"),
        tells_at=re.compile(any_of(words.tells_at) + "$"),
        leaves_word=re.compile(f"的?[^,。;]{{0,3}}{any_of(words.leaves_word)}"),
        kin_live_at=re.compile(
            f"(?P<whose>[她他其的我])?(?<![和跟同与]){any_of(words.kin)}(?:现在|都|还|一直|就)?{any_of(words.lives_at)}(?:{any_of(words.other_estates)}的?)?$"
        ),
        all_well=re.compile(any_of(words.all_well)),
        told_of_a_floor=re.compile("的?" + any_of(words.told_of_a_floor)),
        replaced_by=re.compile(rf"\s?[,的]?{any_of(words.replaced_by)}\s?"),
        next_one=re.compile(rf"(?:{any_of(words.next_one)}|[\s,])*"),
        found_there=re.compile(f"{any_of(words.looks_round)}?(?:时|中|的时候|过程中)?[,]?{any_of(words.finds)}"),
        indoors=re.compile(any_of(words.indoors)),
        not_answered=re.compile(any_of(words.not_answered)),
        lives_below=re.compile(any_of(words.lives_below) + r"|[一-龥]?[家姐哥叔姨妈娘伯]"),
        shopkeeper=re.compile("的?" + any_of(words.shopkeepers)),
        online=re.compile(any_of(words.online) + "$"),
        goes_there=re.compile(f"(?<!{not_going}){going}[了起着]?$"),
        becomes=re.compile(any_of(words.becomes) + "[^,。;]{0,8}$"),
        wished_at=re.compile(any_of(words.wished_at) + "$"),
        some_time=re.compile(any_of(words.some_time) + "+"),
        says_where=re.compile(r"\s*" + any_of(words.says_where)),
        singled_out=re.compile("的?" + any_of(words.singled_out)),
        stands_at=re.compile(any_of(words.stands_at) + "$"),
        drawn_to=re.compile(any_of(words.drawn_to) + "了?$"),
        told_to=re.compile(any_of(words.told_to) + "(?!我)[^,]{0,6}$"),
        focus=re.compile(any_of(words.focus) + "$"),
        brought_forward=re.compile(any_of(words.brought_forward)),
        said_to_them=re.compile(f"{any_of(words.said_to_them)}|^{any_of(words.calls_them)}"),
    )


@cache
def idioms() -> Idioms:
    """The project's own."""
    return compiled(load_language().idioms)
