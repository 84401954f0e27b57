"""Read a YAML file that people edit, fast when it is right and with line numbers when it is not.

``load`` uses the quick parser; only when something is wrong does ``line_of`` read the file again with positions.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from assistant.domain.errors import KnowledgeError


def load(path: Path) -> Any:
    """The file's content as plain dicts and lists.

    Raises KnowledgeError with file and line for a tab, a duplicate key, broken YAML or bytes that are no UTF-8.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as fault:
        raise KnowledgeError(path.name, None, "文件不是 UTF-8 编码", "请用编辑器另存为 UTF-8") from fault
    except OSError as fault:
        raise KnowledgeError(path.name, None, f"读不到文件({fault.strerror})", "请检查文件是否存在、是否有读取权限") from fault
    try:
        return YAML(typ="safe").load(text)
    except MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else None
        raise KnowledgeError(path.name, line, *_explain(text, line, fault)) from fault
    except YAMLError as fault:
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


def _explain(text: str, line: int | None, fault: MarkedYAMLError) -> tuple[str, str]:
    lines = text.splitlines()
    if line is not None and line <= len(lines) and "\t" in lines[line - 1]:
        return "用了制表符(Tab)缩进", "YAML 只能用空格缩进,请把 Tab 换成空格"
    if "duplicate key" in str(fault.problem):
        return "同一个键写了两次", "请合并成一处"
    return f"YAML 写法不对({fault.problem})", "请检查这一行和上一行的缩进、冒号、引号"
