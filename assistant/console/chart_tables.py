"""Each chart as a table with a sentence: what is drawn is read from the table beside it, so that both say the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.console.wording import say_span
from assistant.domain.precision import ENOUGH, Tally
from assistant.domain.reports import Severity
from assistant.storage.read.charts import Burden, Charts, OpenByTheme, Spread
from knowledge.replies import Replies

#: more themes than these would be too many colours: the rest is one
_THEMES = 6
_RULES = 15
_ACKNOWLEDGED = ("10分钟内", "30分钟内", "2小时内", "更久", "还没人接")
_SETTLED = ("1天内", "7天内", "30天内", "更久", "还没办结")


@dataclass(frozen=True)
class Cell:
    """A number with how it is said."""

    value: float
    said: str


@dataclass(frozen=True)
class Row:
    """A line of the table; what is drawn comes first."""

    name: str
    cells: tuple[Cell, ...]
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A chart: a ``stack``, ``bars``, or bars that lie ``across``. ``series`` are drawn, ``more`` is only read."""

    id: str
    title: str
    sentence: str
    shape: str
    first: str
    series: tuple[str, ...]
    rows: tuple[Row, ...]
    more: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Is there nothing to draw?"""
        return not any(cell.value for row in self.rows for cell in row.cells)


def tables_of(charts: Charts, replies: Replies) -> tuple[Table, ...]:
    """The charts in the order in which they are read."""
    return (
        _open(charts.open, replies),
        _acknowledged(charts.acknowledged),
        _settled(charts.settled, replies),
        _rules(charts.rules, replies),
        _burden(charts.burden),
        _by_hour(charts.by_hour),
    )


def _open(found: OpenByTheme, replies: Replies) -> Table:
    shown, others = found.themes[:_THEMES], found.themes[_THEMES:]
    names = [replies.themes.get(theme, theme) for theme in shown] + (["其他"] if others else [])
    rows = []
    for week, counts in zip(found.weeks, found.counts, strict=True):
        numbers = [counts.get(theme, 0) for theme in shown]
        numbers += [sum(counts.get(theme, 0) for theme in others)] if others else []
        rows.append(Row(f"{week.month}月{week.day}日", _counts(numbers), (f"{sum(numbers)}",)))
    now = found.counts[-1]
    most = max(now, key=lambda theme: now[theme], default=None)
    sentence = "现在没有没办完的事。"
    if most is not None:
        sentence = f"现在有 {sum(now.values())} 件没办完，{replies.themes.get(most, most)}最多（{now[most]} 件）。"
    return Table("open", "没办完的事", sentence, "stack", "哪一周起", tuple(names), tuple(rows), ("合计",))


def _acknowledged(spread: Spread) -> Table:
    numbers = [*spread.within, spread.longer, spread.not_yet]
    total = sum(numbers)
    sentence = "这段时间没有紧急的事。"
    if total:
        sentence = f"{total} 件紧急的事，{spread.within[0]} 件在 10 分钟内有人接手"
        sentence += f"；一半在{say_span(spread.middle)}之内。" if spread.middle is not None else "。"
    sentence += _false_alarms(spread.dismissed)
    rows = (Row(name, _counts([number])) for name, number in zip(_ACKNOWLEDGED, numbers, strict=True))
    return Table("taken", "紧急的事多久有人接手", sentence, "bars", "多久", ("件数",), tuple(rows))


def _settled(spreads: Sequence[Spread], replies: Replies) -> Table:
    rows = []
    for spread in spreads:
        middle = say_span(spread.middle) if spread.middle is not None else "–"
        name = f"{spread.severity} {replies.severities[spread.severity].name}"
        rows.append(Row(name, _counts([*spread.within, spread.longer, spread.not_yet]), (middle,)))
    open_p1 = sum(spread.not_yet for spread in spreads if spread.severity in (Severity.P0, Severity.P1))
    total = sum(sum(spread.within) + spread.longer + spread.not_yet for spread in spreads)
    done = total - sum(spread.not_yet for spread in spreads)
    urgent = f"；紧急和当日的有 {open_p1} 件还没办结。" if open_p1 else "。"
    sentence = f"新发现 {total} 件，办结 {done} 件{urgent}" if total else "这段时间没有新发现。"
    sentence += _false_alarms(sum(spread.dismissed for spread in spreads))
    return Table("settled", "多久办结", sentence, "stack", "级别", _SETTLED, tuple(rows), ("一半在……之内",))


def _false_alarms(count: int) -> str:
    return f"另有 {count} 件是误报，不算在内。" if count else ""


def _rules(tallies: Sequence[Tally], replies: Replies) -> Table:
    rows = []
    judged = [tally for tally in tallies if tally.judged]
    for tally in judged[:_RULES]:
        interval = tally.interval
        assert interval is not None
        share = tally.confirmed / tally.judged
        said = f"{share:.0%}（{interval[0]:.0%}–{interval[1]:.0%}）" if tally.judged >= ENOUGH else "还太少，说不准"
        cell = Cell(round(share * 100) if tally.judged >= ENOUGH else 0, said)
        theme = tally.rule.split(".")[0]
        name = f"{replies.themes.get(theme, theme)} {tally.rule}"
        rows.append(Row(name, (cell,), (f"{tally.fired}", f"{tally.confirmed}", f"{tally.dismissed}")))
    wolves = [tally.rule for tally in judged if tally.cries_wolf]
    sentence = "还没有人在住户页上点过“属实”或“误报”。"
    if judged:
        fired, count = sum(tally.fired for tally in tallies), sum(tally.judged for tally in judged)
        sentence = f"{fired} 次标记里有 {count} 次网格长看过说了对不对。"
        sentence += f"误报多的：{'、'.join(wolves)}。" if wolves else ""
    columns = ("标记", "属实", "误报")
    return Table("rules", "规则准不准", sentence, "across", "规则", ("属实的比例",), tuple(rows), columns)


def _burden(found: Sequence[Burden]) -> Table:
    rows = tuple(Row(each.area, _counts([each.prompts, each.findings]), (_per_finding(each),)) for each in found)
    prompts, findings = sum(each.prompts for each in found), sum(each.findings for each in found)
    sentence = f"发了 {prompts} 条提醒，换来 {findings} 件有用的发现。按地方看负担重不重，不用来比人。"
    series = ("发出的提醒", "有用的发现")
    return Table("burden", "提醒和发现", sentence, "bars", "地方", series, rows, ("每件发现几条提醒",))


def _per_finding(each: Burden) -> str:
    return f"{each.prompts / each.findings:.1f}" if each.findings else "–"


def _by_hour(counts: Sequence[int]) -> Table:
    rows = tuple(Row(f"{hour}点", _counts([count])) for hour, count in enumerate(counts))
    sentence = "还没有上报。"
    if any(counts):
        busiest = max(range(24), key=lambda hour: counts[hour])
        sentence = f"共 {sum(counts)} 条，{busiest}点到{busiest + 1}点最多。"
    return Table("hours", "几点上报", sentence, "bars", "时间", ("上报",), rows)


def _counts(numbers: Sequence[int]) -> tuple[Cell, ...]:
    return tuple(Cell(number, f"{number}") for number in numbers)
