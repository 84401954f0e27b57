"""When to look whether a promise was kept: 她女儿说星期六来换."""

from datetime import datetime, timedelta

from assistant.domain.reports import CaseReading

#: a promise for a day is looked at when that day's work begins, one for later today at its end
_DAY_BEGINS = timedelta(hours=9)
_DAY_ENDS = timedelta(hours=18)
_A_DAY = timedelta(hours=23)


def promised_moment(case: CaseReading, at: datetime) -> datetime | None:
    """The first moment after ``at`` (aware) at which it makes sense to look; None where no day to come was said.

    A promise for an hour is looked at then. "By the weekend" is looked at on its first day.
    """
    moments = []
    for said in case.times:
        if said.role != "due":
            continue
        if said.ends_at - said.starts_at < _A_DAY:
            moments.append(said.starts_at)
        else:
            day = said.starts_at.replace(hour=0, minute=0, second=0, microsecond=0)
            moments.append(day + _DAY_BEGINS if day + _DAY_BEGINS > at else day + _DAY_ENDS)
    return min((moment for moment in moments if moment > at), default=None)
