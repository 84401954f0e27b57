"""Rooms of the station: is one free, book it, give it back. Of two who want the same time, one has it."""

from datetime import datetime

from assistant.dialogue.compose import Reply
from assistant.dialogue.station import say_when
from assistant.domain.reports import Intent
from assistant.domain.station import is_open, openings
from assistant.storage import rooms
from assistant.storage.tables import RoomBooking
from assistant.turn.at_station.place import Here
from assistant.turn.at_station.when import day_meant, part_meant, stretch_meant
from assistant.turn.beside import Aside, may_answer_for_all
from assistant.turn.course import Reported

#: so many bookings are named in one answer
_NAMED = 3
_OWN_NAMED = 8


def handle_room(here: Here, signs: frozenset[str]) -> Aside | None:
    """The answer to a message about a room; None when it is about none."""
    if "ask_my_rooms" in signs:
        return _own(here, here.say.your_bookings)
    names_when = stretch_meant(here.heard.text, here.heard.course.at) is not None
    if "name_room" in signs and names_when and not signs & {"ask_room", "cancel_room"}:
        signs |= {"book_room"}
    if "move_room" in signs and not signs & {"ask_room", "book_room"}:
        return _own(here, here.say.room_move)
    if not signs & {"ask_room", "book_room", "cancel_room"}:
        return None
    if "cancel_room" in signs:
        return Aside(Intent.OTHER, lambda reported: _cancel(here, reported))
    if not here.station.rooms:
        return here.answers(here.say.room_unknown.format(whom=here.whom))
    if "ask_room" in signs and not _is_wish_of_others(here):
        return _say_whether_free(here)
    is_wish = any(case.findings for case in here.heard.reading.cases)
    is_booking = _room(here) is not None and _says_when(here)
    if is_wish and ("ask_room" in signs or not is_booking):
        return None  # 老年人想借活动室排练 is a wish of residents, and goes on record as one
    return _book(here)


def _own(here: Here, said: str) -> Aside:
    """What the writer has booked, in ``said``; that there is none."""
    course = here.heard.course
    own = rooms.upcoming_of(course.session, here.station, here.heard.worker, course.at)
    return here.answers(said.format(list=_listed(here, own, _OWN_NAMED)) if own else here.say.booking_not_found)


def _says_when(here: Here) -> bool:
    """Is a time named: from when to when, or for what the writer wants the room a part of a day (后天上午)?"""
    text, at = here.heard.text, here.heard.course.at
    return stretch_meant(text, at) is not None or (part_meant(text, at) is not None and not _is_wish_of_others(here))


def _is_wish_of_others(here: Here) -> bool:
    """Was it read as a wish, and of others than the writer, or of a room that is not the station's?"""
    is_wish = any(case.findings for case in here.heard.reading.cases)
    names_room = any(room.lower() in here.heard.text for room in here.station.rooms)
    of_others = "for_somebody" in here.heard.beside.questions.heard(here.heard.text)
    return is_wish and (of_others or not names_room)


def _say_whether_free(here: Here) -> Aside:
    part = part_meant(here.heard.text, here.heard.course.at)
    room = _room(here)
    if part is None or room is None:
        return _rule(here, part)
    stretch = stretch_meant(here.heard.text, here.heard.course.at)
    taken = rooms.bookings_between(here.heard.course.session, here.station, room, *part)
    if stretch is None:
        return _rule(here, part)
    if (trouble := _trouble(here, *stretch)) is not None:
        return here.answers(trouble)
    if taken:
        return here.answers(_taken(here, taken[0]))
    when = say_when(*stretch, here.heard.course.replies)
    starts, ends = stretch
    button = here.say.book_it.format(
        room=room,
        month=starts.month,
        day=starts.day,
        opens=f"{starts:%H:%M}",
        closes=f"{ends:%H:%M}",
        purpose=_purpose(here),
    )
    return here.answers(here.say.room_free.format(room=room, when=when), button)


def _rule(here: Here, part: tuple[datetime, datetime] | None) -> Aside:
    """That it can be booked and how, with what is taken: of the day that was named, else what comes next."""
    session, station = here.heard.course.session, here.station
    day = part[0].date() if part is not None else None
    if day is not None and station.hours and not openings(station.hours, day):
        return here.answers(here.say.closed_on.format(day=here.day(day), hours=here.hours()))
    if part is not None:
        taken = rooms.bookings_between(session, station, None, *part)
    else:
        taken = rooms.upcoming_of(session, station, None, here.heard.course.at)
    names = "、".join(station.rooms)
    if not taken:
        return here.answers(here.say.room_rule.format(rooms=names))
    return here.answers(here.say.room_rule_taken.format(rooms=names, taken=_listed(here, taken)))


def _book(here: Here) -> Aside:
    say = here.say
    stretch = stretch_meant(here.heard.text, here.heard.course.at)
    if stretch is None:
        return here.answers(say.room_say_when, intent=Intent.OTHER)
    room = _room(here)
    if room is None:
        return here.answers(say.room_which.format(rooms="、".join(here.station.rooms)), intent=Intent.OTHER)
    if (trouble := _trouble(here, *stretch)) is not None:
        return here.answers(trouble, intent=Intent.OTHER)
    return Aside(Intent.OTHER, lambda reported: _carry_out(here, reported, room, *stretch))


def _carry_out(here: Here, reported: Reported, room: str, starts: datetime, ends: datetime) -> Reply:
    words = here.heard.beside.station
    who = words.found("组织", here.heard.text) or reported.worker.name
    purpose = _purpose(here)
    row = rooms.book(reported.ledger, here.station, reported.worker, room, starts, ends, who, purpose or None)
    if row is None:
        first = rooms.bookings_between(reported.session, here.station, room, starts, ends)[0]
        return Reply(_taken(here, first))
    when = say_when(starts, ends, reported.course.replies)
    return Reply(here.say.booked.format(room=room, when=when, who=who, purpose=purpose))


def _cancel(here: Here, reported: Reported) -> Reply:
    say = here.say
    whose = None if may_answer_for_all(reported.worker) else reported.worker
    own = rooms.upcoming_of(reported.session, here.station, whose, reported.course.at)
    day = day_meant(here.heard.text, reported.course.at)
    if day is not None:
        own = [one for one in own if _local(here, one.starts_at).date() == day]
    who = here.heard.beside.station.found("组织", here.heard.text)
    stretch = stretch_meant(here.heard.text, reported.course.at)
    own = [one for one in own if one.booked_for == who] or own if who else own
    own = [one for one in own if one.starts_at == stretch[0]] if stretch else own
    if not own:
        return Reply(say.booking_not_found)
    if len(own) > 1:
        return Reply(say.booking_which.format(list=_listed(here, own)))
    rooms.cancel(reported.ledger, own[0])
    return Reply(say.booking_cancelled.format(room=own[0].room, when=_when(here, own[0])))


def _room(here: Here) -> str | None:
    """The room that is named; the only one there is, if none is. A room that is not the station's is None."""
    named = [room for room in here.station.rooms if room.lower() in here.heard.text]
    if named:
        return max(named, key=len)
    if here.heard.beside.station.found("房间", here.heard.text) is not None:
        return None
    return here.station.rooms[0] if len(here.station.rooms) == 1 else None


def _purpose(here: Here) -> str:
    text = here.heard.text
    for room in here.station.rooms:
        text = text.replace(room.lower(), "")
    return here.heard.beside.station.found("用途", text) or ""


def _trouble(here: Here, starts: datetime, ends: datetime) -> str | None:
    """Why the time can't be had, whoever asks: it is over, or the station is closed then."""
    if starts < here.heard.course.at:
        return here.say.room_past
    if is_open(here.station.hours, starts, ends):
        return None
    when = say_when(starts, ends, here.heard.course.replies)
    return here.say.room_closed.format(when=when, hours=here.hours(), whom=here.whom)


def _taken(here: Here, booking: RoomBooking) -> str:
    return here.say.room_taken.format(room=booking.room, when=_when(here, booking), who=booking.booked_for)


def _listed(here: Here, bookings: list[RoomBooking], at_most: int = _NAMED) -> str:
    return "；".join(
        here.say.room_taken_line.format(room=one.room, when=_when(here, one), who=one.booked_for)
        for one in bookings[:at_most]
    )


def _when(here: Here, booking: RoomBooking) -> str:
    return say_when(_local(here, booking.starts_at), _local(here, booking.ends_at), here.heard.course.replies)


def _local(here: Here, moment: datetime) -> datetime:
    return moment.astimezone(here.heard.course.at.tzinfo)
