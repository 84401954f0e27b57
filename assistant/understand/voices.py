"""Who speaks in a message, from where to where: the neighbours, the person met, or the worker's own eyes.

A voice holds to the end of its sentence, or until somebody else speaks, the worker looks, or another door comes up.
“听…说” and whoever lives behind a door that only tells are hearsay; who is spoken to (给她说) does not speak.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import NamedTuple

from assistant.domain.reports import EvidenceState
from assistant.understand.clauses import Clauses
from assistant.understand.idioms import idioms
from assistant.understand.spans import Span, longer_word, starting_within

#: How far a speaker may stand from the word of speaking (李婆婆昨天给我说).
_SPEAKER_GAP = 5
#: How far behind a source the first door of a sentence may stand (反诈中心预警显示,某小区3栋…).
_SOURCE_GAP = 12
_QUOTED = re.compile(r"[“\"「]([^“”\"「」]{6,80})[”\"」]")
_SAYS_MORE = re.compile(r"[,。;!?]")
#: So few characters behind the word of speaking tell nothing: the teller is only named as the source.
_SOURCE_ONLY = 1
#: 说胡话, 说不伸展 are words of their own; 说她 is only 说 and who.
_A_WHOLE_WORD = 3
_TOLD = (EvidenceState.HEARSAY, EvidenceState.SELF_REPORTED)

#: Where somebody begins to speak, where the word of speaking ends, and the state of what follows (None: as usual).
_Start = tuple[int, int, EvidenceState | None]


class Voice(NamedTuple):
    """From ``start`` to ``end`` somebody speaks, and what they say has this state."""

    start: int
    end: int
    state: EvidenceState | None


class VoiceFinder:
    """Finds the voices of one text. ``cue`` gives the cues of one name; ``tellers`` are the doors that only tell."""

    def __init__(
        self,
        text: str,
        clauses: Clauses,
        cue: Callable[[str], Sequence[Span]],
        words: Sequence[Span],
        doors: Sequence[int],
        tellers: Sequence[Span],
        places: Sequence[int],
    ) -> None:
        self._text = text
        self._clauses = clauses
        self._cue = cue
        self._words = words
        self._doors = doors
        self._tellers = tellers
        self._where = sorted({*doors, *places})

    def find(self, people: Sequence[Span]) -> list[Voice]:
        """Every voice of the text, in the order they begin; of two at one place the later in the list counts."""
        starts = [*self._speakers("others", (), EvidenceState.HEARSAY)]
        starts += self._speakers("selves", people, EvidenceState.SELF_REPORTED)
        for span in self._cue("others"):
            if any(0 <= witness.start - span.end <= 2 for witness in self._cue("witnesses")):
                starts.append((span.start, span.end, EvidenceState.HEARSAY))
        starts += [(span.start, span.end, EvidenceState.HEARSAY) for span in self._cue("hearsay")]
        starts += [(span.start, span.end, EvidenceState.SELF_REPORTED) for span in self._cue("learns")]
        for span in self._cue("speech"):
            clause = self._clauses.at(span.start)
            before = self._text[clause.start : span.start].strip()
            if before.startswith(idioms().words.heard_from) and not before.startswith(idioms().words.not_heard_from):
                starts.append((clause.start, span.end, EvidenceState.HEARSAY))
            elif not before and not self._is_no_speech(span):
                starts.append((span.start, span.end, self._previous_speaker(starts, span.start)))
        starts += [(span.start, span.end, EvidenceState.SEEN) for span in self._cue("sees")]
        starts += [(span.start, span.end, None) for span in self._cue("on_site") if not self._is_told(span.start)]
        for span in self._cue("sees_first"):
            if self._opens_clause(span.start) and not starting_within(self._cue("no_look"), span.start, span.end):
                starts.append((span.start, span.end, EvidenceState.SEEN))
        told = self._with_ends(sorted(set(starts), key=lambda start: (start[0], start[1], start[2] or "")))
        return [*self._named_afterwards(starts), *told, *self._noticed_by(people), *self._quoted()]

    def _noticed_by(self, people: Sequence[Span]) -> list[Voice]:
        """…,她路过闻到的; …,隔壁听到喊救命: who noticed it, named last."""
        persons = [*self._cue("selves"), *self._cue("others"), *people]
        return [
            Voice(self._since(person.start), person.start, EvidenceState.HEARSAY)
            for witness in self._cue("witnesses")
            if self._text.startswith("的", witness.end) and self._ends_clause(witness.end + 1)
            for person in persons
            if 0 <= witness.start - person.end <= _SPEAKER_GAP and self._opens_clause(person.start)
        ] + [
            Voice(self._since(other.start), other.start, EvidenceState.HEARSAY)
            for other in self._cue("others")
            if self._opens_clause(other.start)
            for witness in self._cue("witnesses")
            if 0 <= witness.start - other.end <= 1
        ]

    def _since(self, position: int) -> int:
        """Where that begins which somebody named at ``position`` may have told: the sentence, or the last door."""
        start = self._clauses.sentence_span(position).start
        return max([start, *(door for door in self._doors if start <= door < position)])

    def _is_told(self, position: int) -> bool:
        """Is the grid worker only who was told (居民向网格员反映)?"""
        return self._text[max(0, position - 2) : position].endswith(idioms().words.told_worker)

    def _ends_clause(self, position: int) -> bool:
        return not self._text[position : self._clauses.at(position - 1).end].strip(" ,。;!?")

    def _opens_clause(self, position: int) -> bool:
        return not self._text[self._clauses.at(position).start : position].strip()

    def _named_afterwards(self, starts: Sequence[_Start]) -> list[Voice]:
        """Who is named as the source only behind what they told (…,他妈喊我问的; …是对门告诉我的)."""
        voices = []
        for start, spoken, state in starts:
            sentence = self._clauses.sentence_span(start)
            rest = self._text[spoken : sentence.end].strip(" ,。;!?\n了的")
            is_source = len(rest) <= _SOURCE_ONLY or self._text[start:spoken].endswith(idioms().words.sent_me)
            if state is EvidenceState.HEARSAY and is_source and start > sentence.start:
                voices.append(Voice(self._since(start), start, state))
        return voices

    def _speakers(self, name: str, people: Sequence[Span], state: EvidenceState) -> list[_Start]:
        """Each person of a list (and of ``people``) with a word of speaking right behind."""
        speech = [span for span in self._cue("speech") if not self._is_no_speech(span)]
        speech_starts = [span.start for span in speech]
        starts: list[_Start] = []
        others = self._cue("others")
        for span in (*self._cue(name), *people):
            if name == "selves" and any(one.start <= span.start and span.end <= one.end for one in others):
                continue  # 他 of 他妈 does not speak
            at = bisect_right(speech_starts, span.end - 1)
            if at == len(speech) or speech[at].start - span.end > _SPEAKER_GAP:
                continue
            if self._addressed(span.start) or self._says_nothing(span, speech[at]):
                continue
            told = EvidenceState.HEARSAY if self._is_heard(span) or self._lives_elsewhere(span, speech[at]) else state
            if any(span.start <= door <= span.end for door in self._doors):
                told = EvidenceState.SELF_REPORTED
            starts.append((span.start, speech[at].end, told))
        return starts

    def _is_no_speech(self, span: Span) -> bool:
        """说话不清, 说不伸展: of speaking, but nothing is told."""
        longer = longer_word(self._words, span)
        return self._text.startswith(idioms().words.no_speech, span.start) or (
            longer is not None and longer.start == span.start and longer.end - span.start >= _A_WHOLE_WORD
        )

    def _previous_speaker(self, starts: list[_Start], position: int) -> EvidenceState:
        """“说…” without a subject: the one who spoke or was named before in this sentence, else the person met."""
        earlier = [
            start
            for start in starts
            if start[0] < position and self._clauses.same_sentence(start[0], position) and start[2] in _TOLD
        ]
        if earlier:
            return max(earlier, key=lambda start: start[0])[2] or EvidenceState.SELF_REPORTED
        sentence = self._clauses.sentence_span(position)
        calls = self._text.find("电话", sentence.start, position) >= 0
        if calls and any(sentence.start <= span.start < position for span in self._cue("others")):
            return EvidenceState.HEARSAY
        return EvidenceState.SELF_REPORTED

    def _with_ends(self, starts: list[_Start]) -> list[Voice]:
        voices = []
        for index, (start, spoken, state) in enumerate(starts):
            end = self._clauses.sentence_span(start).end
            if index + 1 < len(starts):
                end = min(end, max(starts[index + 1][0], spoken))
            reach = _SOURCE_GAP if self._comes_before_doors(start) else _SPEAKER_GAP
            for door in self._doors[bisect_right(self._doors, start) :]:
                if door - spoken > reach:
                    end = min(end, door)
                    break
                reach = _SPEAKER_GAP
            voices.append(Voice(start, end, state))
        return voices

    def _is_heard(self, speaker: Span) -> bool:
        """“听…说”, or somebody from a door that only tells: not the person concerned."""
        before = self._text[max(self._clauses.sentence_span(speaker.start).start, speaker.start - 10) : speaker.start]
        if any(0 <= speaker.start - teller.end <= 3 for teller in self._tellers):
            return True
        says = idioms().words
        return before.rpartition(",")[2].startswith(says.heard_from) or before.endswith(says.heard_from_right)

    def _lives_elsewhere(self, speaker: Span, speech: Span) -> bool:
        """保洁周姐说9栋…, 501的婆婆说楼下401…: the door behind the word of speaking is not the speaker's own."""
        sentence = self._clauses.sentence_span(speaker.start)
        has_own = any(sentence.start <= door < speech.end for door in self._doors)
        told_of = self._doors if has_own else self._where
        ahead = [where for where in told_of if speech.end <= where < sentence.end]
        return bool(ahead) and ahead[0] - speech.end <= _SPEAKER_GAP

    def _comes_before_doors(self, position: int) -> bool:
        at = bisect_right(self._doors, position) - 1
        return at < 0 or not self._clauses.same_sentence(self._doors[at], position)

    def _quoted(self) -> list[Voice]:
        """What stands in quotation marks, a sentence or more, somebody says; 您 is the worker's word to them."""
        return [
            Voice(quote.start(1), quote.end(1), EvidenceState.SELF_REPORTED)
            for quote in _QUOTED.finditer(self._text)
            if _SAYS_MORE.search(quote[1]) and not idioms().said_to_them.search(quote[1])
        ]

    def _addressed(self, start: int) -> bool:
        """Is the person spoken to (给她说), not speaking?"""
        return self._text[max(0, start - 1) : start] in idioms().words.spoken_to

    def _says_nothing(self, speaker: Span, speech: Span) -> bool:
        """Does something between speaker and verb make it no report (她跟我说不清楚 is one, 她不说 is none)?"""
        between = self._text[speaker.end : speech.start]
        if "," in between or "。" in between or ";" in between:
            return True
        if between.endswith(idioms().words.to_me):
            return False
        if between.endswith(idioms().words.not_said):
            return True
        return between.startswith(idioms().words.i_speak)
