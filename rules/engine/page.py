"""The rule book as a readable Chinese page: what each rule asks, concludes and rests on, without YAML.

for section in sections(book, day): section.title, section.rules     # for the terminal
as_html(book, day, version)                                          # one file, no script, opens anywhere
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import escape

from rules.engine.book import RuleBook
from rules.engine.model import Rule
from rules.engine.wording import THEMES, say_conclusion, say_condition, say_throttle

_SLOT = re.compile(r"\{\w+\}")
#: what stands in a reason's place for words that only a report has
_SAID = {
    "{quote}": "（原话）",
    "{signs}": "（加重的情形）",
    "{kind}": "（发现的名称）",
    "{values}": "（数值）",
    "{money}": "（金额）",
    "{stage}": "（到了哪一步）",
    "{people}": "（怎样称呼）",
}


@dataclass(frozen=True)
class Shown:
    """One rule in words; ``lines`` are (what, words)."""

    rule: Rule
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Section:
    """The rules of one theme."""

    title: str
    rules: tuple[Shown, ...]


def sections(book: RuleBook, day: date) -> Iterator[Section]:
    """Every theme with its rules as they stand on ``day``, in the book's order, without those outside their time."""
    rules = book.on(day)
    by_theme: dict[str, list[Shown]] = {}
    for rule in book.rules:
        if rules.by_id.get(rule.id) is rule:
            by_theme.setdefault(rule.theme, []).append(Shown(rule, tuple(_lines(rule, book, day))))
    for theme, shown in by_theme.items():
        yield Section(THEMES.get(theme, theme), tuple(shown))


def _lines(rule: Rule, book: RuleBook, day: date) -> Iterator[tuple[str, str]]:
    rules, words = book.on(day), book.vocabulary
    for condition in rule.when:
        yield "当", say_condition(condition, rules, words)
    throttle = say_throttle(rule, rules)
    if throttle:
        yield "次数", throttle
    yield "就", say_conclusion(rule, rules, words)
    for condition in rule.settled_when:
        yield "了结", say_condition(condition, rules, words)
    if rule.why:
        yield "理由", _SLOT.sub(lambda slot: _SAID.get(slot.group(), slot.group()), rule.why)
    source = book.sources.get(rule.source)
    yield "出处", source.title if source else rule.source


def numbers(book: RuleBook, day: date) -> Iterator[tuple[str, str, str, str]]:
    """Every parameter as (name, label, value on the day, what comes later)."""
    for name, parameter in book.parameters.items():
        value = parameter.on(day)
        later = ",".join(f"{since} 起 {number:g}{parameter.unit}" for since, number in parameter.values if since > day)
        yield name, parameter.label, "还没有" if value is None else f"{value:g}{parameter.unit}", later


def as_html(book: RuleBook, day: date, version: str) -> str:
    """One HTML page with a table of contents. Everything that people wrote is escaped."""
    parts = list(sections(book, day))
    contents = "".join(
        f'<li><a href="#t{i}">{escape(part.title)}</a>({len(part.rules)})</li>' for i, part in enumerate(parts)
    )
    body = "".join(
        f'<h2 id="t{i}">{escape(part.title)}</h2>' + "".join(map(_as_article, part.rules))
        for i, part in enumerate(parts)
    )
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{escape(label)}</td><td>{escape(value)}</td>"
        f"<td>{escape(later)}</td></tr>"
        for name, label, value, later in numbers(book, day)
    )
    return _PAGE.format(version=escape(version), day=day, contents=contents, body=body, rows=rows)


def _as_article(shown: Shown) -> str:
    lines = "".join(f"<dt>{escape(what)}</dt><dd>{escape(words)}</dd>" for what, words in shown.lines)
    rule = shown.rule
    return f"<article><h3>{escape(rule.label)} <code>{escape(rule.id)}</code></h3><dl>{lines}</dl></article>"


_PAGE = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>规则书 {version}</title>
<style>
body{{font:16px/1.6 system-ui,"Noto Sans CJK SC",sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#222}}
article{{border:1px solid #ccc;border-radius:.5rem;padding:.2rem 1rem;margin:.8rem 0;break-inside:avoid}}
h3{{margin:.5rem 0;font-size:1.05rem}} code{{color:#555;font-size:.85rem}}
dl{{display:grid;grid-template-columns:3rem 1fr;gap:.2rem .6rem;margin:.4rem 0}} dt{{color:#666}} dd{{margin:0}}
table{{border-collapse:collapse;width:100%}} td,th{{border:1px solid #ccc;padding:.2rem .5rem;text-align:left}}
</style>
<h1>规则书 {version}</h1><p>{day} 这一天的规则。</p><ul>{contents}<li><a href="#numbers">界限和期限</a></li></ul>
{body}<h2 id="numbers">界限和期限</h2>
<table><tr><th>名称</th><th>是什么</th><th>现在</th><th>以后</th></tr>{rows}</table></html>
"""
