"""``weiguang eval FILE…``: how well the assistant reads labelled messages, by theme and by trap, and what it misreads.

A file without gold labels is quiet text: what is read as P0 or P1 there is a false alarm.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from assistant.commands.read import LineReader
from assistant.domain.errors import NotUnderstood
from assistant.lines import message_of
from assistant.measuring import Tally, tallies

_SHOWN = (
    "messages",
    "finding F1",
    "precision",
    "recall",
    "key",
    "severity",
    "under",
    "over",
    "P0 recall",
    "visit",
    "ask",
)


def eval(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="每行一条消息的文件,格式见 read.md")],
    wrong: Annotated[bool, typer.Option("--wrong", help="列出每条没读准的消息")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="只输出各文件的总数字")] = False,
) -> None:
    """用带标准答案的消息检验理解得准不准,按主题、按难点列出。"""
    console = Console()
    console = console if console.is_terminal else Console(width=140)
    reader = LineReader()
    for path in files:
        pairs = _readings(reader, path, quiet=as_json)
        labelled = [(message, reading) for message, reading in pairs if "gold" in message]
        if not labelled:
            _show_quiet(console, path, pairs, wrong=wrong, as_json=as_json)
            continue
        whole, by_theme, by_trap, misread = tallies(labelled)
        if as_json:
            typer.echo(json.dumps({"file": path.name, **whole.figures()}, ensure_ascii=False))
            continue
        console.print(_table(f"{path.name}:全部", {"全部": whole}))
        console.print(_table("按主题", by_theme))
        console.print(_table("按难点", by_trap))
        if wrong:
            for message, lines in misread:
                typer.echo(f"{message['id']}  {message['text']}")
                for line in lines:
                    typer.echo(f"      {line}")


def _readings(reader: LineReader, path: Path, *, quiet: bool) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    with path.open(encoding="utf-8") as lines:
        texts = [line for line in lines if line.strip()]
    pairs = []
    for number, text in enumerate(track(texts, f"读 {path.name}", disable=quiet, transient=True), start=1):
        try:
            message = message_of(text, reader.now())
        except NotUnderstood as fault:
            raise typer.BadParameter(f"{path.name} 第{number}行:{fault}") from fault
        pairs.append((json.loads(text), reader.read(message)))
    return pairs


def _show_quiet(
    console: Console,
    path: Path,
    pairs: Sequence[tuple[dict[str, Any], dict[str, Any]]],
    *,
    wrong: bool,
    as_json: bool,
) -> None:
    alarms = [
        (message, case) for message, reading in pairs for case in reading["cases"] if case["severity"] in ("P0", "P1")
    ]
    share = len({message["id"] for message, _ in alarms}) / len(pairs) if pairs else 0.0
    if as_json:
        typer.echo(json.dumps({"file": path.name, "messages": len(pairs), "false alarms": round(share, 4)}))
        return
    console.print(f"{path.name}:{len(pairs)} 条无事的话,误报 P0/P1 {len(alarms)} 处({share:.2%})")
    if wrong:
        for message, case in alarms:
            kinds = "、".join(finding["kind"] for finding in case["findings"])
            typer.echo(f"{message['id']}  {case['severity']} {kinds}  {message['text'][:120]}")


def _table(title: str, rows: dict[str, Tally]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("")
    for name in _SHOWN:
        table.add_column(name, justify="right")
    for name, tally in sorted(rows.items(), key=lambda row: -row[1].messages):
        figures = tally.figures()
        table.add_row(name, *(_cell(figures.get(column)) for column in _SHOWN))
    return table


def _cell(value: float | None) -> str:
    if value is None:
        return ""
    return str(int(value)) if value > 1 else f"{value:.3f}"
