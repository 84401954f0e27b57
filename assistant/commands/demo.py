"""``weiguang demo``: a fictitious community, the worker's chat beside the coordinator's list."""

from typing import Annotated

import typer


def demo(
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="网页端口，默认 8000")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="丢掉上次演示里打的字，重新开始")] = False,
) -> None:
    """打开演示：左边是微网格员的聊天，右边是网格长的清单。人和事都是编的。"""
    from assistant.commands.opening import opened
    from assistant.commands.serving import serve
    from assistant.settings import Settings

    settings = Settings()
    if port is not None:
        settings = settings.model_copy(update={"port": port})
    with opened(settings, fresh=fresh) as made:
        community = made.community
        serve(
            made.app,
            worker=community.shown.worker,
            coordinator=community.shown.coordinator,
            where=f"{community.community} · {community.estate}",
            examples=community.examples,
            is_demo=True,
        )
