"""``weiguang privacy expire``: what has come to the end of its time, counted; with ``--apply`` taken away."""

from typing import Annotated

import typer

app = typer.Typer(help="保存期限：看哪些到期了，删掉到期的", no_args_is_help=True)


@app.callback()
def privacy() -> None:
    """保存期限：先看再删。什么留多久写在 knowledge/retention.yaml。"""


@app.command()
def expire(
    by: Annotated[str, typer.Option("--by", help="哪位网格长或管理员，写在记录里")],
    *,
    apply: Annotated[bool, typer.Option("--apply", help="看过没问题，真的删")] = False,
) -> None:
    """数一数到期的；加上 --apply 才删。没办完的事、台账不动。"""
    from assistant.commands.acting import viewer_named
    from assistant.console.privacy_words import SORTS
    from assistant.domain.rights import Right
    from assistant.schedule.clock import SystemClock
    from assistant.settings import Settings
    from assistant.storage.database import Database
    from assistant.storage.evidence_folder import EvidenceFolder
    from assistant.storage.expiring import clear_out, due
    from knowledge.book import OWN
    from knowledge.retention import load_retention

    settings = Settings()
    now = SystemClock().now().astimezone(settings.tz)
    periods = load_retention(settings.knowledge_dir or OWN)
    database = Database.open(settings.database_url)
    try:
        viewer = viewer_named(database, by, Right.ERASE)
        with database.reading() as session:
            found = due(session, periods, now)
        for each in found:
            if each.count:
                period = periods.of[each.retention]
                typer.echo(f"{SORTS[each.sort]} {each.count}（{period.name}，留 {period.days} 天）")
        if not any(each.count for each in found):
            typer.echo("没有到期的。")
        if not apply:
            typer.echo("什么都没有删。看过没问题，就再加上 --apply")
            return
        folder, total = EvidenceFolder(settings.evidence_dir), 0
        while taken := clear_out(database, folder, periods, now, viewer.worker_id):
            total += taken
        typer.echo(f"✓ 已删 {total} 项。备份里的旧数据，备份轮换时才会没有")
    finally:
        database.close()
