"""The process that durable_rules runs in, apart from the assistant, because it can crash or hang.

Run by ``durable.py`` as ``python -P child.py``; speaks one JSON object a line on stdin and stdout and ends when stdin
does. ``{"load": {name: ruleset}}`` → ``{"loaded": n}``; ``{"ask": [name, …], "facts": [fact, …]}`` →
``{"hits": [[rule, [n, …]], …]}``; a fault → ``{"fault": text}``. It imports nothing of ours, and ``durable`` is the
library here: ``-P`` keeps this folder, with its own durable.py, off the path.
"""

import copy
import json
import os
import sys
from contextlib import suppress
from typing import Any

from durable import engine


class SyncHost(engine.Host):  # type: ignore[misc]
    """The stock host without its timer threads, which crash after delete_state; actions only record."""

    def __init__(self) -> None:
        self.hits: list[list[Any]] = []
        super().__init__()

    def _run(self) -> None:
        return None

    def get_action(self, name: str) -> Any:
        def record(c: Any) -> None:
            if name != "end":
                bound = c._m
                self.hits.append([name, [bound[f"c{i}"]["n"] for i in range(len(bound))]])

        return record


def evaluate(host: SyncHost, name: str, facts: list[dict[str, Any]], sid: str) -> None:
    """Run one ruleset over the facts of one household; what matched is in ``host.hits``."""
    if facts:  # an empty list crashes the engine
        with suppress(engine.MessageNotHandledException):  # no rule asks for any of them
            host.assert_facts(name, [fact | {"sid": sid} for fact in facts])
    host.post(name, {"type": "$end", "sid": sid})
    state = host.get_state(name, sid)
    host.delete_state(name, sid)
    if "exception" in state:
        raise RuntimeError(state["exception"])


def serve(lines: Any, answers: Any) -> None:
    """Answer every line until there are no more."""
    host = SyncHost()
    for number, line in enumerate(lines):
        try:
            request = json.loads(line)
            if "load" in request:
                host.set_rulesets(copy.deepcopy(request["load"]))
                answer: dict[str, Any] = {"loaded": len(request["load"])}
            else:
                host.hits = []
                for name in request["ask"]:
                    evaluate(host, name, request["facts"], f"s{number}")
                answer = {"hits": host.hits}
        except Exception as fault:
            answer = {"fault": f"{type(fault).__name__}: {fault}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    with os.fdopen(os.dup(1), "w") as pipe:
        os.dup2(2, 1)  # whatever the engine prints must not fall between the answers
        serve(sys.stdin, pipe)
