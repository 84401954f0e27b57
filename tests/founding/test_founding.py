"""A fresh installation gets its community from a file; given again, only what is new is added."""

from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from assistant.cli import cli
from assistant.domain.access import AreaLevel, Role
from assistant.domain.casework import Responder
from assistant.storage.database import Database
from assistant.storage.invitations import code_in
from assistant.storage.tables import Area, Estate, Station, Worker

EXAMPLE = Path(__file__).resolve().parents[2] / "deploy" / "community.example.yaml"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WEIGUANG_DATA_DIR", str(tmp_path))
    return tmp_path


def run(file: Path, *options: str) -> tuple[int, str]:
    said = CliRunner().invoke(cli, ["community", *options, str(file)])
    return said.exit_code, said.stdout


def test_the_example_founds_a_community_and_gives_everybody_a_code(folder: Path) -> None:
    status, said = run(EXAMPLE)

    assert status == 0
    assert all(code_in(line) for line in said.splitlines())
    database = Database.open(f"sqlite:///{folder / 'weiguang.db'}")
    with database.reading() as session:
        people = {worker.name: worker for worker in session.exec(select(Worker))}
        areas = {area.name: area for area in session.exec(select(Area))}
        assert len(people) == len(said.splitlines()) == 8
        assert people["马师傅"].acts_as is Responder.GAS
        assert people["郑管"].role is Role.ADMINISTRATOR
        assert session.get_one(Estate, people["林微"].estate_id).name == "锦绣园"
        assert areas["一号微网格"].path.startswith(areas["第一网格"].path)
        assert areas["翠屏农贸市场"].level is AreaLevel.SPECIAL_GRID
        assert session.exec(select(Station)).one().doctor_days == [2, 4]
    database.close()


def test_given_again_only_what_is_new_is_added(folder: Path) -> None:
    run(EXAMPLE)
    grown = folder / "grown.yaml"
    grown.write_text(
        EXAMPLE.read_text(encoding="utf-8").replace(
            "人员:\n", "人员:\n  - {姓名: 新来的, 角色: 网格员, 在: 三号微网格}\n"
        ),
        encoding="utf-8",
    )

    status, said = run(grown)

    assert status == 0
    assert [line.split("\t")[0] for line in said.splitlines()] == ["新来的"]


def test_looking_writes_nothing(folder: Path) -> None:
    status, said = run(EXAMPLE, "--check")

    assert status == 0
    assert "8 人" in said
    assert not (folder / "weiguang.db").exists()


@pytest.mark.parametrize(
    ("written", "instead", "line", "says"),
    [
        ("角色: 网格长, 在: 第一网格", "角色: 网各长, 在: 第一网格", "第23行", "你是不是想写“网格长”"),
        ("在: 二号微网格", "在: 二号网格", "第22行", "没有“二号网格”这个区域"),
        ("单位: 燃气公司", "单位: 煤气公司", "第27行", "没有“煤气公司”这个单位"),
        ("处置单位, 单位: 社区民警,", "处置单位,", "第26行", "要写单位"),
        ("街道: 翠屏街道\n", "", "", "缺少“街道”"),
        ("小区: [锦绣园]", "小区: 锦绣园", "第11行", "几项写成列表"),
        ("专属网格:", "专属网各:", "第17行", "你是不是想写“专属网格”"),
        ("开门: 周一至周五 9:00-17:00", "开门: 天天开", "第31行", "开门"),
        ("微网格: [三号微网格]", "微网格: [一号微网格]", "", "有两个区域都叫“一号微网格”"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_nothing_is_written(
    folder: Path, written: str, instead: str, line: str, says: str
) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert written in text
    broken = folder / "broken.yaml"
    broken.write_text(text.replace(written, instead, 1), encoding="utf-8")

    said = CliRunner().invoke(cli, ["community", str(broken)])

    assert said.exit_code == 1
    assert says in str(said.exception)
    assert line in str(said.exception)
    assert not (folder / "weiguang.db").exists()
