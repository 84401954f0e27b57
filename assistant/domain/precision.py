"""How often a rule is right, from what coordinators said of its flags: a share with its interval."""

from dataclasses import dataclass
from math import sqrt

#: below this many verdicts nothing is said of a rule
ENOUGH = 5
#: a rule cries wolf when even the upper end of its interval is below this
HALF = 0.5
#: two-sided 95 %
_Z = 1.959964


@dataclass(frozen=True)
class Tally:
    """``fired`` flags were raised; coordinators confirmed or dismissed some of them (the last word on each counts)."""

    rule: str
    fired: int
    confirmed: int
    dismissed: int

    @property
    def judged(self) -> int:
        return self.confirmed + self.dismissed

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval of the share that is right; None without verdicts."""
        return wilson(self.confirmed, self.judged) if self.judged else None

    @property
    def cries_wolf(self) -> bool:
        """Is the rule wrong more often than right, beyond what chance explains?"""
        return self.judged >= ENOUGH and wilson(self.confirmed, self.judged)[1] < HALF


def wilson(right: int, of: int) -> tuple[float, float]:
    """Wilson's score interval (95 %) of a share. Raises ValueError where ``of`` is 0 or less than ``right``.

    Source: E. B. Wilson, JASA 22 (1927) 209–212; unlike the plain interval it holds near 0 and 1 and for few verdicts.
    """
    if of <= 0 or not 0 <= right <= of:
        raise ValueError(f"{right} of {of} is no share")
    share = right / of
    middle = share + _Z * _Z / (2 * of)
    around = _Z * sqrt(share * (1 - share) / of + _Z * _Z / (4 * of * of))
    under = 1 + _Z * _Z / of
    # rounding must not put 19 of 19 outside its own interval
    return max(0.0, min(share, (middle - around) / under)), min(1.0, max(share, (middle + around) / under))
