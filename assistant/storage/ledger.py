"""The append-only ledger: every change of a record goes through here, and leaves a line of who, when and what.

    ledger = Ledger(session, at=now, worker_id=7, report_id=31)
    ledger.adds(Flag(...))                             # the row comes into being
    ledger.changes(flag, "settled", state=SETTLED)     # columns before and after

A line holds codes, numbers, ids and moments, never anybody's words, so that it may be kept when the words are erased.
The lines are kept aside and written together at the end of the transaction (``Database.writing``), after what they tell
of; whoever reads them before that calls ``write_lines``. The database itself refuses to change or delete a line
(triggers, made by the first migration). SQLite drops a table's triggers when a migration rebuilds it in a batch: such a
migration must make them anew.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import insert
from sqlmodel import Session, SQLModel, col, select

from assistant.domain.access import Retention
from assistant.domain.followups import FollowUpState
from assistant.storage.tables import Action, Household

Row = TypeVar("Row", bound=SQLModel)

_KEPT_ASIDE = "ledger lines"
_WRITTEN = "ledger lines that are written"
#: columns that hold words: never on the ledger
_WORDS = frozenset(
    {"text", "text_bytes", "quote", "why", "what", "called", "content", "ended_because", "unread_because", "asked"}
    | {"purpose_note", "file_name", "preview", "reason", "booked_for"}
)
#: a column that holds words in one table and a code in another
_WORDS_OF = {"room_bookings": frozenset({"purpose"})}
#: what a new row tells of a person or a state of health: a line outlives the row, and who needs it reads the row
_OF_A_PERSON = frozenset(
    {"sex", "birth_year", "age_said", "age_said_on", "lives_alone", "disabled", "care_grade"}
    | {"agrees_to_doctor_list", "figures", "circumstances"}
)
#: columns that say nothing of what happened
_PLUMBING = frozenset({"id", "area_id", "retention", "household_id", "report_id", "matter_id", "flag_id", "reading_id"})


@dataclass(frozen=True)
class Ledger:
    """Who acts, when, and on which report: every line of one turn, tick or click says so."""

    session: Session
    at: datetime
    #: None when the assistant acts by itself
    worker_id: int | None = None
    report_id: int | None = None

    def adds(self, row: Row, verb: str = "added") -> Row:
        """Insert ``row`` (its id is set after) and write its line."""
        self.session.add(row)
        self.session.flush()
        self._write(row, verb, before=None, after=_shown(row))
        return row

    def changes(self, row: SQLModel, verb: str, why: str | None = None, **columns: Any) -> None:
        """Set ``columns`` and write what they were and are. Does nothing when all of them hold already.

        Raises ValueError where a follow-up would move along an arrow that its state machine lacks.
        """
        before = {name: getattr(row, name) for name in columns}
        changed = {name: value for name, value in columns.items() if before[name] != value}
        if not changed:
            return
        was = before.get("state")
        if isinstance(was, FollowUpState) and "state" in changed and not was.may_become(changed["state"]):
            raise ValueError(f"a follow-up that is {was} can't become {changed['state']}")
        for name, value in changed.items():
            setattr(row, name, value)
        self.session.add(row)
        self._write(
            row,
            verb,
            before={name: plain(before[name]) for name in changed if name not in _WORDS},
            after={name: plain(value) for name, value in changed.items() if name not in _WORDS},
            why=why,
        )

    def notes(self, row: SQLModel, verb: str, why: str | None = None) -> None:
        """Write a line about ``row`` that changes nothing in it (a prompt was sent, a coordinator was told)."""
        self._write(row, verb, before=None, after=None, why=why)

    def _write(
        self,
        row: SQLModel,
        verb: str,
        *,
        before: dict[str, Any] | None,
        after: dict[str, Any] | None,
        why: str | None = None,
    ) -> None:
        self.session.info.setdefault(_KEPT_ASIDE, []).append(
            {
                "area_id": row.area_id,  # type: ignore[attr-defined]
                "retention": Retention.LEDGER,
                "at": self.at,
                "verb": verb,
                "worker_id": self.worker_id,
                "report_id": self.report_id,
                "household_id": row.id if isinstance(row, Household) else getattr(row, "household_id", None),
                "subject": str(row.__tablename__),
                "subject_id": row.id,  # type: ignore[attr-defined]
                "before": before,
                "after": after,
                "why": why,
            }
        )


def write_lines(session: Session) -> None:
    """Write the lines that were kept aside so far, in their order."""
    session.flush()
    lines = session.info.pop(_KEPT_ASIDE, None)
    if lines:
        session.info.setdefault(_WRITTEN, []).extend(map(_kept_of, lines))
        session.execute(insert(Action), lines)


def lines_of(session: Session, report_id: int) -> list[Action]:
    """What one report led to, in order."""
    write_lines(session)
    return list(session.exec(select(Action).where(Action.report_id == report_id).order_by(col(Action.id))))


def households_changed(session: Session, subject: str) -> set[int]:
    """The households of which rows of the table ``subject`` came into being or changed in this transaction."""
    return {line[1] for line in _lines_of_now(session) if line[0] == subject and line[1]}


def ids_of(session: Session, subject: str, verb: str) -> list[int]:
    """The rows of the table ``subject`` to which this was done in this transaction, in that order, each once."""
    return list(dict.fromkeys(line[3] for line in _lines_of_now(session) if line[0] == subject and line[2] == verb))


def _lines_of_now(session: Session) -> list[tuple[str, int | None, str, int]]:
    return [*session.info.get(_WRITTEN, ()), *map(_kept_of, session.info.get(_KEPT_ASIDE, ()))]


def _kept_of(line: dict[str, Any]) -> tuple[str, int | None, str, int]:
    return line["subject"], line["household_id"], line["verb"], line["subject_id"]


def plain(value: Any) -> Any:
    """A column's value as JSON holds it: codes as text, moments as ISO 8601."""
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date | datetime) else value


def _shown(row: SQLModel) -> dict[str, Any]:
    left_out = _WORDS | _PLUMBING | _OF_A_PERSON | _WORDS_OF.get(str(row.__tablename__), frozenset())
    values = {name: getattr(row, name) for name in type(row).model_fields if name not in left_out}
    return {name: plain(value) for name, value in values.items() if value not in (None, [], {})}
