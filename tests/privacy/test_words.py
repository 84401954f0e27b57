"""Every column that can hold somebody's words is known to what takes words away: a new one must be decided on."""

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

import assistant.storage.tables  # noqa: F401

#: columns of words, and how they go: with the report, by the age of their own row, at a person's word
GOES = {
    "comments.text": "deleted with the matter's age, and at the word of whom it names",
    "evidence.reference": "forget_files",
    "exports.purpose_note": "kept with the log: a coordinator's own word, masked, about a file and not a person",
    "findings.circumstances": "forget_reports",
    "findings.figures": "forget_reports",
    "findings.quote": "forget_reports",
    "flags.why": "forget_reports",
    "follow_ups.what": "forget_reports takes the report's words out of it",
    "imports.content": "gone as soon as the file is done with",
    "imports.file_name": "deleted with its row",
    "imports.preview": "deleted with its row, emptied at the word of whom it names",
    "intake.attachments": "forget_files",
    "intake.text": "deleted by age, and with its report",
    "intake.text_bytes": "deleted by age, and with its report",
    "outbox.buttons": "forget_reports",
    "outbox.text": "deleted by age, and with the report that it answers",
    "readings.content": "forget_reports",
    "reports.asked": "forget_reports",
    "reports.text": "forget_reports",
    "reports.text_bytes": "forget_reports",
    "residents.called": "deleted when they moved away, and at their word",
    "residents.sex": "deleted with the resident",
    "room_bookings.booked_for": "deleted by age, emptied at the word of whom it names",
    "room_bookings.purpose": "deleted by age, emptied at the word of whom the room was for",
    "saved_views.name": "deleted at the word of whom it names, and when its owner left",
    "saved_views.query": "deleted at the word of whom it names, and when its owner left",
    "verdicts.reason": "forget_reports",
    "erasures.called": "emptied when the erasure is done",
    "accounts.address": "replaced when the worker left",
    "logins.name": "deleted when the worker left",
    "logins.password_hash": "deleted when the worker left",
    "logins.stamp": "deleted when the worker left",
}
#: columns of text that hold codes, keys, names of things or of who works here
CODES = {
    "accounts.channel",
    "actions.after",
    "actions.before",
    "actions.subject",
    "actions.verb",
    "actions.why",
    "areas.name",
    "areas.path",
    "clusters.kind",
    "comments.verb",
    "erasures.counts",
    "erasures.ground",
    "estates.name",
    "evidence.channel",
    "evidence.digest",
    "evidence.kind",
    "evidence.media_type",
    "evidence.why_not",
    "exports.file_kind",
    "exports.form",
    "exports.purpose",
    "findings.kind",
    "flags.ended_because",
    "flags.kind",
    "flags.rule",
    "flags.rule_book_version",
    "flags.theme",
    "follow_ups.ended_because",
    "follow_ups.kind",
    "follow_ups.rule",
    "households.building",
    "households.door_order",
    "households.floor",
    "households.key",
    "households.room",
    "households.scope",
    "households.unit",
    "imports.form",
    "intake.author",
    "intake.channel",
    "intake.chat",
    "intake.edits",
    "intake.error",
    "intake.message_id",
    "invitations.code_digest",
    "invitations.used_on",
    "login_attempts.name_digest",
    "login_attempts.origin",
    "matters.kind",
    "outbox.address",
    "outbox.channel",
    "outbox.flag_ids",
    "outbox.follow_up_ids",
    "outbox.idempotency_key",
    "outbox.last_error",
    "outbox.sent_as",
    "outbox.set_aside_reason",
    "questions.follow_up_ids",
    "questions.report_ids",
    "readings.knowledge_version",
    "reports.channel",
    "reports.message_id",
    "reports.unread_because",
    "resident_requests.about",
    "resident_requests.kind",
    "retention_runs.counts",
    "room_bookings.room",
    "rule_books.content",
    "rule_books.note",
    "rule_books.version",
    "rule_pointers.name",
    "rule_troubles.error",
    "rule_troubles.rule",
    "rule_troubles.rule_book_version",
    "saved_views.page",
    "stations.doctor_days",
    "stations.hours",
    "stations.name",
    "stations.phone",
    "stations.place",
    "stations.rooms",
    "workers.name",
}


@pytest.mark.parametrize("table", SQLModel.metadata.sorted_tables, ids=str)
def test_each_column_of_text_is_decided_on(table: sa.Table) -> None:
    textual = {
        f"{table.name}.{column.name}"
        for column in table.columns
        if isinstance(column.type, sa.String | sa.LargeBinary | sa.JSON) and not isinstance(column.type, sa.Enum)
    }

    assert not textual - GOES.keys() - CODES, "say how these words go (GOES), or that they are none (CODES)"


def test_the_lists_name_only_what_is_there() -> None:
    there = {f"{table.name}.{column.name}" for table in SQLModel.metadata.sorted_tables for column in table.columns}

    assert GOES.keys() | CODES <= there
