"""Is one thing in a message only talked of: taught, imagined, forbidden, asked about, seen on television?

A cue of talk (``knowledge/language/cues.yaml``) reaches to the end of its sentence, or until the writer comes back to
facts: 发现, a voice, a door. What belongs to a scam as its props (照提示转了, 教她操作) is no talk of one.
"""

from collections.abc import Callable, Sequence

from assistant.domain.reports import EvidenceState
from assistant.understand.clauses import Clauses
from assistant.understand.idioms import idioms
from assistant.understand.lexicon import Match
from assistant.understand.spans import Span, longer_word, starting_within
from assistant.understand.voices import Voice

#: So near a prohibition must stand to what it forbids.
_FORBIDS_WITHIN = 5
#: So near behind a thing must stand what makes talk of it (…的宣传, …都是骗人的).
_BEHIND = 6
#: 起大火的新闻
_TOLD_OF_WITHIN = 14
#: The cues of talk; where a text has none of them, nothing in it is only talked of.
_CUES = (
    *("outreach", "taught", "warned_behind", "hypothesis", "elsewhere", "worry", "told_of", "believed"),
    *("prohibition", "asks_about", "asks_which", "whether"),
)
#: 要是离婚就跳楼: what is threatened with is said, though it hangs on a condition.
_THREATS = frozenset({"health.self_harm", "dispute.violence_threat"})
#: What somebody asks for stands although it is asked.
_WISHES = ("fraud", "request", "gas.service", "stage:paid", "stage:stopped", "stage:contact")


class Talk:
    """What is only talked of in one text. ``cue`` gives the cues of one name, ``words`` the longest lexicon words."""

    def __init__(
        self,
        text: str,
        clauses: Clauses,
        cue: Callable[[str], Sequence[Span]],
        words: Sequence[Span],
        doors: Sequence[int],
        voices: Sequence[Voice],
    ) -> None:
        self._text = text
        self._clauses = clauses
        self._cue = cue
        self._words = words
        self._doors = doors
        self._voices = voices
        self._said = frozenset(name for name in _CUES if cue(name))

    def is_only(self, match: Match) -> bool:
        """Does the text only talk of what ``match`` says?"""
        if not self._said:
            return False
        return (
            self._is_taught(match)
            or self._is_imagined(match)
            or self._is_forbidden(match)
            or self._is_asked(match)
            or self._is_asked_for(match)
            or self._is_checked_for(match)
        )

    def is_a_tale(self, match: Match) -> bool:
        """Is it only what news or a story is about (起大火的新闻), so that nothing at all is said of a household?"""
        if "told_of" not in self._said or match.is_of_scam:
            return False
        clause = self._clauses.at(match.head.start)
        return any(span.start - match.end <= _TOLD_OF_WITHIN for span in self._behind("told_of", match.end, clause.end))

    def is_believed(self, match: Match) -> bool:
        """都以为没人住(,其实…): what one had thought is said to be otherwise."""
        return not match.is_of_scam and any(
            "," not in self._text[span.end : match.start] for span in self._before(match, "believed")
        )

    def _is_taught(self, match: Match) -> bool:
        """Outreach reaches to the end of its sentence, or until the writer comes back to facts."""
        clause = self._clauses.at(match.head.start)
        for span in self._before(match, "outreach"):
            if not self._facts_between(span.end, match.head.start):
                return True
        for span in self._before(match, "taught"):
            own = self._clauses.at(span.start)
            subject = self._text[own.start : span.start].strip()
            told_to = self._text[: own.start].endswith(idioms().words.told_to) or idioms().told_to.search(subject)
            if (not subject or told_to or subject.startswith(idioms().words.taught_to)) and not self._facts_between(
                span.end, match.head.start
            ):
                return True
        if match.is_of_scam and self._is_warned_of(match):
            return True
        return any(0 <= span.start - match.end <= _BEHIND and span.start < clause.end for span in self._cue("outreach"))

    def _is_warned_of(self, match: Match) -> bool:
        """刷单都是骗人的, 莫信: a warning, unless somebody found it out too late (转了才晓得是假的)."""
        clause = self._clauses.at(match.head.start)
        if any(clause.start <= span.start < match.end for span in self._cue("found_out")):
            return False
        return any(
            0 <= span.start - match.end <= _BEHIND and span.start < clause.end for span in self._cue("warned_behind")
        )

    def _is_imagined(self, match: Match) -> bool:
        """A hypothesis, or what happens somewhere else, reaches as far; “…的话” stands behind; worry holds a clause."""
        clause = self._clauses.at(match.head.start)
        for name in ("hypothesis", "elsewhere"):
            for span in self._before(match, name):
                threatens = match.pattern.target in _THREATS and starting_within(
                    self._cue("then"), span.end, match.head.start
                )
                if not threatens and not self._facts_between(span.end, match.head.start):
                    return True
        if any(clause.start <= span.start < match.head.start for span in self._before(match, "worry")):
            return True
        if match.is_of_scam:  # 不点的话要扣钱: the swindler's threat
            return False
        conditions = self._behind("hypothesis", match.head.end, clause.end)
        return any(self._text[span.start : span.end] == "的话" for span in conditions)

    def _is_forbidden(self, match: Match) -> bool:
        """Don't-do-that (莫在屋头充电), but not 不小心, 没注意, which tell what happened."""
        clause = self._clauses.at(match.head.start)
        for span in self._before(match, "prohibition"):
            if span.start < clause.start or self._text[max(0, span.start - 1) : span.start] in {"不", "没", "未"}:
                continue
            following = min((own.start for own in match.spans if own.start >= span.end), default=match.head.start)
            if following - span.end > _FORBIDS_WITHIN or self._longer_word(span):
                continue
            if "了" not in self._text[span.end : following]:  # 喊他莫用了,都开裂: what follows has happened
                return True
        return False

    def _is_asked(self, match: Match) -> bool:
        """Is the thing asked about (问哈软管老化咋个办)? What somebody asks for (request) or about a scam stands."""
        if match.pattern.target in _WISHES or match.pattern.target.split(".")[0] in _WISHES:
            return False
        clause = self._clauses.at(match.head.start)
        asks = [span for span in self._before(match, "asks_about") if span.start >= clause.start]
        return bool(asks) and any(
            span.start > asks[0].start and self._clauses.same_sentence(span.start, asks[0].start)
            for span in self._cue("interrogative")
        )

    def _is_asked_for(self, match: Match) -> bool:
        """还有哪些软管没换: a list is wanted, where no door is named and nobody wonders (不晓得还有哪些地方漏)."""
        if match.is_of_scam:
            return False
        clause, sentence = self._clauses.at(match.head.start), self._clauses.sentence_span(match.head.start)
        if any(sentence.start <= door < sentence.end for door in self._doors):
            return False
        return any(
            clause.start <= span.start and not starting_within(self._cue("wonders"), clause.start, span.start)
            for span in self._before(match, "asks_which")
        )

    def _is_checked_for(self, match: Match) -> bool:
        """检查有无老化, 询问有没有陌生人上门: what is looked for, not what is found."""
        clause = self._clauses.at(match.head.start)
        return any(
            clause.start <= span.start and any(0 <= span.start - look.end <= _BEHIND for look in self._cue("looks_for"))
            for span in self._before(match, "whether")
        )

    def _before(self, match: Match, name: str) -> list[Span]:
        """The cues of one name in the match's sentence, before its head and not part of its words or of longer ones."""
        if name not in self._said:
            return []
        sentence = self._clauses.sentence_span(match.head.start)
        return [
            span
            for span in starting_within(self._cue(name), sentence.start, match.head.start)
            if not match.covers(span) and not (match.is_of_scam and self._is_prop(span))
        ]

    def _behind(self, name: str, start: int, end: int) -> list[Span]:
        return [span for span in self._cue(name) if start <= span.start < end]

    def _is_prop(self, span: Span) -> bool:
        """What belongs to a scam and is no talk of one: 照提示转了, 教她操作, 遇到个卖茶树的, 一不小心."""
        return span in self._cue("scam_props") or self._longer_word(span) is not None

    def _longer_word(self, span: Span) -> Span | None:
        return longer_word(self._words, span)

    def _facts_between(self, start: int, end: int) -> bool:
        # 如闻到, 若发现: the verb of finding belongs to the hypothesis
        if any(start < span.start < end for span in self._cue("actual")):
            return True
        if any(start <= voice.start <= end and voice.state is not EvidenceState.HEARSAY for voice in self._voices):
            return True
        return any(start <= door < end for door in self._doors)
