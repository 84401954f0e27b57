"""Logins to the pages: found by name, made for a person, locked after too many tries, ended all at once.

A try counts whether or not anybody bears the name, so that an answer never tells which names exist. Passwords come in
as argon2 hashes only; names are compared without case, width or outer blanks.
"""

import hashlib
import secrets
import unicodedata
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from assistant.storage.columns import new
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Login, LoginAttempt, Worker

#: tries count for so long (本项目建议)
LOCKED_FOR = timedelta(minutes=15)
#: logging in again sooner is the same visit: the phone in the lift, then the desk (本项目建议)
_ONE_VISIT = timedelta(hours=4)
#: failures from one machine for one name; for one name from anywhere; from one machine for any name
_AT_MOST_HERE, _AT_MOST_OF_NAME, _AT_MOST_OF_ORIGIN = 5, 20, 50


def plain_name(name: str) -> str:
    """The form in which a login name is kept and compared."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def find(session: Session, name: str) -> Login | None:
    """The login of that name whose person still works here."""
    query = select(Login).join(Worker, col(Worker.id) == Login.worker_id)
    return session.exec(query.where(Login.name == plain_name(name), col(Worker.left_at).is_(None))).first()


def of_worker(session: Session, worker_id: int) -> Login | None:
    """This person's login."""
    return session.exec(select(Login).where(Login.worker_id == worker_id)).first()


def begin_attempt(session: Session, name: str, origin: str, now: datetime) -> LoginAttempt | None:
    """Count a try as a wrong one before the password is looked at, so that many at once gain nothing.

    None where there were too many wrong ones lately. A right one clears those of its name from the same machine.
    """
    if _is_locked(session, name, origin, now):
        return None
    attempt = new(LoginAttempt, name_digest=_digest(name), origin=origin, at=now, succeeded=False)
    session.add(attempt)
    session.flush()
    return attempt


def succeed(session: Session, attempt: LoginAttempt, login: Login) -> None:
    """The try was right after all. Who comes after a break is shown what came in since the visit before."""
    before = login.last_used_at
    if before is not None and attempt.at - before >= _ONE_VISIT:
        login.seen_until_at = max(login.seen_until_at or before, before)
    attempt.succeeded, attempt.area_id, login.last_used_at = True, login.area_id, attempt.at
    session.add_all([session.merge(attempt), session.merge(login)])


def _is_locked(session: Session, name: str, origin: str, now: datetime) -> bool:
    digest = _digest(name)
    failures = (
        select(func.count())
        .select_from(LoginAttempt)
        .where(LoginAttempt.at > now - LOCKED_FOR, col(LoginAttempt.succeeded).is_(False))
    )
    last_right = session.exec(
        select(func.max(LoginAttempt.id)).where(
            LoginAttempt.name_digest == digest, LoginAttempt.origin == origin, col(LoginAttempt.succeeded).is_(True)
        )
    ).one()
    of_name = failures.where(LoginAttempt.name_digest == digest)
    here = of_name.where(LoginAttempt.origin == origin, col(LoginAttempt.id) > (last_right or 0))
    return (
        session.exec(here).one() >= _AT_MOST_HERE
        or session.exec(of_name).one() >= _AT_MOST_OF_NAME
        or session.exec(failures.where(LoginAttempt.origin == origin)).one() >= _AT_MOST_OF_ORIGIN
    )


def set_up(ledger: Ledger, worker: Worker, name: str, password_hash: str) -> Login:
    """Give a person their login, or a new name and password in place of the old: every open page of theirs ends.

    Raises ValueError, in Chinese, when somebody else bears the name.
    """
    name = plain_name(name)
    taken = ledger.session.exec(select(Login).where(Login.name == name, Login.worker_id != worker.id)).first()
    if taken is not None:
        raise ValueError("这个登录名已经有人用了，请换一个。")
    assert worker.id is not None
    login = of_worker(ledger.session, worker.id)
    if login is None:
        login = new(
            Login,
            area_id=worker.area_id,
            worker_id=worker.id,
            name=name,
            password_hash=password_hash,
            stamp=_new_stamp(),
            created_at=ledger.at,
        )
    else:
        login.name, login.password_hash, login.stamp = name, password_hash, _new_stamp()
    ledger.session.add(login)
    ledger.session.flush()
    # the ledger names the deed, never the hash
    ledger.notes(login, "login_set_up")
    return login


def end_all(ledger: Ledger, login: Login) -> None:
    """Every page that is open under this login asks for the password again."""
    login.stamp = _new_stamp()
    ledger.session.add(login)
    ledger.notes(login, "logged_out")


def _new_stamp() -> str:
    return secrets.token_urlsafe(12)


def _digest(name: str) -> str:
    return hashlib.sha256(plain_name(name).encode("utf-8", "replace")).hexdigest()
