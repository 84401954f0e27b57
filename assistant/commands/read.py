"""``weiguang read``: messages in, one JSON line each, readings out, in the same order. Keeps nothing."""

import gc
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.decide import decide
from assistant.dialogue.asking import question
from assistant.domain.errors import FileFault, NotUnderstood
from assistant.domain.reports import Message
from assistant.lines import id_of, message_of, reading_as_json
from assistant.schedule.clock import SystemClock
from assistant.settings import Settings
from assistant.understand.reader import Reader
from knowledge.book import OWN as OWN_KNOWLEDGE
from knowledge.book import load_book
from knowledge.replies import load_replies
from rules.engine.book import OWN as OWN_RULES
from rules.engine.book import load_rules
from rules.engine.reference import ReferenceMatcher
from rules.engine.vocabulary import load_vocabulary

Folder = Annotated[Path | None, typer.Option(exists=True, file_okay=False)]


class LineReader:
    """Reads messages one after the other with one knowledge book and one rule book."""

    def __init__(self, knowledge: Path | None = None, rules: Path | None = None) -> None:
        with _nothing_collected():
            self._reader = Reader(load_book(knowledge or OWN_KNOWLEDGE))
            self._matcher = ReferenceMatcher(load_rules(rules or OWN_RULES, load_vocabulary(knowledge)))
            self._replies = load_replies(knowledge or OWN_KNOWLEDGE)
        self._clock = SystemClock()
        self._zone = Settings().tz

    def now(self) -> datetime:
        """When a message without ``at`` counts as sent."""
        return self._clock.now().astimezone(self._zone)

    def read(self, message: Message) -> dict[str, Any]:
        """One reading in the form of the contract."""
        reading = self._reader.read(message)
        decisions = decide(reading, message.known, message.at, self._matcher)
        return reading_as_json(message, reading, decisions, question(reading, decisions, self._replies))

    def read_lines(self, lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
        """One result a line, in order; a line that can't be read gives ``error`` with its number and the mending."""
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                yield self.read(message_of(line, self._clock.now().astimezone(self._zone)))
            except NotUnderstood as fault:
                yield {"id": id_of(line), "error": f"第{number}行:{fault}"}


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """What the books are made into stays: looking through it for garbage takes a sixth of the start."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def read(knowledge: Folder = None, rules: Folder = None) -> None:
    """把标准输入的消息(每行一个 JSON)读成理解结果,每行一个 JSON。"""
    try:
        reader = LineReader(knowledge, rules)
    except FileFault as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(2) from fault
    failed = False
    out = sys.stdout.buffer
    for result in reader.read_lines(sys.stdin.buffer):
        failed = failed or "error" in result
        out.write(json.dumps(result, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")
    out.flush()
    raise typer.Exit(1 if failed else 0)
