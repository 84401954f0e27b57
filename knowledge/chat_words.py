"""Words by which a short message is known for what it is: a question why, a command, an answer (``replies.yaml``)."""

from collections.abc import Mapping

from pydantic import Field

from assistant.domain.casework import Responder
from knowledge.slots import Entry


class WhyWords(Entry):
    """How somebody asks why something was flagged, or was not; ``filler`` may stand around it and says nothing more."""

    asks: tuple[str, ...]
    asks_not: tuple[str, ...]
    filler: tuple[str, ...]


class CommandWords(Entry):
    """What is asked of the assistant itself; the first of each list is what a channel's command (/today) says."""

    hello: tuple[str, ...] = Field(min_length=1)
    today: tuple[str, ...] = Field(min_length=1)
    help: tuple[str, ...] = Field(min_length=1)
    undo: tuple[str, ...] = Field(min_length=1)
    #: by command, what a channel's menu says of it
    menu: Mapping[str, str]


class AnswerWords(Entry):
    """Short answers to prompts and questions; only a message made of a door and these is taken for one."""

    filler: tuple[str, ...]
    vague: tuple[str, ...]
    not_yet: tuple[str, ...]
    not_home: tuple[str, ...]
    all_of_them: tuple[str, ...]
    each_of_them: tuple[str, ...]
    still_not: tuple[str, ...]
    asks_whether: tuple[str, ...]
    told_before: tuple[str, ...]
    saw_it: tuple[str, ...]
    rechecked: tuple[str, ...]
    all_well: tuple[str, ...]
    not_well: tuple[str, ...]
    #: by kind or theme: what says that it is over, where it is open
    over_where_open: Mapping[str, tuple[str, ...]]
    not_over_yet: tuple[str, ...]
    acknowledges: tuple[str, ...]
    acknowledges_by: tuple[str, ...]
    agree: tuple[str, ...]
    agree_or_not: tuple[str, ...]
    send_back: tuple[str, ...]
    reopen: tuple[str, ...]
    hand_over: tuple[str, ...]
    hand_over_softly: tuple[str, ...]
    not_a_hand_over: tuple[str, ...]
    because: tuple[str, ...]
    called_as: Mapping[Responder, tuple[str, ...]]
    lead_in: tuple[str, ...]
    becomes: tuple[str, ...]
    denies: tuple[str, ...]
    affirms: tuple[str, ...]
    withdraws: tuple[str, ...]
    in_bulk: tuple[str, ...]
    about_a_message: tuple[str, ...]
    the_last_one: tuple[str, ...]
