"""A chat that is typed becomes steps, and steps become a file again."""

import pytest

from assistant.rehearsing.form import Said, Step
from assistant.rehearsing.noting import note, read_typed
from assistant.rehearsing.playing import Happened


@pytest.mark.parametrize(
    ("typed", "kind", "said"),
    [
        ("3-2-501软管老化", "worker", Said(says="3-2-501软管老化")),
        ("网格长:收到", "coordinator", Said(says="收到")),
        ("@李大姐 大家早", "worker", Said(name="李大姐", says="大家早")),
        ("群里:3-2-501软管老化", "worker", Said(says="3-2-501软管老化", in_group=True)),
    ],
)
def test_who_speaks_and_where_is_told_by_how_a_line_begins(typed: str, kind: str, said: Said) -> None:
    step = read_typed(typed)

    assert step.kind == kind
    assert getattr(step, kind) == said


@pytest.mark.parametrize(
    ("step", "line"),
    [
        ({"worker": "早"}, "- worker: 早"),
        ({"worker": {"name": "李大姐", "says": "早"}}, "- worker: {name: 李大姐, says: 早}"),
        ({"worker": {"says": "早", "in_group": True}}, "- worker: {says: 早, in_group: true}"),
    ],
)
def test_a_step_is_noted_as_it_would_be_written(step: dict[str, object], line: str) -> None:
    assert line in note(Step.model_validate(step), Happened(None), (), ())
