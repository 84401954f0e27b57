"""What is on record of one person, as a workbook for them: logged with its ground before it leaves.

Other people's words are left out: names of others at the same door are hidden, and of a report that tells of several
doors only what it says of theirs is there. Who gets it should be shown it first by somebody who reads it (see 说明).
"""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from pathlib import Path

from sqlmodel import Session

from assistant.domain.access import Sensitivity
from assistant.domain.masking import hide_names
from assistant.domain.rights import Right, Subject, Viewer, require
from assistant.exchange.tables import Table, Value
from assistant.exchange.writing import write_excel
from assistant.storage.database import Database
from assistant.storage.dossier import Dossier, Person, dossier_of
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Area, Estate, Household, Report
from knowledge.replies import Replies

FILE_NAME = "个人信息.xlsx"
_COLUMNS = ("哪一类", "时间", "情况", "限制查看", "从哪里来")


def hand_over(
    database: Database, viewer: Viewer, person: Person, ground: str, replies: Replies, now: datetime, folder: Path
) -> Path:
    """Write the file into ``folder``; ``now`` is in the community's zone. Raises NotAllowed for who may not export."""
    path = folder / FILE_NAME
    with database.writing() as session:
        household = session.get_one(Household, person.household_id)
        require(viewer, Right.EXPORT, Subject(session.get_one(Area, household.area_id).path))
        Ledger(session, now, viewer.worker_id).notes(household, "handed_over", why=ground)
    with database.reading() as session:
        dossier = dossier_of(session, person)
        estate = session.get_one(Estate, dossier.household.estate_id).name
        rows = _rows(dossier, f"{estate}{dossier.household.key}", replies, now.tzinfo)
        write_excel(Table("个人信息", _COLUMNS, rows), path, _about(session, viewer, dossier, now), now)
    return path


def _rows(dossier: Dossier, door: str, replies: Replies, zone: tzinfo | None) -> Iterator[tuple[Value, ...]]:
    def said(text: str) -> str:
        return hide_names(text, dossier.names)

    def at(moment: datetime) -> str:
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"

    for each in dossier.residents:
        told = (
            ("称呼", each.called),
            ("门牌", door),
            ("性别", each.sex),
            ("出生年", each.birth_year),
            ("年龄", each.age_said),
            ("独居", _yes_or_no(each.lives_alone)),
            ("残疾", _yes_or_no(each.disabled)),
            ("照护等级", each.care_grade.called if each.care_grade is not None else None),
            ("同意上家庭医生名单", _yes_or_no(each.agrees_to_doctor_list)),
            ("搬走", each.moved_away_on),
        )
        text = "；".join(f"{name}：{value}" for name, value in told if value is not None)
        source = "网格员上报" if each.report_id is not None else "居民表"
        yield "居民资料", None, text, _class(each.sensitivity), source
    for report in dossier.reports:
        text = report.text if report.id not in dossier.shared_ids else _own_words(dossier, report)
        if text:
            yield "上报", at(report.sent_at), said(text), _class(report.sensitivity), f"上报{report.id}"
    for finding in dossier.findings:
        known = replies.kinds.get(finding.kind)
        numbers = "；".join(f"{name} {value:g}" for name, value in finding.figures.items())
        text = (known.called if known is not None else finding.kind) + (f"（{numbers}）" if numbers else "")
        yield "读出来的", at(finding.found_at), text, _class(finding.sensitivity), f"上报{finding.report_id}"
    for flag in dossier.flags:
        yield "标记", at(flag.raised_at), said(flag.why), _class(flag.sensitivity), f"规则 {flag.rule}"
    for comment in dossier.comments:
        yield "备注", at(comment.at), said(comment.text), _class(comment.sensitivity), "网页"
    for file in dossier.files:
        if file.report_id not in dossier.shared_ids:
            yield "照片和录音", at(file.received_at), "文件另外拷给本人", None, f"上报{file.report_id}"
    for booking in dossier.bookings:
        yield "订房", at(booking.starts_at), f"{booking.room} {booking.purpose or ''}".strip(), None, "服务站"


def _own_words(dossier: Dossier, report: Report) -> str:
    return "；".join(dict.fromkeys(each.quote for each in dossier.findings if each.report_id == report.id))


def _class(sensitivity: Sensitivity) -> str | None:
    classes = {Sensitivity.HEALTH: "健康", Sensitivity.CHILD: "未成年人", Sensitivity.VIOLENCE: "家暴"}
    return classes.get(sensitivity)


def _yes_or_no(value: bool | None) -> str | None:
    return None if value is None else "是" if value else "不是"


def _about(session: Session, viewer: Viewer, dossier: Dossier, now: datetime) -> list[tuple[str, str]]:
    return [
        ("内容", "微光里和这个人有关的记录（个人信息保护法第四十五条：查阅、复制）"),
        ("来自", f"微光，{session.get_one(Area, viewer.area_id).name}"),
        ("导出人", viewer.name),
        ("导出时间", f"{now:%Y-%m-%d %H:%M}"),
        ("没有写进来的", "同一条上报里别家的话；同住的人的名字只留姓；谁报的"),
        ("交给本人以前", "请看一遍：话里可能有邻居说的，要护着说话的人"),
        ("台账", f"另有 {dossier.ledger_lines} 条处理记录，只有编号和代码"),
        ("请注意", "只交给本人或有委托的家人，当面交，用完请删除；不要发到群里"),
    ]
