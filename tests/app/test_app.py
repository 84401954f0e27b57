"""The whole assistant with its own knowledge and rules, as it is wired."""

import threading
from pathlib import Path

import pytest
from sqlmodel import col, select

from assistant.app import App, build
from assistant.channels.base import Incoming
from assistant.domain.errors import KnowledgeError, RuleBookError
from assistant.domain.reports import Severity
from assistant.settings import Settings
from assistant.storage.tables import Flag, Household, Report, Visit
from tests.turn.rehearsal import Telegraph


def say(app: App, *texts: str, start: int = 0) -> list[str]:
    """Let 刘大姐 write, and give what she is told. ``start`` numbers the first message."""
    channel = Telegraph()
    for number, text in enumerate(texts, start):
        app.receive(Incoming("test", f"m{number}", "liu", text, app.now()))
        app.settle_down({"test": channel})
    return [each.text for each in channel.sent if each.address == "liu"]


def flags(app: App) -> list[tuple[str, Severity]]:
    with app.database.reading() as session:
        rows = session.exec(
            select(Household.key, Flag.severity)
            .join(Flag, col(Flag.household_id) == Household.id)
            .order_by(col(Flag.urgency), col(Flag.id))
        ).all()
    return [(key, severity) for key, severity in rows]


def standing(app: App) -> list[tuple[str, Severity]]:
    with app.database.reading() as session:
        rows = session.exec(select(Flag, Household.key).join(Household, col(Household.id) == Flag.household_id)).all()
    return [(key, flag.severity) for flag, key in rows if flag.state.stands]


def test_a_running_scam_is_p0_with_the_words_that_say_so_marked(app: App) -> None:
    [reply] = say(app, "3栋2单元501张大爷在网上跟老师炒股,准备再转5万")

    assert "3-2-501" in reply
    assert "110" in reply
    assert flags(app)[0] == ("3-2-501", Severity.P0)
    with app.database.reading() as session:
        flag, report = session.exec(select(Flag, Report).where(Flag.report_id == Report.id)).all()[0]
    assert flag.quote_start is not None
    assert "炒股" in report.text[flag.quote_start : flag.quote_end]
    assert "炒股" in flag.why


@pytest.mark.postgres
def test_it_is_the_same_on_postgresql(app_on_postgres: App) -> None:
    say(app_on_postgres, "3栋2单元501张大爷在网上跟老师炒股,准备再转5万", "1-1-101李婆婆今天精神好,吃饭吃药都正常")

    assert flags(app_on_postgres)[0] == ("3-2-501", Severity.P0)


def test_a_smell_of_gas_is_p0(app: App) -> None:
    say(app, "5栋一单元六楼2号闻到有气味")

    assert flags(app)[0] == ("5-1-602", Severity.P0)


@pytest.mark.parametrize("text", ["1-1-101李婆婆今天精神好,吃饭吃药都正常", "2-1-302燃气检查无异常"])
def test_a_visit_where_all_is_well_is_a_visit_and_raises_no_flag(app: App, text: str) -> None:
    say(app, text)

    assert flags(app) == []
    with app.database.reading() as session:
        assert len(session.exec(select(Visit)).all()) == 1


def test_a_missed_visit_is_over_when_somebody_is_met(app: App) -> None:
    say(app, "1-1-101敲门没人应")
    missed = standing(app)
    say(app, "1-1-101今天见到人了,都好", start=10)

    assert missed == [("1-1-101", Severity.P3)]
    assert standing(app) == []


def test_the_versions_of_knowledge_and_rules_change_with_their_files(app: App, tmp_path: Path) -> None:
    import shutil

    from knowledge.book import OWN

    folder = tmp_path / "knowledge"
    shutil.copytree(OWN, folder)
    same = build(_settings(tmp_path, knowledge_dir=folder))
    with (folder / "replies.yaml").open("a", encoding="utf-8") as file:
        file.write("\n# 改了一个字\n")
    other = build(_settings(tmp_path, knowledge_dir=folder))

    versions = [each.minds.knowledge_version for each in (app, same, other)]
    for each in (same, other):
        each.close()
    assert versions[0] == versions[1] != versions[2]


@pytest.mark.parametrize(("setting", "error"), [("knowledge_dir", KnowledgeError), ("rules_dir", RuleBookError)])
def test_a_folder_without_the_files_stops_the_program_at_start(
    tmp_path: Path, setting: str, error: type[Exception]
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()

    with pytest.raises(error):
        build(_settings(tmp_path, **{setting: empty}))


def test_threads_handle_and_send_what_is_received_while_it_runs(app: App) -> None:
    told = threading.Event()

    class Bell(Telegraph):
        def send(self, outgoing):  # type: ignore[no-untyped-def]
            told.set()
            return super().send(outgoing)

    channel = Bell()
    with app.running({"test": channel}):
        app.receive(Incoming("test", "m1", "liu", "3-2-501软管老化", app.now()))
        assert told.wait(20)

    assert "3-2-501" in channel.sent[0].text
    assert not app.faults


def test_told_to_stop_it_lets_go_of_those_who_wait_and_begins_no_further_step(app: App) -> None:
    waiting, left, begun = threading.Event(), threading.Event(), []

    def ask_for_messages() -> bool:
        begun.append(len(begun))
        waiting.set()
        return left.wait(20)

    with app.running({}, also={"ask": ask_for_messages}, leave=left.set):
        assert waiting.wait(20)

    assert begun == [0]
    assert app.stopped() == []


def _settings(tmp_path: Path, **more: object) -> Settings:
    return Settings(database=f"sqlite:///{tmp_path / 'other.db'}", data_dir=tmp_path, _env_file=None, **more)  # type: ignore[arg-type]
