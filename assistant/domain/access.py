"""Who somebody is to the work, how sensitive a record is, and how long it is kept.

Areas limit what a role sees; sensitivity limits it further; a retention class says when a record is erased. The
periods themselves are settings, the classes are not.
"""

from enum import StrEnum


class Role(StrEnum):
    """What an account may do."""

    #: 微网格员: reports, answers prompts; sees the own micro-grid
    WORKER = "worker"
    #: 网格长: reviews, decides, closes; sees the own grid with all below it
    COORDINATOR = "coordinator"
    #: 处置单位: is called in; sees what was referred to them
    RESPONDER = "responder"
    #: reads the ledger and the view log, no households
    AUDITOR = "auditor"
    #: 管理员: areas, accounts, settings
    ADMINISTRATOR = "administrator"


class AreaLevel(StrEnum):
    """The levels of area, widest first."""

    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"
    MICRO_GRID = "micro_grid"
    #: a market, campus or office tower
    SPECIAL_GRID = "special_grid"


class Sensitivity(StrEnum):
    """Why a record is restricted beyond its area (architecture.md, decision 8)."""

    ORDINARY = "ordinary"
    HEALTH = "health"
    CHILD = "child"
    VIOLENCE = "violence"


class Retention(StrEnum):
    """What decides when a record is erased."""

    #: kept as long as the household or worker is there
    STANDING = "standing"
    #: counted from the day on which the matter was settled
    CASE = "case"
    #: a contact with nothing found, a question, a greeting
    ROUTINE = "routine"
    #: what was received or sent, once its effects are recorded
    TRANSIT = "transit"
    #: who did what when: kept for the years that the law asks, holds codes and ids only
    LEDGER = "ledger"


_BY_KIND = {"dispute.violence_threat": Sensitivity.VIOLENCE, "elder.neglect_abuse": Sensitivity.VIOLENCE}
_BY_THEME = {"health": Sensitivity.HEALTH, "child": Sensitivity.CHILD}


def sensitivity_of(kind: str | None) -> Sensitivity:
    """The class of a finding kind (``health.bp_high``) or of a bare theme (``child``); ordinary when there is none."""
    if kind is None:
        return Sensitivity.ORDINARY
    return _BY_KIND.get(kind) or _BY_THEME.get(kind.split(".")[0], Sensitivity.ORDINARY)
