"""Words that say a matter is over only because it is open at that door: 出院回家了 of a fall, 退群了 of a scam.

Said of any other door they say nothing of the kind, so the lexicon can't know them; ``over_where_open`` in
``knowledge/replies.yaml`` lists them by kind or theme. Only what the worker saw counts, and a P0 or P1 still waits for
the coordinator's word. Words of something to come (准备退群) or still lacking (还没出院) end nothing.
"""

import re
from collections.abc import Collection

from assistant.dialogue.answers import says_any
from assistant.domain.reports import CaseReading
from knowledge.replies import Replies

_CLAUSE_ENDS = re.compile(r"[,，。;；:：!！、\s]")


def over_here(text: str, case: CaseReading, open_kinds: Collection[str], replies: Replies) -> set[str]:
    """The open kinds that the text says are over at the case's door, beside those that the case itself ends."""
    words = replies.answer_words
    clauses = [each for each in _CLAUSE_ENDS.split(text) if each and not says_any(each, words.not_over_yet)]
    standing = {each.kind for each in case.findings if each.state.is_active}
    over = {
        kind
        for kind in open_kinds
        for named in (kind, kind.split(".")[0])
        if any(says_any(each, words.over_where_open.get(named, ())) for each in clauses)
    }
    return over - standing - set(case.closes)
