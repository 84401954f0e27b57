"""人员: who works here and how they come in; an invitation is made, or somebody's open pages are ended, by a click.

The link of an invitation is shown once, to who made it, and stands nowhere after.
"""

from sqlmodel import Session
from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.console.gate import Gate, Visit
from assistant.domain.errors import NotAllowed
from assistant.domain.rights import Right, Subject, require
from assistant.storage import logins
from assistant.storage.invitations import GOOD_FOR, invite
from assistant.storage.ledger import Ledger
from assistant.storage.read.staff import may_invite, people_of
from assistant.storage.tables import Area, Worker

PAGE_PATH = "/console/people"
INVITE_PATH = "/console/people/{id}/invite"
END_PATH = "/console/people/{id}/end"
#: what channels are called; one that is not here by its own name
CHANNELS = {"web": "网页", "telegram": "Telegram", "wecom": "企业微信", "dingtalk": "钉钉", "terminal": "终端"}


def routes(gate: Gate) -> list[BaseRoute]:
    return [
        gate.route(PAGE_PATH, Right.MANAGE_PEOPLE, _page),
        gate.route(INVITE_PATH, Right.MANAGE_PEOPLE, _invite, methods=("POST",)),
        gate.route(END_PATH, Right.MANAGE_PEOPLE, _end, methods=("POST",)),
    ]


def invited(visit: Visit, ledger: Ledger, worker: Worker) -> Response:
    """Make an invitation for this person and show it, this once."""
    code = invite(ledger, worker)
    link = f"{visit.request.url.scheme}://{visit.request.url.netloc}/invite/{code}"
    return _shown(visit, ledger.session, invited=worker.name, code=code, link=link, days=GOOD_FOR.days)


def _page(visit: Visit) -> Response:
    with visit.reading() as session:
        return _shown(visit, session)


def _invite(visit: Visit) -> Response:
    with visit.acting() as ledger:
        return invited(visit, ledger, _person(visit, ledger.session))


def _end(visit: Visit) -> Response:
    """Every page that is open under this person's login asks for the password again."""
    with visit.acting() as ledger:
        worker = _person(visit, ledger.session)
        login = logins.of_worker(ledger.session, worker.id or 0)
        if login is not None:
            logins.end_all(ledger, login)
    visit.say(f"{worker.name}在所有设备上都退出了。")
    return visit.go(PAGE_PATH)


def _person(visit: Visit, session: Session) -> Worker:
    """Whom the path names, where the viewer may invite them. Raises NotAllowed otherwise."""
    worker = session.get(Worker, visit.number("id"))
    if worker is None or worker.left_at is not None or not may_invite(visit.viewer, worker.role):
        raise NotAllowed("没有这个人，或者不在您的范围里。")
    require(visit.viewer, Right.MANAGE_PEOPLE, Subject(session.get_one(Area, worker.area_id).path))
    return worker


def _shown(visit: Visit, session: Session, **invitation: object) -> Response:
    people = people_of(session, visit.viewer, visit.now)
    return visit.show("people.html", people=people, channels=CHANNELS, invitation=invitation)
