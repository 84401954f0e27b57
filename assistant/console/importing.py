"""Bring in an address book or residents: send a sheet, see what it would do, say yes; or see what has to be mended.

Only the person who sent a sheet sees it. Reading and writing go on beside the page (``porter``), which looks again
every second. Nothing is on record before the person has seen the preview and said yes.
"""

from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.console.gate import Gate, Visit
from assistant.console.porter import Porter
from assistant.domain.rights import Right
from assistant.exchange import keeping
from assistant.exchange.columns import Form
from assistant.exchange.opening import LARGEST_FILE
from assistant.exchange.templates import fault_table, template_of
from assistant.exchange.writing import csv_bytes
from assistant.storage.tables import ImportState

#: where a sheet is sent to; what stands around the file in the body is small
UPLOAD_PATH = "/console/exchange/imports"
LARGEST_BODY = LARGEST_FILE + 64 * 1024
_PAGE = UPLOAD_PATH + "/{id}"
_TEMPLATE_PATH = "/console/exchange/templates/{form}"
#: faults on the page; the file has them all
_SHOWN = 100
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def routes(gate: Gate) -> list[BaseRoute]:
    """Send a sheet, look at what it would change, and bring it in or let it go."""
    porter = Porter(gate.database, gate.now)

    def send(visit: Visit) -> Response:
        sent, form = visit.form.get("sheet"), _form_of(visit.field("form"))
        if not isinstance(sent, UploadFile) or not sent.filename:
            visit.say("请先选一个文件。")
            return visit.go("/console/exchange")
        content = sent.file.read(LARGEST_FILE + 1)
        with visit.acting() as ledger:
            import_id = keeping.keep(ledger.session, visit.viewer, form, sent.filename, content, visit.now)
        porter.look(visit.viewer, import_id)
        return visit.go(f"{UPLOAD_PATH}/{import_id}")

    def page(visit: Visit) -> Response:
        return _show(visit, porter, "import.html")

    def part(visit: Visit) -> Response:
        return _show(visit, porter, "_import.html")

    def bring(visit: Visit) -> Response:
        import_id = visit.number("id")
        with visit.reading() as session:
            state = keeping.own(session, visit.viewer, import_id).state
        if state is ImportState.READY:
            porter.bring(visit.viewer, import_id)
        return visit.go(f"{UPLOAD_PATH}/{import_id}")

    def again(visit: Visit) -> Response:
        import_id = visit.number("id")
        with visit.reading() as session:
            state = keeping.own(session, visit.viewer, import_id).state
        if state is ImportState.READING:
            porter.look(visit.viewer, import_id)
        return visit.go(f"{UPLOAD_PATH}/{import_id}")

    return [
        gate.route(UPLOAD_PATH, Right.IMPORT, send, methods=("POST",)),
        gate.route(_PAGE, Right.IMPORT, page),
        gate.route(_PAGE + "/part", Right.IMPORT, part),
        gate.route(_PAGE + "/bring", Right.IMPORT, bring, methods=("POST",)),
        gate.route(_PAGE + "/again", Right.IMPORT, again, methods=("POST",)),
        gate.route(_PAGE + "/drop", Right.IMPORT, _drop, methods=("POST",)),
        gate.route(_PAGE + "/faults.csv", Right.IMPORT, _faults),
        gate.route(_TEMPLATE_PATH, Right.IMPORT, _template),
    ]


def attachment(content: bytes, name: str, media_type: str = _EXCEL) -> Response:
    """A file to be kept, under a name that may be Chinese; a browser never shows it as a page."""
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})


def _show(visit: Visit, porter: Porter, template: str) -> Response:
    import_id = visit.number("id")
    told = porter.told(import_id)
    with visit.reading() as session:
        row = keeping.own(session, visit.viewer, import_id)
        return visit.show(
            template,
            sheet=row,
            form=Form(row.form),
            seen=keeping.preview_of(row),
            told=told,
            shown=_SHOWN,
            forms=tuple(Form),
            upload_path=UPLOAD_PATH,
        )


def _drop(visit: Visit) -> Response:
    with visit.acting() as ledger:
        row = keeping.own(ledger.session, visit.viewer, visit.number("id"))
        if row.state in (ImportState.READY, ImportState.READING):
            keeping.drop(row)
    visit.say("没有导入，文件已经删掉。")
    return visit.go("/console/exchange")


def _faults(visit: Visit) -> Response:
    with visit.reading() as session:
        seen = keeping.preview_of(keeping.own(session, visit.viewer, visit.number("id")))
    content = csv_bytes(fault_table((*seen.faults, *seen.remarks)))
    return attachment(content, "要改的地方.csv", "text/csv; charset=utf-8")


def _template(visit: Visit) -> Response:
    form = _form_of(str(visit.request.path_params["form"]))
    return attachment(template_of(form), f"{form.name_said}模板.xlsx")


def _form_of(value: str) -> Form:
    found = next((form for form in Form if form == value), None)
    if found is None:
        raise HTTPException(404, "没有这种表。")
    return found
