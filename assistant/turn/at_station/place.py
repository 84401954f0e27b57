"""The station that a message is about, with what every answer needs: whom to ask, its hours, how a day is said."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from assistant.dialogue.compose import Reply
from assistant.dialogue.station import say_day, say_hours, say_spans
from assistant.domain.reports import Intent
from assistant.domain.station import openings
from assistant.storage import station as rota
from assistant.storage.tables import DutySlot, Station, Worker
from assistant.turn.beside import Aside, Heard, says
from assistant.turn.course import Reported
from knowledge.asides import StationSayings


@dataclass(frozen=True)
class Here:
    """A message, and the station that it is about."""

    heard: Heard
    station: Station

    @property
    def say(self) -> StationSayings:
        return self.heard.course.replies.station

    @property
    def today(self) -> date:
        return self.heard.course.at.date()

    @property
    def whom(self) -> str:
        """Whom to ask for what is not on record."""
        return self.heard.whom_to_ask(self.say.nobody_named)

    @property
    def staff(self) -> list[Worker]:
        return rota.staff_of(self.heard.course.session, self.station)

    def day(self, day: date) -> str:
        return say_day(day, self.today, self.heard.course.replies)

    def hours(self) -> str:
        return say_hours(self.station.hours, self.heard.course.replies)

    def hours_on(self, day: date) -> str:
        return say_spans(openings(self.station.hours, day), self.heard.course.replies)

    def in_brackets(self, text: str) -> str:
        return f"（{text}）" if text else ""

    def slot_hours(self, slot: DutySlot) -> str:
        zone = self.heard.course.at.tzinfo
        span = (slot.starts_at.astimezone(zone).time(), slot.ends_at.astimezone(zone).time())
        return self.in_brackets(say_spans([span], self.heard.course.replies))

    def who(self, slot: DutySlot) -> Worker | None:
        if slot.worker_id is None:
            return None
        return self.heard.course.session.get(Worker, slot.worker_id)

    def answers(self, text: str, *buttons: str, intent: Intent = Intent.QUESTION) -> Aside:
        return says(Reply(text, buttons), intent)


def doing(here: Here, what: Callable[[Here, Reported], Reply], intent: Intent = Intent.OTHER) -> Aside:
    """An aside that changes the station's tables: nobody else changes them meanwhile."""

    def carry_out(reported: Reported) -> Reply:
        rota.lock(reported.session, here.station)
        return what(here, reported)

    return Aside(intent, carry_out)
