"""The forms about hazards, in the codes of public systems.

隐患排查台账 has a row a matter, 隐患巡查记录 a row a check, 代码对照表 a row a kind of ours.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlmodel import col, select

from assistant.domain.followups import FollowUpState, MatterState
from assistant.domain.reports import EvidenceState, Severity
from assistant.exchange.gathering import Gathering
from assistant.exchange.measures import measures
from assistant.exchange.tables import Table, Value
from assistant.storage.tables import FindingRow, Flag, FollowUp, Matter, Report

#: reports by id, each with all its findings
Told = Mapping[int, tuple[Report, list[FindingRow]]]
_LEDGER = (
    "序号 日期 小区 楼栋 单元 房号 地点 户主(称呼) 隐患类别 隐患 描述 级别 现场措施 责任单位 整改期限 整改结果"
    " 复查日期 复查人 照片数 微光级别 报过几次 依据 规则版本 上报编号 生成方式"
)
_RESULTS = {
    MatterState.OPEN: "存在隐患",
    MatterState.PROPOSED: "报已整改，待复查",
    MatterState.SETTLED: "已整改",
}


def hazard_ledger(gathering: Gathering) -> Table:
    """隐患排查台账: every hazard first found in these days, with what became of it until now."""
    columns = tuple(_LEDGER.split())

    def rows() -> Iterator[tuple[Value, ...]]:
        number = 0
        for matters in gathering.matters(gathering.forms.hazard_themes):
            for row in _ledger_rows(gathering, [each for each in matters if each.state in _RESULTS]):
                number += 1
                yield (number, *row)

    return Table("隐患排查台账", columns, rows())


def _ledger_rows(gathering: Gathering, matters: Sequence[Matter]) -> Iterator[tuple[Value, ...]]:
    ids = [matter.id for matter in matters]
    session = gathering.session
    doors = gathering.doors({matter.household_id for matter in matters})
    findings: dict[int | None, list[FindingRow]] = defaultdict(list)
    for finding in session.exec(
        select(FindingRow)
        .where(col(FindingRow.matter_id).in_(ids), col(FindingRow.withdrawn_at).is_(None))
        .order_by(col(FindingRow.found_at), col(FindingRow.id))
    ):
        findings[finding.matter_id].append(finding)
    promises: dict[int | None, list[FollowUp]] = defaultdict(list)
    for follow_up in session.exec(
        select(FollowUp).where(col(FollowUp.matter_id).in_(ids)).order_by(col(FollowUp.due_at), col(FollowUp.id))
    ):
        if follow_up.state is not FollowUpState.CANCELLED:
            promises[follow_up.matter_id].append(follow_up)
    flags: dict[int | None, Flag] = {}
    for flag in session.exec(select(Flag).where(col(Flag.matter_id).in_(ids)).order_by(col(Flag.id))):
        flags[flag.matter_id] = flag
    photos = gathering.photos({finding.report_id for found in findings.values() for finding in found})
    told_ids = {finding.report_id for each in findings.values() for finding in each}
    told = gathering.told_in(told_ids | {matter.settled_by_report_id for matter in matters})
    settled_by = _settlers(gathering, matters)
    for matter in matters:
        door = doors[matter.household_id]
        found = findings[matter.id]
        owed = promises[matter.id]
        rests_on = flags.get(matter.id)
        household = door.household
        yield (
            gathering.local(matter.first_found_at).date(),
            door.estate,
            household.building,
            household.unit if household.unit != "0" else None,
            household.room,
            door.said if household.is_place else None,
            door.called,
            gathering.replies.themes[matter.kind.split(".")[0]],
            gathering.replies.called(matter.kind),
            "；".join(dict.fromkeys(finding.quote for finding in found if finding.state.is_active)),
            gathering.forms.hazard_levels[matter.severity],
            measures(gathering.forms, matter.household_id, _reports_of(matter, found, told)),
            "、".join(dict.fromkeys(gathering.replies.responders[each.owner] for each in owed)),
            gathering.local(max(each.due_at for each in owed)).date() if owed else None,
            _RESULTS[matter.state],
            gathering.local(matter.settled_at).date() if matter.settled_at else None,
            settled_by.get(matter.settled_by_report_id, "") if matter.settled_at else "",
            sum(photos.get(report_id, 0) for report_id in {finding.report_id for finding in found}),
            _grade(gathering, matter.severity),
            matter.times,
            rests_on.why if rests_on else "",
            f"{rests_on.rule}@{rests_on.rule_book_version}" if rests_on else "",
            "、".join(dict.fromkeys(f"W{finding.report_id}" for finding in found)),
            gathering.forms.labels.words,
        )


def _reports_of(matter: Matter, found: Sequence[FindingRow], told: Told) -> list[tuple[Report, list[FindingRow]]]:
    """The reports that told of it, in the order in which they came, and the one that told that it is over."""
    ids = dict.fromkeys([*(finding.report_id for finding in found), matter.settled_by_report_id])
    return [told[each] for each in ids if each is not None and each in told]


def _grade(gathering: Gathering, severity: Severity) -> str:
    return f"{severity}{gathering.replies.severities[severity].name}"


def _settlers(gathering: Gathering, matters: Sequence[Matter]) -> dict[int | None, str]:
    """Who told that a matter is over, by the report that told it."""
    ids = {matter.settled_by_report_id for matter in matters}
    rows = gathering.session.exec(select(Report.id, Report.worker_id).where(col(Report.id).in_(ids))).all()
    return {report_id: gathering.worker(worker_id) for report_id, worker_id in rows}


def inspections(gathering: Gathering) -> Table:
    """隐患巡查记录: a row for everything that was checked and told of, also what was found to be in order."""
    columns = (
        "单据号",
        "院落",
        "地址",
        "巡查项目",
        "结果",
        "级别",
        "情况",
        "住户(称呼)",
        "时间",
        "网格员",
        "上报编号",
        "生成方式",
    )

    def rows() -> Iterator[tuple[Value, ...]]:
        for finding, report, door in gathering.findings():
            if finding.state is EvidenceState.PLANNED:
                continue
            is_hazard = finding.state.is_active
            yield (
                f"WG{finding.id:08d}",
                door.estate,
                door.said,
                gathering.forms.inspection_item(finding.kind),
                gathering.forms.inspection_result(finding.state),
                gathering.forms.hazard_levels[_severity(gathering, finding)] if is_hazard else None,
                f"{gathering.replies.called(finding.kind)}：“{finding.quote}”",
                door.called,
                _moment(gathering.local(finding.found_at)),
                gathering.worker(report.worker_id),
                f"W{report.id}",
                gathering.forms.labels.words,
            )

    return Table("隐患巡查记录", columns, rows())


def _severity(gathering: Gathering, finding: FindingRow) -> Severity:
    """The matter's, which rules decided; a finding that became none is for the record."""
    if finding.matter_id is None:
        return Severity.RECORD
    return gathering.session.get_one(Matter, finding.matter_id).severity


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def codes(gathering: Gathering) -> Table:
    """代码对照表: what each kind of ours is in the other systems' codes; nobody's data."""
    columns = ("微光代码", "名称", "类别", "巡查项目", "事件性质", "民情日志栏目")

    def rows() -> Iterator[tuple[Value, ...]]:
        for kind in gathering.replies.kinds:
            theme = gathering.replies.themes[kind.split(".")[0]]
            yield (
                kind,
                gathering.replies.called(kind),
                theme,
                gathering.forms.inspection_item(kind),
                gathering.forms.nature(kind),
                gathering.forms.log_column(kind) or "其他问题",
            )
        for severity, level in gathering.forms.hazard_levels.items():
            yield (severity.value, gathering.replies.severities[severity].name, "级别", level, None, None)

    return Table("代码对照表", columns, rows())
