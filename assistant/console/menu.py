"""The console's menu: its pages in order, each with the right that it asks for.

A page is on the menu once its path is served; whoever lacks the right does not see it there.
"""

from collections.abc import Collection
from dataclasses import dataclass

from assistant.domain.access import Role
from assistant.domain.rights import Right, Viewer


@dataclass(frozen=True)
class Entry:
    """A page of the menu."""

    path: str
    name: str
    right: Right


MENU = (
    Entry("/console/today", "今天", Right.SEE_CASES),
    Entry("/console/households", "住户", Right.SEE_CASES),
    Entry("/console/map", "楼栋图", Right.SEE_CASES),
    Entry("/console/charts", "图表", Right.SEE_CHARTS),
    Entry("/console/rules", "规则", Right.SEE_RULES),
    Entry("/console/station", "服务站", Right.SEE_STATION),
    Entry("/console/requests", "诉求", Right.SEE_REQUESTS),
    Entry("/console/exchange", "导入导出", Right.IMPORT),
    Entry("/console/privacy", "隐私", Right.SEE_LOG),
    Entry("/console/people", "人员", Right.MANAGE_PEOPLE),
)


#: where a role's work begins, where that is not the first page of its menu
_BEGINS = {Role.ADMINISTRATOR: "/console/people", Role.AUDITOR: "/console/privacy"}


def begins_at(viewer: Viewer, served: Collection[str]) -> str | None:
    """The page on which this viewer's work begins; None for who has no page here."""
    paths = [entry.path for entry in menu_of(viewer, served)]
    first = _BEGINS.get(viewer.role)
    return first if first in paths else next(iter(paths), None)


def menu_of(viewer: Viewer, served: Collection[str]) -> tuple[Entry, ...]:
    """The entries that this viewer may open."""
    return tuple(entry for entry in MENU if entry.path in served and viewer.has(entry.right))
