"""The words of the household page: how we know of a finding, what was done, and how far something may be put off."""

from datetime import timedelta

from assistant.domain.followups import FollowUpState
from assistant.domain.reports import EvidenceState, Severity, VisitOutcome
from assistant.storage.deciding import LONGEST_DELAY

STATES = {
    EvidenceState.SEEN: "亲眼看到",
    EvidenceState.SELF_REPORTED: "本人说的",
    EvidenceState.HEARSAY: "听别人说",
    EvidenceState.UNVERIFIED: "还没核实",
    EvidenceState.NEGATED: "说没有",
    EvidenceState.RESOLVED: "说好了",
    EvidenceState.PLANNED: "只是提醒",
}
VISITS = {
    VisitOutcome.MET: "见到了",
    VisitOutcome.MISSED: "没遇到",
    VisitOutcome.REFUSED: "没让进",
    VisitOutcome.PHONE: "电话联系",
    VisitOutcome.STATION: "来了站里",
}
PROMISE_ENDS = {
    FollowUpState.DONE: "办了",
    FollowUpState.REFERRED: "转出去了",
    FollowUpState.CANCELLED: "不用办了",
    FollowUpState.FAILED: "办不成",
}
DEEDS = {
    "dismissed": "说这是误报",
    "confirmed": "确认属实",
    "sent_back": "退回再看",
    "reopened": "重新打开",
    "settled": "办结",
    "proposed": "说办好了，等网格长点头",
    "postponed": "改了期限",
    "referred": "转交",
    "acknowledged": "接手",
    "escalated": "超期，往上报了",
    "climbed": "没人接手，往上报了",
    "not_yet": "说还没办",
    "done": "办了一项",
    "failed": "有一项办不成",
    "commented": "备注",
}
_DAYS = {1: "明天", 3: "3天后", 7: "7天后", 14: "14天后", 30: "30天后"}


def delays(severity: Severity) -> dict[int, str]:
    """By how many days a promise of this severity can be put off."""
    longest = LONGEST_DELAY.get(severity, timedelta(0))
    return {days: said for days, said in _DAYS.items() if timedelta(days=days) <= longest}
