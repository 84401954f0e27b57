"""``weiguang serve``: the pages over the community's own data."""

import sys
from typing import Annotated

import typer


def serve(
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="网页端口，默认 8000")] = None,
) -> None:
    """用社区自己的数据打开网页（数据库在设置里）。每个人用自己的邀请链接进来，以后用登录名和密码登录。"""
    from assistant.app import build
    from assistant.commands import serving
    from assistant.monitoring import log_to
    from assistant.settings import Settings

    settings = Settings()
    log_to(sys.stderr, as_json=settings.log_json)
    if port is not None:
        settings = settings.model_copy(update={"port": port})
    app = build(settings)
    try:
        serving.serve(app, where=settings.estate or "微网实格")
    finally:
        app.close()
