"""Words that end a matter only where it is open."""

import pytest

from assistant.domain.reports import CaseReading, EvidenceState, Finding, Quote
from assistant.turn.over_here import over_here
from tests.turn.rehearsal import REPLIES

HERE = CaseReading("4-1-202")
OPEN = {"elder.fall", "fraud.qr_lure", "gas.hose"}


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("4-1-202王婆婆出院回家了，我去看了，能走", {"elder.fall"}),
        ("4-1-202她退群了，我看着她删的", {"fraud.qr_lure"}),
        ("4-1-202换了新管子，我看着装的", {"gas.hose"}),
        ("4-1-202王婆婆还没出院", set()),
        ("4-1-202喊她退群", set()),
        ("4-1-202她答应退群，女儿来帮她", set()),
        ("4-1-202明天出院", set()),
        ("4-1-202都正常", set()),
    ],
)
def test_words_end_what_they_speak_of_and_only_what_has_happened(text: str, over: set[str]) -> None:
    assert over_here(text, HERE, OPEN, REPLIES) == over


def test_what_is_not_open_at_the_door_is_not_ended() -> None:
    assert over_here("4-1-202她出院了", HERE, {"gas.hose"}, REPLIES) == set()


def test_what_is_found_anew_in_the_same_words_stays_open() -> None:
    again = Finding("elder.fall", EvidenceState.SEEN, Quote("又摔了", 10, 13))
    case = CaseReading("4-1-202", findings=(again,))

    assert over_here("4-1-202出院回来又摔了，能走", case, OPEN, REPLIES) == set()
