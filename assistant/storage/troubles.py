"""Rules and households that deciding failed on: counted, shown; a rule that fails too often is off."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from assistant.storage.columns import new
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Area, Household, RuleTrouble

#: failures after which a rule is switched off; one that can call out a P0 never is: it is only reported
SWITCH_OFF_AFTER = 5
#: what stands for a rule where a household's record is the trouble
THE_RECORD = ""
#: what stands for a rule where the engine's child crashed, hung or failed
THE_ENGINE = "engine"


def note(
    ledger: Ledger, rule: str | None, version: str, key: str, error: str, may_be_switched_off: bool
) -> RuleTrouble | None:
    """Count one failure. The row where the rule was switched off by it; None otherwise."""
    session = ledger.session
    place = _place(session, key)
    name = rule if rule is not None else THE_RECORD
    there = session.exec(
        select(RuleTrouble)
        .where(RuleTrouble.rule == name, RuleTrouble.rule_book_version == version, _same(place))
        .where(col(RuleTrouble.cleared_at).is_(None))
    ).first()
    if there is None:
        there = ledger.adds(
            new(
                RuleTrouble,
                area_id=place.area_id if place is not None else _root(session),
                rule=name,
                rule_book_version=version,
                household_id=place.id if place is not None else None,
                error=error,
                first_at=ledger.at,
                last_at=ledger.at,
            ),
            "failed",
        )
    else:
        ledger.changes(there, "failed", times=there.times + 1, last_at=ledger.at, error=error)
    if rule is None or not may_be_switched_off or rule in switched_off(session, version):
        return None
    session.flush()
    failures = session.exec(
        select(func.sum(RuleTrouble.times))
        .where(RuleTrouble.rule == name, RuleTrouble.rule_book_version == version)
        .where(col(RuleTrouble.cleared_at).is_(None))
    ).one()
    if (failures or 0) < SWITCH_OFF_AFTER:
        return None
    ledger.changes(there, "switched_off", switched_off_at=ledger.at)
    return there


def switched_off(session: Session, version: str) -> frozenset[str]:
    """The rules of that book that are off."""
    return frozenset(
        session.exec(
            select(RuleTrouble.rule)
            .where(RuleTrouble.rule_book_version == version, col(RuleTrouble.switched_off_at).is_not(None))
            .where(col(RuleTrouble.cleared_at).is_(None))
        )
    )


def uncleared(session: Session) -> Sequence[RuleTrouble]:
    """What a person has not set right yet, the latest first."""
    return session.exec(
        select(RuleTrouble)
        .where(col(RuleTrouble.cleared_at).is_(None))
        .order_by(col(RuleTrouble.last_at).desc(), col(RuleTrouble.id).desc())
    ).all()


def clear(ledger: Ledger, rule: str) -> int:
    """A person has set the rule right: it is on again, and counted from nothing. How many lines that ended."""
    rows = [row for row in uncleared(ledger.session) if row.rule == rule]
    for row in rows:
        ledger.changes(row, "cleared", cleared_at=ledger.at)
    return len(rows)


def household_keys(session: Session, rows: Collection[RuleTrouble]) -> dict[int, str]:
    """The doors of the troubles, by household id."""
    ids = [row.household_id for row in rows if row.household_id is not None]
    return {
        household_id: key
        for household_id, key in session.exec(select(Household.id, Household.key).where(col(Household.id).in_(ids)))
        if household_id is not None
    }


def _place(session: Session, key: str) -> Household | None:
    """The one household of that key; None where none or several are on record."""
    found = session.exec(select(Household).where(Household.key == key, Household.scope == "").limit(2)).all()
    return found[0] if len(found) == 1 else None


def _same(place: Household | None) -> ColumnElement[bool]:
    column = col(RuleTrouble.household_id)
    return column.is_(None) if place is None else column == place.id


def _root(session: Session) -> int:
    root = session.exec(select(Area.id).where(col(Area.parent_id).is_(None)).order_by(col(Area.id))).first()
    assert root is not None, "nobody reports where there is no community"
    return root
