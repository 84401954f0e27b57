"""The turn of one message inside its transaction: who wrote, where, and what every step of it needs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from assistant.dialogue.compose import Reply
from assistant.domain.access import Retention
from assistant.domain.casework import Decision
from assistant.domain.reports import Intent, KnownHousehold, Reading
from assistant.outbox import queue as outbox
from assistant.storage import codec, evidence, history, records
from assistant.storage.columns import new
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Account, Estate, IntakeItem, Purpose, ReadingMade, Report, Worker
from assistant.turn.minds import Minds
from knowledge.replies import Replies


@dataclass(frozen=True)
class Course:
    """``at`` is when the message was sent, in the community's zone; ``now`` is when it is handled."""

    minds: Minds
    session: Session
    item: IntakeItem
    now: datetime
    at: datetime
    default_estate: str | None
    checkpoint: Callable[[str], None]

    @property
    def replies(self) -> Replies:
        return self.minds.replies

    def reading_of(self, report: Report) -> Reading:
        """The reading in force of an earlier report."""
        return self._reading(report, col(ReadingMade.id).desc())

    def first_reading_of(self, report: Report) -> Reading:
        """What was understood of an earlier report when it came."""
        return self._reading(report, col(ReadingMade.id).asc())

    def _reading(self, report: Report, order: Any) -> Reading:
        made = self.session.exec(select(ReadingMade).where(ReadingMade.report_id == report.id).order_by(order)).first()
        return codec.from_json(made.content) if made is not None else Reading(Intent.OTHER)

    def reply(
        self,
        reply: Reply,
        worker: Worker | None = None,
        account: Account | None = None,
        report: Report | None = None,
    ) -> None:
        """Answer in the chat where the message was written; once for a message, however often it is handled.

        ``report`` is what the answer's buttons are about.
        """
        outbox.enqueue(
            self.session,
            key=f"reply:{self.item.id}",
            purpose=Purpose.REPLY,
            area_id=worker.area_id if worker is not None else None,
            channel=self.item.channel,
            address=self.item.chat,
            text=reply.text,
            now=self.now,
            worker_id=worker.id if worker is not None else None,
            account_id=account.id if account is not None else None,
            buttons=reply.buttons,
            report_id=report.id if report is not None else None,
        )

    def reply_in_private(self, reply: Reply, worker: Worker, report: Report) -> None:
        """What a message in a group is answered with goes to its writer alone; once, as ``reply``."""
        outbox.tell(
            self.session,
            worker,
            key=f"reply:{self.item.id}:private",
            purpose=Purpose.REPLY,
            text=reply.text,
            now=self.now,
            buttons=reply.buttons,
            report_id=report.id,
        )

    def put_report(self, worker: Worker, account: Account, estate: Estate | None, **about: Any) -> Report:
        """The message's words on record. A message that was set aside and is tried again has its report already."""
        there = self.session.exec(
            select(Report).where(Report.channel == self.item.channel, Report.message_id == self.item.message_id)
        ).first()
        if there is not None:
            Ledger(self.session, self.now, worker.id, there.id).changes(there, "read_again", **about)
            return there
        row = new(
            Report,
            area_id=worker.area_id,
            retention=Retention.ROUTINE,
            channel=self.item.channel,
            message_id=self.item.message_id,
            estate_id=estate.id if estate is not None else None,
            worker_id=worker.id,
            account_id=account.id,
            text=self.item.text,
            text_bytes=self.item.text_bytes,
            sent_at=self.at,
            received_at=self.item.received_at,
            **about,
        )
        report = Ledger(self.session, self.now, worker.id).adds(row, "reported")
        evidence.hang_under(self.session, report, self.item)
        return report


@dataclass(frozen=True)
class Reported:
    """A course whose writer, estate and report are known: what reading, correcting and answering work on."""

    course: Course
    account: Account
    worker: Worker
    estate: Estate
    report: Report

    @property
    def session(self) -> Session:
        return self.course.session

    @property
    def ledger(self) -> Ledger:
        """What this report leads to is written down as this worker's doing."""
        return Ledger(self.session, self.course.now, self.worker.id, self.report.id)

    def keep_reading(self, report: Report, reading: Reading) -> ReadingMade:
        """What was understood of ``report``: the newest row is the one in force."""
        row = new(
            ReadingMade,
            area_id=report.area_id,
            retention=Retention.CASE,
            report_id=report.id,
            knowledge_version=self.course.minds.knowledge_version,
            made_at=self.course.now,
            content=codec.to_json(reading),
        )
        self.session.add(row)
        self.session.flush()
        return row

    def decide(self, reading: Reading, at: datetime) -> Sequence[Decision]:
        """What follows from ``reading``, seen from ``at``, with what is on record now of the doors it names."""
        keys = list(dict.fromkeys(case.key for case in reading.cases))
        places = records.by_keys(self.session, self.estate, keys)
        known = records.known(self.session, places, at)
        there = {one.key for one in known}
        # a door that nobody named before has no record, but the estate around it has a history
        unnamed = tuple(KnownHousehold(key) for key in keys if key not in there)
        themes = history.themes_of(reading.cases)
        known = history.with_history(self.session, self.estate, known + unnamed, themes, at)
        return self.course.minds.decide(reading, known, at)
