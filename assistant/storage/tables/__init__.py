"""Every table. Rows are made with ``columns.new``; how they hang together:

    areas ◀─ estates ◀─ households ◀─ residents
      ▲                    ▲   ▲
      │    reports ◀─ readings │
      │      ▲  ▲─── visits ───┤      a report's effects all hang under a household
      │      │  ▲─── findings ─┤
      │      │        │        │
      │      │     matters ────┤      one kind of finding at one household, from first to last
      │      ├─── flags ───────┤      what a rule says of it
      │      └─── follow_ups ──┘      what was promised
      ├─ comments ─▶ households        what people wrote on the pages
      ├─ workers ◀─ accounts
      │    ▲─── invitations                                who was asked in, by a code
      │    ▲─── logins, saved_views ◀┄ login_attempts      who comes to the pages
      ├─ intake ─▶ (a turn) ─▶ outbox, questions           what waits for an answer
      │    ▲─── evidence ─▶ reports                        photos and voices that came with it
      ├─ stations ◀─ duty_slots, room_bookings
      ├─ resident_requests ◀─ request_voices               what is asked for, and by whom
      ├─ rule_books ◀─ rule_pointers, rule_troubles        what is decided by
      ├─ imports, exports                                  what was brought in and taken out, by whom
      ├─ erasures, retention_runs                          what was erased, on whose word or by its age
      ├─ episodes ◀─ episode_parts, clusters               what belongs together
      └─ actions                      the ledger: a line for every change above

Import this package, never its files, so that all tables are known before a mapper is set up.
"""

from assistant.storage.tables.areas import Area, Estate, Household
from assistant.storage.tables.casework import Action, Flag, FollowUp, Matter, Verdict
from assistant.storage.tables.comments import Comment
from assistant.storage.tables.episodes import Cluster, EpisodePart, EpisodeRow
from assistant.storage.tables.evidence import Evidence, EvidenceState
from assistant.storage.tables.exchange import Export, Import, ImportState
from assistant.storage.tables.invitations import Invitation
from assistant.storage.tables.logins import Login, LoginAttempt, SavedView
from assistant.storage.tables.messages import IntakeItem, IntakeState, OutboxMessage, Purpose
from assistant.storage.tables.people import Account, Resident, Worker
from assistant.storage.tables.privacy import Erasure, RetentionRun
from assistant.storage.tables.questions import Question
from assistant.storage.tables.reports import ROUND, FindingRow, ReadingMade, Report, Visit
from assistant.storage.tables.requests import RequestVoice, ResidentRequest
from assistant.storage.tables.rulebook import KeptRuleBook, RulePointer, RuleTrouble
from assistant.storage.tables.station import DutySlot, RoomBooking, Station

__all__ = [
    "ROUND",
    "Account",
    "Action",
    "Area",
    "Cluster",
    "Comment",
    "DutySlot",
    "EpisodePart",
    "EpisodeRow",
    "Erasure",
    "Estate",
    "Evidence",
    "EvidenceState",
    "Export",
    "FindingRow",
    "Flag",
    "FollowUp",
    "Household",
    "Import",
    "ImportState",
    "IntakeItem",
    "IntakeState",
    "Invitation",
    "KeptRuleBook",
    "Login",
    "LoginAttempt",
    "Matter",
    "OutboxMessage",
    "Purpose",
    "Question",
    "ReadingMade",
    "Report",
    "RequestVoice",
    "Resident",
    "ResidentRequest",
    "RetentionRun",
    "RoomBooking",
    "RulePointer",
    "RuleTrouble",
    "SavedView",
    "Station",
    "Verdict",
    "Visit",
    "Worker",
]
