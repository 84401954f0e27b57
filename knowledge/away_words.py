"""How somebody says that they are away: the words of ``away_words`` in ``replies.yaml``."""

from collections.abc import Mapping

from knowledge.slots import Entry


class AwayWords(Entry):
    """How somebody says that they are away and who stands in; ``days`` is how long, ``filler`` says nothing more.

    Who is ill and does not say for how long is away for ``ill_for_days``: illness does not end at midnight, and
    今天病了 tells when it began.
    """

    me: tuple[str, ...]
    ill: tuple[str, ...]
    ill_for_days: int
    away: tuple[str, ...]
    stands_in: tuple[str, ...]
    back: tuple[str, ...]
    between: tuple[str, ...]
    days: Mapping[str, int]
    from_tomorrow: tuple[str, ...]
    #: with a day that is named: until then, from now
    until: tuple[str, ...]
    filler: tuple[str, ...]
