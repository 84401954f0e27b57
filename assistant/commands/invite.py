"""``weiguang invite``: a code for somebody, to be said to nobody else."""

from typing import Annotated

import typer


def invite(
    worker: Annotated[str, typer.Argument(help="给谁：已在名册里的姓名")],
    days: Annotated[int, typer.Option(min=1, max=30, help="几天内有效")] = 7,
) -> None:
    """给一位网格员、网格长或处置单位的人一个邀请码，用来开通聊天账号。再发一个，没用过的旧码就作废。"""
    from datetime import timedelta

    from sqlmodel import col, select

    from assistant.schedule.clock import SystemClock
    from assistant.settings import Settings
    from assistant.storage.database import Database
    from assistant.storage.invitations import invite as make
    from assistant.storage.ledger import Ledger
    from assistant.storage.tables import Worker

    settings = Settings()
    database = Database.open(settings.database_url)
    try:
        with database.writing() as session:
            found = session.exec(select(Worker).where(Worker.name == worker, col(Worker.left_at).is_(None))).all()
            if len(found) != 1:
                many = f"有{len(found)}位叫“{worker}”的，请先在名册里分清。" if found else f"名册里没有“{worker}”。"
                typer.secho(many, err=True, fg="red")
                raise typer.Exit(1)
            code = make(Ledger(session, SystemClock().now()), found[0], timedelta(days=days))
    finally:
        database.close()
    typer.echo(code)
    typer.echo(f"网页：打开 {settings.site}/invite/{code} 定登录名和密码", err=True)
    typer.echo(f"{days}天内有效，只能用一次。请{worker}在聊天软件里单独发给微光；Telegram 里发 /start {code}", err=True)
