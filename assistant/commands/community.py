"""``weiguang community FILE``: a fresh installation gets its areas and people, and each new person a code."""

from pathlib import Path
from typing import Annotated

import typer


def community(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="社区文件，样子见 deploy")],
    *,
    check: Annotated[bool, typer.Option("--check", help="只看写得对不对，什么都不写进去")] = False,
) -> None:
    """把街道、社区、网格、小区、人员和服务站写进数据库，给每个新的人一个邀请码。再运行一次只加新的，不改旧的。"""
    from assistant.founding import found, read_file
    from assistant.schedule.clock import SystemClock
    from assistant.settings import Settings
    from assistant.storage.database import Database
    from assistant.storage.invitations import invite
    from assistant.storage.ledger import Ledger
    from knowledge import book as knowledge_book
    from knowledge.replies import load_replies

    settings = Settings()
    names = load_replies(settings.knowledge_dir or knowledge_book.OWN, settings.responder_phones).responders
    form = read_file(file, names)
    if check:
        typer.echo(f"写得对：{len(form.areas())} 个区域，{len(form.estates())} 个小区，{len(form.people)} 人")
        return
    database = Database.open(settings.database_url)
    try:
        with database.writing() as session:
            ledger = Ledger(session, SystemClock().now())
            added = found(ledger, form, {name: responder for responder, name in names.items()})
            codes = [(worker.name, invite(ledger, worker)) for worker in added.people]
    finally:
        database.close()
    counts = (
        ("区域", len(added.areas)),
        ("小区", len(added.estates)),
        ("人员", len(added.people)),
        ("服务站", len(added.stations)),
    )
    said = "，".join(f"{what} {number}" for what, number in counts if number)
    typer.echo(f"新加了：{said}" if said else "没有新的：文件里的都已经在了", err=True)
    for name, code in codes:
        typer.echo(f"{name}\t{code}")
    if codes:
        typer.echo(
            f"邀请码7天内有效，只能用一次，请单独交给本人：网页打开 {settings.site}/invite/邀请码",
            err=True,
        )
