"""Matches → flags and follow-ups: one flag for each rule and kind, raised at most once, with its deadlines.

A rule that stands ``instead_of`` another takes that one's flag for the same finding away; a rule that ``raises`` lifts
the flags of the finding that it is about by one level, from P2 or P3 only (severity.md, "Raised").
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from assistant.decide.facts import FactSheet
from assistant.decide.promised import promised_moment
from assistant.decide.sentences import Speech, fill
from assistant.domain.casework import FlagDecided, FollowUpDecided
from assistant.domain.reports import CaseReading, Severity, worst
from rules.engine.inforce import RuleInForce, RulesInForce
from rules.engine.matcher import Match
from rules.engine.model import FollowUp, Rule
from rules.engine.vocabulary import Vocabulary

#: told of a rule whose sentence can't be filled; without it that is raised
AtALossForWords = Callable[[str, Exception], None]
_RAISED = {Severity.P2: Severity.P1, Severity.P3: Severity.P2}


@dataclass(frozen=True)
class _Spoken(Speech):
    """A rule that spoke of one finding, or of none."""

    subject: int | None


@dataclass
class _Flagged:
    """A flag under way: which findings it is about, and who raises it."""

    spoken: _Spoken
    severity: Severity
    subjects: set[int] = field(default_factory=set)
    raised_by: list[_Spoken] = field(default_factory=list)


@dataclass(frozen=True)
class Conclusions:
    """All that it takes to word and date the conclusions of one case."""

    rules: RulesInForce
    vocabulary: Vocabulary
    members: Mapping[str, RuleInForce]
    sheet: FactSheet
    case: CaseReading
    at: datetime
    at_a_loss_for_words: AtALossForWords | None = None

    def of(self, matches: Iterable[Match]) -> tuple[tuple[FlagDecided, ...], tuple[FollowUpDecided, ...]]:
        """Flags, most urgent first, and follow-ups, soonest first, with equal ones merged."""
        spoken = list(self._spoken(matches))
        flagged = self._flagged(spoken)
        self._raise(flagged, [each for each in spoken if each.member.rule.then.raises])
        promises: dict[tuple[str, str], FollowUpDecided] = {}
        for each in flagged:
            self._promise(promises, each.spoken, each.severity)
        for each_ in spoken:
            if not each_.member.rule.then.flags and not each_.member.rule.then.raises:
                about = [each.severity for each in flagged if each_.subject is None or each_.subject in each.subjects]
                if about:
                    self._promise(promises, each_, worst(about))
        flags = sorted((self._flag(each) for each in flagged), key=lambda flag: (flag.severity.urgency, flag.rule))
        return tuple(flags), tuple(sorted(promises.values(), key=lambda promise: (promise.due, promise.owner)))

    def _spoken(self, matches: Iterable[Match]) -> Iterable[_Spoken]:
        together: dict[tuple[str, int | None], list[Match]] = {}
        for match in matches:
            place = self.members[match.rule].rule.subject
            subject = None if place is None else match.facts[place]
            together.setdefault((match.rule, subject), []).append(match)
        for (rule, subject), found in together.items():
            yield _Spoken(self.members[rule], tuple(found), subject)

    def _flagged(self, spoken: Sequence[_Spoken]) -> list[_Flagged]:
        displaced: set[tuple[str, int | None]] = set()
        for each in spoken:
            for target in each.member.rule.then.instead_of:
                displaced |= {(target, each.subject), (target, None)}
        flagged: dict[tuple[str, str | None], _Flagged] = {}
        for each in spoken:
            then = each.member.rule.then
            if not then.flags or (each.member.rule.id, each.subject) in displaced:
                continue
            kind = self._kind(each)
            severity = then.severity or self._default(kind)
            flag = flagged.setdefault((each.member.rule.id, kind), _Flagged(each, severity))
            if each.subject is not None:
                flag.subjects.add(each.subject)
        return list(flagged.values())

    def _raise(self, flagged: Iterable[_Flagged], raising: Sequence[_Spoken]) -> None:
        for flag in flagged:
            kind = self._kind(flag.spoken)
            flag.raised_by = [
                each
                for each in raising
                if each.subject in flag.subjects and kind not in each.member.rule.then.except_kinds
            ]
            if flag.severity in _RAISED and flag.raised_by:
                flag.severity = _RAISED[flag.severity]
            else:
                flag.raised_by = []

    def _flag(self, flag: _Flagged) -> FlagDecided:
        rule = flag.spoken.member.rule
        reasons = dict.fromkeys(self._fill(each.member.rule.why, each) for each in flag.raised_by)
        why = self._fill(rule.why, flag.spoken) + (f";{'、'.join(reasons)},提高一级" if reasons else "")
        kind = self._kind(flag.spoken)
        theme = kind.split(".")[0] if kind else rule.theme
        quote = self.sheet.words.get(flag.spoken.subject or flag.spoken.matches[0].facts[0])
        decided = FlagDecided(rule.id, theme, flag.severity, why, kind)
        return replace(decided, quote_start=quote.start, quote_end=quote.end) if quote else decided

    def _promise(self, promises: dict[tuple[str, str], FollowUpDecided], spoken: _Spoken, severity: Severity) -> None:
        rule = spoken.member.rule
        for follow_up in rule.then.follow_ups:
            due = self._due(follow_up, severity)
            if due is None:
                continue
            what = self._fill(follow_up.what, spoken)
            # to look whether others kept their word is a reminder, not a deadline of its own
            how_urgent = Severity.P3 if follow_up.on_promised_day else severity
            made = FollowUpDecided(
                follow_up.owner, due, what, rule.id, how_urgent, self._kind(spoken), self._tells(rule)
            )
            before = promises.get((follow_up.owner, what))
            if before is None or made.due < before.due:
                promises[follow_up.owner, what] = made

    def _due(self, follow_up: FollowUp, severity: Severity) -> datetime | None:
        if follow_up.on_promised_day:
            return promised_moment(self.case, self.at)
        return self.at + (self.rules.duration(follow_up.within) if follow_up.within else self.rules.deadlines[severity])

    def _tells(self, rule: Rule) -> timedelta | None:
        """How often the workers of the estate are told of what the rule speaks of; None: they are not."""
        if not rule.then.tells_estate or rule.throttle is None:
            return None
        return self.rules.duration(rule.throttle.span)

    def _fill(self, template: str, spoken: _Spoken) -> str:
        try:
            return fill(template, spoken, self.sheet, self.case, self.vocabulary)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError) as fault:
            if self.at_a_loss_for_words is None:
                raise
            self.at_a_loss_for_words(spoken.member.rule.id, fault)
            return spoken.member.rule.label  # the flag stands, in plainer words

    def _kind(self, spoken: _Spoken) -> str | None:
        return None if spoken.subject is None else self.sheet.findings[spoken.subject].kind

    def _default(self, kind: str | None) -> Severity:
        return (self.vocabulary.kinds[kind].severity if kind else None) or Severity.P3
