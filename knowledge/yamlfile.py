"""Read a YAML file that people edit, fast when it is right and with line numbers when it is not.

``load`` uses libyaml with the few plain forms that YAML 1.2 knows (true and false are booleans, ``no`` and ``9:30`` are
words); only when something is wrong does ``line_of`` read the file again with positions.
"""

import re
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any

import yaml
from ruamel.yaml import YAML

from assistant.domain.errors import KnowledgeError


class _Loader(yaml.CSafeLoader):
    """libyaml's safe loader, without YAML 1.1's surprises and with a fault for a key that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, "found duplicate key", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def _day(loader: _Loader, node: yaml.ScalarNode) -> Any:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        raise yaml.constructor.ConstructorError(None, None, f"no such day: {node.value}", node.start_mark) from None


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _day)
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.rsplit(":", 1)[1] in ("null", "timestamp")]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first))


def load(path: Path) -> Any:
    """The file's content as plain dicts and lists.

    Raises KnowledgeError with file and line for a tab, a duplicate key, broken YAML or bytes that are no UTF-8.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as fault:
        raise KnowledgeError(path.name, None, "文件不是 UTF-8 编码", "请用编辑器另存为 UTF-8") from fault
    except OSError as fault:
        how = "请检查文件是否存在、是否有读取权限"
        raise KnowledgeError(path.name, None, f"读不到文件({fault.strerror})", how) from fault
    try:
        return yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else None
        raise KnowledgeError(path.name, line, *_explain(text, line, fault)) from fault
    except yaml.YAMLError as fault:
        raise KnowledgeError(path.name, None, "不是有效的 YAML", str(fault).splitlines()[0]) from fault


def line_of(path: Path, keys: Sequence[str | int]) -> int | None:
    """The line (from 1) where the value at ``keys`` stands, or of the nearest parent that can be found."""
    node = YAML().load(path.read_text(encoding="utf-8"))
    line = None
    for key in keys:
        try:
            line = node.lc.data[key][0] + 1
            node = node[key]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    return line


def _explain(text: str, line: int | None, fault: yaml.MarkedYAMLError) -> tuple[str, str]:
    lines = text.splitlines()
    if line is not None and line <= len(lines) and "\t" in lines[line - 1]:
        return "用了制表符(Tab)缩进", "YAML 只能用空格缩进,请把 Tab 换成空格"
    if "no such day" in str(fault.problem):
        return f"没有{str(fault.problem).removeprefix('no such day:')} 这一天", "日子写成 2026-01-31"
    if "duplicate key" in str(fault.problem):
        return "同一个键写了两次", "请合并成一处"
    return f"YAML 写法不对({fault.problem})", "请检查这一行和上一行的缩进、冒号、引号"
