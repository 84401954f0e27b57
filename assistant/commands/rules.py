"""``weiguang rules``: check the rule files and play their scenarios; the others have files of their own."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from assistant.commands.rules_publishing import backtest, diff, precision, publish, rollback, troubles, versions
from assistant.commands.rules_trying import _day, explain, mutate, show
from assistant.domain.errors import EngineError, RuleBookError

if TYPE_CHECKING:
    from assistant.decide.trial import Read
    from rules.engine.model import Rule
    from rules.engine.scenarios import Cell

app = typer.Typer(help="规则:检查、试跑、解释、比较、发布。", no_args_is_help=True)
for _command in (explain, show, mutate, diff, backtest, publish, rollback, versions, precision, troubles):
    app.command()(_command)

_Rules = Annotated[Path | None, typer.Option("--rules", exists=True, file_okay=False, help="规则目录,默认是自带的")]
_Knowledge = Annotated[
    Path | None, typer.Option("--knowledge", exists=True, file_okay=False, help="知识目录,默认是自带的")
]


@app.command()
def check(rules: _Rules = None, knowledge: _Knowledge = None) -> None:
    """检查规则、参数和例子的写法;有错时说明文件、行、规则和怎样改。"""
    from assistant.decide.trial import left_out, untold
    from rules.engine.book import OWN, load_rules
    from rules.engine.scenarios import load_scenarios
    from rules.engine.vocabulary import load_vocabulary

    try:
        book = load_rules(rules or OWN, load_vocabulary(knowledge))
        scenarios = load_scenarios(book)
    except RuleBookError as fault:
        typer.echo(f"✗ {fault}", err=True)
        raise typer.Exit(1) from fault
    missing = [*left_out(book), *map(str, untold(book, scenarios))]
    for line in missing:
        typer.echo(f"✗ {line}", err=True)
    if missing:
        raise typer.Exit(1)
    year = _day(None).year
    for period in book.calendar:
        if not period.knows(year):
            typer.echo(f"· calendar.yaml 里“{period.label}”还没有 {year} 年的日子,用到它的规则今年不会触发")
    typer.echo(f"✓ {len(book.rules)} 条规则,{len(book.parameters)} 个参数,{len(scenarios)} 个例子,写法都对")


@app.command("test")
def play(
    rules: _Rules = None,
    knowledge: _Knowledge = None,
    gaps: Annotated[bool, typer.Option("--gaps", help="只列出例子还不齐的规则")] = False,
    engine: Annotated[bool, typer.Option(help="再用 durable_rules 跑一遍,结果要一样")] = True,
) -> None:
    """试跑全部例子,并列出每条规则有哪几种例子。"""
    from assistant.decide.trial import Trial
    from rules.engine.book import OWN, load_rules
    from rules.engine.opening import open_matcher, self_test
    from rules.engine.reference import ReferenceMatcher
    from rules.engine.scenarios import load_scenarios
    from rules.engine.vocabulary import load_vocabulary

    console = Console()
    try:
        book = load_rules(rules or OWN, load_vocabulary(knowledge))
        scenarios = load_scenarios(book)
    except RuleBookError as fault:
        typer.echo(f"✗ {fault}", err=True)
        raise typer.Exit(1) from fault
    trial = Trial(ReferenceMatcher(book), _reader(knowledge) if any(each.entry.report for each in scenarios) else None)
    outcomes = [trial.play(scenario) for scenario in scenarios]
    for outcome in outcomes:
        for problem in outcome.problems:
            typer.echo(f"✗ {outcome.scenario.fault(problem)}", err=True)
    shown = {cell for outcome in outcomes for cell in outcome.cells}
    console.print(_coverage(book.rules, shown, gaps))
    failed = sum(bool(outcome.problems) for outcome in outcomes)
    silent = [rule.id for rule in book.rules if (rule.id, "speaks") not in shown]
    if silent:
        typer.echo(f"✗ 这些规则没有一个例子让它触发:{'、'.join(silent)}", err=True)
    typer.echo(f"{'✗' if failed else '✓'} {len(outcomes)} 个例子,{failed} 个不对")
    if engine:
        matcher = open_matcher(book)
        try:
            asked = self_test(matcher, trial.questions)
            typer.echo(f"✓ {matcher.describe()}:{asked} 次匹配,与参考匹配器一致")
        except EngineError as fault:
            typer.echo(f"✗ {fault.args[-1]}", err=True)
            raise typer.Exit(1) from fault
        finally:
            matcher.close()
    if failed or silent:
        raise typer.Exit(1)


def _reader(knowledge: Path | None) -> "Read":
    """What reads scenarios that are written in words."""
    from assistant.understand.reader import Reader
    from knowledge.book import OWN, load_book

    return Reader(load_book(knowledge or OWN)).read


def _coverage(rules: Iterable["Rule"], shown: set[tuple[str, "Cell"]], gaps: bool) -> Table:
    from assistant.decide.trial import applies
    from rules.engine.scenarios import Cell

    table = Table(
        "规则", "触发", "差一点", "没记录", "否定", "已解决", "生效前", title="每条规则有哪几种例子(– 不适用)"
    )
    filled = wanted = 0
    for rule in rules:
        marks = []
        for cell in Cell:
            if not applies(cell, rule):
                marks.append("–")
                continue
            wanted += 1
            filled += (rule.id, cell) in shown
            marks.append("✓" if (rule.id, cell) in shown else "[red]缺[/red]")
        if not gaps or any("缺" in mark for mark in marks):
            table.add_row(rule.id, *marks)
    table.caption = f"{filled} / {wanted} 格有例子"
    return table
