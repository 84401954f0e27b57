"""Which rule books there are and which is in use: kept by the hash of their content, never changed, pointed at.

Every move of a pointer is a line of the ledger. Nothing here knows what a rule book says.
"""

from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, select

from assistant.domain.errors import StorageError
from assistant.storage.columns import new
from assistant.storage.ledger import Ledger
from assistant.storage.tables import Action, Area, KeptRuleBook, RulePointer

PUBLISHED, DRAFT = "published", "draft"


def keep(ledger: Ledger, version: str, content: Mapping[str, str], note: str | None = None) -> KeptRuleBook:
    """The book of this version, put on record if it is new."""
    there = of_version(ledger.session, version)
    if there is not None:
        return there
    row = new(
        KeptRuleBook,
        area_id=_root(ledger.session),
        version=version,
        content=dict(content),
        made_at=ledger.at,
        worker_id=ledger.worker_id,
        note=note,
    )
    return ledger.adds(row, "kept")


def point(ledger: Ledger, name: str, book: KeptRuleBook, why: str | None = None) -> RulePointer:
    """Let ``name`` (published or draft) mean ``book`` from now on; what it meant before is where going back leads."""
    pointer = ledger.session.exec(select(RulePointer).where(RulePointer.name == name).with_for_update()).first()
    if pointer is None:
        row = new(RulePointer, area_id=book.area_id, name=name, rule_book_id=book.id, set_at=ledger.at)
        return ledger.adds(row, name)
    if pointer.rule_book_id != book.id:
        ledger.changes(pointer, name, why=why, before_id=pointer.rule_book_id, rule_book_id=book.id, set_at=ledger.at)
    return pointer


def pointed_at(session: Session, name: str) -> KeptRuleBook | None:
    """The book that ``name`` means; None while nothing was published (or drafted) here."""
    return session.exec(
        select(KeptRuleBook)
        .join(RulePointer, col(RulePointer.rule_book_id) == KeptRuleBook.id)
        .where(RulePointer.name == name)
    ).first()


def published_version(session: Session) -> str | None:
    """Its version alone, without reading its content: what services ask between turns."""
    return session.exec(
        select(KeptRuleBook.version)
        .join(RulePointer, col(RulePointer.rule_book_id) == KeptRuleBook.id)
        .where(RulePointer.name == PUBLISHED)
    ).first()


def before_published(session: Session) -> KeptRuleBook | None:
    """The book that was published before the one that is now."""
    pointer = session.exec(select(RulePointer).where(RulePointer.name == PUBLISHED)).first()
    return session.get(KeptRuleBook, pointer.before_id) if pointer is not None and pointer.before_id else None


def of_version(session: Session, version: str) -> KeptRuleBook | None:
    """The book whose version begins so; None where none or several do."""
    found = session.exec(
        select(KeptRuleBook).where(col(KeptRuleBook.version).startswith(version, autoescape=True)).limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def all_kept(session: Session) -> Sequence[KeptRuleBook]:
    """Every book, newest first."""
    return session.exec(select(KeptRuleBook).order_by(col(KeptRuleBook.id).desc())).all()


def ever_published(session: Session) -> set[int]:
    """The ids of the books that were in use once, now or before: a draft that was never tried is none of them."""
    lines = select(Action.after).where(Action.subject == "rule_pointers", Action.verb == PUBLISHED)
    return {after["rule_book_id"] for after in session.exec(lines) if after and "rule_book_id" in after}


def _root(session: Session) -> int:
    root = session.exec(select(Area.id).where(col(Area.parent_id).is_(None)).order_by(col(Area.id))).first()
    if root is None:
        raise StorageError("数据库里还没有社区:先导入地址簿,再发布规则。")
    return root
