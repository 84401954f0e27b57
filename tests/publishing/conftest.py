"""A community that decides by a small rule book of its own, on each database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlmodel import col, select

from assistant.decide import decide
from assistant.publishing.publishing import Outcome, publish
from assistant.storage import rulebooks
from assistant.storage.database import Database
from assistant.storage.tables import Flag, Household
from rules.engine.book import load_rules
from rules.engine.edition import unpack, version_of
from rules.engine.inforce import Group, RulesInForce
from rules.engine.matcher import Fact, Match, Matcher
from rules.engine.reference import ReferenceMatcher
from tests.rules.conftest import GROUPS, HOSE, PARAMETERS, SOURCES
from tests.turn.rehearsal import MINDS, ZONE, Rehearsal, settle_community

OLD_PERSON = """
- id: gas.hose-old
  label: 高龄老人家的软管
  why: "“{quote}”:{signs},当天要换"
  source: gb-55009-2021
  since: 2026-01-01
  when:
    - {finding: gas.hose}
    - {person: any, age_at_least: very_old}
  then:
    severity: P1
    instead_of: [gas.hose]
    follow_ups:
      - {owner: gas, what: 当天换软管}
"""
SERVICE = HOSE.replace("gas.hose", "gas.service").replace("软管老化", "客服").replace("换软管", "客服答复")
SCENARIO = """
- scenario: 软管老化
  findings: [{kind: gas.hose, quote: 软管老化}]
  expect: {severity: P2, flags: [gas.hose]}
"""


def texts(**changed: str) -> dict[str, str]:
    """The files of the small book, some in other words (``gas_rules=…``)."""
    files = {
        "gas.rules.yaml": HOSE + OLD_PERSON + SERVICE,
        "parameters.yaml": PARAMETERS,
        "groups.yaml": GROUPS,
        "sources.yaml": SOURCES,
        "gas.scenarios.yaml": SCENARIO,
    }
    return files | {name.replace("_", ".") + ".yaml": text for name, text in changed.items()}


#: 张大爷 at 3-2-501 is 82: very old by the first book, not by this one
OLDER = texts(parameters=PARAMETERS.replace("{2026-01-01: 80}", "{2026-01-01: 80, 2026-03-01: 85}"))


class Between:
    """A matcher during whose first comparison something else happens, from another connection."""

    def __init__(self, matcher: Matcher, happens: Callable[[], object]) -> None:
        self.book = matcher.book
        self.faults = matcher.faults
        self._matcher = matcher
        self._happens: Callable[[], object] | None = happens

    def match(self, rules: RulesInForce, group: Group, facts: Sequence[Fact]) -> tuple[Match, ...]:
        happens, self._happens = self._happens, None
        if happens is not None:
            happens()
        return self._matcher.match(rules, group, facts)

    def describe(self) -> str:
        return self._matcher.describe()


@dataclass
class Office:
    """The community's rule books: what is in use, and how a new one is published."""

    rehearsal: Rehearsal
    cache: Path
    now: dict[str, str]

    def matcher(self, content: dict[str, str]) -> Matcher:
        return ReferenceMatcher(load_rules(unpack(content, self.cache)))

    def use(self, content: dict[str, str]) -> None:
        """Let the turn decide by this book from now on."""
        matcher = self.matcher(content)
        minds = replace(
            MINDS,
            decide=lambda reading, known, at: decide(reading, known, at, matcher),
            rule_book_version=version_of(content),
        )
        self.rehearsal.turn = replace(self.rehearsal.turn, minds=minds)
        self.now = content

    def publish(self, content: dict[str, str], happens: Callable[[], object] = lambda: None) -> Outcome:
        """Publish; ``happens`` comes in between, while the books are compared."""
        outcome = publish(
            self.rehearsal.database,
            content,
            old=self.matcher(self.now),
            new=Between(self.matcher(content), happens),
            now=self.rehearsal.clock.now(),
            zone=ZONE,
            worker_id=3,
            old_version=version_of(self.now),
        )
        self.use(content)
        return outcome

    def standing(self) -> list[str]:
        """Standing flags as ``door rule severity``."""
        with self.rehearsal.database.reading() as session:
            rows = session.exec(
                select(Flag, Household.key)
                .join(Household, col(Household.id) == Flag.household_id)
                .order_by(Household.key, Flag.rule)
            ).all()
        return [f"{key} {flag.rule} {flag.severity}" for flag, key in rows if flag.state.stands]

    def published(self) -> str | None:
        with self.rehearsal.database.reading() as session:
            return rulebooks.published_version(session)


@pytest.fixture
def rehearsal(database: Database) -> Rehearsal:
    settle_community(database)
    return Rehearsal(database)


@pytest.fixture
def office(rehearsal: Rehearsal, tmp_path: Path) -> Office:
    office = Office(rehearsal, tmp_path / "books", texts())
    office.use(texts())
    return office
