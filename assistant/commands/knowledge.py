"""``weiguang knowledge check``: is everything below ``knowledge/`` right, and does it read its own examples so?"""

from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from assistant.domain.errors import KnowledgeError
from assistant.domain.reports import CaseReading, Message
from assistant.turn.hearing import load_beside
from assistant.understand.reader import Reader
from knowledge.book import OWN, load_book
from knowledge.forms import load_forms
from knowledge.language import load_language
from knowledge.lint import Example, examples, hints, problems
from knowledge.replies import load_replies
from knowledge.retention import load_retention

app = typer.Typer(help="知识库(词条、语气、答复、指南)", no_args_is_help=True)

#: Any fixed moment: examples hold no times that matter.
_ANY_DAY = datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


@app.callback()
def knowledge() -> None:
    """知识库(词条、语气、答复、指南)."""


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(help="知识目录,默认是程序自带的")] = OWN,
    show_hints: Annotated[bool, typer.Option("--hints", help="也列出可以精简的地方")] = False,
) -> None:
    """检查知识目录:格式、配不上的词、过长的词、缺例句的种类,并把例句读一遍。"""
    try:
        book = load_book(folder)
        load_language(folder / "language")
        load_replies(folder)
        load_forms(folder)
        load_retention(folder)
        load_beside(folder, book)
        sentences = examples(folder)
    except KnowledgeError as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from fault
    found = [*problems(book, sentences), *misread(Reader(book), sentences)]
    for line in found:
        typer.echo(line, err=True)
    if show_hints:
        for line in hints(book, sentences):
            typer.echo(f"可精简:{line}")
    typer.echo(
        f"知识库:{len(book.kinds)} 种发现,{len(book.patterns)} 条说法,{len(sentences)} 个例句,"
        + ("没有问题" if not found else f"{len(found)} 处要改")
    )
    raise typer.Exit(1 if found else 0)


def misread(reader: Reader, sentences: list[Example]) -> list[str]:
    """The example sentences that are not read as they say."""
    wrong = []
    for sentence in sentences:
        cases = reader.read(Message("", sentence.say, _ANY_DAY)).cases
        active = {code for case in cases for code in _active(case)}
        states = {finding.state for case in cases for finding in case.findings if finding.kind in sentence.finds}
        if missing := set(sentence.finds) - active - ({*sentence.finds} if sentence.state in states else set()):
            wrong.append(f"{sentence.where}:没读出 {'、'.join(sorted(missing))}:{sentence.say}")
        if extra := set(sentence.excludes) & active:
            wrong.append(f"{sentence.where}:不该读出 {'、'.join(sorted(extra))}:{sentence.say}")
        if sentence.state and sentence.state not in states:
            wrong.append(
                f"{sentence.where}:状态应是 {sentence.state},读成了 {'、'.join(states) or '没有'}:{sentence.say}"
            )
    return wrong


def _active(case: CaseReading) -> set[str]:
    return {finding.kind for finding in case.findings if finding.state.is_active} | {
        circumstance.code for circumstance in case.circumstances if circumstance.state.is_active
    }
