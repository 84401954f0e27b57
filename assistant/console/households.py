"""住户: the list of households with its filters, views that are kept, and several given to one person at once."""

from urllib.parse import parse_qsl

from sqlmodel import col, select
from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.console.filters import FIELDS, ORDERS, PERIODS, STANDS, query_of, wanted_of
from assistant.console.gate import Gate, Visit
from assistant.console.told_on import tell_of_several
from assistant.domain.errors import NotAllowed
from assistant.domain.reports import Severity
from assistant.domain.rights import Right
from assistant.storage.assigning import assign
from assistant.storage.columns import new
from assistant.storage.read.choices import choices
from assistant.storage.read.households import households
from assistant.storage.read.mark import Mark
from assistant.storage.tables import SavedView, Worker

LIST_PATH = "/console/households"
ASSIGN_PATH = "/console/households/assign"
VIEWS_PATH = "/console/households/views"
VIEW_GONE_PATH = "/console/households/views/{id}/remove"
_VIEWS = 20
_AT_ONCE = 200
_LONGEST_NAME = 20


def routes(gate: Gate) -> list[BaseRoute]:
    return [
        gate.route(LIST_PATH, Right.SEE_CASES, _list),
        gate.route(ASSIGN_PATH, Right.DECIDE, _assign, methods=("POST",)),
        gate.route(VIEWS_PATH, Right.SEE_CASES, _keep_view, methods=("POST",)),
        gate.route(VIEW_GONE_PATH, Right.SEE_CASES, _drop_view, methods=("POST",)),
    ]


def _list(visit: Visit) -> Response:
    params = visit.request.query_params
    wanted = wanted_of(params, visit.now)
    after = Mark.parse(params.get("after"), wanted.order)
    with visit.reading() as session:
        found = households(session, visit.viewer, wanted, visit.now, after)
        offered = choices(session, visit.viewer, wanted, has_places=not visit.is_part)
        kept = session.exec(
            select(SavedView)
            .where(SavedView.worker_id == visit.viewer.worker_id, SavedView.page == LIST_PATH)
            .order_by(col(SavedView.id))
        ).all()
    return visit.show(
        "households.html",
        found=found,
        wanted=wanted,
        choices=offered,
        views=kept,
        here=query_of(params),
        more=query_of(params, after=str(found.next)) if found.next else None,
        is_later_page=after is not None,
        counted=[(severity, count) for severity, count in found.counts.items() if severity.urgency < 4],
        has_filters=not visit.is_part,
        estate=wanted.estate_id,
        worker=wanted.worker_id,
        fields={name: params.get(name, "") for name in FIELDS},
        severities=[severity for severity in Severity if severity.urgency < 4],
        stands=STANDS,
        orders=ORDERS,
        periods=PERIODS,
        may_decide=visit.viewer.has(Right.DECIDE),
    )


def _assign(visit: Visit) -> Response:
    """Give the chosen households' work to one person, who hears of it once."""
    ids = [int(value) for value in visit.form.getlist("household") if isinstance(value, str) and value.isdecimal()]
    back = LIST_PATH + query_of(dict(parse_qsl(visit.field("back").removeprefix("?"))))
    if not ids or len(ids) > _AT_ONCE or not visit.field("to").isdecimal():
        visit.say("先勾上要交办的户，再选交给谁。")
        return visit.go(back)
    with visit.acting() as ledger:
        to = ledger.session.get(Worker, int(visit.field("to")[:15]))
        if to is None:
            raise NotAllowed("没有这个人，或者不在您的范围里。")
        assigned = assign(ledger, visit.viewer, ids, to)
        tell_of_several(ledger, visit.viewer, visit.replies, to, assigned.follow_ups, assigned.keys)
    said = f"已交给{to.name}：{len(assigned.keys)} 户。"
    if assigned.without:
        said += f"另有 {assigned.without} 户没有网格员要办的事，没有动。"
    visit.say(said)
    return visit.go(back)


def _keep_view(visit: Visit) -> Response:
    """Keep the filters under a name; the same name again takes the new ones."""
    name = visit.field("name")[:_LONGEST_NAME]
    query = query_of(dict(parse_qsl(visit.field("back").removeprefix("?"))))
    if not name or not query:
        visit.say("先筛一筛，再给这个视图起个名字。")
        return visit.go(LIST_PATH + query)
    with visit.acting() as ledger:
        own = select(SavedView).where(SavedView.worker_id == visit.viewer.worker_id, SavedView.page == LIST_PATH)
        kept = ledger.session.exec(own.order_by(col(SavedView.id))).all()
        row = next((each for each in kept if each.name == name), None)
        if row is None and len(kept) >= _VIEWS:
            visit.say(f"最多存 {_VIEWS} 个视图，先删掉一个吧。")
            return visit.go(LIST_PATH + query)
        if row is None:
            viewer = visit.viewer
            row = new(
                SavedView,
                area_id=viewer.area_id,
                worker_id=viewer.worker_id,
                page=LIST_PATH,
                name=name,
                query=query,
            )
        row.query = query
        ledger.session.add(row)
    visit.say(f"存好了：{name}。")
    return visit.go(LIST_PATH + query)


def _drop_view(visit: Visit) -> Response:
    with visit.acting() as ledger:
        row = ledger.session.get(SavedView, visit.number("id"))
        if row is None or row.worker_id != visit.viewer.worker_id:
            raise NotAllowed("没有这个视图。")
        ledger.session.delete(row)
    visit.say("视图删掉了。")
    return visit.go(LIST_PATH)
