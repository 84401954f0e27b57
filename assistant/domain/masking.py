"""What of a person is shown to whom: who knocks at the door knows the name, who is called in for one thing a part.

Coordinators and workers see a person as on record. A responder sees ``张**``, in the words of a report too, and
what help somebody needs only where their trade is that help. Everybody else sees nobody. This is our own proposal
(本项目建议) after architecture.md, decision 8.
"""

import re
from collections.abc import Collection

from assistant.domain.access import Role
from assistant.domain.casework import Responder
from assistant.domain.rights import Viewer

_KNOW_PEOPLE = (Role.WORKER, Role.COORDINATOR)
#: whose trade it is to help a person, not to mend a thing
_HELP_PEOPLE = (Responder.POLICE, Responder.EMS, Responder.DOCTOR, Responder.FAMILY, Responder.CIVIL_AFFAIRS)
_HIDDEN = "*"


def sees_names(viewer: Viewer) -> bool:
    """Does the viewer see what people are called?"""
    return viewer.role in _KNOW_PEOPLE


def sees_care_needs(viewer: Viewer) -> bool:
    """Does the viewer see age, living alone and disability?"""
    return viewer.role in _KNOW_PEOPLE or viewer.acts_as in _HELP_PEOPLE


def name_for(viewer: Viewer, called: str) -> str:
    """What the viewer sees of a name; always as long as the name."""
    return called if sees_names(viewer) else _hide(called)


def words_for(viewer: Viewer, text: str, names: Collection[str]) -> str:
    """A report's words with these names hidden where the viewer may not see them. Every word keeps its place."""
    return text if sees_names(viewer) else hide_names(text, names)


def hide_names(text: str, names: Collection[str]) -> str:
    """``text`` with each of these names hidden but for its first character; the longest that fits wins."""
    hidden = sorted((name for name in names if len(name) > 1), key=len, reverse=True)
    return re.sub("|".join(map(re.escape, hidden)), lambda found: _hide(found.group()), text) if hidden else text


def _hide(called: str) -> str:
    return called[:1] + _HIDDEN * (len(called) - 1)
