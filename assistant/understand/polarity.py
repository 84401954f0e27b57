"""Evidence state by scope: who says it, is it there, is it over, is it only talk.

Every cue (``knowledge/language/cues.yaml``) has a reach. A negation governs the words right behind it, a wide one
(未发现) the rest of its clause; advice, outreach and hypotheses govern the rest of the sentence until the writer comes
back to facts; a speaker governs until somebody else speaks or the worker looks; “修好了” settles what was said before
it, unless it is promised, asked for or denied. A negation that belongs to the pattern itself (没得烟管) is no negation
of the finding.
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from assistant.domain.reports import EvidenceState
from assistant.understand.clauses import Clauses
from assistant.understand.framing import is_only_talk
from assistant.understand.lexicon import Hits, Lexicon, Match, Span

#: How far a speaker may stand from the word of speaking (李婆婆昨天给我说).
_SPEAKER_GAP = 5
#: A clause no longer than this that holds a hedge (好像哈,…) lends it to the next clause.
_SHORT_CLAUSE = 6
#: A phrase that denies what was said before reaches back this far.
_DENIAL_REACH = 60


class _Voice(NamedTuple):
    """From ``start`` to ``end`` somebody speaks, and what they say has this state."""

    start: int
    end: int
    state: EvidenceState | None


#: Where somebody begins to speak, where the word of speaking ends, and the state of what follows (None: as usual).
_Start = tuple[int, int, EvidenceState | None]
_TOLD = (EvidenceState.HEARSAY, EvidenceState.SELF_REPORTED)
_NO_SPEECH = ("说话", "说不清", "说不出", "说不伸展", "说不明白", "说不上", "说不来", "说得", "讲话", "说起话", "话")


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
        *,
        names_door: bool = False,
        names_somebody: bool = False,
    ) -> None:
        self.text = text
        self.clauses = clauses
        self._hits = hits
        self._cues = lexicon.cues
        self._doors = sorted(door_starts)
        self._tellers = tellers
        self._transparent = lexicon.book.cues["transparent"]
        self._words = hits.longest
        self._is_talk = not names_door and is_only_talk(text, self.cue, names_somebody=names_somebody)
        self.voices = self._find_voices(people)

    def cue(self, name: str) -> Sequence[Span]:
        """Where the cues of one name stand."""
        return self._hits.of(self._cues[name])

    def state_of(self, match: Match, default: EvidenceState) -> EvidenceState | None:
        """The evidence state of one match; None where a pattern for "fixed" or "fine" does not hold after all."""
        forced = match.pattern.state
        if forced is EvidenceState.RESOLVED:
            return None if self.is_not_yet(match) else self._unless_only_talk(match, EvidenceState.RESOLVED)
        if forced is EvidenceState.NEGATED:
            return None if self._is_negated(match) else self._unless_only_talk(match, EvidenceState.NEGATED)
        if forced is not None:
            return forced
        if self._is_only_talk(match):
            return EvidenceState.PLANNED
        if self._is_negated(match):
            return EvidenceState.NEGATED
        voice = self.voice_at(match.head.start)
        if voice is EvidenceState.HEARSAY:
            return EvidenceState.HEARSAY
        if self._is_hedged(match):
            return EvidenceState.UNVERIFIED
        return voice or match.pattern.default or default

    # ---- who says it -------------------------------------------------------------------------------------------

    def voice_at(self, position: int) -> EvidenceState | None:
        """Whose words these are: HEARSAY, SELF_REPORTED, SEEN where the worker looked, None where nobody is named."""
        for voice in reversed(self.voices):
            if voice.start <= position < voice.end:
                return voice.state
        return None

    def _find_voices(self, people: Sequence[Span]) -> list[_Voice]:
        starts = [*self._speakers("others", (), EvidenceState.HEARSAY)]
        starts += self._speakers("selves", people, EvidenceState.SELF_REPORTED)
        for span in self.cue("others"):
            if any(0 <= witness.start - span.end <= 2 for witness in self.cue("witnesses")):
                starts.append((span.start, span.end, EvidenceState.HEARSAY))
        starts += [(span.start, span.end, EvidenceState.HEARSAY) for span in self.cue("hearsay")]
        starts += [(span.start, span.end, EvidenceState.SELF_REPORTED) for span in self.cue("learns")]
        for span in self.cue("speech"):
            clause = self.clauses.at(span.start)
            if not self.text[clause.start : span.start].strip() and not self._is_no_speech(span):
                starts.append((span.start, span.end, self._previous_speaker(starts, span.start)))
        starts += [(span.start, span.end, EvidenceState.SEEN) for span in self.cue("sees")]
        starts += [(span.start, span.end, None) for span in self.cue("on_site")]
        for span in self.cue("sees_first"):
            if not self.text[self.clauses.at(span.start).start : span.start].strip():
                starts.append((span.start, span.end, EvidenceState.SEEN))
        return self._with_ends(sorted(set(starts), key=lambda start: start[:2]))

    def _speakers(self, name: str, people: Sequence[Span], state: EvidenceState) -> list[_Start]:
        """Each person of a list (and of ``people``) with a word of speaking right behind."""
        speech = [span for span in self.cue("speech") if not self._is_no_speech(span)]
        speech_starts = [span.start for span in speech]
        starts: list[_Start] = []
        for span in (*self.cue(name), *people):
            at = bisect_right(speech_starts, span.end - 1)
            if at == len(speech) or speech[at].start - span.end > _SPEAKER_GAP:
                continue
            if self._addressed(span.start) or self._says_nothing(span, speech[at]):
                continue
            told = EvidenceState.HEARSAY if self._is_heard(span) else state
            if any(span.start <= door <= span.end for door in self._doors):
                told = EvidenceState.SELF_REPORTED
            starts.append((span.start, speech[at].end, told))
        return starts

    def _is_no_speech(self, span: Span) -> bool:
        """说话不清, 说不伸展: of speaking, but nothing is told."""
        return self.text.startswith(_NO_SPEECH, span.start)

    def _previous_speaker(self, starts: list[_Start], position: int) -> EvidenceState:
        """“说…” without a subject: the one who spoke or was named before in this sentence, else the person met."""
        earlier = [
            start
            for start in starts
            if start[0] < position and self.clauses.same_sentence(start[0], position) and start[2] in _TOLD
        ]
        if earlier:
            return max(earlier, key=lambda start: start[0])[2] or EvidenceState.SELF_REPORTED
        sentence = self.clauses.sentence_span(position)
        calls = self.text.find("电话", sentence.start, position) >= 0
        if calls and any(sentence.start <= span.start < position for span in self.cue("others")):
            return EvidenceState.HEARSAY
        return EvidenceState.SELF_REPORTED

    def _with_ends(self, starts: list[_Start]) -> list[_Voice]:
        voices = []
        for index, (start, spoken, state) in enumerate(starts):
            end = self.clauses.sentence_span(start).end
            if index + 1 < len(starts):
                end = min(end, max(starts[index + 1][0], spoken))
            for door in self._doors[bisect_right(self._doors, start) :]:
                if door - spoken > _SPEAKER_GAP:
                    end = min(end, door)
                    break
            voices.append(_Voice(start, end, state))
        return voices

    def _is_heard(self, speaker: Span) -> bool:
        """“听…说”, or somebody from a door that only tells: not the person concerned."""
        before = self.text[max(self.clauses.sentence_span(speaker.start).start, speaker.start - 10) : speaker.start]
        if any(0 <= speaker.start - teller.end <= 3 for teller in self._tellers):
            return True
        return before.rpartition(",")[2].startswith(("听", "据", "我听")) or before.endswith(("听", "听到", "据", "经"))

    def _addressed(self, start: int) -> bool:
        """Is the person spoken to (给她说), not speaking?"""
        return self.text[max(0, start - 1) : start] in {"给", "跟", "对", "向", "和", "劝", "喊"} and start > 0

    def _says_nothing(self, speaker: Span, speech: Span) -> bool:
        """Does something between speaker and verb make it no report (她跟我说不清楚 is one, 她不说 is none)?"""
        between = self.text[speaker.end : speech.start]
        if "," in between or "。" in between or ";" in between:
            return True
        if between.endswith(("给我", "跟我", "对我", "向我", "和我")):
            return False
        if between.endswith(("没", "不", "莫", "别", "没有", "不肯")):
            return True
        return between.startswith(("我给", "我跟", "我"))

    # ---- is it there -------------------------------------------------------------------------------------------

    def _is_negated(self, match: Match) -> bool:
        clause = self.clauses.at(match.head.start)
        count = 0
        for span in self.cue("double_negation"):
            if clause.start <= span.start < match.head.start:
                # 不是没得烟管: one of the two belongs to the hazard, so the other denies it
                return any(own.start < span.end and span.start < own.end for own in match.spans)
        for span in self.cue("negation_wide"):
            if match.covers(span) or not span.end <= match.head.start:
                continue
            if clause.start <= span.start or self._reaches_by_list(span, match.head.start):
                count += 1
        if not count:
            for span in self.cue("negation"):
                if self._negates(span, match, clause.start):
                    count += 1
        return count % 2 == 1 or self._is_denied(match)

    def _negates(self, span: Span, match: Match, clause_start: int) -> bool:
        if span.start < clause_start or match.covers(span):
            return False
        longer = self._longer_word(span)
        if longer is not None:
            return longer.start <= match.head.start and match.head.end <= longer.end
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
        """The word that a negation is only part of: 没 of 没人应 says nothing of what stands behind it."""
        at = bisect_right(self._words, (span.start, len(self.text) + 1)) - 1
        if at < 0:
            return None
        longer = self._words[at]
        return longer if longer.start <= span.start and span.end <= longer.end and longer != span else None

    def _reaches_by_list(self, span: Span, position: int) -> bool:
        """未发现老化,松动等问题: does the list go on to ``position`` in a clause further on?"""
        if not self.clauses.same_sentence(span.start, position):
            return False
        closing = self.text.find("等", position, self.clauses.sentence_span(position).end)
        return 0 <= closing - position <= 10

    def _is_denied(self, match: Match) -> bool:
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
            "冇得",
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
        if self._is_talk:
            return True
        clause = self.clauses.at(match.head.start)
        sentence = self.clauses.sentence_span(match.head.start)
        for name in ("outreach", "hypothesis", "elsewhere"):
            for span in self.cue(name):
                if match.covers(span) or not sentence.start <= span.start < sentence.end:
                    continue
                before = span.start < match.head.start
                if before and not self._facts_between(span.end, match.head.start):
                    return True
                if not before and name == "outreach" and span.start < clause.end and span.start - match.end <= 6:
                    return True
                if not before and self.text[span.start : span.end] == "的话" and span.start < clause.end:
                    return True
        for span in self.cue("prohibition"):
            near = clause.start <= span.start and 0 <= match.head.start - span.end <= 8
            if near and not match.covers(span):
                return True
        for span in self.cue("asks_about"):
            if clause.start <= span.start and span.end <= match.start and not match.covers(span):
                return match.pattern.target.split(".")[0] not in ("fraud", "request", "stage:paid")
        return False

    def _facts_between(self, start: int, end: int) -> bool:
        # 如闻到, 若发现: the verb of finding belongs to the hypothesis
        if any(start < span.start < end for span in self.cue("actual")):
            return True
        if any(start <= voice.start <= end and voice.state is not EvidenceState.HEARSAY for voice in self.voices):
            return True
        return any(start <= door < end for door in self._doors)

    def _is_hedged(self, match: Match) -> bool:
        clause = self.clauses.at(match.head.start)
        for span in self.cue("hedge"):
            if match.covers(span) or span.start >= match.head.start:
                continue
            if span.start >= clause.start:
                return True
            own = self.clauses.at(span.start)
            if own.end == clause.start and (own.end - own.start <= _SHORT_CLAUSE or span.end >= own.end - 1):
                return True
        return False

    # ---- is it over --------------------------------------------------------------------------------------------

    def is_not_yet(self, match: Match) -> bool:
        """Is “修好” promised, asked for, planned or denied rather than done?"""
        return self._not_yet_before(match.head, match)

    def _not_yet_before(self, span: Span, match: Match | None = None) -> bool:
        clause = self.clauses.at(span.start)
        for cue in self.cue("not_yet"):
            before = clause.start <= cue.start and cue.end <= span.start
            if before and (match is None or not match.covers(cue)) and self._longer_word(cue) is None:
                return True
        return False

    def settlements(self, covered: Sequence[Span], within: Sequence[Span]) -> list[Span]:
        """Each free “弄好了” that holds: not part of a finding's own words, not promised, not denied."""
        return [
            span
            for span in self.cue("resolved")
            if any(own.start <= span.start < own.end for own in within)
            and not any(own.start < span.end and span.start < own.end for own in covered)
            and not self._not_yet_before(span)
            and not self._goes_on(span)
        ]

    def _goes_on(self, span: Span) -> bool:
        clause = self.clauses.at(span.start)
        return any(clause.start <= cue.start < span.start for cue in self.cue("still"))

    def was_seen(self, position: int) -> bool:
        """Did the worker or a responder look for themselves, near ``position``?"""
        return any(self.clauses.same_sentence(span.start, position) for span in self.cue("saw_it"))
