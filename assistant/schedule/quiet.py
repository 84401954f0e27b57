"""Quiet hours: when workers are left alone, P0 excepted."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class QuietHours:
    """From ``begin`` until ``end`` of the community's day; over midnight where ``begin`` is the later. Equal: never."""

    begin: time
    end: time
    zone: ZoneInfo

    def are_at(self, moment: datetime) -> bool:
        """Is ``moment`` (aware) within them? Their end is not."""
        clock = moment.astimezone(self.zone).time()
        if self.begin <= self.end:
            return self.begin <= clock < self.end
        return clock >= self.begin or clock < self.end

    def over_at(self, moment: datetime) -> datetime:
        """When they are over, seen from ``moment`` within them; aware, in the community's zone."""
        local = moment.astimezone(self.zone)
        day = local.date() if local.time() < self.end else local.date() + timedelta(days=1)
        return datetime.combine(day, self.end, self.zone)

    def not_in_them(self, moment: datetime) -> datetime:
        """``moment``, or when they are over if it is within them."""
        return self.over_at(moment) if self.are_at(moment) else moment
