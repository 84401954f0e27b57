"""The knowledge of what is said beside reports: signs, guidance cards, and how long a request may take.

beside = load_beside(folder, book, phones)      # once, at the start
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.casework import Responder
from assistant.domain.reports import Severity
from assistant.domain.requests import RequestStage
from assistant.understand.segment import words
from knowledge.asides import load_days
from knowledge.book import Book
from knowledge.guidance import Guidance, load_guidance
from knowledge.signs import Signs, load_signs

STATION = (
    "ask_my_duty",
    "ask_rota",
    "ask_duty",
    "ask_doctor",
    "ask_hours",
    "ask_place",
    "ask_phone",
    "ask_room",
    "book_room",
    "cancel_room",
    "name_room",
    "ask_my_rooms",
    "move_room",
    "ask_other",
    "take_duty",
    "trade_duty",
    "give_duty",
    "cannot_duty",
    "cannot_come",
    "stays_on_duty",
    "assign_duty",
    "ask_doctor_list",
    "agree_doctor_list",
    "refuse_doctor_list",
)
REQUESTS = ("ask_progress", "consulting", "options", "consented", "done", "declined")
REFUSALS = ("close_all", "bulk_data", "invent", "hide", "steer")
QUESTIONS = ("how_to", "hypothetical", "general", "for_somebody")


@dataclass(frozen=True)
class Beside:
    """Everything by which a message that is no report is heard and answered."""

    station: Signs
    requests: Signs
    refusals: Signs
    questions: Signs
    guidance: Guidance
    #: how many days each stage of a request may take
    request_days: Mapping[RequestStage, int]
    #: each finding kind's own severity; None for fraud, where the stage decides
    severities: Mapping[str, Severity | None]


def load_beside(folder: Path, book: Book, phones: Mapping[Responder, str] | None = None) -> Beside:
    """Read and check the files of a knowledge folder. Raises KnowledgeError with file, line and mend."""
    language = folder / "language"
    return Beside(
        station=load_signs(language / "station.yaml", *STATION),
        requests=load_signs(language / "requests.yaml", *REQUESTS),
        refusals=load_signs(language / "refusals.yaml", *REFUSALS),
        questions=load_signs(language / "questions.yaml", *QUESTIONS),
        guidance=load_guidance(words, folder, phones),
        request_days=load_days(language / "requests.yaml"),
        severities={code: kind.severity for code, kind in book.kinds.items()},
    )
