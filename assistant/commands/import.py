"""``weiguang import addresses``, ``residents`` and ``template``: an address book and residents from Excel or CSV."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.exchange.columns import Form
    from assistant.exchange.matching import Plan
    from assistant.exchange.reading import Progress

app = typer.Typer(help="导入地址簿、居民（Excel 或 CSV）", no_args_is_help=True)

Sheet = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="表格文件，.xlsx 或 .csv")]
By = Annotated[str, typer.Option("--by", help="哪位网格长或管理员，写在记录里；只能导入自己范围里的")]
Yes = Annotated[bool, typer.Option("--yes", help="看过没问题，真的导入")]

#: faults that are printed; the rest is in the file of --faults
_PRINTED = 50


@app.callback()
def import_() -> None:
    """导入地址簿、居民（Excel 或 CSV）。先看再导：有一行不对，就一行也不导。"""


@app.command()
def addresses(
    sheet: Sheet,
    by: By,
    yes: Yes = False,
    faults: Annotated[Path | None, typer.Option("--faults", help="把全部问题另存成 CSV")] = None,
) -> None:
    """地址簿：小区、楼栋、单元、房号、微网格。"""
    from assistant.exchange.columns import Form

    _bring(Form.ADDRESSES, sheet, by, yes, faults)


@app.command()
def residents(
    sheet: Sheet,
    by: By,
    yes: Yes = False,
    faults: Annotated[Path | None, typer.Option("--faults", help="把全部问题另存成 CSV")] = None,
) -> None:
    """居民：门牌、称呼、性别、出生年、独居、残疾。证件号、电话不导入。"""
    from assistant.exchange.columns import Form

    _bring(Form.RESIDENTS, sheet, by, yes, faults)


@app.command()
def template(
    form: Annotated[str, typer.Argument(help="addresses 或 residents")],
    out: Annotated[Path, typer.Argument(dir_okay=False, help="存到哪里，.xlsx")],
) -> None:
    """存一份空白模板，带两行例子。"""
    from assistant.exchange.columns import Form
    from assistant.exchange.templates import template_of

    if form not in set(Form):
        typer.echo(f"✗ 没有“{form}”这种表。现有：{'、'.join(Form)}", err=True)
        raise typer.Exit(1)
    out.write_bytes(template_of(Form(form)))
    typer.echo(f"✓ 已存到 {out}。例子那两行请删掉再填")


def _bring(form: "Form", sheet: Path, by: str, yes: bool, faults: Path | None) -> None:
    from assistant.commands.acting import viewer_named
    from assistant.domain.rights import Right
    from assistant.exchange.bringing import bring_in, look_at
    from assistant.exchange.templates import faults_as_csv
    from assistant.schedule.clock import SystemClock
    from assistant.settings import Settings
    from assistant.storage.database import Database

    settings = Settings()
    now = SystemClock().now().astimezone(settings.tz)
    content = sheet.read_bytes()
    database = Database.open(settings.database_url)
    try:
        viewer = viewer_named(database, by, Right.IMPORT)
        with _progress("读表") as told:
            plan = look_at(database, viewer, form, content, now.date(), told)
        _print(plan)
        if faults is not None:
            faults_as_csv(plan, faults)
            typer.echo(f"全部问题存到了 {faults}")
        if plan.found.fault_count:
            typer.echo("什么都没有导入。改好了再来。", err=True)
            raise typer.Exit(1)
        if not yes:
            typer.echo("还没有导入。看过没问题，就再加上 --yes")
            return
        with _progress("导入") as told:
            done = bring_in(database, viewer, form, content, now, file_name=sheet.name, on_progress=told)
        if done.found.fault_count:
            _print(done)
            typer.echo("刚才有人改了记录，什么都没有导入。请再看一遍。", err=True)
            raise typer.Exit(1)
        typer.echo(f"✓ 已导入：新增 {done.added}，改动 {done.changed}，原来就有 {done.unchanged}")
    finally:
        database.close()


def _print(plan: "Plan") -> None:
    for each in (*plan.found.faults[:_PRINTED], *plan.found.remarks[:_PRINTED]):
        typer.echo(f"{'✗' if each.is_fault else '·'} {each}", err=each.is_fault)
    if plan.found.fault_count > _PRINTED:
        typer.echo(f"✗ 一共 {plan.found.fault_count} 处，用 --faults 问题.csv 存下全部", err=True)
    typer.echo(
        f"{plan.form.name_said} {plan.count} 行：要新增 {plan.added}，改动 {plan.changed}，原来就有 {plan.unchanged}"
    )


@contextmanager
def _progress(what: str) -> "Iterator[Progress]":
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(what, total=None)
        yield lambda done, of: shown.update(task, completed=done, total=of)
