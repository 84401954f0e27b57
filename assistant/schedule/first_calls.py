"""The first call of a P0 that no message told of: found by the daily round, by a new rule book, or opened again.

Who raises such a flag only sets ``call_at``. A few are called one by one and climb like any alarm (``alarms``). Where
one change makes many old matters urgent, each person is told once of all of them and nothing climbs: a street that gets
five hundred alarms reads none. What was promised for them is pursued as always.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session, col, select

from assistant.domain.casework import Responder
from assistant.domain.followups import MatterState
from assistant.domain.pace import CLIMB
from assistant.domain.reports import Severity
from assistant.outbox.queue import tell
from assistant.storage import reach
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Estate, Flag, FollowUp, Household, Purpose, Worker
from assistant.telling import say_called_anew, say_called_first, say_called_of_many
from knowledge.replies import Replies

#: so many households are called one by one (本项目建议)
_ONE_BY_ONE = 5


def call_first(ledger: Ledger, estate: Estate, again_after: timedelta, replies: Replies) -> None:
    """Call everything of the estate that waits for its first call."""
    by_door: dict[int, list[Flag]] = defaultdict(list)
    for flag in _waiting(ledger, estate):
        if flag.state is MatterState.OPEN:
            by_door[flag.household_id].append(flag)
        else:
            # said to be over by somebody at the door: it waits for the coordinator's word, and is called if sent back
            flag.call_at = ledger.at + again_after if flag.state is MatterState.PROPOSED else None
    session = ledger.session
    doors = [(session.get_one(Household, household_id), flags) for household_id, flags in by_door.items()]
    if len(doors) <= _ONE_BY_ONE:
        for place, flags in doors:
            _call(ledger, place, flags, replies)
            _note(ledger, flags, again_after)
    else:
        _call_of_many(ledger, doors, replies)
        for _, flags in doors:
            _note(ledger, flags, None)


def _waiting(ledger: Ledger, estate: Estate) -> Sequence[Flag]:
    query = (
        select(Flag)
        .join(Household, col(Household.id) == Flag.household_id)
        .where(col(Flag.call_at) <= ledger.at, col(Flag.called_at).is_(None), Household.estate_id == estate.id)
    )
    return ledger.session.exec(query.order_by(col(Flag.id)).execution_options(populate_existing=True)).all()


def _call(ledger: Ledger, place: Household, flags: Sequence[Flag], replies: Replies) -> None:
    is_reopened = any(flag.reopened_at is not None for flag in flags)
    people = _people(ledger, place)
    if is_reopened:
        called_in = reach.responders_of(ledger.session, place.area_id, owners_of(ledger.session, place, flags))
        known = {each.id for each in people}
        people += [each for each in called_in if each.id not in known]
    say = say_called_anew if is_reopened else say_called_first
    for person in people:
        tell(
            ledger.session,
            person,
            key=_key(ledger, flags[0], person),
            purpose=Purpose.ALARM,
            text=say(place.key, [flag.why for flag in flags], replies),
            now=ledger.at,
            everywhere=True,
            buttons=(replies.buttons.acknowledge,),
            report_id=flags[0].report_id,
            flag_ids=_ids(flags),
        )


def _call_of_many(ledger: Ledger, doors: Sequence[tuple[Household, Sequence[Flag]]], replies: Replies) -> None:
    theirs: dict[int, tuple[Worker, list[tuple[Household, Sequence[Flag]]]]] = {}
    for place, flags in doors:
        for person in _people(ledger, place):
            if person.id is not None:
                theirs.setdefault(person.id, (person, []))[1].append((place, flags))
    for person, here in theirs.values():
        first = here[0][1][0]
        tell(
            ledger.session,
            person,
            key=_key(ledger, first, person),
            purpose=Purpose.ALARM,
            text=say_called_of_many([place.key for place, _ in here], replies),
            now=ledger.at,
            everywhere=True,
            buttons=(replies.buttons.acknowledge,),
            report_id=first.report_id,
            flag_ids=[one for _, flags in here for one in _ids(flags)],
        )


def owners_of(session: Session, place: Household, flags: Sequence[Flag]) -> set[Responder]:
    """Who owes something urgent for these flags, or did."""
    owners = session.exec(
        select(FollowUp.owner).where(
            FollowUp.household_id == place.id,
            FollowUp.severity == Severity.P0,
            col(FollowUp.flag_id).in_([flag.id for flag in flags]),
        )
    ).all()
    return {Responder(each) for each in owners}


def _key(ledger: Ledger, flag: Flag, person: Worker) -> str:
    """One and the same flag may be called first again after somebody opened it again."""
    return f"alarm:first:{flag.id}:{int(ledger.at.timestamp())}:{person.id}"


def _people(ledger: Ledger, place: Household) -> list[Worker]:
    """The worker next door, who has not been told by anybody, and the coordinators."""
    session: Session = ledger.session
    people = [*reach.workers_of(session, place.area_id), *reach.coordinators_at(session, place.area_id, CLIMB[0])]
    return reach.with_deputies(session, people, ledger.at)


def _note(ledger: Ledger, flags: Sequence[Flag], again_after: timedelta | None) -> None:
    for flag in flags:
        again = ledger.at + again_after if again_after is not None else None
        ledger.changes(flag, "called", called_at=ledger.at, call_at=again)


def _ids(flags: Sequence[Flag]) -> list[int]:
    return [flag.id for flag in flags if flag.id is not None]
