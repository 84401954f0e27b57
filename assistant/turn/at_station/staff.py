"""Which of the station's workers a message names: 李大姐 is also 李姐, by the titles that one person may have."""

from collections.abc import Sequence

from assistant.storage.tables import Worker
from knowledge.language import load_language


def named_in(text: str, workers: Sequence[Worker]) -> list[Worker]:
    """The workers whom the text may mean, by full name if any is there, else by a title alike."""
    by_name = [worker for worker in workers if worker.name in text]
    if by_name:
        longest = max(len(worker.name) for worker in by_name)
        return [worker for worker in by_name if len(worker.name) == longest or not _is_within(worker, by_name)]
    return [worker for worker in workers if any(alias in text for alias in _aliases(worker.name))]


def _is_within(worker: Worker, others: Sequence[Worker]) -> bool:
    return any(worker.name in other.name and worker.name != other.name for other in others)


def _aliases(name: str) -> list[str]:
    for group in load_language().people.titles_alike:
        for title in sorted(group, key=len, reverse=True):
            if name.endswith(title) and len(name) > len(title):
                return [name.removesuffix(title) + other for other in group]
    return []
