"""The command ``weiguang``. Each sub-command is a file of ``assistant/commands`` with a function of the same name.

A command with sub-commands of its own has a ``typer.Typer`` named ``app`` instead.

A file is imported only when its command is called (or asked for help), so that starting is quick and what one command
needs can't break another. What we refuse on purpose is one Chinese line and exit status 1; anything else is our fault
and shows its traceback.
"""

import importlib
import sys
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

from assistant.domain.errors import WeiguangError

#: command → what it does, as the list of commands says it; the file has the same name
COMMANDS = {
    "demo": "打开演示：微网格员的聊天和网格长的清单（编的社区）",
    "chat": "在终端里和微光说话（演示社区）",
    "serve": "用社区自己的数据打开网页",
    "community": "把社区写进新装的系统：区域、小区、人员、服务站",
    "invite": "给人一个邀请码，用来开通聊天账号",
    "import": "导入地址簿、居民（Excel、CSV）",
    "export": "导出要报的表（Excel、CSV）",
    "privacy": "保存期限：看哪些到期了，删掉到期的",
    "rehearse": "把写成文件的对话从头演一遍，看和说好的一样不一样",
    "read": "读一行一条的消息，给出理解和后续（JSON）",
    "eval": "用带标准答案的消息检验理解得准不准",
    "rules": "规则：检查、试跑例子",
    "knowledge": "词库和回复：检查",
}


class _Commands(TyperGroup):
    """Knows its commands by name, and loads one when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"assistant.commands.{cmd_name}")
        plain = typer.Typer(add_completion=False, rich_markup_mode=None)
        if hasattr(module, "app"):
            plain.add_typer(module.app, name=cmd_name, rich_help_panel=None)
            return get_group(plain).get_command(ctx, cmd_name)
        plain.command(cmd_name)(getattr(module, cmd_name))
        return get_command(plain)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The list of commands without loading any of them."""
        with formatter.section("命令"):
            formatter.write_dl(list(COMMANDS.items()))


cli = typer.Typer(
    cls=_Commands,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="微光：微网格员的聊天助手。",
)


@cli.callback()
def _root() -> None:
    """微光：微网格员的聊天助手。"""


def main() -> None:
    """Run the command that was typed."""
    try:
        cli()
    except WeiguangError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
