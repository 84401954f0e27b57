"""Is a whole message talk rather than a report: a leaflet, minutes, a TV plot, a question about what one should do?

Asked only where no door and nobody by name is spoken of. A worker who reports says where or who, or speaks of this
moment (刚才, 正在, 快来人); who teaches, quotes or asks speaks of anybody, any time.
"""

import re
from collections.abc import Callable, Sequence

from assistant.understand.idioms import idioms
from assistant.understand.spans import Span

#: So many words of teaching (应, 严禁, 定期) make a lesson.
_LESSON = 2

#: Words about nobody, nowhere, of no moment are talk; but a cry for help (屋头好大股煤气味) is as bare, and short.
_A_CRY_IS_SHORTER = 24

Cue = Callable[[str], Sequence[Span]]


def is_only_talk(
    text: str,
    cue: Cue,
    *,
    names_door: bool,
    names_place: bool,
    names_somebody: bool,
    speaks_of_somebody: bool,
    tells: float,
) -> bool:
    """Does the message as a whole only talk? ``cue`` gives the cues of one name (``knowledge/language/cues.yaml``).

    ``tells``: how likely the learned model holds it for something that is so.
    """
    if cue("drilled"):
        return True
    if names_door:
        return False
    if cue("rumour"):
        return True
    is_story = is_narrated(cue)
    if is_story and tells >= _TELLS_AS_A_STORY:
        return False
    if not names_somebody and _asks_in_general(text, cue):
        return True
    if cue("searches") and speaks_of_somebody:
        return False
    if cue("leaflet") and not cue("this_one"):
        return True
    if names_somebody:
        return False
    if any(cue(name) for name in _FRAMES):
        return True
    if is_story:
        return False
    if any(cue(name) and tells < enough for name, enough in _TELLS_IN_SPITE_OF.items()):
        return True
    if cue("far_away") and tells < (_TELLS_ON_SITE if cue("on_site") else _TELLS_OF_AFAR):
        return True
    if cue("framed_weakly") and not (names_place or cue("crowd")) and tells < _TELLS_IN_A_WEAK_FRAME:
        return True
    if cue("this_moment") or cue("this_one"):
        return False
    if len(cue("teaching")) >= _LESSON and not cue("crowd"):
        return True
    enough = _TELLS_WHILE_TEACHING if cue("teaching") or cue("prohibition") else _TELLS_OF_NOBODY
    return not (speaks_of_somebody or names_place) and tells < enough and len(text) >= _A_CRY_IS_SHORTER


_FRAMES = ("elsewhere", "framed", "remembered", "own_family")
#: From this likelihood on a message tells of something that is so in spite of a frame (tests/practice: each step down
#: lets more leaflets and news of elsewhere through than it saves reports).
_TELLS_IN_SPITE_OF = {"outreach": 0.9}
#: news of elsewhere; but 儿子从上海打来,我去敲门: who was there is no newspaper
_TELLS_OF_AFAR, _TELLS_ON_SITE = 0.97, 0.9
_TELLS_IN_A_WEAK_FRAME, _TELLS_OF_NOBODY, _TELLS_WHILE_TEACHING = 0.7, 0.8, 0.95
#: What a grid worker saw and did is told from this likelihood on, whatever words of lessons it is told with
#: (凭着培训学到的知识判断疑似中风).
_TELLS_AS_A_STORY = 0.85
#: 网格员在某小吃店后厨看到: so far behind the worker the verb may stand
_ACTS_WITHIN = 14


def is_narrated(cue: Cue) -> bool:
    """Is it told, as in the news, what a grid worker saw and did?"""
    acts = cue("narrates")
    return any(0 <= act.start - worker.end <= _ACTS_WITHIN for worker in cue("narrated") for act in acts)


def _asks_in_general(text: str, cue: Cue) -> bool:
    """A question about what one should do, from nowhere and about nobody, is no cry (快来人!)."""
    if _asks_at_the_scene(cue):
        return False
    if "!" in text[-3:] or cue("cries") or text.startswith(("他", "她")):
        return False
    ending = text.rstrip(" \n。~")
    asks = "?" in text or ending.endswith(idioms().words.question_endings)
    return asks or idioms().opens_a_question.match(text) is not None or _THIS_OR_THAT.search(text) is not None


def _asks_at_the_scene(cue: Cue) -> bool:
    """闻到煤气味咋办: who has it in their nose asks so; 要是闻到…, 应该…, 第一步… ask in general."""
    if cue("hypothesis") or cue("in_general"):
        return False
    return any(here.start < asks.start for here in cue("perceived") for asks in cue("what_now"))


_THIS_OR_THAT = re.compile(r"是.{1,8}还是")
