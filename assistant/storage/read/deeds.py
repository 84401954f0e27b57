"""What people and the assistant did about a household, the last first: read from the ledger, verdicts and comments.

One click or message writes many ledger lines; those of one moment by one person are one deed, called by what weighs
most of it.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from assistant.domain.masking import words_for
from assistant.domain.rights import Viewer
from assistant.storage.read.cases import Case
from assistant.storage.tables import Action, Comment, Verdict, Worker

#: the ledger's verbs that are told, what weighs most first; ``prompted`` and the like would drown the rest
VERBS = (
    "dismissed",
    "confirmed",
    "sent_back",
    "reopened",
    "settled",
    "proposed",
    "postponed",
    "referred",
    "acknowledged",
    "escalated",
    "climbed",
    "not_yet",
    "done",
    "failed",
    "commented",
)
_SUBJECTS = ("matters", "flags", "follow_ups")
_LINES = 200
_SHOWN = 30


@dataclass(frozen=True)
class Deed:
    """Something done. ``by`` is None where the assistant acted by itself; ``about`` is a finding kind, if it is one."""

    at: datetime
    by: str | None
    verb: str
    about: str | None
    text: str


@dataclass
class _Moment:
    verbs: set[str]
    kinds: list[str]
    texts: list[str]


def deeds_of(
    session: Session, viewer: Viewer, household_id: int, cases: Sequence[Case], people: Collection[str] = ()
) -> tuple[Deed, ...]:
    """What was done about these cases, which the viewer may see, and what was said of the household itself.

    The names of ``people`` are hidden in comments where the viewer may not see them.
    """
    seen = _Seen(cases)
    moments: dict[tuple[datetime, int | None], _Moment] = defaultdict(lambda: _Moment(set(), [], []))
    lines = session.exec(
        select(Action)
        .where(Action.household_id == household_id, col(Action.verb).in_(VERBS), col(Action.subject).in_(_SUBJECTS))
        .order_by(col(Action.id).desc())
        .limit(_LINES)
    )
    for line in lines:
        if line.subject_id in seen.ids[line.subject]:
            moment = moments[line.at, line.worker_id]
            moment.verbs.add(line.verb)
            moment.kinds += seen.kind(line.subject, line.subject_id)
    for verdict in session.exec(select(Verdict).where(col(Verdict.flag_id).in_(seen.ids["flags"]))):
        moment = moments[verdict.at, verdict.worker_id]
        moment.verbs.add("confirmed" if verdict.is_right else "dismissed")
        moment.kinds += seen.kind("flags", verdict.flag_id)
    for comment in session.exec(select(Comment).where(Comment.household_id == household_id).order_by(col(Comment.id))):
        if seen.holds(comment):
            moment = moments[comment.at, comment.worker_id]
            moment.verbs.add(comment.verb)
            moment.texts.append(words_for(viewer, comment.text, people))
    newest = sorted(moments, key=lambda moment: moment[0], reverse=True)[:_SHOWN]
    names = _names(session, {worker_id for _, worker_id in newest if worker_id is not None})
    return tuple(_deed(at, names.get(worker_id), moments[at, worker_id]) for at, worker_id in newest)


class _Seen:
    """The rows of the cases, and the kind that each is about."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self.ids: dict[str, set[int]] = {subject: set() for subject in _SUBJECTS}
        self._kinds: dict[tuple[str, int], str | None] = {}
        for case in cases:
            own = [("flags", flag.id) for flag in case.flags] + [("follow_ups", each.id) for each in case.promises]
            for subject, id_ in [(f"{case.held}s", case.id), *own]:
                self.ids[subject].add(id_)
                self._kinds[subject, id_] = case.kind

    def kind(self, subject: str, id_: int) -> list[str]:
        kind = self._kinds[subject, id_]
        return [kind] if kind is not None else []

    def holds(self, comment: Comment) -> bool:
        if comment.matter_id is not None:
            return comment.matter_id in self.ids["matters"]
        return comment.flag_id is None or comment.flag_id in self.ids["flags"]


def _deed(at: datetime, by: str | None, moment: _Moment) -> Deed:
    verb = min(moment.verbs, key=VERBS.index)
    kinds = set(moment.kinds)
    return Deed(at, by, verb, next(iter(kinds)) if len(kinds) == 1 else None, "；".join(dict.fromkeys(moment.texts)))


def _names(session: Session, ids: Collection[int]) -> dict[int | None, str]:
    return dict(session.exec(select(Worker.id, Worker.name).where(col(Worker.id).in_(ids))).all())
