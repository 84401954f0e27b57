"""One person's data: found, shown by class, handed over as a file, erased. Each step asks on what ground and is logged.

Names never stand in an address: every step is a form that is sent, so that no log or history of a browser holds them.
A resident goes by a number from page to page, so that a name is not in a page for who may not see it.
Who may not see names or restricted classes on other pages sees counts here, never the words.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import Session
from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.console.gate import Gate, Visit
from assistant.console.importing import attachment
from assistant.console.privacy import tabs
from assistant.console.privacy_words import CLASSES, GROUNDS, SORTS
from assistant.domain.access import Sensitivity
from assistant.domain.errors import NotAllowed
from assistant.domain.masking import name_for, sees_names
from assistant.domain.retention import Periods
from assistant.domain.rights import Right, Subject, require
from assistant.exchange.person_file import FILE_NAME, hand_over
from assistant.intake.mask import masked
from assistant.storage.dossier import Dossier, Person, dossier_of, find_people
from assistant.storage.erasure import all_waiting, ask_for, plan_of, waiting_for
from assistant.storage.evidence_folder import EvidenceFolder
from assistant.storage.forgetting import let_go_of_files
from assistant.storage.tables import Area, Household, Resident, Worker
from assistant.storage.text import storable

PAGE_PATH = "/console/privacy/people"
FIND_PATH, SHOW_PATH = f"{PAGE_PATH}/find", f"{PAGE_PATH}/show"
EXPORT_PATH, ERASE_PATH = f"{PAGE_PATH}/export", f"{PAGE_PATH}/erase"
_LONGEST_TERM = 40


def people_routes(gate: Gate, folder: EvidenceFolder, periods: Periods) -> list[BaseRoute]:
    """The pages about one person."""
    pages = _Pages(folder, periods)
    return [
        gate.route(PAGE_PATH, Right.ERASE, pages.begin),
        gate.route(FIND_PATH, Right.ERASE, pages.find, methods=("POST",)),
        gate.route(SHOW_PATH, Right.ERASE, pages.show, methods=("POST",)),
        gate.route(EXPORT_PATH, Right.EXPORT, pages.export, methods=("POST",)),
        gate.route(ERASE_PATH, Right.ERASE, pages.erase, methods=("POST",)),
    ]


class _Pages:
    def __init__(self, folder: EvidenceFolder, periods: Periods) -> None:
        self._folder = folder
        self._periods = periods

    def begin(self, visit: Visit) -> Response:
        return self._search(visit)

    def find(self, visit: Visit) -> Response:
        """Whom the words may mean. A full phone number is looked for as it is kept: masked."""
        term, ground = storable(masked(visit.field("term")[:_LONGEST_TERM])).text, visit.field("ground")
        if not term or ground not in GROUNDS:
            return self._search(visit, trouble="写上称呼、门牌或手机号，再选为什么查。")
        with visit.acting() as ledger:
            ledger.notes(ledger.session.get_one(Worker, visit.viewer.worker_id), "searched", why=ground)
        with visit.reading() as session:
            found = find_people(session, visit.viewer, term)
        return self._search(visit, term=term, ground=ground, found=found)

    def show(self, visit: Visit) -> Response:
        ground = self._ground(visit)
        with visit.acting() as ledger:
            person, household = self._person(visit, ledger.session)
            ledger.notes(household, "looked_up", why=ground)
        return self._dossier(visit, person, ground)

    def export(self, visit: Visit) -> Response:
        ground = self._ground(visit)
        with visit.reading() as session:
            person, _ = self._person(visit, session)
        with TemporaryDirectory(prefix="weiguang-person-") as folder:
            path = hand_over(visit.gate.database, visit.viewer, person, ground, visit.replies, visit.now, Path(folder))
            return attachment(path.read_bytes(), FILE_NAME)

    def erase(self, visit: Visit) -> Response:
        ground = self._ground(visit)
        also = [int(each) for each in visit.form.getlist("also") if isinstance(each, str) and each.isdecimal()]
        if visit.field("sure") != "1":
            with visit.reading() as session:
                person, _ = self._person(visit, session)
            return self._dossier(visit, person, ground, trouble="先勾上“我看过了”，再删。")
        with visit.acting() as ledger:
            person, _ = self._person(visit, ledger.session)
            may_see = sees_names(visit.viewer)
            done = ask_for(ledger, person, ground, also if may_see else ())
            is_done = done.done_at is not None
        let_go_of_files(visit.gate.database, self._folder)
        visit.say("删好了。" if is_done else "能删的已经删了；还没办完的登记下来，办结以后自动删。")
        return visit.go(PAGE_PATH)

    def _search(self, visit: Visit, *, trouble: str = "", **found: object) -> Response:
        with visit.reading() as session:
            waiting = all_waiting(session, visit.viewer)
        return visit.show(
            "privacy_people.html",
            status=400 if trouble else 200,
            tabs=tabs(visit),
            here=PAGE_PATH,
            trouble=trouble,
            grounds=GROUNDS,
            find_path=FIND_PATH,
            show_path=SHOW_PATH,
            waiting=waiting,
            called=lambda name: name_for(visit.viewer, name),
            **({"term": "", "ground": "", "found": None} | found),
        )

    def _dossier(self, visit: Visit, person: Person, ground: str, trouble: str = "") -> Response:
        with visit.reading() as session:
            dossier = dossier_of(session, person)
            plan = plan_of(session, dossier)
            waiting = waiting_for(session, person)
        return visit.show(
            "privacy_person.html",
            status=400 if trouble else 200,
            tabs=tabs(visit),
            here=PAGE_PATH,
            trouble=trouble,
            person=person,
            resident=dossier.residents[0].id if dossier.residents else None,
            called=name_for(visit.viewer, person.called),
            key=dossier.household.key,
            dossier=dossier,
            classes=_by_class(dossier),
            plan=plan,
            waiting=waiting,
            ground=ground,
            ground_said=GROUNDS[ground],
            sorts=SORTS,
            class_names=CLASSES,
            kept=self._periods.kept,
            may_export=visit.viewer.has(Right.EXPORT),
            may_read=sees_names(visit.viewer),
            export_path=EXPORT_PATH,
            erase_path=ERASE_PATH,
        )

    def _ground(self, visit: Visit) -> str:
        ground = visit.field("ground")
        if ground not in GROUNDS:
            raise NotAllowed("没有说为什么，或者不在您的范围里。")
        return ground

    def _person(self, visit: Visit, session: Session) -> tuple[Person, Household]:
        """Whom the form means, where the viewer may erase. Raises NotAllowed otherwise, and for nobody."""
        household = session.get(Household, _number(visit.field("household")))
        resident = session.get(Resident, _number(visit.field("resident")))
        called = resident.called if resident is not None else visit.field("called")[:_LONGEST_TERM]
        if household is None or not called or (resident is not None and resident.household_id != household.id):
            raise NotAllowed("没有这一条，或者不在您的范围里。")
        require(visit.viewer, Right.ERASE, Subject(session.get_one(Area, household.area_id).path))
        return Person(household.id or 0, called), household


def _number(text: str) -> int:
    """A row's number from a form; 0, which no row has, for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0


def _by_class(dossier: Dossier) -> dict[str, dict[Sensitivity, int]]:
    """How many rows of each sort there are, by how restricted they are."""
    classed = {
        "居民资料": dossier.residents,
        "上报的原话": dossier.reports,
        "读出来的": dossier.findings,
        "标记": dossier.flags,
        "备注": dossier.comments,
    }
    plain = {
        "照片和录音": dossier.files,
        "收到的消息": dossier.received,
        "发出的消息": dossier.sent,
        "订房": dossier.bookings,
        "存的筛选": dossier.views,
        "导入的预览": dossier.imports,
    }
    found = {
        name: {each: sum(row.sensitivity is each for row in rows) for each in Sensitivity}
        for name, rows in classed.items()
    }
    found |= {name: {Sensitivity.ORDINARY: len(rows)} for name, rows in plain.items()}
    return {name: {each: count for each, count in counts.items() if count} for name, counts in found.items()}
