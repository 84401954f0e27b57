"""Who a message speaks of, by how people are called.

    李婆婆说   →   called 李婆婆, a woman of 65 or more, and she speaks
    刘破破     →   called 刘破破, meant 刘婆婆 (voice typing)
    她娃儿     →   kin of somebody, of any age (a child of ninety-year-olds may be sixty)

Only closed forms count: a surname with a title, 老 or 小 with a surname, 张某, a name on record, and the words that
stand for a person (老两口). Nothing is guessed from the shape of characters. What follows a name (李婆婆说) is not in
it. Pure; spans index the folded text.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from assistant.understand.numbers.words import any_of
from knowledge.language import PeopleWords, load_language


class PersonForm(StrEnum):
    #: 张大爷, 老王, 张某某, 小宇: one person
    NAMED = "named"
    #: a name on record
    ON_RECORD = "on_record"
    #: 婆婆, 老两口, 小伙子: somebody of the household
    GENERIC = "generic"
    #: 她儿子, 女儿: somebody's relative, who may live elsewhere
    KIN = "kin"
    #: 民警, 李警官, 物业小王: no resident
    STAFF = "staff"


@dataclass(frozen=True)
class PersonMention:
    """``called`` is ``text[start:end]``; ``meant`` is the same with a misheard title put right (刘破破 → 刘婆婆).

    ``sex`` (男, 女) and the ages are what the form itself tells; None where it tells nothing.
    """

    called: str
    start: int
    end: int
    form: PersonForm
    meant: str
    surname: str | None = None
    sex: str | None = None
    age_at_least: int | None = None
    age_at_most: int | None = None
    #: 李婆婆说, 听李婆婆说: told something, so what follows may be of somebody else
    speaks: bool = False


_BOUND = r"(?:^|(?<=[\s,。;:、!?()\d号室楼的家是]))"
_STARTS = r"(?:^|(?<=[\s,。;:、!?()\d号室楼栋元]))"
_AFTER_DOOR = r"(?<=[\d号室的叫])"
_NAME_ENDS = r"(?=[\s,。;、:说讲来去打在把给跟和的才就也都]|$)"
_OLDEST = 120
_FORMS = {
    "kin": PersonForm.KIN,
    "relative": PersonForm.KIN,
    "staff": PersonForm.STAFF,
    "generic": PersonForm.GENERIC,
}


class PeopleFinder:
    """The grammar of forms of address for one set of words."""

    def __init__(self, words: PeopleWords) -> None:
        self._titles = words.titles
        self._misheard = words.titles_misheard
        self._generic = words.generic
        common = {*words.surnames_unsure, *words.surnames_rare}
        sure = "".join(name for name in words.surnames if name not in common)
        unsure, rare = "".join(words.surnames_unsure), "".join(words.surnames_rare)
        surname = f"(?:{any_of(words.compound_surnames)}|[{sure}]|{_BOUND}[{unsure}]|{_AFTER_DOOR}[{rare}])"
        title = any_of((*words.titles, *words.titles_misheard))
        staff, short = any_of(words.staff_titles), f"[{sure}]"
        families = any_of(words.family_goes_on)
        not_title, not_old, not_young = (
            any_of(listed) for listed in (words.not_a_title, words.not_old_after, words.not_young_after)
        )
        self._named = re.compile(
            rf"(?P<surname>(?<!工)(?:{surname}))(?:(?P<title>(?!{not_title}){title})|(?P<staff>{staff})"
            rf"|家(?=屋头|两口子|老大|老二)|某某?)"
            rf"|{_STARTS}(?P<family>{any_of(words.compound_surnames)}|[{sure}])家(?={families})"
            rf"|(?P<beside>{any_of(words.staff)})?(?<![养敬爱])老(?P<old>{short})(?:头儿?|(?!{not_old}))"
            rf"|(?P<company>物业|保安|民警|电工|社区)?小(?P<young>{short})(?!{not_young}){_NAME_ENDS}"
            r"|(?<=娃儿|孙儿|孙女|儿子|女儿|外孙)小(?P<child>[一-龥])"
        )
        owners = any_of(words.kin_owners)
        self._others = re.compile(
            rf"(?P<none>{any_of(words.not_a_person)})|(?P<kin>{owners}的?{any_of(words.kin)})"
            rf"|(?P<staff>{any_of(words.staff)})|(?P<generic>{any_of(words.generic)})"
            rf"|(?P<relative>{any_of(word for word in words.kin if len(word) > 1)})"
        )
        self._heard = re.compile(any_of(words.heard_before) + r"(?:[\d一-龥#-]{1,8}的)?$")
        self._speaks = re.compile(rf"(?:跟|给|对|向)?(?:我|我们)?(?:又|还|也|都)?{any_of(words.speaks_after)}")
        self._alike = {title: index for index, group in enumerate(words.titles_alike) for title in group}
        every_surname = any_of((*words.compound_surnames, *words.surnames))
        self._split_name = re.compile(rf"(?P<surname>{every_surname})(?P<title>.+)")

    def find(self, text: str, roster: Iterable[str] = ()) -> tuple[PersonMention, ...]:
        """Everybody spoken of, left to right; where two forms overlap, the name on record and then the longer wins."""
        found: list[PersonMention] = []
        taken = bytearray(len(text))
        for mention in (*self._on_record(text, roster), *self._with_names(text), *self._without_names(text)):
            if not any(taken[mention.start : mention.end]):
                taken[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
                found.append(mention)
        return tuple(sorted(found, key=lambda each: each.start))

    def may_be(self, mention: PersonMention, name: str) -> bool:
        """May the mention mean the person on record under ``name``? Same surname, and titles that go together.

        陈奶奶 may be 陈婆婆; 陈婆婆 may be 陈桂芳 (only the surname is known); 婆婆 alone says too little.
        """
        if mention.surname is None:
            return mention.called == name
        if mention.meant == name:
            return True
        parts = self._split_name.fullmatch(name)
        if parts is None or parts["surname"] != mention.surname:
            return False
        theirs, ours = self._plain_title(parts["title"]), self._plain_title(mention.meant[len(mention.surname) :])
        if theirs not in self._titles:
            return len(parts["title"]) <= 2
        return self._alike.get(theirs, theirs) == self._alike.get(ours, ours)

    def _plain_title(self, title: str) -> str:
        return self._misheard.get(title, title)

    def _on_record(self, text: str, roster: Iterable[str]) -> Iterator[PersonMention]:
        for name in sorted(set(roster), key=len, reverse=True):
            start = text.find(name) if len(name) > 1 else -1
            while start >= 0:
                parts = self._split_name.fullmatch(name)
                title = parts["title"] if parts else ""
                surname = parts["surname"] if parts else None
                yield self._mention(text, start, start + len(name), PersonForm.ON_RECORD, name, surname, title)
                start = text.find(name, start + len(name))

    def _with_names(self, text: str) -> Iterator[PersonMention]:
        for match in self._named.finditer(text):
            start, end, called = match.start(), match.end(), match[0]
            surname = match["surname"] or match["old"] or match["young"] or match["family"]
            title = match["title"]
            if title is not None:
                meant = (surname or "") + self._plain_title(title)
                yield self._mention(text, start, end, PersonForm.NAMED, meant, surname, self._plain_title(title))
            elif match["staff"] or match["company"] or match["beside"]:
                yield self._mention(text, start, end, PersonForm.STAFF, called, surname)
            else:
                yield self._mention(text, start, end, PersonForm.NAMED, called, surname)

    def _without_names(self, text: str) -> Iterator[PersonMention]:
        for match in self._others.finditer(text):
            form = _FORMS.get(match.lastgroup or "")
            if form is None:
                continue
            mention = self._mention(text, match.start(), match.end(), form, match[0])
            if form is PersonForm.GENERIC:
                sex, low, high = self._generic[match[0]]
                limits = (low or None, high if high < _OLDEST else None)
                mention = replace(mention, sex=sex or None, age_at_least=limits[0], age_at_most=limits[1])
            yield mention

    def _mention(
        self, text: str, start: int, end: int, form: PersonForm, meant: str, surname: str | None = None, title: str = ""
    ) -> PersonMention:
        sex, low = self._titles.get(title, ("", 0))
        speaks = bool(self._speaks.match(text, end) or self._heard.search(text, max(0, start - 10), start))
        called = text[start:end]
        return PersonMention(called, start, end, form, meant, surname, sex or None, low or None, None, speaks)


@cache
def _own_finder() -> PeopleFinder:
    return PeopleFinder(load_language().people)


def find_people(text: str, roster: Iterable[str] = ()) -> tuple[PersonMention, ...]:
    """``PeopleFinder.find`` with the project's own words; ``roster`` are the names on record that may be meant."""
    return _own_finder().find(text, roster)


def may_be(mention: PersonMention, name: str) -> bool:
    """``PeopleFinder.may_be`` with the project's own words."""
    return _own_finder().may_be(mention, name)
