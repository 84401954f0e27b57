"""隐私: who looked at what, and how long what is kept. Nobody changes the log; what has expired can be taken away now.

Finding, handing over and erasing one person's data is ``privacy_people``.
"""

from datetime import date

from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.console.gate import Gate, Visit
from assistant.console.privacy_words import LOOKS, SORTS, WHYS
from assistant.domain.retention import Periods
from assistant.domain.rights import Right
from assistant.exchange.asking import FORM_NAMES, PURPOSE_NAMES, OutForm, Purpose
from assistant.storage.dossier import door_key
from assistant.storage.evidence_folder import EvidenceFolder
from assistant.storage.expiring import clear_out, due, last_runs
from assistant.storage.read.looks import Wanted, looks, who_could_look
from assistant.storage.tables import Export

LOG_PATH = "/console/privacy"
PERIODS_PATH = "/console/privacy/periods"
RUN_PATH = "/console/privacy/periods/run"
#: a click takes so many batches at most; what is left goes at the next one, or at night
_BATCHES = 20
_LONGEST_KEY = 30


def privacy_routes(gate: Gate, folder: EvidenceFolder, periods: Periods) -> list[BaseRoute]:
    """The log and the periods."""
    kept = _Kept(folder, periods)
    return [
        gate.route(LOG_PATH, Right.SEE_LOG, _log),
        gate.route(PERIODS_PATH, Right.SEE_LOG, kept.page),
        gate.route(RUN_PATH, Right.ERASE, kept.run, methods=("POST",)),
    ]


def tabs(visit: Visit) -> list[tuple[str, str]]:
    """The pages of privacy that the viewer may open."""
    people = [("/console/privacy/people", "一个人的信息")] if visit.viewer.has(Right.ERASE) else []
    return [(LOG_PATH, "查看记录"), *people, (PERIODS_PATH, "保存期限")]


def _log(visit: Visit) -> Response:
    params = visit.request.query_params
    door = params.get("door", "").strip()[:_LONGEST_KEY]
    wanted = Wanted(
        worker_id=_number(params.get("who")),
        key=door_key(door) or door,
        on=_day(params.get("on")),
        verb=params.get("what") if params.get("what") in LOOKS else None,
        before_id=_number(params.get("before")),
    )
    with visit.reading() as session:
        found, earlier = looks(session, visit.viewer, wanted, visit.now)
        people = who_could_look(session, visit.viewer)
    chosen = {name: params.get(name, "") for name in ("who", "door", "on", "what")}
    return visit.show(
        "privacy_log.html",
        tabs=tabs(visit),
        here=LOG_PATH,
        found=found,
        earlier=earlier,
        is_later_page=wanted.before_id is not None,
        people=people,
        chosen=chosen,
        kept={name: value for name, value in chosen.items() if value},
        verbs=LOOKS,
        whys=WHYS,
        of_export=_of_export,
    )


class _Kept:
    """保存期限: the periods, what would go now, and going through with it."""

    def __init__(self, folder: EvidenceFolder, periods: Periods) -> None:
        self._folder = folder
        self._periods = periods

    def page(self, visit: Visit) -> Response:
        with visit.reading() as session:
            found = due(session, self._periods, visit.now)
            runs = last_runs(session)
        return visit.show(
            "privacy_periods.html",
            tabs=tabs(visit),
            here=PERIODS_PATH,
            periods=self._periods.of,
            due=[each for each in found if each.count],
            total=sum(each.count for each in found),
            runs=runs,
            sorts=SORTS,
            may_erase=visit.viewer.has(Right.ERASE),
            run_path=RUN_PATH,
        )

    def run(self, visit: Visit) -> Response:
        if visit.field("sure") != "1":
            visit.say("先勾上“我看过了”，再删。")
            return visit.go(PERIODS_PATH)
        total = 0
        for _ in range(_BATCHES):
            taken = clear_out(visit.gate.database, self._folder, self._periods, visit.now, visit.viewer.worker_id)
            if not taken:
                break
            total += taken
        visit.say(f"删了 {total} 项。" if total else "没有到期的，什么都没有动。")
        return visit.go(PERIODS_PATH)


def _of_export(export: Export) -> str:
    purpose = PURPOSE_NAMES[Purpose(export.purpose)] + (f"：{export.purpose_note}" if export.purpose_note else "")
    return f"{FORM_NAMES[OutForm(export.form)]}，{export.rows} 行，{purpose}" + (
        "，连限制查看的" if export.with_restricted else ""
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 16 else None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
