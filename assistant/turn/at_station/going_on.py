"""10点到11点半 after 明天上午想借议事厅 goes on with that: only the hours are said anew."""

from dataclasses import replace
from datetime import timedelta

from sqlmodel import col, select

from assistant.storage.ledger import lines_of
from assistant.storage.tables import Report, RoomBooking
from assistant.turn.at_station.when import stretch_meant, with_hours_of
from assistant.turn.beside import Heard
from assistant.understand.normalise import fold

_GOES_ON_WITHIN = timedelta(minutes=30)
#: so many messages that say other hours may come between
_LOOKED_BACK = 4
_LONGEST = 20
_OF_ROOMS = frozenset({"ask_room", "book_room", "name_room"})


def going_on(heard: Heard) -> Heard:
    """The message with the room that was asked for just before and not booked; as it is where it goes on with none."""
    course, signs = heard.course, heard.beside.station
    if len(heard.text) > _LONGEST or signs.heard(heard.text) or stretch_meant(heard.text, course.at) is None:
        return heard
    lately = course.session.exec(
        select(Report)
        .where(Report.account_id == heard.account.id, Report.sent_at > course.at - _GOES_ON_WITHIN)
        .where(Report.sent_at <= course.at)
        .order_by(col(Report.id).desc())
        .limit(_LOOKED_BACK)
    ).all()
    for report in lately:
        if any(line.subject == RoomBooking.__tablename__ for line in lines_of(course.session, report.id or 0)):
            return heard
        text = fold(report.text).text
        if signs.heard(text) & _OF_ROOMS:
            return replace(heard, text=with_hours_of(text, heard.text, course.at))
        if signs.heard(text) or stretch_meant(text, course.at) is None:
            return heard  # something else was spoken of since
    return heard
