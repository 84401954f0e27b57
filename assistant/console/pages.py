"""All pages of the console, in one list: each behind the gate, but for the entrance itself.

To add a page: a module with ``routes(gate)`` (see ``console/gate.py``), its line in ``PAGES``, and its entry in
``console/menu.py``. ``docs/console.md`` has the whole of it, with the template and the tests.
"""

from collections.abc import Callable

from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.console import (
    board,
    building_map,
    charts,
    decisions,
    duty,
    exchange,
    household,
    households,
    importing,
    people,
    person,
    requests,
    station,
    station_rooms,
    today,
)
from assistant.console.entering import Entrance, home_of
from assistant.console.gate import Gate, Visit
from assistant.console.invited import Reception

PAGE_PATH = "/console"
PAGES: tuple[Callable[[Gate], list[BaseRoute]], ...] = (
    board.routes,
    today.routes,
    households.routes,
    household.routes,
    decisions.routes,
    people.routes,
    person.routes,
    building_map.routes,
    charts.routes,
    exchange.routes,
    importing.routes,
    station.routes,
    duty.routes,
    station_rooms.routes,
    requests.routes,
)


def console_routes(gate: Gate) -> list[BaseRoute]:
    """The entrance and every page."""

    def begin(visit: Visit) -> Response:
        return visit.go(home_of(visit.viewer, gate))

    own = [route for routes in PAGES for route in routes(gate)]
    return [*Entrance(gate).routes(), *Reception(gate).routes(), gate.route(PAGE_PATH, None, begin), *own]
