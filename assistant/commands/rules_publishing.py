"""``weiguang rules diff``, ``backtest``, ``publish``, ``rollback``, ``versions`` and ``precision``."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from assistant.commands.rules_trying import Knowledge, Rules, _day, loaded
from assistant.domain.errors import EngineError, RuleBookError

if TYPE_CHECKING:
    from assistant.publishing.changes import Changes
    from assistant.settings import Settings
    from assistant.storage.database import Database
    from rules.engine.book import RuleBook

By = Annotated[str, typer.Option("--by", help="哪位网格长或管理员,写在记录里")]


@dataclass(frozen=True)
class _Open:
    """The community's database and the book that is in use there."""

    database: "Database"
    settings: "Settings"
    #: what is published, else what came with the program
    texts: Mapping[str, str]
    version: str
    book: "RuleBook"
    cache: Path
    knowledge: Path | None
    #: what came with the program: it can always be gone back to
    own: Mapping[str, str]

    def load(self, texts: Mapping[str, str]) -> "RuleBook":
        from rules.engine.book import load_rules
        from rules.engine.edition import unpack
        from rules.engine.vocabulary import load_vocabulary

        return load_rules(unpack(texts, self.cache), load_vocabulary(self.knowledge))

    @property
    def now(self) -> datetime:
        from assistant.schedule.clock import SystemClock

        return SystemClock().now()


@contextmanager
def _opened(knowledge: Path | None) -> Iterator[_Open]:
    from assistant.settings import Settings
    from assistant.storage import rulebooks
    from assistant.storage.database import Database
    from rules.engine.book import OWN, load_rules
    from rules.engine.edition import read_texts, unpack, version_of
    from rules.engine.vocabulary import load_vocabulary

    settings = Settings()
    database = Database.open(settings.database_url)
    with TemporaryDirectory(prefix="weiguang-rules-") as cache:
        try:
            with database.reading() as session:
                kept = rulebooks.pointed_at(session, rulebooks.PUBLISHED)
            own = read_texts(settings.rules_dir or OWN)
            texts = dict(kept.content) if kept is not None else own
            vocabulary = load_vocabulary(knowledge or settings.knowledge_dir)
            book = load_rules(unpack(texts, Path(cache)), vocabulary)
            yield _Open(
                database,
                settings,
                texts,
                version_of(texts),
                book,
                Path(cache),
                knowledge or settings.knowledge_dir,
                own,
            )
        except RuleBookError as fault:
            typer.echo(f"✗ {fault}", err=True)
            raise typer.Exit(1) from fault
        finally:
            database.close()


def diff(rules: Rules = None, knowledge: Knowledge = None) -> None:
    """这个目录里的规则和正在用的有什么不同,会碰到多少户。"""
    from assistant.publishing.changes import compare, dates_in_the_past
    from assistant.publishing.publishing import affected

    with _opened(knowledge) as there:
        new = loaded(rules, knowledge)
        today = there.now.astimezone(there.settings.tz).date()
        changes = compare(there.book, new, today)
        _print_changes(changes, there.version)
        for fault in dates_in_the_past(there.book, new, today):
            typer.echo(f"✗ {fault}", err=True)
        if not changes.is_empty:
            with there.database.reading() as session:
                typer.echo(f"可能碰到 {len(affected(session, changes.reach, there.now))} 户")


def _print_changes(changes: "Changes", version: str) -> None:
    if changes.is_empty:
        typer.echo(f"和正在用的 {version} 没有不同")
        return
    for line in changes.parameters:
        typer.echo(f"界限 {line}")
    for each in changes.rules:
        typer.secho(f"{each.how} {each.rule} {each.label}", bold=True)
        for line in each.lines:
            typer.echo(f"    {line}")


def backtest(
    since: Annotated[str, typer.Option("--since", help="从哪一天的上报算起,写成 2026-03-01")],
    rules: Rules = None,
    knowledge: Knowledge = None,
) -> None:
    """拿已有的上报试一遍:会多标哪些、少标哪些,各人各单位的活多多少。什么都不改、不发。"""
    from assistant.publishing.replaying import backtest as tried
    from rules.engine.reference import ReferenceMatcher
    from rules.engine.wording import OWNERS

    with _opened(knowledge) as there, Progress(console=Console(stderr=True), transient=True) as progress:
        begin = datetime.combine(_day(since), time(0), there.settings.tz)
        bar = progress.add_task("重算已有的上报", total=None)
        with there.database.reading() as session:
            result = tried(
                session,
                ReferenceMatcher(there.book),
                ReferenceMatcher(loaded(rules, knowledge)),
                begin,
                there.settings.tz,
                lambda done, of: progress.update(bar, completed=done, total=of),
            )
    typer.echo(f"{since} 以来 {result.looked_at} 户次")
    for title, flags in (("会新标", result.newly), ("不再标", result.no_longer)):
        typer.secho(f"{title} {len(flags)} 个", bold=True)
        for key, flag in flags[:20]:
            typer.echo(f"    {key} {flag.severity} {flag.why} [{flag.rule}]")
    typer.secho(f"等级会变 {len(result.moved)} 个", bold=True)
    for key, was, will in result.moved[:20]:
        typer.echo(f"    {key} {was.severity} → {will.severity} [{will.rule}]")
    table = Table("谁", "现在", "改后", title="要办的事")
    for name, (before, after) in sorted(result.by_worker.items()):
        table.add_row(name, str(before), str(after))
    for owner, (before, after) in sorted(result.by_owner.items()):
        table.add_row(OWNERS[owner], str(before), str(after))
    Console().print(table)
    for error, count in result.set_aside.items():
        typer.echo(f"· {count} 条上报没能重算({error}),已跳过", err=True)


def publish(
    by: By,
    rules: Rules = None,
    knowledge: Knowledge = None,
    note: Annotated[str | None, typer.Option("--note", help="这次改了什么")] = None,
    draft: Annotated[bool, typer.Option("--draft", help="只存成草稿:不重算、不发任何东西")] = False,
) -> None:
    """发布这个目录里的规则:先查、先跑例子,再重算碰得到的户;发过的提醒不会再发。"""
    from assistant.publishing.changes import dates_in_the_past
    from assistant.publishing.publishing import keep_draft
    from rules.engine.edition import read_texts

    with _opened(knowledge) as there:
        new = loaded(rules, knowledge)
        texts = read_texts(new.folder)
        worker_id = _publisher(there.database, by)
        if draft:
            typer.echo(f"✓ 草稿 {keep_draft(there.database, texts, there.now, worker_id, note)}")
            return
        today = there.now.astimezone(there.settings.tz).date()
        faults = list(dates_in_the_past(there.book, new, today))
        for fault in faults:
            typer.echo(f"✗ {fault}", err=True)
        if faults:
            raise typer.Exit(1)
        _publish(there, texts, new, worker_id, note)


def rollback(
    by: By,
    to: Annotated[str | None, typer.Option("--to", help="回到哪个版本,默认上一个;第一次发布以前是程序自带的")] = None,
    knowledge: Knowledge = None,
) -> None:
    """回到以前的规则书,碰得到的户照它重算。"""
    from assistant.storage import rulebooks
    from rules.engine.edition import version_of

    with _opened(knowledge) as there:
        with there.database.reading() as session:
            kept = rulebooks.of_version(session, to) if to else rulebooks.before_published(session)
        texts, version = (kept.content, kept.version) if kept is not None else (there.own, version_of(there.own))
        is_known = kept is not None or (version.startswith(to) if to else version != there.version)
        if not is_known:
            known = f"没有版本“{to}”" if to else "以前没有发布过别的规则书"
            typer.echo(f"✗ {known}。用 weiguang rules versions 看有哪些", err=True)
            raise typer.Exit(1)
        _publish(there, texts, there.load(texts), _publisher(there.database, by), f"回到 {version}")


def _publish(there: _Open, texts: Mapping[str, str], new: "RuleBook", worker_id: int, note: str | None) -> None:
    from assistant.decide.trial import put_to_use
    from assistant.publishing.publishing import publish as published
    from rules.engine.reference import ReferenceMatcher

    try:
        tried = put_to_use(new)
    except (RuleBookError, EngineError) as fault:
        typer.echo(f"✗ {fault}", err=True)
        raise typer.Exit(1) from fault
    tried.close()
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("重算碰得到的户", total=None)
        outcome = published(
            there.database,
            texts,
            old=ReferenceMatcher(there.book),
            new=ReferenceMatcher(new),
            now=there.now,
            zone=there.settings.tz,
            worker_id=worker_id,
            old_version=there.version,
            note=note,
            on_progress=lambda done, of: progress.update(bar, completed=done, total=of),
        )
    _print_changes(outcome.changes, there.version)
    done = outcome.revised
    typer.echo(
        f"✓ 已发布 {outcome.version}:看了 {outcome.affected} 户,改了 {outcome.touched} 户"
        f"(共 {outcome.with_something_open} 户有标记);新标 {done.raised}、换下 {done.superseded}、"
        f"跟进改动 {done.changed}、新增 {done.promised}、取消 {done.cancelled}"
    )
    if done.called:
        typer.secho(f"! 其中 {done.called} 个变成紧急(P0):服务正在呼叫微网格员和网格长", fg="red")
    for error, count in outcome.set_aside.items():
        typer.echo(f"· {count} 户没能重算({error}),照旧", err=True)


def _publisher(database: "Database", name: str) -> int:
    from sqlmodel import col, select

    from assistant.domain.access import Role
    from assistant.storage.tables import Worker

    may = (Role.COORDINATOR, Role.ADMINISTRATOR)
    with database.reading() as session:
        query: Any = select(Worker).where(col(Worker.role).in_(may), col(Worker.left_at).is_(None))
        people = session.exec(query.order_by(col(Worker.id))).all()
    found = next((person for person in people if person.name == name), None)
    if found is None or found.id is None:
        known = "、".join(person.name for person in people) or "一个也没有"
        typer.echo(f"✗ 没有叫“{name}”的网格长或管理员。现有:{known}", err=True)
        raise typer.Exit(1)
    return int(found.id)


def versions(knowledge: Knowledge = None) -> None:
    """存着哪些规则书,哪一本正在用。"""
    from assistant.storage import rulebooks
    from rules.engine.edition import version_of

    with _opened(knowledge) as there, there.database.reading() as session:
        published = rulebooks.published_version(session)
        draft = rulebooks.pointed_at(session, rulebooks.DRAFT)
        kept = rulebooks.all_kept(session)
        zone = there.settings.tz
        for book in kept:
            marks = "、".join(
                name
                for name, is_so in (("在用", book.version == published), ("草稿", draft and draft.id == book.id))
                if is_so
            )
            typer.echo(
                f"{book.version} {book.made_at.astimezone(zone):%Y-%m-%d %H:%M} {marks} {book.note or ''}".rstrip()
            )
        if published is None:
            typer.echo(f"还没有发布过;在用的是程序自带的 {there.version}")
        else:
            typer.echo(f"{version_of(there.own)} 程序自带的,随时可以回到")


def precision(
    since: Annotated[str | None, typer.Option("--since", help="从哪一天的标记算起,默认全部")] = None,
    knowledge: Knowledge = None,
) -> None:
    """每条规则标了多少、网格长说对的多少;哪条规则老是误报。"""
    from assistant.storage.verdicts import tallies

    with _opened(knowledge) as there:
        begin = datetime.combine(_day(since), time(0), there.settings.tz) if since else None
        with there.database.reading() as session:
            found = tallies(session, begin)
        table = Table("规则", "标了", "说对", "说错", "对的比例(95%)", "")
        for each in found:
            low, high = each.interval or (0.0, 1.0)
            between = f"{low:.0%}–{high:.0%}" if each.interval else "还没人判断"
            hint = "[red]老是误报:请看看条件[/red]" if each.cries_wolf else ""
            table.add_row(each.rule, str(each.fired), str(each.confirmed), str(each.dismissed), between, hint)
        Console().print(table)


def troubles(
    clear: Annotated[str | None, typer.Option("--clear", help="这条规则已改好,重新启用")] = None,
    by: Annotated[str | None, typer.Option("--by", help="哪位网格长或管理员")] = None,
    knowledge: Knowledge = None,
) -> None:
    """哪条规则、哪一户的记录出过错,停用了哪些;改好后 --clear 规则编号 重新启用。"""
    from assistant.storage import troubles as store
    from assistant.storage.ledger import Ledger

    with _opened(knowledge) as there:
        if clear is not None:
            worker_id = _publisher(there.database, by or "")
            with there.database.writing() as session:
                count = store.clear(Ledger(session, there.now, worker_id), clear)
            typer.echo(f"✓ {clear} 重新启用" if count else f"没有 {clear} 出错的记录")
            return
        with there.database.reading() as session:
            rows = store.uncleared(session)
            keys = store.household_keys(session, rows)
            for row in rows:
                off = ",已停用" if row.switched_off_at else ""
                what = "规则引擎" if row.rule == store.THE_ENGINE else f"规则 {row.rule}" if row.rule else "记录"
                at = row.last_at.astimezone(there.settings.tz).strftime("%Y-%m-%d %H:%M")
                where = f" 在 {keys[row.household_id]}" if row.household_id in keys else ""
                typer.echo(f"{at} {what}{where} 出错 {row.times} 次({row.error}){off} [{row.rule_book_version}]")
            if not rows:
                typer.echo("没有出错的规则和记录")
