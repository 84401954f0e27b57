"""Play the steps of a conversation, with a clock that only they move.

    with played_by(settings, files) as player:      # a fresh database below ``settings.data_dir``
        player.begin(conversation)
        for step in conversation.steps:
            happened = player.play(step)

While time passes (``wait``) the clock stops at each moment at which time alone does something, and all of it is done
before it goes on. While the service is down nothing is done until the end.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import func
from sqlmodel import col, select

from assistant.app import App, Files, build
from assistant.channels.base import Incoming
from assistant.domain.access import Role
from assistant.rehearsing import before, cast, stage
from assistant.rehearsing.cast import Post, Sent
from assistant.rehearsing.form import Conversation, Step
from assistant.schedule.clock import SetClock
from assistant.settings import Settings
from assistant.storage import escalations
from assistant.storage.escalations import Escalation
from assistant.storage.tables import Action, IntakeItem, Question, Report, Worker

#: time passes in steps of at most this much, so that a look at the clock that nothing announces is not far off
_LONGEST_STEP = timedelta(hours=6)
#: … and goes on where something waits that can't be done now
_STEP_PAST_WHAT_WAITS = timedelta(minutes=10)


@dataclass(frozen=True)
class Happened:
    """What one step led to. ``speaker`` is None where time passed."""

    speaker: Worker | None
    sent: tuple[Sent, ...] = ()
    escalated: tuple[Escalation, ...] = ()
    #: was a question put to the speaker?
    asks: bool = False
    #: why the step could not be played at all (a button that no message bears)
    failed: str | None = None

    @property
    def to_speaker(self) -> list[Sent]:
        """What the speaker was sent; where time passed, what anybody was. Not what a group is shown."""
        return [each for each in self._private if self.speaker is None or each.to.id == self.speaker.id]

    @property
    def to_others(self) -> list[Sent]:
        return [each for each in self._private if self.speaker is None or each.to.id != self.speaker.id]

    @property
    def to_group(self) -> list[Sent]:
        """What everybody of the workers' group can read."""
        return [each for each in self.sent if each.in_group]

    @property
    def _private(self) -> list[Sent]:
        return [each for each in self.sent if not each.in_group]


@dataclass
class Player:
    """One conversation at a time against one assistant."""

    app: App
    clock: SetClock
    post: Post = field(default_factory=Post)
    _stage: stage.Stage | None = None
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def begin(self, conversation: Conversation) -> None:
        """Put on record what the file says, let the time since then pass, and stand at its start."""
        past = before.past_of(conversation, self.app)
        self.clock.move_to(min([conversation.starts_at, *(each.at for each in past)]))
        with self.app.database.writing() as session:
            self._stage = stage.settle(session, conversation, self.app.now(), self.app.settings.tz)
        for each in past:
            self._let_pass_until(each.at)
            with self.app.database.writing() as session:
                before.file_past(session, each, self.app)
        self._let_pass_until(conversation.starts_at)

    def play(self, step: Step) -> Happened:
        """Do what the step says, and everything that follows from it until nothing is left to do."""
        sent_before, line = len(self.post.keys), self._last_line()
        asked_before = self._last_asked()
        speaker, failed = self._do(step)
        with self.app.database.reading() as session:
            happened = Happened(
                speaker,
                tuple(self.post.read(session, sent_before)),
                tuple(escalations.since(session, line)),
                failed=failed,
            )
        return happened if speaker is None else self._with_asked(happened, asked_before)

    def _do(self, step: Step) -> tuple[Worker | None, str | None]:
        if step.wait is not None:
            self._let_pass_until(self.clock.now() + step.wait)
            return None, None
        if step.down is not None:
            self.clock.move_on(step.down)
            self._settle_down()
            return None, None
        if step.tap is not None:
            return self._tap(step.tap.says, step.tap.name)
        role = Role(step.kind)
        said = getattr(step, step.kind)
        speaker = self.whoever_is(role, said.name)
        self._say(speaker, said.says, in_group=said.in_group)
        return speaker, None

    def whoever_is(self, role: Role, name: str | None) -> Worker:
        """Who speaks; somebody new of that name joins where nobody bears it."""
        with self.app.database.writing() as session:
            if name is None:
                return cast.whoever(session, role, self.post)
            there = cast.called(session, name, role, self.app.replies)
            assert self._stage is not None
            return there or stage.enrol(session, self._stage, name, role, self.app.now())

    def _tap(self, label: str, name: str | None) -> tuple[Worker | None, str | None]:
        with self.app.database.reading() as session:
            bearing = [
                each
                for each in self.post.read(session, 0)
                if any(_is_label(button, label) for button in each.buttons) and name in (None, each.to.name)
            ]
        # a bare tap is the worker's, unless only others were given such a button
        of_workers = [each for each in bearing if each.to.role is Role.WORKER]
        newest = next(reversed(of_workers or bearing), None)
        if newest is None:
            return None, f"没有哪条消息带“{label}”这个按钮"
        button = next(each for each in newest.buttons if _is_label(each, label))
        self._say(newest.to, button, reply_to=newest.sent_as)
        return newest.to, None

    def _say(self, speaker: Worker, text: str, reply_to: str | None = None, *, in_group: bool = False) -> None:
        self.app.receive(
            Incoming(
                channel=stage.CHANNEL,
                message_id=f"m{next(self._numbers)}",
                account=speaker.name,
                text=text,
                sent_at=self.app.now(),
                reply_to=reply_to,
                chat=stage.GROUP if in_group else "",
                is_group=in_group,
            )
        )
        self._settle_down()

    def _settle_down(self) -> None:
        self.app.settle_down({stage.CHANNEL: self.post})

    def _let_pass_until(self, end: datetime) -> None:
        self._settle_down()
        while self.clock.now() < end:
            self.clock.move_to(min(end, self._next_moment()))
            self._settle_down()

    def _next_moment(self) -> datetime:
        """The next moment at which time alone does something, some hours from now at the latest."""
        now, announced = self.clock.now(), self.app.next_moment()
        with self.app.database.reading() as session:
            retried = session.exec(
                select(IntakeItem.next_attempt_at)
                .where(col(IntakeItem.handled_at).is_(None), col(IntakeItem.next_attempt_at) > now)
                .order_by(col(IntakeItem.next_attempt_at))
                .limit(1)
            ).all()
        moments = [now + _LONGEST_STEP, announced if announced > now else now + _STEP_PAST_WHAT_WAITS, *retried]
        return min(moments)

    def _last_line(self) -> int:
        with self.app.database.reading() as session:
            return session.exec(select(func.max(Action.id))).one() or 0

    def _last_asked(self) -> tuple[int, int]:
        """The newest question on record, and the newest message."""
        with self.app.database.reading() as session:
            question = session.exec(select(func.max(Question.id))).one() or 0
            return question, session.exec(select(func.max(Report.id))).one() or 0

    def _with_asked(self, happened: Happened, asked_before: tuple[int, int]) -> Happened:
        """Was something asked back: a question on record, or an answer that ends in one?"""
        assert happened.speaker is not None
        question, report = asked_before
        with self.app.database.reading() as session:
            questions = session.exec(select(Question.account_id).where(col(Question.id) > question)).all()
            reports = session.exec(
                select(Report.asked).where(Report.worker_id == happened.speaker.id, col(Report.id) > report)
            ).all()
        said = any(each.text.rstrip().endswith(("？", "?")) for each in happened.to_speaker)
        asks = bool(questions) or any(reports) or said
        return Happened(happened.speaker, happened.sent, happened.escalated, asks, happened.failed)


def _is_label(button: str, label: str) -> bool:
    return button == label or button.rstrip("…") == label.rstrip("…")


@contextmanager
def played_by(settings: Settings, files: Files) -> Iterator[Player]:
    """An assistant on ``settings``' database, with a clock that stands until a conversation begins."""
    clock = SetClock(datetime.fromisoformat("2026-01-01T00:00:00+08:00"))
    app = build(settings, clock, files)
    try:
        yield Player(app, clock)
    finally:
        app.close()
