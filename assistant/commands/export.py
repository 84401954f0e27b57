"""``weiguang export``: the forms that are demanded anyway, as Excel or CSV; each is on the log with its purpose."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer


def export(
    form: Annotated[
        str,
        typer.Argument(
            help="visits 走访日志、daily 走访日报、hazards 隐患排查台账、"
            "inspections 隐患巡查记录、diary 民情日记、codes 代码对照表"
        ),
    ],
    out: Annotated[Path, typer.Argument(help="存到哪个文件（.xlsx 或 .csv），或哪个目录")],
    by: Annotated[str, typer.Option("--by", help="哪位网格长，写在记录里；只能导出自己范围里的")],
    purpose: Annotated[
        str,
        typer.Option(
            "--purpose",
            help="做什么用：inspection 检查报送、monthly 月度汇总、civil_affairs 民政、handover 移交、other 其他",
        ),
    ],
    since: Annotated[datetime, typer.Option("--since", formats=["%Y-%m-%d"], help="从哪一天，写成 2026-03-01")],
    until: Annotated[datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="到哪一天（含）")],
    note: Annotated[str, typer.Option("--note", help="用途选 other 时写一句")] = "",
    with_restricted: Annotated[
        bool, typer.Option("--with-restricted", help="连健康、未成年人、家暴也导出；记录里会写明")
    ] = False,
) -> None:
    """导出要报的表。谁、什么时候、做什么用，都记在台账上。"""
    import shutil
    from tempfile import TemporaryDirectory

    from assistant.commands.acting import viewer_named
    from assistant.domain.rights import Right
    from assistant.exchange.asking import Asked, FileKind, OutForm, Purpose
    from assistant.exchange.taking_out import take_out
    from assistant.schedule.clock import SystemClock
    from assistant.settings import Settings
    from assistant.storage.database import Database
    from knowledge.forms import OWN, load_forms
    from knowledge.replies import load_replies

    _one_of(form, set(OutForm), "这种表")
    _one_of(purpose, set(Purpose), "这种用途")
    kind = FileKind.CSV if out.suffix.lower() == ".csv" else FileKind.EXCEL
    asked = Asked(OutForm(form), kind, since.date(), until.date(), Purpose(purpose), note, with_restricted)
    settings = Settings()
    knowledge = settings.knowledge_dir or OWN
    now = SystemClock().now().astimezone(settings.tz)
    database = Database.open(settings.database_url)
    try:
        viewer = viewer_named(database, by, Right.EXPORT)
        with TemporaryDirectory(prefix="weiguang-export-") as folder:
            taken = take_out(database, viewer, asked, load_replies(knowledge), load_forms(knowledge), now, Path(folder))
            target = out / asked.file_name if out.is_dir() else out
            shutil.copyfile(taken.path, target)
    finally:
        database.close()
    typer.echo(f"✓ {taken.rows} 行，存到了 {target}。含住户信息，用完请删除（导出记录 {taken.export_id}）")


def _one_of(given: str, known: set[str], what: str) -> None:
    if given not in known:
        typer.echo(f"✗ 没有“{given}”{what}。现有：{'、'.join(sorted(known))}", err=True)
        raise typer.Exit(1)
