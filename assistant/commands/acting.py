"""Who acts when a command changes or takes out records: named by ``--by``, and held to their rights like on a page."""

import typer
from sqlmodel import col, select

from assistant.domain.rights import Right, Viewer
from assistant.storage.database import Database
from assistant.storage.tables import Worker
from assistant.storage.viewing import viewer_of


def viewer_named(database: Database, name: str, right: Right) -> Viewer:
    """The person of that name who has the right. Raises typer.Exit, naming those who have it, when there is none."""
    with database.reading() as session:
        ids = session.exec(select(Worker.id).where(col(Worker.left_at).is_(None)).order_by(col(Worker.id))).all()
        people = [viewer for one in ids if one is not None and (viewer := viewer_of(session, one)) is not None]
    able = [viewer for viewer in people if viewer.has(right)]
    found = [viewer for viewer in able if viewer.name == name]
    if len(found) == 1:
        return found[0]
    known = "、".join(viewer.name for viewer in able) or "一个也没有"
    said = f"叫“{name}”的不止一个" if found else f"没有叫“{name}”、又能做这件事的人"
    typer.echo(f"✗ {said}。现有：{known}", err=True)
    raise typer.Exit(1)
