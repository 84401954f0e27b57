"""Every path behind the gate, with the right that it asks for: for each role it opens, or it does not."""

import re
from pathlib import Path

import pytest

from assistant.domain.access import Role
from assistant.domain.reports import Intent, Reading
from assistant.domain.rights import Right
from assistant.publishing.desk import RuleDesk
from rules.engine.vocabulary import load_vocabulary
from tests.console.conftest import site_of
from tests.console.served import PASSWORD
from tests.console.visitor import Visitor
from tests.console.world import NOW, World
from tests.publishing.conftest import texts

#: every path behind the gate with the right that it asks for; a new page gets its line here. The pages of 隐私 have a
#: table of their own (test_privacy.py).
ROUTES = """
GET  /console                                       -
GET  /console/flagged                               see_cases
GET  /console/today                                 see_cases
GET  /console/today/board                           see_cases
POST /console/today/seen                            see_cases
POST /console/today/alarms/{id}/acknowledge         comment
GET  /console/households                            see_cases
POST /console/households/assign                     decide
POST /console/households/views                      see_cases
POST /console/households/views/{id}/remove          see_cases
GET  /console/households/{id}                       see_household
POST /console/households/{id}/comment               comment
POST /console/cases/{held}/{id}/{deed}              comment
POST /console/follow-ups/{id}/{deed}                decide
GET  /console/evidence/{id}                         see_household
GET  /console/map                                   see_cases
GET  /console/map/{id}                              see_cases
GET  /console/map/{id}/{building}                   see_cases
GET  /console/charts                                see_charts
GET  /console/rules                                 see_rules
GET  /console/rules/try                             see_rules
POST /console/rules/try                             see_rules
GET  /console/rules/draft                           publish_rules
POST /console/rules/draft/keep                      publish_rules
POST /console/rules/draft/discard                   publish_rules
GET  /console/rules/draft/backtest                  publish_rules
POST /console/rules/draft/backtest                  publish_rules
POST /console/rules/draft/publish                   publish_rules
POST /console/rules/draft/back                      publish_rules
GET  /console/station                               see_station
POST /console/station/slots/{id}                    run_station
POST /console/station/slots/{id}/remove             run_station
POST /console/stations/{id}/slots                   run_station
POST /console/stations/{id}/exchange                run_station
POST /console/stations/{id}/facts                   run_station
POST /console/stations/{id}/bookings                run_station
POST /console/station/bookings/{id}/cancel          run_station
GET  /console/requests                              see_requests
POST /console/requests/{id}/move                    run_requests
GET  /console/exchange                              import
POST /console/exchange/exports                      export
POST /console/exchange/imports                      import
GET  /console/exchange/imports/{id}                 import
GET  /console/exchange/imports/{id}/part            import
POST /console/exchange/imports/{id}/bring           import
POST /console/exchange/imports/{id}/again           import
POST /console/exchange/imports/{id}/drop            import
GET  /console/exchange/imports/{id}/faults.csv      import
GET  /console/exchange/templates/{form}             import
GET  /console/people                                manage_people
GET  /console/people/new                            manage_people
POST /console/people/new                            manage_people
GET  /console/people/{id}                           manage_people
POST /console/people/{id}/invite                    manage_people
POST /console/people/{id}/end                       manage_people
POST /console/people/{id}/move                      manage_people
POST /console/people/{id}/leave                     manage_people
"""


def routes_table() -> dict[tuple[str, str], Right | None]:
    rows = (line.split() for line in ROUTES.strip().splitlines())
    return {(method, path): None if right == "-" else Right(right) for method, path, right in rows}


@pytest.fixture
def with_rules(world: World, tmp_path: Path) -> Visitor:
    """The pages as they are served, those of the rule book too."""
    desk = RuleDesk(
        world.database,
        own=texts(),
        vocabulary=load_vocabulary(),
        read=lambda message: Reading(Intent.OTHER),
        cache=tmp_path / "books",
        zone=NOW.tzinfo,
    )
    return Visitor(site_of(world, rule_desk=desk).pages)


def test_every_path_stands_in_the_table(with_rules: Visitor) -> None:
    behind_the_gate = {
        (method, route.path.replace(":int}", "}"))
        for route in with_rules.app.routes
        if (route.name or "").startswith("gate:") and route.path.startswith("/console")
        for method in route.methods - {"HEAD"}
        if not route.path.startswith("/console/privacy")
    }

    assert behind_the_gate == routes_table().keys()


@pytest.mark.parametrize("role", Role)
def test_every_path_opens_for_those_who_have_its_right_and_for_nobody_else(
    role: Role, world: World, with_rules: Visitor
) -> None:
    world.has_login(role, "somebody", PASSWORD)
    with_rules.logs_in("somebody", PASSWORD)
    token = with_rules.token()
    viewer = world.viewer(role)

    for (method, path), right in routes_table().items():
        there = re.sub(r"\{\w+\}", "999999", path)
        answer = with_rules.get(there) if method == "GET" else with_rules.post(there, {"csrf": token})
        is_let_in = right is None or viewer.has(right)
        assert (answer.status_code != 403) == is_let_in, (method, path)


def test_no_form_is_taken_without_the_token_of_its_session(world: World, with_rules: Visitor) -> None:
    for role in (Role.COORDINATOR, Role.ADMINISTRATOR):
        world.has_login(role, role, PASSWORD)
        with_rules.logs_in(role, PASSWORD)
        for method, path in routes_table():
            if method == "POST":
                there = re.sub(r"\{\w+\}", "1", path)
                assert with_rules.post(there, {"csrf": "of somebody else"}).status_code == 403, path
                assert with_rules.post(there, {}).status_code == 403, path
