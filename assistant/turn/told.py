"""What a case says, seen from what was asked about it. Pure."""

from assistant.domain.reports import CaseReading

#: the circumstance of what was only told
TOLD_ONLY = "word_only"
_PROMISED = ("promised", "repeated")


def promises(case: CaseReading) -> bool:
    """Does it say for when it was promised (她儿子周六回来换), and report nothing that nobody knew?"""
    is_promised = any(each.code in _PROMISED and each.state.is_active for each in case.circumstances)
    return is_promised and any(each.role == "due" for each in case.times)


def only_told(case: CaseReading) -> bool:
    """Is it only somebody's word (他说换了)?"""
    is_told = any(each.code == TOLD_ONLY and each.state.is_active for each in case.circumstances)
    return is_told or any(TOLD_ONLY in each.circumstances for each in case.findings)


def stands(case: CaseReading, kinds: set[str]) -> bool:
    """Is one of ``kinds`` found again?"""
    return any(each.kind in kinds and each.state.is_active for each in case.findings)


def is_news(case: CaseReading, kinds: set[str]) -> bool:
    """Does it report something that nobody asked about?"""
    return any(each.kind not in kinds and each.state.is_active for each in case.findings)
