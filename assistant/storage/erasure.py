"""A person's data is erased at their word: said what goes and what stays, then done in one transaction.

    plan = plan_of(session, dossier)                 # nothing is changed
    erasure = ask_for(ledger, person, "asked_by_person")  # what may go goes now
    complete_waiting(ledger)                              # … the rest when the matter that holds it has ended

    asked ──▶ done          nothing held it
      └─────▶ waiting ──▶ done     the last matter that held it has ended

Asked twice, it is one request. The ledger keeps that it was asked for, of which household, by whom and on what ground;
never whose name it was.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from assistant.domain.retention import GONE, HIDDEN, without_door
from assistant.domain.rights import Viewer
from assistant.storage.columns import new
from assistant.storage.dossier import Dossier, Person, dossier_of, has_running, still_stands
from assistant.storage.forgetting import forget_files, forget_in_report, forget_reports
from assistant.storage.ledger import Ledger
from assistant.storage.records import lock_estate
from assistant.storage.tables import (
    Comment,
    Erasure,
    Estate,
    Evidence,
    Household,
    OutboxMessage,
    Report,
    Resident,
)
from assistant.storage.viewing import in_area

#: why somebody asks, by code; the words for them stand with the page
GROUNDS = ("asked_by_person", "asked_by_family", "moved_away", "wrongly_recorded")
#: sorts of rows, in the order in which a page names them
SORTS = ("residents", "reports", "parts", "comments", "files", "messages", "bookings", "views", "imports")


@dataclass(frozen=True)
class Plan:
    """What goes now, by sort; what waits for matters that are open; what stays because it is others' too."""

    goes: dict[str, int]
    waits: dict[str, int]
    shared_files: int

    @property
    def is_empty(self) -> bool:
        return not any(self.goes.values())


@dataclass(frozen=True)
class _Split:
    """The rows of a dossier by what becomes of them."""

    whole: Sequence[Report]
    parts: Sequence[Report]
    waiting: Sequence[Report]
    comments: Sequence[Comment]
    waiting_comments: Sequence[Comment]
    files: Sequence[Evidence]
    shared_files: Sequence[Evidence]
    waiting_files: Sequence[Evidence]
    messages: Sequence[OutboxMessage]
    waiting_messages: Sequence[OutboxMessage]
    #: what is known of the person goes last: who helps them still needs it
    residents: Sequence[Resident]
    waiting_residents: Sequence[Resident]


def plan_of(session: Session, dossier: Dossier) -> Plan:
    """What erasing would do now. Changes nothing."""
    split = _split(session, dossier)
    goes = {
        "residents": len(split.residents),
        "reports": len(split.whole),
        "parts": len(split.parts),
        "comments": len(split.comments),
        "files": len(split.files),
        "messages": len(split.messages),
        "bookings": len(dossier.bookings),
        "views": len(dossier.views),
        "imports": len(dossier.imports),
    }
    waits = {
        "residents": len(split.waiting_residents),
        "reports": len(split.waiting),
        "comments": len(split.waiting_comments),
        "files": len(split.waiting_files),
        "messages": len(split.waiting_messages),
    }
    return Plan(goes, {sort: count for sort, count in waits.items() if count}, len(split.shared_files))


def waiting_for(session: Session, person: Person) -> Erasure | None:
    """The request for this person that is not done yet."""
    return session.exec(
        select(Erasure).where(
            Erasure.household_id == person.household_id,
            Erasure.called == person.called,
            col(Erasure.done_at).is_(None),
        )
    ).first()


def all_waiting(session: Session, viewer: Viewer) -> Sequence[tuple[Erasure, str]]:
    """The requests of the viewer's area that are not done yet, each with its door, the oldest first."""
    return session.exec(
        select(Erasure, Household.key)
        .join(Household, col(Household.id) == Erasure.household_id)
        .where(in_area(viewer, Erasure.area_id), col(Erasure.done_at).is_(None))
        .order_by(col(Erasure.id))
    ).all()


def ask_for(ledger: Ledger, person: Person, ground: str, also: Sequence[int] = ()) -> Erasure:
    """Erase what may go, and note the request. ``also`` are reports of ``Dossier.elsewhere`` that mean this person.

    Raises ValueError for a ground that is none of GROUNDS, and where the request has nobody behind it.
    """
    if ground not in GROUNDS or ledger.worker_id is None:
        raise ValueError(f"no such ground: {ground}")
    dossier = _locked(ledger.session, person)
    erasure = waiting_for(ledger.session, person)
    if erasure is None:
        erasure = ledger.adds(
            new(
                Erasure,
                area_id=dossier.household.area_id,
                household_id=dossier.household.id,
                called=dossier.person.called,
                worker_id=ledger.worker_id,
                ground=ground,
                asked_at=ledger.at,
            ),
            "erasure_asked",
        )
    for report in dossier.elsewhere:
        if report.id in also:
            forget_in_report(ledger, report, 0, [dossier.person.called], "named_erased")
    _carry_out(ledger, erasure, dossier)
    return erasure


def complete_waiting(ledger: Ledger) -> int:
    """Go on with every request that waited. How many came to their end."""
    waiting = ledger.session.exec(select(Erasure).where(col(Erasure.done_at).is_(None)).order_by(col(Erasure.id))).all()
    for erasure in waiting:
        _carry_out(ledger, erasure, _locked(ledger.session, Person(erasure.household_id, erasure.called)))
    return sum(erasure.done_at is not None for erasure in waiting)


def _locked(session: Session, person: Person) -> Dossier:
    """The dossier, of which no message changes anything until the transaction ends."""
    household = session.get_one(Household, person.household_id)
    lock_estate(session, session.get_one(Estate, household.estate_id))
    return dossier_of(session, person)


def _carry_out(ledger: Ledger, erasure: Erasure, dossier: Dossier) -> None:
    session = ledger.session
    split = _split(session, dossier)
    plan = plan_of(session, dossier)
    called, words = dossier.person.called, dossier.words
    forget_reports(ledger, split.whole, "words_erased")
    for report in split.parts:
        forget_in_report(ledger, report, dossier.household.id or 0, [called], "words_erased")
    if split.files:
        forget_files(session, col(Evidence.id).in_([each.id for each in split.files]))
    # after the reports: what answered them is gone already
    for message in split.messages:
        session.refresh(message)
        message.text = without_door(message.text, dossier.household.key, words)
        message.buttons = []
    for booking in dossier.bookings:
        ledger.changes(booking, "words_erased", booked_for="", purpose=None)
    for brought in dossier.imports:
        brought.preview = {}
    session.flush()
    for row in (*split.comments, *dossier.views, *split.residents):
        session.delete(row)
    session.flush()
    total = Counter(erasure.counts) + Counter({sort: count for sort, count in plan.goes.items() if count})
    is_done = not plan.waits
    if not is_done and plan.is_empty:
        return
    if is_done:
        ledger.changes(erasure, "person_erased", counts=dict(total), done_at=ledger.at, called="")
    else:
        ledger.changes(erasure, "person_partly_erased", counts=dict(total))


def _split(session: Session, dossier: Dossier) -> _Split:
    waiting = [each for each in dossier.reports if each.id in dossier.open_ids]
    closed = [each for each in dossier.reports if each.id not in dossier.open_ids]
    whole = [each for each in closed if dossier.is_alone and each.id not in dossier.shared_ids]
    whole_ids = {each.id for each in whole}
    parts = [each for each in closed if each.id not in whole_ids and _still_tells(dossier, each)]
    stands = [each for each in dossier.comments if still_stands(session, each)]
    is_needed = bool(waiting or stands) or has_running(session, dossier.household.id or 0)
    files_waiting = [each for each in dossier.files if each.report_id in dossier.open_ids]
    rest = [each for each in dossier.files if each.report_id not in dossier.open_ids]
    # what names the door and answers no report may speak of what is open
    closed_ids = {each.id for each in closed}
    key, words = dossier.household.key, dossier.words
    tell = [each for each in dossier.sent if without_door(each.text, key, words) != each.text]
    now = [each for each in tell if not is_needed or each.report_id in closed_ids]
    return _Split(
        whole,
        parts,
        waiting,
        [each for each in dossier.comments if each not in stands],
        stands,
        [each for each in rest if each.report_id not in dossier.shared_ids],
        [each for each in rest if each.report_id in dossier.shared_ids],
        files_waiting,
        now,
        [each for each in tell if each not in now],
        [] if is_needed else dossier.residents,
        dossier.residents if is_needed else [],
    )


def _still_tells(dossier: Dossier, report: Report) -> bool:
    """Has a report that is not theirs alone anything left that is?"""
    quotes = (each.quote for each in dossier.findings if each.report_id == report.id)
    reasons = (each.why for each in dossier.flags if each.report_id == report.id)
    return (
        dossier.person.called in report.text
        or any(quote.strip(HIDDEN) for quote in quotes)
        or any(why != GONE for why in reasons)
    )
