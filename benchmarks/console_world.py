"""A community of 100,000 households with 6,000 open flags, for what measures the console."""

from datetime import datetime, timedelta
from random import Random

from sqlalchemy import insert

from assistant.domain.access import AreaLevel, Role
from assistant.domain.casework import Responder
from assistant.domain.followups import FollowUpState, MatterState
from assistant.domain.reports import EvidenceState, Intent, Severity
from assistant.storage.database import Database
from assistant.storage.tables import (
    Area,
    Estate,
    FindingRow,
    Flag,
    FollowUp,
    Household,
    Matter,
    ReadingMade,
    Report,
    Resident,
    Visit,
    Worker,
)

HOUSEHOLDS = 100_000
OPEN_FLAGS = 6_000
#: settled ones that lie beside the open ones
OLD_FLAGS = 30_000
STREET_COORDINATOR, GRID_COORDINATOR, WORKER = 1, 2, 3
_GRIDS, _MICRO_GRIDS = 100, 10
_SURNAMES = "王李张刘陈杨黄周吴徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹彭曾肖田董"
_TITLES = ("大爷", "婆婆", "叔叔", "孃孃", "先生", "女士", "大姐", "师傅")
_THEMES = {
    "gas": ("gas.hose", "灶台软管老化开裂", "软管老化：换成不锈钢的"),
    "fraud": ("fraud.investment", "在群里跟老师炒股", "像虚假投资理财"),
    "elder": ("elder.fall", "在卫生间绊了一跤", "跌倒后当天要看伤"),
    "fire": ("fire.ebike", "楼道里给电马儿充电", "楼道充电：当天断电"),
    "health": ("health.bp_high", "血压量了182/108", "血压很高：今天联系家医"),
    "dispute": ("dispute.noise", "楼上天天吵到半夜", "噪音扰民，物业先劝"),
}
_AT_ONCE = 10_000


def fill(database: Database, now: datetime, households: int = HOUSEHOLDS, open_flags: int = OPEN_FLAGS) -> None:
    """One street of 100 grids with ten micro-grids each; chance is seeded. No statistics are made, as we make none."""
    chance = Random(7)
    same = {"retention": "standing"}
    with database.writing() as session:
        areas = [{"id": 1, "level": AreaLevel.STREET, "name": "街道", "parent_id": None, "path": "/1/"}]
        for grid in range(2, _GRIDS + 2):
            areas.append(
                {"id": grid, "level": AreaLevel.GRID, "name": f"网格{grid}", "parent_id": 1, "path": f"/1/{grid}/"}
            )
        first_micro_grid = _GRIDS + 2
        for micro_grid in range(first_micro_grid, first_micro_grid + _GRIDS * _MICRO_GRIDS):
            grid = 2 + (micro_grid - first_micro_grid) // _MICRO_GRIDS
            path = f"/1/{grid}/{micro_grid}/"
            areas.append(
                {
                    "id": micro_grid,
                    "level": AreaLevel.MICRO_GRID,
                    "name": f"微网格{micro_grid}",
                    "parent_id": grid,
                    "path": path,
                }
            )
        session.execute(insert(Area), areas)
        session.execute(
            insert(Estate), [{"id": grid, "area_id": grid, "name": f"小区{grid}"} for grid in range(2, _GRIDS + 2)]
        )
        people = [
            {**same, "id": 1, "area_id": 1, "name": "街道网格长", "role": Role.COORDINATOR},
            {**same, "id": 2, "area_id": 2, "name": "何网格长", "role": Role.COORDINATOR},
        ]
        people += [
            {**same, "id": 3 + n, "area_id": first_micro_grid + n, "name": f"网格员{n}", "role": Role.WORKER}
            for n in range(_GRIDS * _MICRO_GRIDS)
        ]
        session.execute(insert(Worker), people)
    per_micro_grid = households // (_GRIDS * _MICRO_GRIDS)
    places = [
        _household(n, first_micro_grid + (n - 1) // per_micro_grid, per_micro_grid) for n in range(1, households + 1)
    ]
    for start in range(0, households, _AT_ONCE):
        with database.writing() as session:
            part = places[start : start + _AT_ONCE]
            session.execute(insert(Household), part)
            session.execute(insert(Resident), [one for each in part for one in _residents(each, chance)])
    flagged = chance.sample(places, min(open_flags + OLD_FLAGS, households))
    rows = [_case(n + 1, place, n < open_flags, now, chance) for n, place in enumerate(flagged)]
    for start in range(0, len(rows), _AT_ONCE):
        with database.writing() as session:
            part_of_rows = rows[start : start + _AT_ONCE]
            for table in (Report, ReadingMade, Matter, FindingRow, Flag, FollowUp, Visit):
                session.execute(insert(table), [row[table.__tablename__] for row in part_of_rows])


def _household(number: int, area_id: int, per_micro_grid: int) -> dict[str, object]:
    grid = 2 + (area_id - _GRIDS - 2) // _MICRO_GRIDS
    within = (number - 1) % per_micro_grid
    building = str((area_id - _GRIDS - 2) % _MICRO_GRIDS + 1)
    unit, room = str(within // 50 + 1), f"{within % 50 // 2 + 1}{within % 2 + 1:02d}"
    return {
        "id": number, "area_id": area_id, "retention": "standing", "estate_id": grid,
        "key": f"{building}-{unit}-{room}", "scope": "", "is_place": False, "in_address_book": True,
        "building": building, "unit": unit, "room": room, "floor": room[:-2],
    }  # fmt: skip


def _residents(household: dict[str, object], chance: Random) -> list[dict[str, object]]:
    surname = chance.choice(_SURNAMES)
    return [
        {"area_id": household["area_id"], "retention": "standing", "sensitivity": "ordinary",
         "household_id": household["id"], "called": surname + chance.choice(_TITLES),
         "birth_year": 1930 + chance.randrange(80), "lives_alone": chance.random() < 0.1}
        for _ in range(chance.randint(1, 3))
    ]  # fmt: skip


def _case(
    number: int, household: dict[str, object], is_open: bool, now: datetime, chance: Random
) -> dict[str, dict[str, object]]:
    theme = chance.choice(list(_THEMES))
    kind, quote, why = _THEMES[theme]
    severity = chance.choices([Severity.P0, Severity.P1, Severity.P2, Severity.P3], (1, 15, 50, 34))[0]
    at = now - timedelta(minutes=chance.randrange(1, 60 * 24 * (30 if is_open else 400)))
    worker_id = int(str(household["area_id"])) - _GRIDS - 2 + 3
    text = f"{household['key']}今天去看了，{quote}，已经跟他家里人说了"
    here = {"area_id": household["area_id"], "retention": "case", "sensitivity": "ordinary"}
    at_home = {**here, "household_id": household["id"]}
    state = MatterState.OPEN if is_open else MatterState.SETTLED
    ended = None if is_open else at + timedelta(days=3)
    spot = {"quote_start": text.index(quote), "quote_end": text.index(quote) + len(quote)}
    told = EvidenceState.HEARSAY if chance.random() < 0.1 else EvidenceState.SEEN
    due_at = at + timedelta(days=7)
    return {
        "reports": {**here, "id": number, "channel": "bench", "message_id": str(number), "worker_id": worker_id,
                    "text": text, "sent_at": at, "received_at": at, "intent": Intent.REPORT},
        "readings": {"area_id": household["area_id"], "retention": "case", "id": number, "report_id": number,
                     "knowledge_version": "bench", "made_at": at, "content": {}},
        "matters": {**at_home, "id": number, "kind": kind, "severity": severity, "state": state, "times": 1,
                    "first_found_at": at, "last_found_at": at, "settled_at": ended},
        "findings": {**at_home, **spot, "report_id": number, "reading_id": number, "matter_id": number, "kind": kind,
                     "state": told, "quote": quote, "circumstances": [], "figures": {}, "found_at": at},
        "flags": {**at_home, **spot, "id": number, "report_id": number, "matter_id": number, "rule": kind,
                  "theme": theme, "kind": kind, "severity": severity, "urgency": severity.urgency, "why": why,
                  "rule_book_version": "bench", "state": state, "raised_at": at, "first_raised_at": at, "times": 1,
                  "ended_at": ended},
        "follow_ups": {**at_home, "report_id": number, "matter_id": number, "flag_id": number, "worker_id": worker_id,
                       "owner": chance.choice([Responder.WORKER, Responder.GAS, Responder.PROPERTY]), "what": "复查",
                       "rule": kind, "kind": kind, "severity": severity, "due_at": due_at, "first_found_at": at,
                       "times": 1, "look_at": due_at if is_open else None, "ended_at": ended,
                       "state": FollowUpState.OPEN if is_open else FollowUpState.DONE},
        "visits": {"area_id": household["area_id"], "retention": "case", "household_id": household["id"],
                   "report_id": number, "worker_id": worker_id, "outcome": "met", "at": at},
    }  # fmt: skip
