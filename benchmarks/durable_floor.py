"""The least that a durable webhook can do: ``python -m benchmarks.durable_floor FILE PORT``.

Each post is one row, committed (WAL, synchronous=FULL) before 200 is answered, by plain sqlite3 on one connection.
"""

import sqlite3
import sys
import threading

import anyio.to_thread
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from assistant.channels.telegram import WEBHOOK_PATH


def site(file: str) -> Starlette:
    """The route, on a fresh table in ``file``."""
    connection = sqlite3.connect(file, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE posts (id INTEGER PRIMARY KEY, body BLOB)")
    one_at_a_time = threading.Lock()

    def keep(body: bytes) -> None:
        with one_at_a_time, connection:
            connection.execute("INSERT INTO posts (body) VALUES (?)", (body,))

    async def take(request: Request) -> Response:
        await anyio.to_thread.run_sync(keep, await request.body())
        return Response(status_code=200)

    return Starlette(routes=[Route(WEBHOOK_PATH, take, methods=["POST"])])


if __name__ == "__main__":
    uvicorn.run(site(sys.argv[1]), port=int(sys.argv[2]), log_level="error")
