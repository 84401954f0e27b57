"""The assistant of one community, put together from its settings: it alone sees everything.

    app = build(Settings())
    app.receive(incoming)           # kept for good when this returns
    app.settle_down()               # handle and send all that waits, now, in this thread
    with app.running(channels):     # … or by threads, until the block ends
        ...

Nothing is started by building. A broken rule, phrase or reply file, or a database that can't be used, stops it here
with an error in Chinese.
"""

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from assistant import intake
from assistant.channels.base import Incoming, SendFailed
from assistant.decide.explaining import why_not_more
from assistant.decide.pace import pace_in
from assistant.domain.errors import StorageError
from assistant.domain.reports import CaseReading, KnownHousehold
from assistant.domain.retention import Periods
from assistant.outbox.deliver import Sender, deliver_next
from assistant.publishing.desk import RuleDesk
from assistant.publishing.running import RulesInUse
from assistant.schedule.clock import Clock, SystemClock, stopwatch
from assistant.schedule.courtesy import Courtesy
from assistant.schedule.loop import Loop
from assistant.schedule.quiet import QuietHours
from assistant.schedule.retention import RetentionRound
from assistant.schedule.watch import Watch
from assistant.settings import Settings
from assistant.storage.database import Database
from assistant.storage.evidence_folder import EvidenceFolder
from assistant.turn import Minds, Turn
from assistant.turn.hearing import Beside, load_beside
from assistant.turn.rounds import Rounds
from assistant.turn.rule_troubles import tell_of_rule_off
from assistant.turn.station_round import StationRound
from assistant.understand.reader import Reader
from knowledge import book as knowledge_book
from knowledge.book import Book, load_book
from knowledge.replies import Replies, load_replies
from knowledge.retention import load_retention
from rules.engine.book import OWN as OWN_RULES
from rules.engine.book import RuleBook, load_rules
from rules.engine.calendar import is_working_day
from rules.engine.edition import read_texts, version_of
from rules.engine.inforce import RulesInForce
from rules.engine.matcher import Matcher
from rules.engine.opening import open_matcher
from rules.engine.vocabulary import Vocabulary, load_vocabulary

_log = logging.getLogger(__name__)

#: files below a folder that say what it knows
_KNOWLEDGE_FILES = ("*.yaml", "*.md")
#: how long a loop rests when there is nothing to do, in seconds
_REST_OF_TURN = 0.5
_REST_OF_DELIVERY = 0.5
_REST_OF_SCHEDULE = 1.0
#: steps that run when it is told to stop have so many seconds: systemd kills after 30
_STOPS_WITHIN = 15.0


def _nothing() -> None:
    """What there is to leave where nothing waits for messages."""


@dataclass
class App:
    """Everything wired. ``faults`` counts what went wrong in the background, by where."""

    settings: Settings
    database: Database
    clock: Clock
    minds: Minds
    rules: RulesInUse
    turn: Turn
    watch: Watch
    rounds: Rounds
    station_round: StationRound
    retention: RetentionRound
    #: the rule book for the pages: read, tried, drafted, published
    rule_desk: RuleDesk
    faults: Counter[str] = field(default_factory=Counter)
    _loops: list[Loop] = field(default_factory=list)

    @property
    def matcher(self) -> Matcher:
        """What matches now: it changes when a rule book is published."""
        return self.rules.matcher

    @property
    def replies(self) -> Replies:
        return self.minds.replies

    def now(self) -> datetime:
        """The present moment in the community's zone."""
        return self.clock.now().astimezone(self.settings.tz)

    def receive(self, incoming: Incoming) -> int:
        """Keep a message: it is committed when this returns its id. Raises StorageError when it can't be kept."""
        item_id, _ = intake.put(self.database, incoming, self.clock.now())
        self._wake()
        return item_id

    def settle_down(self, channels: Mapping[str, Sender] | None = None) -> None:
        """Handle what waits, remind of what is due, and send what can be sent, until nothing is left to do now."""
        while self._next_turn() or self._look() or self._deliver(channels or {}):
            pass

    def _deliver(self, channels: Mapping[str, Sender]) -> bool:
        return any(deliver_next(self.database, name, sender, self.clock) for name, sender in channels.items())

    @contextmanager
    def running(
        self,
        channels: Mapping[str, Sender],
        also: Mapping[str, Callable[[], bool]] | None = None,
        leave: Callable[[], None] = _nothing,
    ) -> Iterator["App"]:
        """Let threads handle, remind and send while the block runs; each step that began is ended before it is left.

        ``also`` are further steps, each in a thread of its own: what channels do to get at their messages. ``leave`` is
        called when the block ends, and lets those that wait for messages wait no longer. A step that takes longer than
        ``_STOPS_WITHIN`` is left behind, as when the program is killed: nothing of it is lost.
        """
        self._loops = [
            Loop("turn", self._turn_and_pass_on, self._count_fault, _REST_OF_TURN),
            Loop("schedule", self._look, self._count_fault, _REST_OF_SCHEDULE),
            *(
                Loop(f"send {name}", self._sending(name, each), self._count_fault, _REST_OF_DELIVERY)
                for name, each in channels.items()
            ),
            *(Loop(name, step, self._count_fault, _REST_OF_DELIVERY) for name, step in (also or {}).items()),
        ]
        for loop in self._loops:
            loop.start()
        try:
            yield self
        finally:
            self._stop(leave)

    def _stop(self, leave: Callable[[], None]) -> None:
        """All at once, so that the whole takes as long as the longest."""
        for loop in self._loops:
            loop.begin_stopping()
        leave()
        end = stopwatch() + _STOPS_WITHIN
        for loop in self._loops:
            if not loop.stop(max(0.0, end - stopwatch())):
                _log.warning("%s: did not come to its end", loop.name)
        self._loops = []

    def stopped(self) -> list[str]:
        """The names of the threads that should run now and don't."""
        return [loop.name for loop in self._loops if not loop.is_running]

    def _turn_and_pass_on(self) -> bool:
        worked = self._next_turn()
        if worked:
            self._wake()
        return worked

    def _look(self) -> bool:
        """Call and remind of what has come to its moment, and make the day's rounds."""
        return self.watch.look() or self.rounds.look(self.minds) or self.station_round.look() or self.retention.look()

    def next_moment(self) -> datetime:
        """When time alone will do something next, if nobody speaks: for a clock that leaps."""
        return min(self.watch.next_moment(), self.station_round.next_moment())

    def _next_turn(self) -> bool:
        """Handle the next message by the rules that are published now."""
        if self.rules.catch_up():
            self.minds = replace(
                self.minds,
                explain_silence=_explaining_by(self.rules.matcher),
                rule_book_version=self.rules.version,
                episode_window=_episode_window(self.rules.matcher, self.now()),
                acknowledge_within=pace_in(self.rules.matcher.book.on(self.now().date())).acknowledge,
            )
            self.turn = replace(self.turn, minds=self.minds)
        if self.rules.trouble is not None and not self.faults["rules"]:
            self.faults["rules"] += 1
            _log.error("rules: %s", self.rules.trouble)
        worked = self.turn.handle_next()
        for rule in self.rules.note_troubles(self.clock.now()):
            self.faults[f"rule {rule}"] += 1
            with self.database.writing() as session:
                tell_of_rule_off(session, rule, self.rules.version, self.replies, self.clock.now())
        return worked

    def _sending(self, name: str, sender: Sender) -> Callable[[], bool]:
        return lambda: deliver_next(self.database, name, sender, self.clock)

    def _wake(self) -> None:
        for loop in self._loops:
            loop.wake()

    def _count_fault(self, where: str, error: Exception) -> None:
        self.faults[where] += 1
        # words of ours say what to mend; those of others may hold somebody's, and are on the message that was set aside
        says = f": {error}" if isinstance(error, StorageError | SendFailed) else ""
        _log.error("%s: %s%s", where, type(error).__name__, says)

    def describe(self) -> str:
        """Chinese lines for whoever starts it: where the data is, and what does the matching."""
        shown = self.database.engine.url.render_as_string(hide_password=True)
        trouble = f"\n{self.rules.trouble}" if self.rules.trouble else ""
        return f"数据:{shown}\n{self.matcher.describe()}\n规则书:{self.rules.version}{trouble}"

    def close(self) -> None:
        """Let go of the engine's child process and the database."""
        self.matcher.close()
        self.database.close()


@dataclass(frozen=True)
class Files:
    """What the folders of knowledge and rules say, read once: any number of assistants can be built from it."""

    book: Book
    reader: Reader
    replies: Replies
    beside: Beside
    vocabulary: Vocabulary
    rule_book: RuleBook
    periods: Periods
    knowledge_version: str
    rule_book_version: str

    @classmethod
    def read(cls, settings: Settings) -> "Files":
        """Raises KnowledgeError and RuleBookError, with file and line, for what is wrong in them."""
        knowledge_dir = settings.knowledge_dir or knowledge_book.OWN
        rules_dir = settings.rules_dir or OWN_RULES
        book = load_book(knowledge_dir)
        vocabulary = load_vocabulary(knowledge_dir)
        return cls(
            book=book,
            reader=Reader(book),
            replies=load_replies(knowledge_dir, settings.responder_phones),
            beside=load_beside(knowledge_dir, book, settings.responder_phones),
            vocabulary=vocabulary,
            rule_book=load_rules(rules_dir, vocabulary),
            periods=load_retention(knowledge_dir),
            knowledge_version=_version_of(knowledge_dir),
            rule_book_version=version_of(read_texts(rules_dir)),
        )


def build(settings: Settings, clock: Clock | None = None, files: Files | None = None) -> App:
    """Put the assistant together. Raises WeiguangError (of knowledge, rule book or storage) when that can't be done.

    ``files`` spares reading the folders again where several assistants are built in one process.
    """
    clock = clock or SystemClock()
    files = files or Files.read(settings)
    replies = files.replies
    database = Database.open(settings.database_url)
    matcher = open_matcher(files.rule_book, on_fault=lambda name, about: rules.engine_failed(name, about))
    rules = RulesInUse(database, matcher, files.rule_book_version, settings.data_dir / "rules", files.vocabulary)
    rules.catch_up()
    quiet = QuietHours(settings.quiet_from, settings.quiet_until, settings.tz)
    minds = Minds(
        read=files.reader.read,
        decide=rules.decide,
        explain_silence=_explaining_by(rules.matcher),
        replies=replies,
        says_done=_done_words(files.book, replies),
        beside=files.beside,
        knowledge_version=files.knowledge_version,
        rule_book_version=rules.version,
        episode_window=_episode_window(rules.matcher, clock.now().astimezone(settings.tz)),
        acknowledge_within=pace_in(rules.matcher.book.on(clock.now().astimezone(settings.tz).date())).acknowledge,
        not_at_night=quiet.not_in_them,
        hears_voices=settings.transcriber is not None,
    )

    def rules_of(day: date) -> RulesInForce:
        return rules.matcher.book.on(day)

    return App(
        settings=settings,
        database=database,
        clock=clock,
        minds=minds,
        rules=rules,
        rule_desk=RuleDesk(
            database,
            own=read_texts(settings.rules_dir or OWN_RULES),
            vocabulary=files.vocabulary,
            read=files.reader.read,
            cache=settings.data_dir / "rules",
            zone=settings.tz,
        ),
        turn=Turn(database, clock, minds, settings.tz, settings.estate),
        watch=Watch.over(
            database,
            clock,
            Courtesy(quiet, settings.prompts_a_day),
            replies,
            pace=lambda now: pace_in(rules_of(now.astimezone(settings.tz).date())),
            is_working_day=lambda day: is_working_day(rules_of(day).calendar, day),
        ),
        rounds=Rounds(database, clock, settings.tz, settings.round_at),
        station_round=StationRound(
            database, clock, replies, settings.tz, settings.quiet_until, settings.quiet_from, settings.station_look_at
        ),
        retention=RetentionRound(
            database,
            clock,
            EvidenceFolder(settings.evidence_dir),
            files.periods,
            settings.tz,
            settings.retention_at,
        ),
    )


def _explaining_by(matcher: Matcher) -> Callable[[CaseReading, KnownHousehold, datetime], str | None]:
    def explain_silence(case: CaseReading, known: KnownHousehold, at: datetime) -> str | None:
        return why_not_more(case, known, at, matcher)

    return explain_silence


def _episode_window(matcher: Matcher, now: datetime) -> timedelta:
    """Within what span findings at one household are one episode, by the rule book of the day."""
    rules = matcher.book.on(now.date())
    return rules.duration("episode_days") if "episode_days" in rules.parameters else Minds.episode_window


def _done_words(book: Book, replies: Replies) -> Callable[[str], bool]:
    """Do words say no more than that it is done: the button's label, or one of the knowledge's words for it alone."""
    words = book.cues["resolved"] | {replies.buttons.done}
    around = " 。.!！,，哈嘛哦"

    def says_done(text: str) -> bool:
        return text.strip() in words or text.strip(around) in words

    return says_done


def _version_of(folder: Path) -> str:
    """A short name for exactly this content of a folder's data files."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in _KNOWLEDGE_FILES for path in folder.rglob(pattern)):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
