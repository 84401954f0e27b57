"""Bring a database to the tables of this program, at start, by itself.

The migrations are Alembic's, shipped in ``migrations/``. All steps run in one transaction: a failure leaves the
database as it was. Two processes that start together take turns.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, Engine

from assistant.domain.errors import DatabaseIsNewer

_FOLDER = Path(__file__).parent / "migrations"
#: PostgreSQL's advisory lock for migrating; any number that nobody else uses
_LOCK = 86_420_110


def config_for(connection: Connection | None = None) -> Config:
    """Alembic's configuration, run on ``connection`` when there is one."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def bring_up_to_date(engine: Engine) -> None:
    """Run the migrations that are missing. Raises DatabaseIsNewer, with nothing changed, for one we don't know."""
    with engine.connect() as connection:
        if _is_up_to_date(connection):
            return
    with engine.execution_options(weiguang_writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        if not _is_up_to_date(connection):
            command.upgrade(config_for(connection), "head")


def _is_up_to_date(connection: Connection) -> bool:
    known = ScriptDirectory.from_config(config_for())
    there = set(MigrationContext.configure(connection).get_current_heads())
    ours = {script.revision for script in known.walk_revisions()}
    if there - ours:
        raise DatabaseIsNewer(
            f"这个数据库是更新版本的微光写的(版本 {'、'.join(sorted(there - ours))}),现在的程序只认得到 "
            f"{'、'.join(known.get_heads())}。什么都没有改动:请升级程序,或改用升级前的备份。"
        )
    return there == set(known.get_heads())
