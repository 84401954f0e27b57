"""The rule book at somebody's desk: what is in use, a draft beside it, a sentence tried, a draft tried on the record.

    desk = RuleDesk(database, own=read_texts(folder), vocabulary=…, read=reader.read, cache=folder, zone=zone)
    desk.in_use().book                                  # what services decide by
    desk.try_words("3-2-501软管老化", now)              # why, and why not
    desk.keep(viewer, "gas.rules.yaml", text, base, now)  # a draft; RuleBookError says file, line and how to mend it
    desk.backtest(draft, since)                         # counts only: no door, no name
    desk.publish(viewer, version, now)                  # the draft that was looked at, and no other

A draft decides nothing and sends nothing. What is tried is kept nowhere.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from assistant.decide.explaining import Explained, explain
from assistant.decide.trial import left_out, put_to_use
from assistant.domain.casework import FlagDecided, Responder
from assistant.domain.errors import NotAllowed, RuleBookError, StorageError
from assistant.domain.reports import CaseReading, Message, Reading, Severity
from assistant.domain.rights import Right, Viewer
from assistant.publishing.changes import Changes, compare, dates_in_the_past
from assistant.publishing.publishing import Outcome, affected, keep_draft, publish
from assistant.publishing.replaying import backtest
from assistant.storage import rulebooks
from assistant.storage.database import Database
from assistant.storage.ledger import Ledger
from assistant.storage.tables import KeptRuleBook
from rules.engine.book import RuleBook, load_rules
from rules.engine.edition import unpack, version_of
from rules.engine.reference import ReferenceMatcher
from rules.engine.scenarios import load_scenarios
from rules.engine.vocabulary import Vocabulary

#: loaded books that are kept at hand: the one in use, the draft, and one that somebody goes back to
_AT_HAND = 3


@dataclass(frozen=True)
class Edition:
    """One rule book that loads, with its texts."""

    version: str
    texts: Mapping[str, str]
    book: RuleBook


@dataclass(frozen=True)
class Differing:
    """Flags of one rule that differ: how many, and how urgent the worst is."""

    rule: str
    label: str
    severity: Severity
    count: int


@dataclass(frozen=True)
class Load:
    """What one responder has to do by the book in use and by the draft."""

    owner: Responder
    now: int
    then: int


@dataclass(frozen=True)
class Tried:
    """A back-test without anybody's door or name. ``set_aside`` reports could not be decided again."""

    since: datetime
    looked_at: int
    set_aside: int
    newly: tuple[Differing, ...]
    no_longer: tuple[Differing, ...]
    moved: tuple[Differing, ...]
    loads: tuple[Load, ...]


class RuleDesk:
    """``own`` is the book that came with the program; ``read`` reads a message without any record."""

    def __init__(
        self,
        database: Database,
        *,
        own: Mapping[str, str],
        vocabulary: Vocabulary,
        read: Callable[[Message], Reading],
        cache: Path,
        zone: tzinfo,
    ) -> None:
        self._database = database
        self._own = dict(own)
        self._vocabulary = vocabulary
        self._read = read
        self._cache = cache
        self._zone = zone
        self._loaded: dict[str, RuleBook] = {}

    def in_use(self) -> Edition:
        """What is published, else what came with the program."""
        return self._edition(self._texts_of(rulebooks.PUBLISHED) or self._own)

    def draft_texts(self) -> Mapping[str, str] | None:
        """The files of the draft; None where there is none, or it is what is in use."""
        texts = self._texts_of(rulebooks.DRAFT)
        in_use = self._texts_of(rulebooks.PUBLISHED) or self._own
        return None if texts is None or version_of(texts) == version_of(in_use) else texts

    def draft(self) -> Edition | None:
        """The draft that differs from what is in use. Raises RuleBookError for one that does not load here."""
        texts = self.draft_texts()
        return self._edition(texts) if texts is not None else None

    def working_copy(self) -> tuple[str, Mapping[str, str]]:
        """What an edit starts from: the draft, else what is in use; with its version."""
        texts = self.draft_texts() or self._texts_of(rulebooks.PUBLISHED) or self._own
        return version_of(texts), texts

    def kept(self) -> Sequence[KeptRuleBook]:
        """The books that were in use here once and can be gone back to, newest first."""
        with self._database.reading() as session:
            published = rulebooks.ever_published(session)
            return [book for book in rulebooks.all_kept(session) if book.id in published]

    @property
    def own_version(self) -> str:
        """The book that came with the program: it can always be gone back to."""
        return version_of(self._own)

    def try_words(self, words: str, now: datetime, edition: Edition) -> list[tuple[CaseReading, Explained]]:
        """What the words say by themselves, and what follows by this book: no record counts, nothing is kept."""
        at = now.astimezone(self._zone)
        matcher = ReferenceMatcher(edition.book)
        cases = self._read(Message("try", words, at)).cases
        return [(case, explain(case, None, at, matcher)) for case in cases]

    def changes(self, draft: Edition, now: datetime) -> tuple[Changes, int]:
        """How the draft differs from what is in use, and how many households it can touch."""
        changes = compare(self.in_use().book, draft.book, now.astimezone(self._zone).date())
        with self._database.reading() as session:
            reached = 0 if changes.is_empty else len(affected(session, changes.reach, now))
        return changes, reached

    def keep(self, viewer: Viewer, file: str, text: str, base: str, now: datetime) -> str:
        """Put this text of one file into the draft. The draft's version.

        Raises RuleBookError where the book would not load, StorageError where somebody changed the draft since
        ``base`` was shown, NotAllowed for a file that the book does not have.
        """
        _require(viewer)
        version, there = self.working_copy()
        texts = dict(there)
        if file not in texts:
            raise NotAllowed("规则书里没有这个文件。")
        if version != base:
            raise StorageError("您改的时候，别人存过草稿。请打开新的草稿再改；您写的还在下面，可以先抄出来。")
        texts[file] = text.replace("\r\n", "\n").rstrip("\n") + "\n"
        load_scenarios(self._edition(texts).book)
        return keep_draft(self._database, texts, now, viewer.worker_id)

    def discard(self, viewer: Viewer, now: datetime) -> None:
        """Let the draft be what is in use."""
        _require(viewer)
        keep_draft(self._database, self.in_use().texts, now, viewer.worker_id)

    def backtest(
        self, draft: Edition, since: datetime, on_progress: Callable[[int, int], None] = lambda done, of: None
    ) -> Tried:
        """Decide all that was reported since then by both books. Blocks for as long as that takes."""
        in_use = self.in_use()
        old, new = ReferenceMatcher(in_use.book), ReferenceMatcher(draft.book)
        with self._database.reading() as session:
            found = backtest(session, old, new, since, self._zone, on_progress)
        return Tried(
            since,
            found.looked_at,
            found.set_aside.total(),
            _by_rule([flag for _, flag in found.newly], draft.book),
            _by_rule([flag for _, flag in found.no_longer], in_use.book),
            _by_rule([flag for _, _, flag in found.moved], draft.book),
            tuple(
                Load(owner, was, will)
                for owner, (was, will) in sorted(found.by_owner.items(), key=lambda each: -max(each[1]))
            ),
        )

    def publish(self, viewer: Viewer, version: str, now: datetime, note: str | None = None) -> Outcome:
        """Publish the draft of this version, after all its scenarios came out as written.

        Raises RuleBookError for a scenario that does not, a kind without any rule left or a number of days gone by,
        EngineError where the engine disagrees, StorageError where the draft or the published book changed meanwhile.
        """
        _require(viewer)
        draft = self.draft()
        if draft is None or draft.version != version:
            raise StorageError("草稿刚才变了，这次没有发布。请看过新的草稿再来一次。")
        in_use = self.in_use()
        for fault in dates_in_the_past(in_use.book, draft.book, now.astimezone(self._zone).date()):
            raise fault
        left_before = set(left_out(in_use.book))
        for missing in left_out(draft.book):
            if missing not in left_before:
                raise RuleBookError("规则书", None, missing, "请给它留一条规则")
        outcome = self._publish(viewer, draft, now, note)
        if note:
            self._note(viewer, version, note, now)
        return outcome

    def roll_back(self, viewer: Viewer, version: str, now: datetime) -> Outcome:
        """Publish a book again that was in use once. Raises as ``publish`` does, NotAllowed for any other version."""
        _require(viewer)
        texts = next((book.content for book in self.kept() if book.version == version), None)
        if texts is None and version == self.own_version:
            texts = self._own
        if texts is None:
            raise NotAllowed("没有这个版本。")
        return self._publish(viewer, self._edition(texts), now, f"回到 {version}")

    def _publish(self, viewer: Viewer, edition: Edition, now: datetime, note: str | None) -> Outcome:
        put_to_use(edition.book).close()
        in_use = self.in_use()
        return publish(
            self._database,
            edition.texts,
            old=ReferenceMatcher(in_use.book),
            new=ReferenceMatcher(edition.book),
            now=now,
            zone=self._zone,
            worker_id=viewer.worker_id,
            old_version=in_use.version,
            note=note,
        )

    def _note(self, viewer: Viewer, version: str, note: str, now: datetime) -> None:
        """A draft was kept before anybody said what it is for. The words stand on the book, not on the ledger."""
        with self._database.writing() as session:
            kept = rulebooks.of_version(session, version)
            if kept is not None and kept.note is None:
                kept.note = note
                session.add(kept)
                Ledger(session, now, viewer.worker_id).notes(kept, "noted")

    def _texts_of(self, name: str) -> Mapping[str, str] | None:
        with self._database.reading() as session:
            kept = rulebooks.pointed_at(session, name)
            return dict(kept.content) if kept is not None else None

    def _edition(self, texts: Mapping[str, str]) -> Edition:
        version = version_of(texts)
        book = self._loaded.get(version)
        if book is None:
            book = load_rules(unpack(texts, self._cache), self._vocabulary)
            # a new dict each time: two requests may load side by side
            self._loaded = dict([*self._loaded.items(), (version, book)][-_AT_HAND:])
        return Edition(version, texts, book)


def _require(viewer: Viewer) -> None:
    """The book holds for the whole community: the role decides, no area does."""
    if not viewer.has(Right.PUBLISH_RULES):
        raise NotAllowed("您的身份不能改规则书。")


def _by_rule(flags: Sequence[FlagDecided], book: RuleBook) -> tuple[Differing, ...]:
    counts = Counter(flag.rule for flag in flags)
    worst = {flag.rule: flag.severity for flag in sorted(flags, key=lambda each: -each.severity.urgency)}
    found = [
        Differing(rule, book.by_id[rule].label if rule in book.by_id else rule, worst[rule], count)
        for rule, count in counts.items()
    ]
    return tuple(sorted(found, key=lambda each: (each.severity.urgency, -each.count, each.rule)))
