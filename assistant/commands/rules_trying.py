"""``weiguang rules explain``, ``show`` and ``mutate``: understand a rule book without changing anything."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from assistant.domain.errors import RuleBookError

if TYPE_CHECKING:
    from assistant.domain.reports import CaseReading, KnownHousehold
    from rules.engine.book import RuleBook
    from rules.engine.matcher import Matcher

Rules = Annotated[Path | None, typer.Option("--rules", exists=True, file_okay=False, help="规则目录,默认是自带的")]
Knowledge = Annotated[
    Path | None, typer.Option("--knowledge", exists=True, file_okay=False, help="知识目录,默认是自带的")
]
#: rules that did not speak which are listed unless all are asked for
_NEAREST = 6


def loaded(rules: Path | None, knowledge: Path | None) -> "RuleBook":
    """The folder's rule book; ends the command with the fault where it is wrong."""
    from rules.engine.book import OWN, load_rules
    from rules.engine.vocabulary import load_vocabulary

    try:
        return load_rules(rules or OWN, load_vocabulary(knowledge))
    except RuleBookError as fault:
        typer.echo(f"✗ {fault}", err=True)
        raise typer.Exit(1) from fault


def explain(
    what: Annotated[str, typer.Argument(help="一句话,或上报的编号")],
    rules: Rules = None,
    knowledge: Knowledge = None,
    every: Annotated[bool, typer.Option("--all", help="列出全部没有触发的规则")] = False,
    only: Annotated[str | None, typer.Option("--rule", help="只说这一条规则")] = None,
) -> None:
    """为什么标、为什么没标:每个标记的原话、规则、参数;每条没触发的规则缺的第一个条件。"""
    from rules.engine.reference import ReferenceMatcher

    matcher = ReferenceMatcher(loaded(rules, knowledge))
    cases = _of_report(int(what)) if what.isdigit() else _of_words(what, knowledge)
    if only is not None and only not in matcher.book.by_id:
        from rules.engine.vocabulary import did_you_mean

        typer.echo(f"✗ 没有“{only}”这条规则。{did_you_mean(only, matcher.book.by_id)}", err=True)
        raise typer.Exit(1)
    if not cases:
        typer.echo("没有读出哪一户有什么事。")
    for case, known, at in cases:
        _print(case, known, at, matcher, every, only)


def _print(
    case: "CaseReading",
    known: "KnownHousehold | None",
    at: datetime,
    matcher: "Matcher",
    every: bool,
    only: str | None,
) -> None:
    from assistant.decide.explaining import explain as explained
    from rules.engine.wording import OWNERS, STATES

    told = explained(case, known, at, matcher)
    typer.secho(f"{case.key}  {told.decision.severity}", bold=True)
    for finding in told.decision.findings:
        words = (
            f"“{finding.quote.text}”({finding.quote.start}–{finding.quote.end})"
            if finding.quote.text
            else "由别的话得出"
        )
        typer.echo(f"  发现 {matcher.book.vocabulary.label(finding.kind)}:{words},{STATES[finding.state]}")
    for spoke in told.spoken:
        if only in (None, spoke.rule.id):
            numbers = ";参数 " + "、".join(spoke.numbers) if spoke.numbers else ""
            typer.echo(f"  ✓ {spoke.flag.severity} {spoke.rule.label} [{spoke.rule.id},{spoke.rule.since} 起{numbers}]")
            typer.echo(f"      {spoke.flag.why}")
    for rule in told.helped:
        if only in (None, rule.id):
            typer.echo(f"  ✓ {rule.label} [{rule.id}]")
    for each in told.decision.follow_ups:
        typer.echo(f"  → {OWNERS[each.owner]}:{each.what}({each.due:%m-%d %H:%M} 前)[{each.rule}]")
    silent = [each for each in told.silent if only in (None, each.rule.id)]
    shown = silent if every or only else [each for each in silent if each.is_near][:_NEAREST]
    for miss in shown:
        typer.echo(f"  · {miss.sentence} [{miss.rule.id}]")
    if len(silent) > len(shown):
        typer.echo(f"  (另有 {len(silent) - len(shown)} 条没有触发,加 --all 全列)")


def _of_words(text: str, knowledge: Path | None) -> "list[tuple[CaseReading, KnownHousehold | None, datetime]]":
    from assistant.domain.reports import Message
    from assistant.schedule.clock import SystemClock
    from assistant.settings import Settings
    from assistant.understand.reader import Reader
    from knowledge.book import OWN, load_book

    at = SystemClock().now().astimezone(Settings().tz)
    reading = Reader(load_book(knowledge or OWN)).read(Message("explain", text, at))
    return [(case, None, at) for case in reading.cases]


def _of_report(number: int) -> "list[tuple[CaseReading, KnownHousehold | None, datetime]]":
    from assistant.publishing.replaying import told_everywhere_by
    from assistant.settings import Settings
    from assistant.storage.database import Database

    settings = Settings()
    database = Database.open(settings.database_url)
    try:
        with database.reading() as session:
            told = told_everywhere_by(session, number, settings.tz)
    finally:
        database.close()
    if told is None:
        typer.echo(f"✗ 没有编号是 {number} 的上报", err=True)
        raise typer.Exit(1)
    return [(each.case, each.known, each.at) for each in told]


def show(
    rules: Rules = None,
    knowledge: Knowledge = None,
    html: Annotated[Path | None, typer.Option("--html", dir_okay=False, help="写成一个网页文件")] = None,
    theme: Annotated[str | None, typer.Option("--theme", help="只看一个主题,如 gas")] = None,
    on: Annotated[str | None, typer.Option("--on", help="看哪一天的规则,默认今天,写成 2026-03-01")] = None,
) -> None:
    """把规则书写成看得懂的中文:当什么、就怎样、出处。"""
    from rules.engine.edition import read_texts, version_of
    from rules.engine.page import as_html, numbers, sections

    book = loaded(rules, knowledge)
    day = _day(on)
    version = version_of(read_texts(book.folder))
    if html is not None:
        html.write_text(as_html(book, day, version), encoding="utf-8")
        typer.echo(f"✓ 已写到 {html}")
        return
    typer.echo(f"规则书 {version},{day} 这一天的规则")
    for section in sections(book, day):
        if theme is not None and all(each.rule.theme != theme for each in section.rules):
            continue
        typer.secho(f"\n{section.title}({len(section.rules)} 条)", bold=True)
        for shown in section.rules:
            typer.secho(f"\n  {shown.rule.label} [{shown.rule.id}]", bold=True)
            for called, words in shown.lines:
                typer.echo(f"    {called} {words}")
    if theme is None:
        typer.secho("\n界限和期限", bold=True)
        for name, label, value, later in numbers(book, day):
            typer.echo(f"  {name} {label}:{value}" + (f";{later}" if later else ""))


def _day(written: str | None) -> date:
    from assistant.schedule.clock import SystemClock
    from assistant.settings import Settings

    if written is None:
        return SystemClock().now().astimezone(Settings().tz).date()
    try:
        return date.fromisoformat(written)
    except ValueError as fault:
        raise typer.BadParameter(f"“{written}”不是日期,写成 2026-03-01") from fault


def mutate(rules: Rules = None, knowledge: Knowledge = None) -> None:
    """把每个界限改动一、每个条件去掉一个,看例子能不能发现。"""
    from assistant.decide.mutants import hunt, mutants

    book = loaded(rules, knowledge)
    total = sum(1 for _ in mutants(book))
    caught: dict[str, int] = {}
    of_kind: dict[str, int] = {}
    for verdict in track(hunt(book), "试改规则", total=total, console=Console(stderr=True)):
        kind = verdict.mutant.kind
        of_kind[kind] = of_kind.get(kind, 0) + 1
        caught[kind] = caught.get(kind, 0) + (verdict.caught_by is not None)
        if verdict.caught_by is None:
            typer.echo(f"· 没有例子发现:{verdict.mutant.what}")
    table = Table("改动", "发现", "共", title="例子发现了多少处改动")
    called = {
        "threshold": "界限改动一",
        "condition": "去掉一个条件",
        "alternative": "去掉一种可能",
        "field": "去掉一个字段",
    }
    for kind, count in of_kind.items():
        table.add_row(called[kind], str(caught[kind]), str(count))
    Console().print(table)
    share = sum(caught.values()) / max(1, total)
    typer.echo(f"{'✓' if share >= 0.95 else '✗'} 发现 {sum(caught.values())} / {total}({share:.1%})")
    if share < 0.95:
        raise typer.Exit(1)
