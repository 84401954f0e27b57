"""What belongs together: a household's matters within a window as one episode, a scam in an estate as one notice."""

from pydantic import AwareDatetime
from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from assistant.domain.access import Retention
from assistant.domain.followups import MatterState
from assistant.domain.reports import Severity
from assistant.storage.columns import Personal, Restricted, code


class EpisodeBase(Restricted):
    """One matter of whatever themes at one household, with one owner, from first finding until all of it is over."""

    household_id: int = Field(foreign_key="households.id")
    #: who answers for it
    worker_id: int | None = Field(default=None, foreign_key="workers.id", index=True)
    severity: Severity = Field(sa_type=code(Severity))
    state: MatterState = Field(default=MatterState.OPEN, sa_type=code(MatterState))
    opened_at: AwareDatetime
    last_found_at: AwareDatetime
    ended_at: AwareDatetime | None = None
    retention: Retention = Field(default=Retention.CASE, sa_type=code(Retention))


class EpisodeRow(EpisodeBase, table=True):
    __tablename__ = "episodes"
    __table_args__ = (Index("ix_episodes_household_id_state", "household_id", "state"),)

    id: int | None = Field(default=None, primary_key=True)


class EpisodePartBase(Personal):
    """A matter belongs to one episode."""

    episode_id: int = Field(foreign_key="episodes.id", index=True)
    matter_id: int = Field(foreign_key="matters.id", unique=True)
    retention: Retention = Field(default=Retention.CASE, sa_type=code(Retention))


class EpisodePart(EpisodePartBase, table=True):
    __tablename__ = "episode_parts"

    id: int | None = Field(default=None, primary_key=True)


class ClusterBase(Personal):
    """One kind of scam behind several doors of an estate: its workers are told once, no household is named."""

    estate_id: int = Field(foreign_key="estates.id")
    kind: str
    households: int = Field(ge=1)
    opened_at: AwareDatetime
    last_found_at: AwareDatetime
    told_at: AwareDatetime | None = None
    retention: Retention = Field(default=Retention.ROUTINE, sa_type=code(Retention))


class Cluster(ClusterBase, table=True):
    __tablename__ = "clusters"
    __table_args__ = (UniqueConstraint("estate_id", "kind", "opened_at"),)

    id: int | None = Field(default=None, primary_key=True)
