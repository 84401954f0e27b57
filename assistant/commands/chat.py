"""``weiguang chat``: the worker's side in the terminal."""

import sys
from typing import Annotated

import typer

#: so many messages of the last chat stand above the new one
_RECALLED = 6


def chat(
    worker: Annotated[str | None, typer.Option(help="以哪位微网格员的名义说话，默认是演示里的那位")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="丢掉上次演示里打的字，重新开始")] = False,
) -> None:
    """在终端里和微光说话（演示社区）。也可以把一行一条的话用管道送进来。"""
    from assistant.channels.terminal import NAME, Terminal, talk
    from assistant.commands.opening import opened
    from assistant.commands.serving import find_account
    from assistant.console.conversation import newest
    from assistant.settings import Settings

    with opened(Settings(), fresh=fresh) as made:
        with made.app.database.reading() as session:
            account = find_account(session, worker or made.community.shown.worker, NAME)
            earlier, _ = newest(session, NAME, account.address)
        terminal = Terminal(account.address, made.app.now, show=print)
        if not sys.stdin.isatty():
            for line in sys.stdin:
                if line.strip():
                    made.app.receive(terminal.incoming(line.rstrip("\n")))
                    made.app.settle_down({NAME: terminal})
            return
        typer.echo(made.app.describe())
        typer.echo(f"您是{account.name}。说一句话试试，例如：3栋2单元501软管老化。按 Ctrl+D 结束。")
        for line in earlier[-_RECALLED:]:
            terminal.recall(line.text, is_own=line.is_received)
        with made.app.running({NAME: terminal}):
            talk(terminal, made.app.receive, [line.text for line in earlier if line.is_received])
