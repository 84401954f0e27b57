"""Who hears of what was decided on the household page, in the words that they know from the chat."""

from collections.abc import Sequence

from assistant.domain.rights import Viewer
from assistant.outbox.queue import tell
from assistant.storage.in_hand import who_has_in_hand
from assistant.storage.ledger import Ledger
from assistant.storage.settle import Held
from assistant.storage.tables import Flag, FollowUp, Household, Purpose, Worker
from assistant.telling.ending import say_handed_on, say_matter, say_sent_back, say_somewhere
from knowledge.replies import Replies

#: doors that one notice of several households names
_NAMED = 5


def tell_of_several(
    ledger: Ledger, viewer: Viewer, replies: Replies, to: Worker, handed: Sequence[FollowUp], keys: Sequence[str]
) -> None:
    """One notice to who has the promises of these households now; nothing to who handed them to themselves."""
    if to.id == viewer.worker_id or not handed:
        return
    doors = [say_somewhere(key, replies) for key in keys]
    text = replies.sayings.told_of_assignment.format(
        by=viewer.name, count=len(doors), doors="、".join(doors[:_NAMED]) + ("等" if len(doors) > _NAMED else "")
    )
    ids = [each.id or 0 for each in handed]
    tell(
        ledger.session,
        to,
        key=f"assigned:{min(ids)}:{to.id}",
        purpose=Purpose.NOTICE,
        text=text,
        now=ledger.at,
        follow_up_ids=ids,
    )


class Teller:
    """Tells the workers who have a matter of ``household`` in hand what ``viewer`` decided."""

    def __init__(self, ledger: Ledger, viewer: Viewer, replies: Replies, household: Household) -> None:
        self._ledger = ledger
        self._viewer = viewer
        self._replies = replies
        self._household = household

    def closed(self, held: Held) -> None:
        text = self._replies.sayings.told_agreed
        self._tell_all(held, "closed", text.format(door=self._door, what=self._what(held), by=self._viewer.name))

    def dismissed(self, held: Held, reason: str) -> None:
        text = self._replies.sayings.told_dismissed
        said = text.format(door=self._door, what=self._what(held), by=self._viewer.name, reason=reason)
        self._tell_all(held, "dismissed", said)

    def taken_up(self, held: Held, anew: Sequence[FollowUp], reason: str, *, is_reopened: bool) -> None:
        """It is open again; the workers can answer at once."""
        text = say_sent_back(
            self._household.key,
            self._what(held),
            self._viewer.name,
            reason,
            is_reopened=is_reopened,
            replies=self._replies,
        )
        self._tell_all(held, "taken up", text, anew)

    def handed(self, follow_up: FollowUp, to: Worker, reason: str) -> None:
        """It is theirs now."""
        if to.id == self._viewer.worker_id:
            return
        text = say_handed_on(
            self._household.key,
            follow_up.what,
            self._viewer.name,
            follow_up.due_at,
            reason,
            self._ledger.at,
            self._replies,
        )
        self._tell(to, f"handed:{follow_up.id}:{to.id}", text, [follow_up])

    @property
    def _door(self) -> str:
        return say_somewhere(self._household.key, self._replies)

    def _what(self, held: Held) -> str:
        theme = held.theme if isinstance(held, Flag) else held.kind.split(".")[0]
        return say_matter(held.kind, theme, self._replies)

    def _tell_all(self, held: Held, what: str, text: str, anew: Sequence[FollowUp] = ()) -> None:
        for person in who_has_in_hand(self._ledger.session, held, self._viewer.worker_id):
            key = f"{what}:{held.__tablename__}:{held.id}:{self._ledger.at.isoformat()}:{person.id}"
            self._tell(person, key, text, anew)

    def _tell(self, person: Worker, key: str, text: str, about: Sequence[FollowUp] = ()) -> None:
        buttons = self._replies.buttons
        tell(
            self._ledger.session,
            person,
            key=key,
            purpose=Purpose.PROMPT if about else Purpose.NOTICE,
            text=text,
            now=self._ledger.at,
            buttons=(buttons.done, buttons.not_yet, buttons.not_home, buttons.refer) if about else (),
            follow_up_ids=[each.id for each in about if each.id is not None],
        )
