"""What a running service decides by: the published book, taken up between two turns, without a restart.

    rules = RulesInUse(database, matcher, version, cache)
    if rules.catch_up(): ...        # rules.matcher and rules.version are the new ones

A rule that fails is left out of the case at hand and counted; one that fails too often is switched off (troubles.py).
A book that does not load here, or whose scenarios do not come out, is not put to use: the one in use stays, and
``trouble`` says why.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from assistant.decide.careful import Trouble, decide_carefully
from assistant.decide.trial import put_to_use
from assistant.domain.casework import Decision
from assistant.domain.errors import EngineError, RuleBookError
from assistant.domain.reports import KnownHousehold, Reading, Severity
from assistant.storage import rulebooks
from assistant.storage import troubles as store
from assistant.storage.database import Database
from assistant.storage.ledger import Ledger
from rules.engine.book import RuleBook, load_rules
from rules.engine.edition import unpack
from rules.engine.matcher import Matcher
from rules.engine.opening import open_matcher
from rules.engine.vocabulary import Vocabulary


class RulesInUse:
    """Starts with the book that came with the program (or the settings' folder); follows what is published."""

    def __init__(
        self,
        database: Database,
        matcher: Matcher,
        version: str,
        cache: Path,
        vocabulary: Vocabulary,
    ) -> None:
        self.matcher = matcher
        self.version = version
        #: why the published book is not in use; None while it is
        self.trouble: str | None = None
        self._database = database
        self._cache = cache
        self._vocabulary = vocabulary
        self._refused: str | None = None
        self._whole: RuleBook = matcher.book
        #: rules that failed too often and are left out until a person has set them right
        self.off: frozenset[str] = frozenset()
        self._troubles: list[Trouble] = []

    def decide(self, reading: Reading, known: Sequence[KnownHousehold], at: datetime) -> tuple[Decision, ...]:
        """What follows by the book in use; what fails is kept for ``note_troubles``."""
        return decide_carefully(reading, known, at, self.matcher, self._troubles.append)

    def engine_failed(self, name: str, about: str = "") -> None:
        """The engine's child crashed, hung or failed; the reference matcher answered instead."""
        self._troubles.append(Trouble(store.THE_ENGINE, "", name))

    def called(self, rule: str) -> str | None:
        """The title of a rule of the book in use, also of one that is switched off; None for one that it has not."""
        found = self._whole.by_id.get(rule)
        return found.label if found is not None else None

    def note_troubles(self, now: datetime) -> list[str]:
        """Put on record what failed since the last time. The rules that were switched off for it."""
        troubles, self._troubles = self._troubles, []
        if not troubles:
            return []
        off: list[str] = []
        with self._database.writing() as session:
            ledger = Ledger(session, now)
            for each in troubles:
                may = each.rule in self._whole.by_id and not self._calls_out_p0(each.rule or "")
                if store.note(ledger, each.rule, self.version, each.key, each.error, may) and each.rule:
                    off.append(each.rule)
        return off

    def _calls_out_p0(self, rule: str) -> bool:
        found = self._whole.by_id.get(rule)
        if found is None:
            return False
        kinds = (
            self._vocabulary.kinds[kind].severity for kind in found.codes("kind") if kind in self._vocabulary.kinds
        )
        derived = self._vocabulary.kinds[found.then.finds].severity if found.then.finds else None
        return Severity.P0 in {found.then.severity, derived, *(kinds if found.then.by_kind else ())}

    def catch_up(self) -> bool:
        """Take up what is published now. Was there anything new?"""
        with self._database.reading() as session:
            version = rulebooks.published_version(session)
            off = store.switched_off(session, self.version)
            if version is None or version in (self.version, self._refused):
                return self._leave_out(off)
            kept = rulebooks.pointed_at(session, rulebooks.PUBLISHED)
        if kept is None:
            return False
        try:
            book = load_rules(unpack(kept.content, self._cache), self._vocabulary)
            self.matcher = put_to_use(book, self.matcher, self.engine_failed)
        except (RuleBookError, EngineError) as fault:
            self._refused, self.trouble = kept.version, f"已发布的规则书 {kept.version} 用不起来:{fault}"
            return False
        self.version, self.trouble, self._refused = kept.version, None, None
        self._whole, self.off = book, frozenset()
        return True

    def _leave_out(self, off: frozenset[str]) -> bool:
        """Decide without the rules that are switched off, or with them again."""
        if off == self.off:
            return False
        rules = tuple(rule for rule in self._whole.rules if rule.id not in off)
        fresh = open_matcher(replace(self._whole, rules=rules, _editions={}), self.engine_failed)
        self.matcher.close()
        self.matcher, self.off = fresh, off
        return True
