"""What a running service decides by: the published book, taken up between two turns, without a restart.

    rules = RulesInUse(database, matcher, version, cache)
    if rules.catch_up(): ...        # rules.matcher and rules.version are the new ones

A book that does not load here, or whose scenarios do not come out, is not put to use: the one in use stays, and
``trouble`` says why.
"""

from collections.abc import Callable
from pathlib import Path

from assistant.decide.trial import put_to_use
from assistant.domain.errors import EngineError, RuleBookError
from assistant.storage import rulebooks
from assistant.storage.database import Database
from rules.engine.book import load_rules
from rules.engine.edition import unpack
from rules.engine.matcher import Matcher
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
        on_fault: Callable[[str, str], None] | None = None,
    ) -> None:
        self.matcher = matcher
        self.version = version
        #: why the published book is not in use; None while it is
        self.trouble: str | None = None
        self._database = database
        self._cache = cache
        self._vocabulary = vocabulary
        self._on_fault = on_fault
        self._refused: str | None = None

    def catch_up(self) -> bool:
        """Take up what is published now. Was there anything new?"""
        with self._database.reading() as session:
            version = rulebooks.published_version(session)
            if version is None or version in (self.version, self._refused):
                return False
            kept = rulebooks.pointed_at(session, rulebooks.PUBLISHED)
        if kept is None:
            return False
        try:
            book = load_rules(unpack(kept.content, self._cache), self._vocabulary)
            self.matcher = put_to_use(book, self.matcher, self._on_fault)
        except (RuleBookError, EngineError) as fault:
            self._refused, self.trouble = kept.version, f"已发布的规则书 {kept.version} 用不起来:{fault}"
            return False
        self.version, self.trouble, self._refused = kept.version, None, None
        return True
