"""A residents' request (a room for table tennis, a lift): where it stands, until there is a yes or a no.

    asked ──▶ consulting ──▶ options ──▶ consented ──▶ done
      │           └──────◀──────┘            │
      ├── declined: why not is told          └── declined
      └── withdrawn: the reports that asked were taken back

A stage may be skipped, since nobody tells the assistant everything; what has ended never moves. How long a stage may
take is a proposal of ours and stands in ``knowledge/language/requests.yaml``.
"""

from enum import StrEnum


class RequestStage(StrEnum):
    """Where a request stands."""

    #: 已提出: somebody asked for it
    ASKED = "asked"
    #: 征求意见: the neighbours are asked what they think
    CONSULTING = "consulting"
    #: 议方案: there are options to choose from
    OPTIONS = "options"
    #: 已同意: agreed upon, now it is to be done
    CONSENTED = "consented"
    #: 已办成
    DONE = "done"
    #: 办不成: with a reason
    DECLINED = "declined"
    #: 已撤回
    WITHDRAWN = "withdrawn"

    @property
    def has_ended(self) -> bool:
        """Is there nothing more to come?"""
        return not _ARROWS[self]

    def may_become(self, other: "RequestStage") -> bool:
        """Does an arrow lead there?"""
        return other in _ARROWS[self]


_ENDS = frozenset({RequestStage.DONE, RequestStage.DECLINED, RequestStage.WITHDRAWN})
_ARROWS: dict[RequestStage, frozenset[RequestStage]] = {
    RequestStage.ASKED: frozenset({RequestStage.CONSULTING, RequestStage.OPTIONS, RequestStage.CONSENTED}) | _ENDS,
    RequestStage.CONSULTING: frozenset({RequestStage.OPTIONS, RequestStage.CONSENTED}) | _ENDS,
    RequestStage.OPTIONS: frozenset({RequestStage.CONSULTING, RequestStage.CONSENTED}) | _ENDS,
    RequestStage.CONSENTED: _ENDS,
    RequestStage.DONE: frozenset(),
    RequestStage.DECLINED: frozenset(),
    RequestStage.WITHDRAWN: frozenset(),
}
