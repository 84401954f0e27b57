"""Who was asked in: a code that one person hands to another, good once and for some days."""

from pydantic import AwareDatetime
from sqlmodel import Field

from assistant.domain.access import Retention
from assistant.storage.columns import Personal, code


class InvitationBase(Personal):
    """One code for one worker; only ``code_digest`` is kept. The role is the worker's own.

    ``used_on`` is the channel (or ``pages``) on which it was used up. One that was taken back has ``revoked_at``.
    """

    retention: Retention = Field(default=Retention.STANDING, sa_type=code(Retention))
    worker_id: int = Field(foreign_key="workers.id", index=True)
    code_digest: str = Field(unique=True)
    created_at: AwareDatetime
    #: who made it; None when it was made on the command line
    created_by_id: int | None = Field(default=None, foreign_key="workers.id")
    expires_at: AwareDatetime
    used_at: AwareDatetime | None = None
    used_on: str | None = None
    #: the account that it bound, where it bound one
    account_id: int | None = Field(default=None, foreign_key="accounts.id")
    revoked_at: AwareDatetime | None = None


class Invitation(InvitationBase, table=True):
    __tablename__ = "invitations"

    id: int | None = Field(default=None, primary_key=True)
