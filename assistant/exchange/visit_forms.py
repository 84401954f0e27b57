"""The forms that are made of visits: 走访日志, 走访日报, 民情日记.

Their columns are those of public systems and templates (GM_V3.0's 民情日志, a 民情日记 template). What only a person
can know (心得体会) is left empty for that person.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from assistant.domain.casework import Responder
from assistant.domain.reports import VisitOutcome
from assistant.exchange.gathering import Gathering, VisitTaken
from assistant.exchange.measures import measures
from assistant.exchange.tables import Table, Value
from assistant.storage.tables import FindingRow, Matter, Resident

OUTCOMES = {
    VisitOutcome.MET: "见到",
    VisitOutcome.MISSED: "到访不遇",
    VisitOutcome.REFUSED: "拒访",
    VisitOutcome.PHONE: "电话",
    VisitOutcome.STATION: "服务站",
    VisitOutcome.NONE: "没说",
}
_DIARY = (
    "序号 走访时间 走访地点 走访对象(年龄) 走访人 记录人 走访方式 家庭情况 困难 诉求和建议 走访记录 现场措施 下一步"
    " 心得体会(自己写) 上报编号 生成方式"
)
_HAZARDS = ("治安隐患", "消防隐患")
_OTHER = "其他问题"


def visit_log(gathering: Gathering) -> Table:
    """走访日志: a row a visit, with the worker's own words."""
    counted = tuple(gathering.forms.visit_log)
    columns = (
        *["序号", "日期", "时间", "网格", "网格员", "小区", "具体门牌", "户主(称呼)", "走访结果"],
        *counted,
        _OTHER,
        *(f"{name}说明" for name in _HAZARDS),
        *["上报有关单位件数", "巡查走访情况", "照片数", "上报编号", "生成方式"],
    )

    def rows() -> Iterator[tuple[Value, ...]]:
        for number, taken in enumerate(gathering.visits(), 1):
            counts = _counted(gathering, taken)
            said = [
                "；".join(_label(gathering, each) for each in _active(taken) if _column(gathering, each) == name)
                for name in _HAZARDS
            ]
            yield (
                number,
                taken.at.date(),
                f"{taken.at:%H:%M}",
                taken.door.area,
                taken.worker,
                taken.door.estate,
                taken.door.said,
                taken.door.called,
                OUTCOMES[taken.visit.outcome],
                *(counts[name] for name in (*counted, _OTHER)),
                *said,
                len(_passed_on(taken)),
                taken.words,
                taken.photos,
                _reference(taken),
                gathering.forms.labels.words,
            )

    return Table("走访日志", columns, rows())


@dataclass
class _Day:
    """One worker's visits of one day."""

    area: str
    first: datetime
    last: datetime
    doors: set[int] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    passed_on: int = 0
    solved: int = 0


def daily_log(gathering: Gathering) -> Table:
    """走访日报: a row a worker and day, counted from the visits. Doors are counted, never ranked."""
    counted = (*gathering.forms.visit_log, _OTHER)
    columns = (
        "日期",
        "网格",
        "网格员",
        "开始",
        "结束",
        "走访户数",
        *counted,
        "当天自行解决",
        "上报有关单位",
        "生成方式",
    )

    def rows() -> Iterator[tuple[Value, ...]]:
        days: dict[tuple[date, str], _Day] = {}
        for taken in gathering.visits():
            day = days.setdefault((taken.at.date(), taken.worker), _Day(taken.door.area, taken.at, taken.at))
            day.last = taken.at
            day.doors.add(taken.visit.household_id)
            day.counts.update(_counted(gathering, taken))
            passed_on = _passed_on(taken)
            day.passed_on += len(passed_on)
            day.solved += len(_solved_that_day(gathering, taken) - passed_on)
        for (on, worker), day in days.items():
            yield (
                on,
                day.area,
                worker,
                f"{day.first:%H:%M}",
                f"{day.last:%H:%M}",
                len(day.doors),
                *(day.counts[name] for name in counted),
                day.solved,
                day.passed_on,
                gathering.forms.labels.summary,
            )

    return Table("走访日报", columns, rows(), is_summary=True)


def diary(gathering: Gathering) -> Table:
    """民情日记: an entry a visit on which somebody was met or spoken to."""
    columns = tuple(_DIARY.split())

    def rows() -> Iterator[tuple[Value, ...]]:
        number = 0
        for taken in gathering.visits():
            if taken.visit.outcome in (VisitOutcome.MISSED, VisitOutcome.NONE):
                continue
            number += 1
            wishes = [each for each in _active(taken) if each.kind.startswith("request.")]
            troubles = [each for each in _active(taken) if each not in wishes]
            yield (
                number,
                f"{taken.at:%Y-%m-%d %H:%M}",
                f"{taken.door.estate}{taken.door.said}",
                "、".join(_with_age(person, taken.at.date()) for person in taken.people),
                taken.worker,
                taken.worker,
                OUTCOMES[taken.visit.outcome],
                _family(taken.people, taken.at.date()),
                "；".join(_label(gathering, each) for each in troubles),
                "；".join(f"{_label(gathering, each)}({gathering.forms.nature(each.kind)})" for each in wishes),
                taken.words,
                _measures(gathering, taken),
                _next_steps(gathering, taken),
                None,
                _reference(taken),
                gathering.forms.labels.summary,
            )

    return Table("民情日记", columns, rows(), is_summary=True)


def _active(taken: VisitTaken) -> list[FindingRow]:
    return [finding for finding in taken.findings if finding.state.is_active]


def _column(gathering: Gathering, finding: FindingRow) -> str:
    return gathering.forms.log_column(finding.kind) or _OTHER


def _counted(gathering: Gathering, taken: VisitTaken) -> Counter[str]:
    return Counter(_column(gathering, finding) for finding in _active(taken))


def _label(gathering: Gathering, finding: FindingRow) -> str:
    """``燃气软管：“软管老化”``, and how it is known where nobody saw it."""
    known = gathering.replies.states[finding.state]
    return f"{gathering.replies.called(finding.kind)}{f'({known})' if known else ''}：“{finding.quote}”"


def _passed_on(taken: VisitTaken) -> set[str]:
    """The kinds for which somebody else than the worker was called in."""
    return {each.kind or each.rule for each in taken.follow_ups if each.owner is not Responder.WORKER}


def _solved_that_day(gathering: Gathering, taken: VisitTaken) -> set[str]:
    ids = [finding.matter_id for finding in _active(taken) if finding.matter_id is not None]
    matters = [gathering.session.get_one(Matter, matter_id) for matter_id in ids]
    return {
        matter.kind
        for matter in matters
        if matter.settled_at is not None and gathering.local(matter.settled_at).date() == taken.at.date()
    }


def _measures(gathering: Gathering, taken: VisitTaken) -> str:
    if taken.words != taken.report.text:
        return ""
    return measures(gathering.forms, taken.visit.household_id, [(taken.report, taken.found_anywhere)])


def _next_steps(gathering: Gathering, taken: VisitTaken) -> str:
    return "；".join(
        f"{gathering.replies.responders[each.owner]}：{each.what}，{gathering.local(each.due_at):%m月%d日}前"
        for each in taken.follow_ups
    )


def _with_age(person: Resident, day: date) -> str:
    age = person.age_on(day)
    return person.called if age is None else f"{person.called}({age}岁)"


def _family(people: Sequence[Resident], day: date) -> str:
    """What is on record of the family, and nothing that is not."""
    if not people:
        return ""
    told = [f"在册{len(people)}人"]
    for person in people:
        needs = [name for is_so, name in ((person.lives_alone, "独居"), (person.disabled, "残疾")) if is_so]
        if person.care_grade is not None and person.care_grade.has_rhythm:
            needs.append(f"照护等级{person.care_grade.called}")
        if needs:
            told.append(f"{_with_age(person, day)}{'、'.join(needs)}")
    return "；".join(told)


def _reference(taken: VisitTaken) -> str:
    return f"W{taken.report.id}"
