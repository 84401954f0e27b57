"""Episodes and clusters on record: which matters belong together, and which scam goes round an estate.

``bring_up_to_date`` runs at the end of each turn over the households whose matters changed in it, whatever changed them
(a report, a correction, a coordinator's word). Doing it again changes nothing.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from assistant.domain.access import sensitivity_of
from assistant.domain.episodes import Part, joins, severity_of, state_of
from assistant.domain.followups import MatterState
from assistant.domain.reports import EvidenceState
from assistant.storage.columns import new
from assistant.storage.ledger import Ledger, households_changed
from assistant.storage.tables import Cluster, EpisodePart, EpisodeRow, Estate, FindingRow, Household, Matter

_STANDING = (MatterState.OPEN, MatterState.PROPOSED)
_ACTIVE = tuple(state for state in EvidenceState if state.is_active)


def bring_up_to_date(ledger: Ledger, window: timedelta) -> None:
    """Join new matters to their episodes and end those that are over, wherever a matter changed in this transaction."""
    ledger.session.flush()
    for household_id in sorted(households_changed(ledger.session, "matters")):
        household = ledger.session.get_one(Household, household_id)
        _join(ledger, household, window)
        _refresh(ledger, household)


def standing(session: Session, household: Household) -> Sequence[tuple[EpisodeRow, list[Matter]]]:
    """The household's episodes that are not over, newest first, each with all its matters in the order they opened."""
    rows = session.exec(
        select(EpisodeRow)
        .where(EpisodeRow.household_id == household.id, col(EpisodeRow.state).in_(_STANDING))
        .order_by(col(EpisodeRow.id).desc())
    ).all()
    return [(row, _matters(session, row)) for row in rows]


def _join(ledger: Ledger, household: Household, window: timedelta) -> None:
    session = ledger.session
    loose = session.exec(
        select(Matter)
        .outerjoin(EpisodePart, col(EpisodePart.matter_id) == Matter.id)
        .where(Matter.household_id == household.id, col(Matter.state).in_(_STANDING), col(EpisodePart.id).is_(None))
        .order_by(col(Matter.first_found_at), col(Matter.id))
    ).all()
    for matter in loose:
        episode = next(
            (row for row, _ in standing(session, household) if joins(row.last_found_at, matter.first_found_at, window)),
            None,
        ) or _open(ledger, household, matter)
        part = new(
            EpisodePart,
            area_id=household.area_id,
            episode_id=episode.id,
            matter_id=matter.id,
        )
        session.add(part)
        session.flush()


def _open(ledger: Ledger, household: Household, matter: Matter) -> EpisodeRow:
    row = new(
        EpisodeRow,
        area_id=household.area_id,
        sensitivity=sensitivity_of(matter.kind),
        household_id=household.id,
        worker_id=ledger.worker_id,
        severity=matter.severity,
        opened_at=matter.first_found_at,
        last_found_at=matter.last_found_at,
    )
    return ledger.adds(row, "opened")


def _refresh(ledger: Ledger, household: Household) -> None:
    for episode, matters in standing(ledger.session, household):
        parts = [Part(each.state, each.severity, each.first_found_at, each.last_found_at) for each in matters]
        if not parts:
            continue
        state = state_of(parts)
        # a household's restricted matter restricts the whole episode
        classes = [each.sensitivity for each in matters if each.sensitivity != "ordinary"]
        ledger.changes(
            episode,
            "went_on" if state.stands else state.value,
            state=state,
            severity=severity_of(parts),
            last_found_at=max(part.last_found_at for part in parts),
            sensitivity=classes[0] if classes else episode.sensitivity,
            ended_at=None if state.stands else ledger.at,
        )


def _matters(session: Session, episode: EpisodeRow) -> list[Matter]:
    return list(
        session.exec(
            select(Matter)
            .join(EpisodePart, col(EpisodePart.matter_id) == Matter.id)
            .where(EpisodePart.episode_id == episode.id)
            .order_by(col(Matter.first_found_at), col(Matter.id))
        )
    )


def note_cluster(ledger: Ledger, estate: Estate, kind: str, span: timedelta) -> tuple[Cluster, bool]:
    """One more household of ``estate`` has ``kind``. The cluster, and whether its workers are still to be told.

    Findings within ``span`` of each other are one cluster; its workers are told once.
    """
    session = ledger.session
    households = session.exec(
        select(func.count(func.distinct(FindingRow.household_id)))
        .join(Household, col(Household.id) == FindingRow.household_id)
        .where(Household.estate_id == estate.id, FindingRow.kind == kind, FindingRow.found_at > ledger.at - span)
        .where(col(FindingRow.state).in_(_ACTIVE), col(FindingRow.withdrawn_at).is_(None))
    ).one()
    there = session.exec(
        select(Cluster)
        .where(Cluster.estate_id == estate.id, Cluster.kind == kind, Cluster.last_found_at > ledger.at - span)
        .order_by(col(Cluster.id).desc())
    ).first()
    if there is not None:
        ledger.changes(there, "grew", households=max(1, households), last_found_at=ledger.at)
        return there, there.told_at is None
    row = new(
        Cluster,
        area_id=estate.area_id,
        estate_id=estate.id,
        kind=kind,
        households=max(1, households),
        opened_at=ledger.at,
        last_found_at=ledger.at,
    )
    return ledger.adds(row, "opened"), True
