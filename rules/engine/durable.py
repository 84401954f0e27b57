"""durable_rules as a matcher: a supervised child process, with the reference matcher behind it.

    matcher = DurableMatcher(book)
    matcher.match(rules, Group.FLAGS, facts)

An evaluation that crashes the child, takes longer than ``timeout`` seconds or fails is answered by the reference
matcher, counted in ``faults`` and told to ``on_fault``; the next one starts a fresh child. After ``GIVE_UP_AFTER``
faults with no success between them the engine rests: the next ``REST_FOR`` evaluations are the reference matcher's,
``describe`` says so, then one more child is tried; ``restart`` tries at once. Safe to share between threads
(evaluations take turns).
"""

import json
import os
import select
import subprocess
import sys
import threading
import weakref
from collections import Counter
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from assistant.domain.errors import EngineError
from rules.engine.book import RuleBook
from rules.engine.compile import Compiled, compile_group, with_absences
from rules.engine.inforce import Group, RulesInForce
from rules.engine.matcher import Fact, Match, fits
from rules.engine.reference import MOST_EDITIONS, ReferenceMatcher

#: an evaluation takes about a millisecond; a worker must not wait longer than this for a wedged engine
TIMEOUT_SECONDS = 1.0
#: importing the library and compiling a book, on a loaded machine
START_SECONDS = 20.0
#: faults in a row after which the engine rests, and for how many evaluations: a broken one must not slow every turn
GIVE_UP_AFTER = 5
REST_FOR = 200

_CHILD = Path(__file__).with_name("child.py")


class DurableMatcher:
    """Matches in a child process. ``on_fault`` gets the fault's name and what is known of it."""

    def __init__(
        self,
        book: RuleBook,
        timeout: float = TIMEOUT_SECONDS,
        on_fault: Callable[[str, str], None] | None = None,
        command: Sequence[str] = (sys.executable, "-P", str(_CHILD)),
    ) -> None:
        self.book = book
        self.faults: Counter[str] = Counter()
        self._timeout = timeout
        self._on_fault = on_fault
        self._command = tuple(command)
        self._reference = ReferenceMatcher(book)
        self._compiled: dict[tuple[int, Group], tuple[RulesInForce, Compiled]] = {}
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._in_a_row = 0
        self._resting = 0
        self._editions = 0

    def match(self, rules: RulesInForce, group: Group, facts: Sequence[Fact]) -> tuple[Match, ...]:
        with self._lock:
            if self._resting:
                self._resting -= 1
            else:
                try:
                    found = self._ask(rules, group, facts)
                except EngineError as fault:
                    self._count(fault)
                else:
                    self._in_a_row = 0
                    return found
        return self._reference.match(rules, group, facts)

    def describe(self) -> str:
        tail = "".join(f",{_CALLED.get(name, name)} {count} 次" for name, count in sorted(self.faults.items()))
        if self._resting:
            return f"规则匹配:durable_rules 连续出错,暂由纯 Python 参考匹配器代替{tail}"
        return f"规则匹配:durable_rules {_version()}(独立子进程){tail}"

    def restart(self) -> None:
        """End the child and forget faults in a row; the next evaluation starts a fresh child."""
        with self._lock:
            self._end_child()
            self._in_a_row = self._resting = 0

    def close(self) -> None:
        with self._lock:
            self._end_child()

    @property
    def child_pid(self) -> int | None:
        """The child's process id; None when none runs."""
        return self._child.process.pid if self._child else None

    @property
    def books_loaded(self) -> int:
        """How many editions' groups the running child holds (it keeps each until it ends)."""
        return len({name.split("_", 1)[0] for name in self._child.loaded}) if self._child else 0

    def _ask(self, rules: RulesInForce, group: Group, facts: Sequence[Fact]) -> tuple[Match, ...]:
        compiled = self._compile(rules, group)
        facts = with_absences(facts, compiled.absences)
        names = [
            name
            for name, starts in compiled.starts.items()
            if any(fits(fact, pattern) for pattern in starts for fact in facts)
        ]
        if not names:
            return ()
        if self._child is None:
            self._child = _Child(self._command)
        child = self._child
        fresh = {name: ruleset for name, ruleset in compiled.rulesets.items() if name not in child.loaded}
        if fresh:
            child.ask({"load": fresh}, START_SECONDS)
            child.loaded.update(fresh)
        hits = child.ask({"ask": names, "facts": facts}, self._timeout)["hits"]
        absent = {int(fact["n"]) for fact in facts if fact["type"] == "absent"}
        matches = {Match(compiled.rule_ids[name], tuple(n for n in bound if n not in absent)) for name, bound in hits}
        return tuple(sorted(matches))

    def _compile(self, rules: RulesInForce, group: Group) -> Compiled:
        key = (id(rules), group)
        if key not in self._compiled or self._compiled[key][0] is not rules:
            if len(self._compiled) >= MOST_EDITIONS:
                self._compiled.clear()
            self._editions += 1
            self._compiled[key] = (rules, compile_group(rules, group, f"e{self._editions}_"))
        return self._compiled[key][1]

    def _count(self, fault: EngineError) -> None:
        name, about = str(fault.args[0]), str(fault.args[1])
        self.faults[name] += 1
        self._in_a_row += 1
        if self._in_a_row >= GIVE_UP_AFTER:
            self._resting = REST_FOR
        self._end_child()
        if self._on_fault:
            self._on_fault(name, about)

    def _end_child(self) -> None:
        if self._child:
            self._child.end()
            self._child = None


class _Child:
    """One running child. Raises EngineError(name, what is known) for everything that goes wrong with it."""

    def __init__(self, command: Sequence[str]) -> None:
        try:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
            )
        except OSError as fault:
            raise EngineError("start", str(fault)) from fault
        self.loaded: set[str] = set()
        self._rest = b""
        self._end = weakref.finalize(self, _end_process, self.process)

    def ask(self, request: dict[str, Any], timeout: float) -> dict[str, Any]:
        """Send one request and wait for its answer; the child may be silent for ``timeout`` seconds at a time."""
        assert self.process.stdin
        try:
            self.process.stdin.write(json.dumps(request, ensure_ascii=True).encode() + b"\n")
        except OSError as fault:
            raise EngineError("crash", f"退出码 {self.process.poll()}") from fault
        line = self._read_line(timeout)
        try:
            answer: dict[str, Any] = json.loads(line)
        except ValueError as fault:
            raise EngineError("failure", f"看不懂的回答:{line[:80]!r}") from fault
        if "fault" in answer:
            raise EngineError("failure", answer["fault"])
        return answer

    def end(self) -> None:
        self._end()

    def _read_line(self, timeout: float) -> bytes:
        assert self.process.stdout
        pipe = self.process.stdout.fileno()
        while b"\n" not in self._rest:
            if not select.select([pipe], [], [], timeout)[0]:
                raise EngineError("timeout", f"{timeout:g} 秒没有回答")
            more = os.read(pipe, 1 << 16)
            if not more:
                raise EngineError("crash", f"退出码 {self.process.wait()}")
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        return line


def _end_process(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()


def is_available() -> bool:
    """Is durable_rules installed here? (Whether it runs, the first evaluation shows.)"""
    return find_spec("durable_rules_engine") is not None and find_spec("durable") is not None


def _version() -> str:
    try:
        return version("durable_rules")
    except PackageNotFoundError:
        return "?"


_CALLED = {"crash": "崩溃", "timeout": "超时", "failure": "出错", "start": "启动失败"}
