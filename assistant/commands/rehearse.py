"""``weiguang rehearse``: conversations as files, played against the real assistant."""

import sys
from pathlib import Path
from typing import Annotated

import typer


def rehearse(
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE.yaml …", help="对话文件")] = None,
    record: Annotated[bool, typer.Option("--record", help="自己打字说一段，说完打印成对话文件")] = False,
    db: Annotated[str | None, typer.Option("--db", metavar="URL", help="在哪个数据库里试，不填就用临时的")] = None,
) -> None:
    """把写成文件的对话从头演一遍，和说好的不一样的地方一条条列出来。"""
    from assistant.rehearsing.reading import read_file
    from assistant.rehearsing.running import Run

    paths = files or []
    if not paths and not record:
        typer.echo("请给一个对话文件,或加 --record 自己打字。", err=True)
        raise typer.Exit(2)
    if record:
        _record(paths, db)
        return
    # all files are checked before the first is played
    told = [(path, read_file(path)) for path in paths]
    run = Run(db)
    failed = played = 0
    for path, conversations in told:
        for conversation in conversations:
            faults = run.play(conversation)
            played += 1
            failed += bool(faults)
            if faults:
                typer.echo(f"{path}:{conversation.conversation}")
            for fault in faults:
                typer.echo(f"  {fault}")
    typer.echo(f"{played} 段对话,{played - failed} 段符合,{failed} 段不符。")
    raise typer.Exit(1 if failed else 0)


def _record(paths: list[Path], db: str | None) -> None:
    """The chat goes to standard error, so that standard output is the file. A file that is named is played first."""
    from assistant.rehearsing.form import Conversation
    from assistant.rehearsing.noting import HOW
    from assistant.rehearsing.reading import read_file
    from assistant.rehearsing.running import Run
    from assistant.schedule.clock import SystemClock
    from assistant.settings import Settings

    def show(said: str) -> None:
        typer.echo(said, err=True)

    if paths:
        conversation = read_file(paths[0])[0]
    else:
        at = SystemClock().now().astimezone(Settings().tz).replace(second=0, microsecond=0)
        # the one conversation without steps: they are typed
        conversation = Conversation.model_construct(conversation="打字录下的一段", at=at, steps=())
    show(f"{HOW}。按 Ctrl+D 结束。")
    typer.echo(Run(db).record(conversation, sys.stdin, show), nl=False)
