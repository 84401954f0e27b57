"""规则: the rule book as a page, a sentence tried (why, why not), a draft compared, tried on the record, published.

Reading and trying are for whoever may see rules; drafts, publishing and going back for who may publish. What is tried
is sent in the body of a form, so that it stands in no address, and is kept nowhere.
"""

from datetime import datetime, time, timedelta
from typing import Any

from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.console.backtests import Backtests
from assistant.console.gate import Gate, Visit
from assistant.console.wording import pieces
from assistant.domain.errors import EngineError, RuleBookError, StorageError
from assistant.domain.rights import Right
from assistant.publishing.desk import Edition, RuleDesk
from assistant.publishing.publishing import Outcome
from rules.engine.page import numbers, sections
from rules.engine.wording import OWNERS, STATES, THEMES

PAGE_PATH = "/console/rules"
TRY_PATH = "/console/rules/try"
DRAFT_PATH = "/console/rules/draft"
#: silent rules that are told of, the nearest first
_NEAREST = 6
#: how far back a draft may be tried, in days
BACK = (7, 30, 90)
_OTHER_FILES = {
    "parameters.yaml": "界限和期限",
    "groups.yaml": "几件事合成一件",
    "sources.yaml": "出处",
    "calendar.yaml": "节假日",
}
#: a sentence to try; the longest message of the channels is shorter
_LONGEST = 2000


def rule_routes(gate: Gate, desk: RuleDesk) -> list[BaseRoute]:
    """The pages of the rule book; they are on the menu of a site that has a desk for it."""
    pages = _Pages(desk)
    publish = Right.PUBLISH_RULES
    return [
        gate.route(PAGE_PATH, Right.SEE_RULES, pages.read),
        gate.route(TRY_PATH, Right.SEE_RULES, pages.ask),
        gate.route(TRY_PATH, Right.SEE_RULES, pages.ask, methods=("POST",)),
        gate.route(DRAFT_PATH, publish, pages.draft),
        gate.route(DRAFT_PATH + "/keep", publish, pages.keep, methods=("POST",)),
        gate.route(DRAFT_PATH + "/discard", publish, pages.discard, methods=("POST",)),
        gate.route(DRAFT_PATH + "/backtest", publish, pages.backtest, methods=("POST",)),
        gate.route(DRAFT_PATH + "/backtest", publish, pages.how_far),
        gate.route(DRAFT_PATH + "/publish", publish, pages.publish, methods=("POST",)),
        gate.route(DRAFT_PATH + "/back", publish, pages.back, methods=("POST",)),
    ]


class _Pages:
    def __init__(self, desk: RuleDesk) -> None:
        self._desk = desk
        self._backtests = Backtests(desk)

    def read(self, visit: Visit) -> Response:
        edition = self._desk.in_use()
        day = visit.now.date()
        parts = list(sections(edition.book, day))
        asked = visit.request.query_params.get("theme", "")
        shows_numbers = asked == "numbers"
        part = next((each for each in parts if each.title == asked), parts[0] if parts else None)
        return visit.show(
            "rules.html",
            edition=edition,
            parts=parts,
            part=None if shows_numbers else part,
            numbers=list(numbers(edition.book, day)) if shows_numbers else [],
            shows_numbers=shows_numbers,
            may_publish=visit.viewer.has(Right.PUBLISH_RULES),
        )

    def ask(self, visit: Visit) -> Response:
        words = visit.field("words")[:_LONGEST]
        edition, draft = self._desk.in_use(), self._draft_or_none()
        by_draft = draft is not None and visit.field("by") == "draft"
        chosen = draft if draft is not None and by_draft else edition
        told = self._desk.try_words(words, visit.now, chosen) if words else []
        return visit.show(
            "rules_try.html",
            words=words,
            by_draft=by_draft,
            has_draft=draft is not None,
            told=[
                (
                    case,
                    explained,
                    pieces(words, [(f.quote.start, f.quote.end) for f in explained.decision.findings if f.quote.text]),
                    [each for each in explained.silent if each.is_near][:_NEAREST],
                )
                for case, explained in told
            ],
            label=chosen.book.vocabulary.label,
            owners=OWNERS,
            states=STATES,
            may_publish=visit.viewer.has(Right.PUBLISH_RULES),
        )

    def draft(self, visit: Visit) -> Response:
        return self._shown(visit)

    def keep(self, visit: Visit) -> Response:
        file, text = visit.field("file"), visit.field("text")
        try:
            self._desk.keep(visit.viewer, file, text, visit.field("base"), visit.now)
        except (RuleBookError, StorageError) as fault:
            return self._shown(visit, 422, trouble=str(fault), file=file, text=text)
        visit.say("草稿存好了。它还不起作用：先看看有什么不同，拿已有的上报试一试，再发布。")
        return visit.go(DRAFT_PATH)

    def discard(self, visit: Visit) -> Response:
        self._desk.discard(visit.viewer, visit.now)
        visit.say("草稿丢掉了，在用的规则没有变。")
        return visit.go(DRAFT_PATH)

    def backtest(self, visit: Visit) -> Response:
        """Begin to try the draft on the record; the page tells how far it has got."""
        draft, days = self._draft_or_none(), _days(visit.field("days"))
        if draft is None:
            return visit.go(DRAFT_PATH)
        since = datetime.combine(visit.now.date() - timedelta(days=days), time(0), visit.now.tzinfo)
        self._backtests.begin(draft, days, since)
        return visit.go(f"{DRAFT_PATH}?days={days}#backtest")

    def how_far(self, visit: Visit) -> Response:
        """The part of the page that looks again; the page itself for who comes there by an address."""
        draft, days = self._draft_or_none(), _days(visit.request.query_params.get("days"))
        if draft is None or not visit.is_part:
            return visit.go(f"{DRAFT_PATH}?days={days}")
        return visit.show("_rules_backtest.html", **self._tried(draft, days))

    def publish(self, visit: Visit) -> Response:
        try:
            note = visit.field("note")[:200] or None
            outcome = self._desk.publish(visit.viewer, visit.field("version"), visit.now, note)
        except (RuleBookError, EngineError, StorageError) as fault:
            return self._shown(visit, 422, trouble=f"没有发布：{fault}")
        visit.say(_told_of(outcome))
        return visit.go(DRAFT_PATH)

    def back(self, visit: Visit) -> Response:
        try:
            outcome = self._desk.roll_back(visit.viewer, visit.field("version"), visit.now)
        except (RuleBookError, EngineError, StorageError) as fault:
            return self._shown(visit, 422, trouble=f"没有回去：{fault}")
        visit.say(_told_of(outcome))
        return visit.go(DRAFT_PATH)

    def _tried(self, draft: Edition | None, days: int) -> dict[str, Any]:
        tests = self._backtests
        return {
            "days": days,
            "told": tests.told(draft, days) if draft is not None else None,
            "tried": tests.found(draft, days) if draft is not None else None,
            "has_failed": draft is not None and tests.has_failed(draft, days),
            "owners": OWNERS,
        }

    def _draft_or_none(self) -> Edition | None:
        """None for a draft that does not load here either: the draft's page tells what is wrong with it."""
        try:
            return self._desk.draft()
        except RuleBookError:
            return None

    def _shown(self, visit: Visit, status: int = 200, trouble: str | None = None, **more: Any) -> Response:
        edition, texts = self._desk.in_use(), self._desk.draft_texts()
        try:
            draft = self._desk.draft()
        except RuleBookError as fault:
            draft, trouble = None, trouble or f"草稿用不起来：{fault}"
        changes, reached = self._desk.changes(draft, visit.now) if draft is not None else (None, 0)
        base, written = self._desk.working_copy()
        file = str(more.get("file") or visit.request.query_params.get("file", ""))
        if file not in written:
            file = ""
        return visit.show(
            "rules_draft.html",
            status,
            edition=edition,
            draft=draft,
            has_draft=texts is not None,
            trouble=trouble,
            changes=changes,
            reached=reached,
            files=sorted(written, key=lambda each: (each in _OTHER_FILES, each)),
            file=file,
            text=more.get("text") or written.get(file, ""),
            base=base,
            kept=self._desk.kept()[:20],
            own_version=self._desk.own_version,
            back=BACK,
            file_called=_file_called,
            **self._tried(draft, _days(visit.request.query_params.get("days"))),
            may_publish=True,
        )


def _days(asked: str | None) -> int:
    return int(asked) if asked in {str(each) for each in BACK} else BACK[1]


def _file_called(file: str) -> str:
    """燃气的规则, 燃气的例子: what a file of the book holds; its own name where that is no theme's."""
    theme, _, kind = file.removesuffix(".yaml").partition(".")
    what = {"rules": "的规则", "scenarios": "的例子"}.get(kind)
    return THEMES[theme] + what if what and theme in THEMES else _OTHER_FILES.get(file, file)


def _told_of(outcome: Outcome) -> str:
    done = outcome.revised
    told = (
        f"发布好了：{outcome.version}。看了 {outcome.affected} 户，改了 {outcome.touched} 户；"
        f"新标 {done.raised} 个，换下 {done.superseded} 个，跟进新增 {done.promised} 个、取消 {done.cancelled} 个。"
    )
    if done.called:
        told += f"其中 {done.called} 个变成 P0 紧急，正在呼叫微网格员和网格长。"
    left = outcome.set_aside.total()
    return told + (f"有 {left} 户没能重算，照旧。" if left else "")
