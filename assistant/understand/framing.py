"""Is a whole message talk rather than a report: a leaflet, minutes, a TV plot, a question about what one should do?

Asked only where no door and nobody by name is spoken of. A worker who reports says where or who, or speaks of this
moment (刚才, 正在, 快来人); who teaches, quotes or asks speaks of anybody, any time.
"""

from collections.abc import Callable, Sequence

from assistant.understand.lexicon import Span

#: So many words of teaching (应, 严禁, 定期) make a lesson.
_LESSON = 2

#: Words about nobody, nowhere, of no moment are talk; but a cry for help (屋头好大股煤气味) is as bare, and short.
_A_CRY_IS_SHORTER = 24

Cue = Callable[[str], Sequence[Span]]


def is_only_talk(text: str, cue: Cue, *, names_somebody: bool, speaks_of_somebody: bool) -> bool:
    """Does the message as a whole only talk? ``cue`` gives the cues of one name (``knowledge/language/cues.yaml``)."""
    if cue("leaflet"):
        return True
    if names_somebody:
        return False
    if any(cue(name) for name in ("outreach", "elsewhere", "framed")):
        return True
    if cue("this_moment"):
        return False
    is_impersonal = not speaks_of_somebody and len(text) >= _A_CRY_IS_SHORTER
    return is_impersonal or len(cue("teaching")) >= _LESSON or _asks_in_general(text, cue)


def _asks_in_general(text: str, cue: Cue) -> bool:
    ending = text.rstrip(" \n。!~")
    return bool(cue("asks_about")) or ending.endswith(("?", "吗", "么", "咋办", "怎么办", "没得", "不嘛", "呢"))
