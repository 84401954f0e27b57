"""The filters of the households list, between the page's address and what the record is asked.

An address can be typed, saved and sent: whatever does not fit is left out, never an error.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from assistant.domain.casework import Responder
from assistant.domain.reports import Severity
from assistant.storage.read.wanted import Order, Stands, Wanted

#: what stands in an address, in the order of the form
FIELDS = ("q", "theme", "severity", "state", "owner", "estate", "building", "worker", "since", "sort", "all")
#: days back, with what they are called
PERIODS = {"1": "一天内", "7": "一周内", "30": "一月内"}
STANDS = {
    Stands.OPEN: "没办好",
    Stands.PROPOSED: "待点头",
    Stands.DUE: "到期或超期",
    Stands.UNSURE: "听说的",
}
ORDERS = {Order.URGENT: "急的在前", Order.NEWEST: "新的在前", Order.DUE: "快到期的在前", Order.DOOR: "按门牌"}
_LONGEST = 100

Code = TypeVar("Code", bound=StrEnum)


def wanted_of(params: Mapping[str, str], now: datetime) -> Wanted:
    """What an address asks for."""
    days = params.get("since", "")
    return Wanted(
        theme=params.get("theme") or None,
        severity=_code(Severity, params.get("severity")),
        stands=_code(Stands, params.get("state")),
        owner=_code(Responder, params.get("owner")),
        estate_id=_number(params.get("estate")),
        building=params.get("building", "")[:_LONGEST] or None,
        worker_id=_number(params.get("worker")),
        text=params.get("q", "")[:_LONGEST].strip(),
        since=now - timedelta(days=int(days)) if days in PERIODS else None,
        order=_code(Order, params.get("sort")) or Order.URGENT,
        everyone=params.get("all") == "1",
    )


def query_of(params: Mapping[str, str], **more: str) -> str:
    """The filters of an address as a query string, ``?`` included where there are any; ``more`` goes along."""
    known = {name: params[name][:_LONGEST] for name in FIELDS if params.get(name)}
    query = urlencode(known | more)
    return f"?{query}" if query else ""


def _code(of: type[Code], value: str | None) -> Code | None:
    try:
        return of(value) if value else None
    except ValueError:
        return None


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdecimal() and len(value) < 16 else None
