"""``weiguang serve``: the pages over the community's own data."""

from typing import Annotated

import typer


def serve(
    worker: Annotated[str, typer.Option(help="聊天页是哪位微网格员的")],
    coordinator: Annotated[str, typer.Option(help="清单页是哪位网格长的")],
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="网页端口，默认 8000")] = None,
) -> None:
    """用社区自己的数据打开网页（数据库在设置里）。登录功能上线前只能在本机打开。"""
    from assistant.app import build
    from assistant.commands import serving
    from assistant.settings import Settings

    settings = Settings()
    if port is not None:
        settings = settings.model_copy(update={"port": port})
    app = build(settings)
    try:
        serving.serve(app, worker=worker, coordinator=coordinator, where=settings.estate or "微网实格")
    finally:
        app.close()
