"""Evidence state by scope: who says it, is it there, is it over, is it only talk.

Every cue (``knowledge/language/cues.yaml``) has a reach. A negation governs the words right behind it, a wide one
(未发现) the rest of its clause; advice, outreach and hypotheses govern the rest of the sentence until the writer comes
back to facts; a speaker governs until somebody else speaks or the worker looks; “修好了” settles what was said before
it, unless it is promised, asked for or denied. A negation that belongs to the pattern itself (没得烟管) is no negation
of the finding.
"""

import re
from collections.abc import Sequence

from assistant.domain.reports import EvidenceState
from assistant.understand.clauses import Clauses
from assistant.understand.framing import is_narrated, is_only_talk
from assistant.understand.idioms import idioms
from assistant.understand.lexicon import Hits, Lexicon, Match
from assistant.understand.spans import Span, longer_word, starting_within
from assistant.understand.talk import Talk
from assistant.understand.voices import Voice, VoiceFinder

#: A clause no longer than this that holds a hedge (好像哈,…) lends it to the next clause.
_SHORT_CLAUSE = 6
_SO_OFTEN = re.compile(r"[了过]?(?:[一两二三四五六几\d]|好几|好多|多少|无数)[回次遍道趟]")
#: Where what somebody does makes the finding (充电, 插起); elsewhere a lack may be the matter itself (没有社保,想补缴).
_OF_ACTS = frozenset({"fire", "electric"})
#: A phrase that denies what was said before reaches back this far.
_DENIAL_REACH = 60


class Polarity:
    """The cues of one text, and the state of anything said in it."""

    def __init__(
        self,
        text: str,
        clauses: Clauses,
        hits: Hits,
        lexicon: Lexicon,
        door_starts: Sequence[int] = (),
        people: Sequence[Span] = (),
        tellers: Sequence[Span] = (),
        places: Sequence[int] = (),
        *,
        names_door: bool = False,
        names_somebody: bool = False,
        names_place: bool = False,
        tells: float = 0.0,
    ) -> None:
        self.text = text
        self.clauses = clauses
        self._hits = hits
        self._cues = lexicon.cues
        self._doors = sorted(door_starts)
        self._transparent = lexicon.book.cues["transparent"]
        self._words = hits.longest
        #: the whole message is a leaflet, a plot, a question in general
        self.is_talk = is_only_talk(
            text,
            self.cue,
            names_door=names_door,
            names_place=names_place,
            names_somebody=names_somebody,
            speaks_of_somebody=bool(people),
            tells=tells,
        )
        self._is_narrated = is_narrated(self.cue)
        self.voices = VoiceFinder(text, clauses, self.cue, self._words, self._doors, tellers, places).find(people)
        self._talk = Talk(text, clauses, self.cue, self._words, self._doors, self.voices)

    def cue(self, name: str) -> Sequence[Span]:
        """Where the cues of one name stand."""
        return self._hits.of(self._cues[name])

    def state_of(self, match: Match, default: EvidenceState) -> EvidenceState | None:
        """The evidence state of one match; None where it does not hold after all."""
        forced = match.pattern.state
        if forced is EvidenceState.RESOLVED:
            if self.is_not_yet(match) or self._is_asked_whether(match) or self._is_only_part_of_it(match):
                return None
            return self._unless_only_talk(match, EvidenceState.RESOLVED)
        if forced is EvidenceState.NEGATED:
            return None if self._is_negated(match) else self._unless_only_talk(match, EvidenceState.NEGATED)
        if forced is not None:
            return forced
        if self._talk.is_a_tale(match) or self._talk.is_believed(match):
            return None
        if self._is_only_talk(match):
            return EvidenceState.PLANNED
        if self._is_negated(match):
            return EvidenceState.NEGATED
        voice = self.voice_at(match.head.start, match)
        if voice is EvidenceState.HEARSAY:
            return EvidenceState.HEARSAY
        if self._is_hedged(match):
            return EvidenceState.UNVERIFIED
        if match.pattern.target.startswith("stage:") and match.pattern.default is EvidenceState.SEEN:
            return EvidenceState.SEEN  # 正在转账 is seen, whoever tells the rest
        return voice or match.pattern.default or default

    def voice_at(self, position: int, match: Match | None = None) -> EvidenceState | None:
        """Whose words these are: HEARSAY, SELF_REPORTED, SEEN where the worker looked, None where nobody is named."""
        goes_on = False
        for voice in reversed(self.voices):
            if voice.start <= position < voice.end or (goes_on and self._reaches(voice, position)):
                if match is not None and match.is_of_scam and self._is_no_teller(voice, match):
                    goes_on = True  # whoever spoke before is still the one who tells it
                    continue
                return voice.state
        return None

    def _reaches(self, voice: Voice, position: int) -> bool:
        return voice.start <= position and self.clauses.same_sentence(voice.start, position)

    def _is_no_teller(self, voice: Voice, match: Match) -> bool:
        """A scam is told by its victim also where the worker looked in, and what the swindler says is part of it."""
        if voice.state is EvidenceState.SEEN or match.covers(Span(voice.start, voice.start + 1)):
            return True
        if voice.state is not EvidenceState.HEARSAY:
            return False
        if any(span.start == voice.start for span in self.cue("speech")) or self.text.startswith("说是", voice.start):
            return True  # who rang up says so
        is_first = not self.text[self.clauses.sentence_span(voice.start).start : voice.start].strip()
        return not is_first and any(span.start == voice.start for span in self.cue("scammers"))

    # ---- is it there -------------------------------------------------------------------------------------------

    def _is_negated(self, match: Match) -> bool:
        clause = self.clauses.at(match.head.start)
        if match.pattern.target == "stage:paid" and any(
            clause.start <= span.start < match.head.start for span in self.cue("nearly")
        ):
            return True  # 差点转了五千: it did not come to that
        count = 0
        for span in starting_within(self.cue("double_negation"), clause.start, match.head.start):
            # 不是没得烟管: one of the two belongs to the hazard, so the other denies it
            return any(own.start < span.end and span.start < own.end for own in match.spans)
        sentence = self.clauses.sentence_span(match.head.start)
        for span in starting_within(self.cue("negation_wide"), sentence.start, match.head.start):
            if match.covers(span) or not span.end <= match.head.start:
                continue
            if clause.start <= span.start or self._reaches_by_list(span, match.head.start):
                count += 1
        if not count:
            for span in starting_within(self.cue("negation"), clause.start, match.head.start):
                if self._negates(span, match, clause.start):
                    count += 1
        if not count and self._denies_an_earlier_act(match, clause.start):
            return True
        return count % 2 == 1 or self._is_denied(match)

    def _denies_an_earlier_act(self, match: Match, before: int) -> bool:
        """电瓶没在充电,就是放在客厅: an act of the match, told in a clause before its head, is denied outright."""
        if match.pattern.target.split(".")[0] not in _OF_ACTS:
            return False
        for own, slot in zip(match.spans, match.pattern.slots, strict=False):
            if own.start >= before or slot.is_part:
                continue
            if any(span.start < own.start and span.end in (own.start, own.start + 1) for span in self.cue("negation")):
                return True
        return False

    def _negates(self, span: Span, match: Match, clause_start: int) -> bool:
        if span.start < clause_start or match.overlaps(span):
            return False
        if match.pattern.target.startswith("fraud.") and match.start < span.start:
            return False  # between its own words a denial is of the paying (网恋对象…一分没转), not of the scheme
        if any(each.start == span.start for each in self.cue("no_more")) and starting_within(
            self.cue("vows"), clause_start, self.clauses.at(match.head.start).end
        ):
            return False  # 写下不再动手的保证书: so far it was so
        longer = self._longer_word(span)
        if longer is not None:
            return any(
                longer.start <= own.start and own.end <= longer.end and own.start >= span.end for own in match.spans
            )
        following = [own.start for own in match.spans if own.start >= span.end]
        if not following or span.end > match.head.start:
            return False
        return self._is_transparent(self.text[span.end : min(following)])

    def _is_transparent(self, between: str) -> bool:
        """Can a negation be felt through these words (没有什么明显的…)?"""
        if not between:
            return True
        if len(between) > 8:
            return False
        reachable = {0}
        for start in range(len(between)):
            if start in reachable:
                for length in (1, 2, 3):
                    if between[start : start + length] in self._transparent:
                        reachable.add(start + length)
        return len(between) in reachable

    def _longer_word(self, span: Span) -> Span | None:
        return longer_word(self._words, span)

    def _reaches_by_list(self, span: Span, position: int) -> bool:
        """未发现老化,松动等问题: does the list go on to ``position`` in a clause further on?"""
        if not self.clauses.same_sentence(span.start, position):
            return False
        closing = self.text.find("等", position, self.clauses.sentence_span(position).end)
        return 0 <= closing - position <= 10

    def _is_denied(self, match: Match) -> bool:
        if match.is_of_scam or match.pattern.target.startswith("intent:"):  # “才晓得是假的” makes it one
            return self._ends_denied(match)
        for span in self.cue("negation_after"):
            if match.covers(span) or span.start < match.end or span.start - match.end > _DENIAL_REACH:
                continue
            if self.clauses.same_sentence(match.start, span.start) and not self._not_yet_before(span):
                return True
        return self._ends_denied(match)

    def _ends_denied(self, match: Match) -> bool:
        """“隐患没得”, “味道没有”: the negation right behind the words, at the end of the clause."""
        rest = self.text[match.end : self.clauses.at(match.head.start).end].rstrip(" ,。;!?")
        return rest in {
            "没得",
            "没有",
            "莫得",
            "无",
            "是没得",
            "是没有",
            "倒没得",
            "倒没有",
            "都没得",
            "都没有",
        }

    # ---- is it only talk ---------------------------------------------------------------------------------------

    def _unless_only_talk(self, match: Match, state: EvidenceState) -> EvidenceState:
        return EvidenceState.PLANNED if self._is_only_talk(match) else state

    def _is_only_talk(self, match: Match) -> bool:
        return self.is_talk or self._talk.is_only(match)

    def _is_hedged(self, match: Match) -> bool:
        clause = self.clauses.at(match.head.start)
        for span in self.cue("hedge"):
            if match.covers(span) or span.start >= match.head.start:
                continue
            if match.is_of_scam and self._longer_word(span) is not None:  # 涉嫌洗钱 is the swindler's word
                continue
            if span.start >= clause.start:
                return True
            own = self.clauses.at(span.start)
            if own.end == clause.start and (own.end - own.start <= _SHORT_CLAUSE or span.end >= own.end - 1):
                return True
        return False

    def is_only_judged(self, match: Match) -> bool:
        """“…,怕是在搞传销”: is the matter what the worker makes of it, told before or behind in the sentence?"""
        sentence = self.clauses.sentence_span(match.head.start)
        return bool(starting_within(self.cue("judges"), sentence.start, sentence.end))

    # ---- is it over --------------------------------------------------------------------------------------------

    def refers_back(self, match: Match) -> bool:
        """Do the words only name a matter told before (上周摔的那个, 说漏水那家)?"""
        behind = self.text[match.end : match.end + 4].lstrip("了过的")
        return behind.startswith(("那个", "那家", "那户", "那位", "那事", "的事", "那条"))

    def is_not_yet(self, match: Match) -> bool:
        """Is “修好” promised, asked for, planned or denied rather than done?"""
        return self._not_yet_before(match.head, match)

    def _not_yet_before(self, span: Span, match: Match | None = None) -> bool:
        clause = self.clauses.at(span.start)
        for cue in self.cue("not_yet"):
            if not (clause.start <= cue.start and cue.end <= span.start) or (match and match.covers(cue)):
                continue
            if self._brings_forward(cue) or (match and self._is_object_marker(cue, match)):
                continue
            if self._is_narrated and cue in self.cue("at_once"):
                continue  # 网格员发现…,立即劝离: in a story it tells how fast, not that it is still to be done
            longer = self._longer_word(cue)
            if longer is None or longer.end >= span.end:
                return True
        return False

    def _is_only_part_of_it(self, match: Match) -> bool:
        """拆了两间,还剩一间: not all is done; 整改通知书, 清理方案: the word names a paper."""
        end = self.clauses.sentence_span(match.head.start).end
        is_paper = any(span.start == match.head.end for span in self.cue("papers"))
        return is_paper or bool(starting_within(self.cue("remains"), match.head.start, end))

    def _is_asked_whether(self, match: Match) -> bool:
        """软管换了没有, 修好了吗: asked, not said."""
        rest = self.text[match.end : self.clauses.at(match.head.start).end].rstrip(" ,。;!?")
        return rest in {"没有", "没得", "没", "吗", "么", "没有嘛", "不"}

    def _brings_forward(self, cue: Span) -> bool:
        """将其救出, 将车推走: 将 before a thing that is at hand, and not “is going to”."""
        return idioms().brought_forward.match(self.text, cue.start) is not None

    def _is_object_marker(self, cue: Span, match: Match) -> bool:
        """将飞线全部拆除: 将 brings the thing forward, it does not put it off."""
        return self.text[cue.start : cue.end] == "将" and any(
            cue.end <= own.start and own.end <= match.head.start for own in match.spans[:-1]
        )

    def settlements(self, covered: Sequence[Span], within: Sequence[Span]) -> list[Span]:
        """Each free “弄好了” that holds: not part of a finding's own words, not promised, not denied."""
        return [
            span
            for span in self.cue("resolved")
            if any(own.start <= span.start < own.end for own in within)
            and not any(own.start < span.end and span.start < own.end for own in covered)
            and not self._not_yet_before(span)
            and not self._goes_on(span)
            and not any(cue.start <= span.start and span.end <= cue.end for cue in self.cue("not_yet"))
            and self._is_whole(span)
        ]

    def _is_whole(self, span: Span) -> bool:
        """A bare 好了 settles only where it is the predicate (现在好了), not the ending of another verb (坐好了)."""
        if _SO_OFTEN.match(self.text, span.end):
            return False  # 修了两回: it did not last
        if self.text[span.start : span.end] != "好了":
            return True
        before = self.text[self.clauses.at(span.start).start : span.start].rstrip()
        return not before or before.endswith(("都", "全", "已经", "病", "人", "现在", "又", "就", "也", "烧", "感冒"))

    def _goes_on(self, span: Span) -> bool:
        clause = self.clauses.at(span.start)
        return any(clause.start <= cue.start < span.start for cue in self.cue("still"))

    def is_unfinished(self, match: Match, end: int) -> bool:
        """Is the last word of it, up to ``end``, that it goes on or is still to be done (…,答应月底搬; …,至今未清)?"""
        open_ends = [span.start for span in starting_within(self.cue("unfinished"), match.head.start, end)]
        done = [
            span.start
            for span in starting_within(self.cue("resolved"), match.head.start, end)
            if not self._not_yet_before(span)
        ]
        return bool(open_ends) and max(open_ends) > max(done, default=-1)

    def was_seen(self, position: int) -> bool:
        """Did the worker or a responder look for themselves, near ``position``?"""
        return any(self.clauses.same_sentence(span.start, position) for span in self.cue("saw_it"))
