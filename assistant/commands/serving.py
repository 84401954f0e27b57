"""Run a site and the assistant behind it until the user stops it."""

import signal
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn
from urllib.parse import urlsplit

import typer
import uvicorn
from sqlmodel import Session, col, select

from assistant.app import App
from assistant.channels import web
from assistant.channels.base import Channel
from assistant.channels.opened import Opened
from assistant.commands.channels import channels, evidence_folder
from assistant.commands.site import build_site
from assistant.console.live import Pulse
from assistant.console.security import load_secret
from assistant.domain.access import Role
from assistant.monitoring import monitoring_routes
from assistant.settings import Settings
from assistant.storage.tables import Account, Worker

#: pages that are shown without log-in are for this machine only; the others answer to these names too
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_THIS_MACHINE = ("127.0.0.1", "::1")
#: what a request may still take when the server is told to stop, in seconds
_GRACE = 2


def serve(
    app: App,
    *,
    where: str,
    worker: str | None = None,
    coordinator: str | None = None,
    examples: Sequence[str] = (),
    is_demo: bool = False,
) -> None:
    """Serve the pages, and handle and send in the background, until interrupted. Everybody logs in.

    With ``worker`` and ``coordinator`` (the demo) whoever comes is taken for these two, and only this machine can come.
    Raises typer.Exit with a message when nobody bears the name, or the port is taken.
    """
    settings = app.settings
    is_open = worker is not None or coordinator is not None
    if is_open and settings.host not in LOOPBACK:
        _give_up(f"演示不用登录，只能在本机打开：请把 WEIGUANG_HOST 改回 127.0.0.1（现在是 {settings.host}）。")
    _see_that_port_is_free(settings.host, settings.port)
    with app.database.reading() as session:
        account = find_account(session, worker) if worker is not None else None
        always = _coordinator(session, coordinator) if coordinator is not None else None
    secret = load_secret(settings.data_dir, settings.secret.get_secret_value() if settings.secret else None)
    with _ending_properly(), _outside(app, secret, is_open=is_open) as opened:
        site = build_site(
            app.database,
            app.replies,
            app.receive,
            app.now,
            worker=account,
            where=where,
            secret=secret,
            hosts=LOOPBACK if is_open else (*LOOPBACK, *names(settings)),
            evidence=evidence_folder(app),
            examples=examples,
            is_demo=is_demo,
            always=always,
            also=[
                *monitoring_routes(app.database, app.now, app.faults, app.stopped),
                *(route for each in opened.values() for route in each.routes),
            ],
            is_https=settings.https,
            rule_desk=app.rule_desk,
            rule_called=app.rules.called,
            periods=app.retention.periods,
        )
        typer.echo(app.describe())
        typer.secho(f"请打开 http://{settings.host}:{settings.port}", bold=True)
        typer.echo("按 Ctrl+C 停止。")
        senders: dict[str, Channel] = {web.NAME: site.channel} | {name: each.sender for name, each in opened.items()}
        steps = {name: step for each in opened.values() for name, step in each.steps.items()}

        def leave() -> None:
            for each in opened.values():
                each.leave()

        with app.running(senders, also=steps, leave=leave):
            config = uvicorn.Config(
                site.pages,
                host=settings.host,
                port=settings.port,
                log_level="warning",
                timeout_graceful_shutdown=_GRACE,
                server_header=False,
                # whose word is taken for where a visitor comes from: nobody's but these
                forwarded_allow_ips=[*_THIS_MACHINE, *settings.proxies],
            )
            _Server(config, site.pulse).run()


def names(settings: Settings) -> list[str]:
    """Under what names others reach the pages and the webhooks."""
    webhook = urlsplit(settings.telegram_webhook or "").hostname
    return [settings.host, *settings.hosts, *([webhook] if webhook is not None else [])]


@contextmanager
def _outside(app: App, secret: str, *, is_open: bool) -> Iterator[Mapping[str, Opened]]:
    """The channels that are set up; none for the demo, whose people are made up."""
    if is_open:
        yield {}
        return
    with channels(app, secret) as opened:
        yield opened


@contextmanager
def _ending_properly() -> Iterator[None]:
    """SIGTERM ends the block as its own end would: uvicorn raises it anew once it has stopped, and unheard it kills us.

    A second one changes nothing: what is under way is bounded anyway.
    """

    def end(sig: int, frame: FrameType | None) -> NoReturn:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise SystemExit(0)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class _Server(uvicorn.Server):
    """Lets the open pages' event streams end when it is told to stop: they never end by themselves."""

    def __init__(self, config: uvicorn.Config, pulse: Pulse) -> None:
        super().__init__(config)
        self._pulse = pulse

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._pulse.end()
        super().handle_exit(sig, frame)


def find_account(session: Session, worker: str, channel: str = web.NAME) -> web.Account:
    """The worker's account on the channel. Raises typer.Exit when there is none of that name."""
    found = session.exec(
        select(Account, Worker)
        .where(Worker.id == Account.worker_id, Account.channel == channel, Worker.name == worker)
        .where(col(Worker.left_at).is_(None))
    ).first()
    if found is None:
        names = session.exec(
            select(Worker.name).join(Account).where(Account.channel == channel).order_by(col(Worker.id))
        ).all()
        known = "、".join(dict.fromkeys(names)) or "一个也没有；先运行 weiguang demo 看看演示"
        _give_up(f"没有叫“{worker}”的账号。现有：{known}。")
    account, person = found
    return web.Account(account.address, person.name)


def _coordinator(session: Session, name: str) -> int | None:
    found = session.exec(select(Worker).where(Worker.name == name, Worker.role == Role.COORDINATOR)).first()
    if found is None:
        _give_up(f"没有叫“{name}”的网格长。")
    return found.id


def _see_that_port_is_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            _give_up(f"端口 {port} 已被占用：换一个，例如 --port {port + 1}。")


def _give_up(said: str) -> NoReturn:
    typer.secho(said, err=True, fg="red")
    raise typer.Exit(1)
