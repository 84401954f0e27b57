"""图表: numbers of the viewer's area over some weeks, each chart with its table beside it. No person is ranked."""

from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.console.chart_tables import tables_of
from assistant.console.gate import Gate, Visit
from assistant.domain.rights import Right
from assistant.storage.read.charts import charts_of

PAGE_PATH = "/console/charts"
#: how far back one can look
PERIODS = {4: "近4周", 8: "近8周", 26: "近半年"}
_USUAL = 8


def routes(gate: Gate) -> list[BaseRoute]:
    return [gate.route(PAGE_PATH, Right.SEE_CHARTS, _page)]


def _page(visit: Visit) -> Response:
    asked = visit.request.query_params.get("weeks", "")
    weeks = next((period for period in PERIODS if str(period) == asked), _USUAL)
    with visit.reading() as session:
        charts = charts_of(session, visit.viewer, visit.now, weeks)
    return visit.show("charts.html", tables=tables_of(charts, visit.replies), periods=PERIODS, weeks=weeks)
