"""What is on record when a message comes in: who wrote, what is known of the households, what was said before.

Turned into the frozen types of ``domain.reports``, so that nothing that understands or decides ever sees a table.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from assistant.domain.access import Role
from assistant.domain.followups import MatterState
from assistant.domain.places import HouseholdKey, floor_of, is_place
from assistant.domain.reports import EarlierMessage, KnownHousehold, OpenMatter, PersonOnRecord, VisitOutcome
from assistant.storage.columns import new
from assistant.storage.ledger import Ledger
from assistant.storage.tables import (
    Account,
    Area,
    Estate,
    Flag,
    Household,
    Matter,
    OutboxMessage,
    Purpose,
    Report,
    Resident,
    Visit,
    Worker,
)

#: "上回那家" reaches back this far
_RECENT = timedelta(days=14)
#: "刚才说的" reaches back this far, and over at most so many messages
_BEFORE = timedelta(hours=12)
_BEFORE_AT_MOST = 20
#: of a longer message nobody reads more either
_BEFORE_LONGEST = 4_000
_STANDING = (MatterState.OPEN, MatterState.PROPOSED)
#: what tells somebody of a door, and how far back that is looked for
_ABOUT_A_DOOR = (Purpose.ALARM, Purpose.PROMPT, Purpose.NOTICE)
_LAST_TOLD = 20


def who_wrote(session: Session, channel: str, author: str) -> tuple[Account, Worker] | None:
    """The account and its worker; None for an account that nobody bound, or whose worker has left."""
    found = session.exec(
        select(Account, Worker)
        .where(Account.channel == channel, Account.address == author, Account.worker_id == Worker.id)
        .where(col(Worker.left_at).is_(None))
    ).first()
    return None if found is None else (found[0], found[1])


def estate_of(session: Session, worker: Worker, default: str | None) -> Estate | None:
    """The estate that the worker's bare doors belong to: the own, else the community's default, else the only one.

    Who answers for several (a community's coordinator, the gas company) means that of the last door they were told of,
    else the first. None for a worker who may be in several, and where there is no estate.
    """
    if worker.estate_id is not None:
        return session.get(Estate, worker.estate_id)
    area = session.get_one(Area, worker.area_id)
    around = select(Estate).join(Area, col(Area.id) == Estate.area_id).order_by(col(Estate.id))
    named = session.exec(around.where(Estate.name == default)).first() if default else None
    if named is not None:
        return named
    root = f"/{area.path.split('/')[1]}/"
    above = [int(step) for step in area.path.strip("/").split("/")]
    within = (
        around.where(or_(col(Area.path).startswith(area.path), col(Area.id).in_(above))),
        around.where(col(Area.path).startswith(root)),
    )
    several: list[Estate] = []
    for place in within:
        found = list(session.exec(place))
        if len(found) == 1:
            return found[0]
        several = several or found
    if worker.role is Role.WORKER:
        return None
    return _last_told_of(session, worker) or next(iter(several), None)


def _last_told_of(session: Session, worker: Worker) -> Estate | None:
    told = session.exec(
        select(OutboxMessage)
        .where(OutboxMessage.worker_id == worker.id, col(OutboxMessage.purpose).in_(_ABOUT_A_DOOR))
        .order_by(col(OutboxMessage.id).desc())
        .limit(_LAST_TOLD)
    )
    flags = next((message.flag_ids for message in told if message.flag_ids), [])
    return session.exec(
        select(Estate)
        .join(Household, col(Household.estate_id) == Estate.id)
        .join(Flag, col(Flag.household_id) == Household.id)
        .where(col(Flag.id).in_(flags))
        .order_by(col(Flag.id).desc())
        .limit(1)
    ).first()


def lock_estate(session: Session, estate: Estate) -> None:
    """From here on nobody else changes anything at this estate's households until the transaction ends."""
    if session.get_bind().dialect.name != "sqlite":
        session.exec(select(Estate.id).where(Estate.id == estate.id).with_for_update()).one()


def relevant_to(session: Session, worker: Worker, estate: Estate, text: str, at: datetime) -> list[Household]:
    """The households that a message of ``worker`` may be about without naming the door.

    Those that the worker lately reported on (newest first), then those of the worker's area where somebody lives whose
    name is in ``text``.
    """
    lately = session.exec(
        select(Visit.household_id, func.max(Visit.at).label("last"))
        .join(Report, col(Report.id) == Visit.report_id)
        .where(Report.worker_id == worker.id, Visit.at > at - _RECENT, col(Visit.withdrawn_at).is_(None))
        .group_by(col(Visit.household_id))
    ).all()
    opened = session.exec(
        select(Matter.household_id, func.max(Matter.last_found_at).label("last"))
        .where(col(Matter.state).in_(_STANDING), Matter.last_found_at > at - _RECENT)
        .where(
            col(Matter.household_id).in_(
                select(Household.id).where(Household.estate_id == estate.id, Household.area_id == worker.area_id)
            )
        )
        .group_by(col(Matter.household_id))
    ).all()
    last_at: dict[int, datetime] = {}
    for household_id, last in (*lately, *opened):
        last_at[household_id] = max(last, last_at.get(household_id, last))
    named = [
        household_id
        for household_id, called in session.exec(
            select(Resident.household_id, Resident.called).where(
                Resident.area_id == worker.area_id, col(Resident.withdrawn_at).is_(None)
            )
        )
        if called in text
    ]
    ids = list(dict.fromkeys([*sorted(last_at, key=lambda one: last_at[one], reverse=True), *named]))
    rows = {row.id: row for row in session.exec(select(Household).where(col(Household.id).in_(ids)))}
    return [rows[one] for one in ids if one in rows and rows[one].estate_id == estate.id]


def by_keys(session: Session, estate: Estate, keys: Collection[str]) -> list[Household]:
    """The households of ``estate`` under these keys that are on record, in the order of ``keys``."""
    rows = session.exec(
        select(Household).where(Household.estate_id == estate.id, col(Household.key).in_(keys), Household.scope == "")
    )
    by_key = {row.key: row for row in rows}
    return [by_key[key] for key in keys if key in by_key]


def household_for(
    ledger: Ledger, estate: Estate, key: str, *, area_id: int, is_whole_unit: bool = False, is_doubtful: bool = False
) -> Household:
    """The household or place under ``key``, put on record if a report is the first to name it.

    A door that is not fully known, or that is only one of several that fit (``is_doubtful``), gets a row of its own for
    the ledger's report, until the worker says which it is.
    """
    door = None if is_place(key) else HouseholdKey.parse(key)
    certain = not is_doubtful and (door is None or door.is_complete or is_whole_unit)
    scope = "" if certain else f"report:{ledger.report_id}"
    there = ledger.session.exec(
        select(Household).where(Household.estate_id == estate.id, Household.key == key, Household.scope == scope)
    ).first()
    if there is not None:
        return there
    row = new(
        Household,
        area_id=area_id,
        estate_id=estate.id,
        key=key,
        scope=scope,
        is_place=door is None,
        building=door.building if door else None,
        unit=door.unit if door else None,
        room=door.room if door else None,
        floor=floor_of(door.room) if door else None,
    )
    return ledger.adds(row, "named")


def known(session: Session, households: Sequence[Household], at: datetime) -> tuple[KnownHousehold, ...]:
    """What is on record of each, in their order. Days are those of ``at``'s zone."""
    ids = [row.id for row in households]
    people: dict[int, list[PersonOnRecord]] = defaultdict(list)
    for resident in session.exec(
        select(Resident)
        .where(col(Resident.household_id).in_(ids), col(Resident.withdrawn_at).is_(None))
        .where(col(Resident.moved_away_on).is_(None))
        .order_by(col(Resident.id))
    ):
        people[resident.household_id].append(
            PersonOnRecord(
                resident.called,
                resident.age_on(at.date()),
                resident.lives_alone,
                resident.disabled,
                resident.care_grade,
            )
        )
    matters: dict[int, list[OpenMatter]] = defaultdict(list)
    for matter in session.exec(
        select(Matter)
        .where(col(Matter.household_id).in_(ids), col(Matter.state).in_(_STANDING))
        .order_by(col(Matter.first_found_at), col(Matter.id))
    ):
        since = matter.first_found_at.astimezone(at.tzinfo).date()
        matters[matter.household_id].append(OpenMatter(matter.kind, since, matter.times))
    rules: dict[int, list[str]] = defaultdict(list)
    for household_id, rule in session.exec(
        select(Flag.household_id, Flag.rule)
        .where(col(Flag.household_id).in_(ids), col(Flag.state).in_(_STANDING), col(Flag.matter_id).is_(None))
        .order_by(col(Flag.id))
    ):
        rules[household_id].append(rule)
    misses = misses_in_a_row(session, ids)
    return tuple(
        KnownHousehold(
            key=row.key,
            people=tuple(people[row.id]),
            open=tuple(matters[row.id]),
            misses_in_a_row=misses.get(row.id, 0),
            open_rules=tuple(dict.fromkeys(rules[row.id])),
            last_contact_on=row.last_contact_at.astimezone(at.tzinfo).date() if row.last_contact_at else None,
        )
        for row in households
        if row.id is not None
    )


def misses_in_a_row(session: Session, household_ids: Iterable[int | None]) -> dict[int, int]:
    """Misses since somebody last answered, at the door or on the phone; a miss never resets them."""
    last_answer = (
        select(Visit.household_id, func.max(Visit.at).label("at"))
        .where(col(Visit.household_id).in_(household_ids), col(Visit.withdrawn_at).is_(None))
        .where(col(Visit.outcome).not_in((VisitOutcome.MISSED, VisitOutcome.NONE)))
        .group_by(col(Visit.household_id))
        .subquery()
    )
    return dict(
        session.exec(
            select(Visit.household_id, func.count())
            .outerjoin(last_answer, last_answer.c.household_id == Visit.household_id)
            .where(col(Visit.household_id).in_(household_ids), col(Visit.withdrawn_at).is_(None))
            .where(Visit.outcome == VisitOutcome.MISSED)
            .where(last_answer.c.at.is_(None) | (col(Visit.at) > last_answer.c.at))
            .group_by(col(Visit.household_id))
        ).all()
    )


def earlier_messages(session: Session, account: Account, at: datetime) -> tuple[EarlierMessage, ...]:
    """What the same account wrote in the last hours and did not take back, oldest first."""
    rows = session.exec(
        select(func.substr(Report.text, 1, _BEFORE_LONGEST), Report.sent_at)
        .where(Report.account_id == account.id, Report.sent_at > at - _BEFORE, Report.sent_at <= at)
        .where(col(Report.retracted_at).is_(None))
        .order_by(col(Report.id).desc())
        .limit(_BEFORE_AT_MOST)
    ).all()
    return tuple(EarlierMessage(text, sent_at.astimezone(at.tzinfo)) for text, sent_at in reversed(rows))


class EstateBook:
    """The doors of an estate that its address book lists, those of the worker's own micro-grid first.

    Answers ``understand.address.book.AddressBook``: where the own micro-grid has a door that fits, it alone is meant.
    """

    def __init__(self, session: Session, estate: Estate, own_area_id: int | None) -> None:
        self._session = session
        self._estate = estate
        self._own_area_id = own_area_id
        self._doors: list[tuple[HouseholdKey, int]] | None = None

    def matches(self, key: HouseholdKey, estate: str | None = None) -> tuple[HouseholdKey, ...]:
        """The complete keys that ``key`` may mean. Another estate than ours is not in the book."""
        if estate is not None and estate != self._estate.name:
            return ()
        fitting = [(door, area_id) for door, area_id in self._all() if key.fits(door)]
        own = tuple(door for door, area_id in fitting if area_id == self._own_area_id)
        return own or tuple(door for door, _ in fitting)

    def _all(self) -> list[tuple[HouseholdKey, int]]:
        if self._doors is None:
            rows = self._session.exec(
                select(Household.key, Household.area_id)
                .where(Household.estate_id == self._estate.id, col(Household.in_address_book).is_(True))
                .where(col(Household.is_place).is_(False))
                .order_by(col(Household.id))
            )
            self._doors = [(HouseholdKey.parse(key), area_id) for key, area_id in rows]
        return self._doors
