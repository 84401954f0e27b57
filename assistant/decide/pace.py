"""The pace of pursuit, from the rule book in use: a community changes it in ``rules/parameters.yaml``."""

from datetime import timedelta

from assistant.domain.pace import Pace
from assistant.domain.reports import Severity
from rules.engine.inforce import RulesInForce

_PURSUED = (Severity.P0, Severity.P1, Severity.P2, Severity.P3)


def pace_in(rules: RulesInForce) -> Pace:
    """The pace that holds by these rules; what an older book does not name is as in ``Pace`` itself."""
    ours = Pace()

    def span(name: str, otherwise: timedelta) -> timedelta:
        return rules.duration(name) if name in rules.parameters else otherwise

    return Pace(
        acknowledge=span("acknowledge_p0", ours.acknowledge),
        call_again=span("call_again_p0", ours.call_again),
        to_coordinator={
            each: span(f"late_{each.lower()}_coordinator", ours.coordinator_after(each)) for each in _PURSUED
        },
        to_community={each: span(f"late_{each.lower()}_community", ours.community_after(each)) for each in _PURSUED},
        prompt_again=span("prompt_again", ours.prompt_again),
    )
