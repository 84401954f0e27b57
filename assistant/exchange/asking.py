"""What somebody asks to take out: which form, of which days, as which file, and for what."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from assistant.domain.errors import NotUnderstood

#: a form of more days than that is no form any more (本项目建议)
LONGEST_DAYS = 366


class OutForm(StrEnum):
    """The forms that can be taken out."""

    VISITS = "visits"
    DAILY = "daily"
    HAZARDS = "hazards"
    INSPECTIONS = "inspections"
    DIARY = "diary"
    CODES = "codes"


FORM_NAMES = {
    OutForm.VISITS: "走访日志",
    OutForm.DAILY: "走访日报",
    OutForm.HAZARDS: "隐患排查台账",
    OutForm.INSPECTIONS: "隐患巡查记录",
    OutForm.DIARY: "民情日记",
    OutForm.CODES: "代码对照表",
}
FORM_HINTS = {
    OutForm.VISITS: "一次走访一行：哪一户、见没见到、有什么事，带网格员原话",
    OutForm.DAILY: "一人一天一行：走了几户、几点到几点、各类几件",
    OutForm.HAZARDS: "一个隐患一行：哪里、什么、谁负责、期限、改好没有",
    OutForm.INSPECTIONS: "一次检查一行：合格、存在隐患、已整改",
    OutForm.DIARY: "一次走访一篇：家里情况、困难、诉求、下一步",
    OutForm.CODES: "微光的分类和上级代码怎么对应，不含任何住户",
}


class FileKind(StrEnum):
    EXCEL = "xlsx"
    CSV = "csv"


class Purpose(StrEnum):
    """What a file is for. Whoever takes one out says it, and it stays on record."""

    INSPECTION = "inspection"
    MONTHLY = "monthly"
    CIVIL_AFFAIRS = "civil_affairs"
    HANDOVER = "handover"
    OTHER = "other"


PURPOSE_NAMES = {
    Purpose.INSPECTION: "上级检查、报送",
    Purpose.MONTHLY: "本网格月度汇总",
    Purpose.CIVIL_AFFAIRS: "民政走访材料",
    Purpose.HANDOVER: "移交给处置单位",
    Purpose.OTHER: "其他",
}


@dataclass(frozen=True)
class Asked:
    """One request. Both days are included. Without ``with_restricted``, health, children and violence stay inside.

    Raises NotUnderstood, in the asker's words, for days or a purpose that don't fit.
    """

    form: OutForm
    kind: FileKind
    since: date
    until: date
    purpose: Purpose
    note: str = ""
    with_restricted: bool = False

    def __post_init__(self) -> None:
        if self.until < self.since:
            raise NotUnderstood("结束的日子在开始的前面", "请换一下")
        if (self.until - self.since).days >= LONGEST_DAYS:
            raise NotUnderstood(f"一次最多导出 {LONGEST_DAYS} 天", "请分成几次")
        if self.purpose is Purpose.OTHER and not self.note.strip():
            raise NotUnderstood("用途选了“其他”，没写做什么用", "请写一句")

    def begins_at(self, zone: ZoneInfo) -> datetime:
        return datetime.combine(self.since, time(0), zone)

    def ends_at(self, zone: ZoneInfo) -> datetime:
        """The first moment that is no longer meant."""
        return datetime.combine(self.until + timedelta(days=1), time(0), zone)

    @property
    def file_name(self) -> str:
        if self.form is OutForm.CODES:
            return f"{FORM_NAMES[self.form]}.{self.kind}"
        return f"{FORM_NAMES[self.form]}_{self.since:%Y%m%d}-{self.until:%Y%m%d}.{self.kind}"
