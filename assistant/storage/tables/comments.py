"""What people wrote on the pages: a comment, or the reason of something they did."""

from pydantic import AwareDatetime
from sqlmodel import Field

from assistant.domain.access import Retention
from assistant.storage.columns import Restricted, code


class CommentBase(Restricted):
    """Somebody's words about a household, and about one matter or flag of it, if one is named.

    ``verb`` is that of the ledger line of the same moment (``commented``, ``postponed`` …): the ledger itself holds no
    words.
    """

    retention: Retention = Field(default=Retention.CASE, sa_type=code(Retention))
    household_id: int = Field(foreign_key="households.id", index=True)
    matter_id: int | None = Field(default=None, foreign_key="matters.id")
    flag_id: int | None = Field(default=None, foreign_key="flags.id")
    worker_id: int = Field(foreign_key="workers.id")
    verb: str
    text: str
    at: AwareDatetime


class Comment(CommentBase, table=True):
    __tablename__ = "comments"

    id: int | None = Field(default=None, primary_key=True)
