"""The main path: one message in, everything that follows out, in one transaction.

    intake ─▶ who wrote ─▶ read ─▶ take back ─▶ decide ─▶ record ─▶ outbox ─▶ done
              estate locked        (corrections)                    all committed together

``Turn`` is used; ``Minds`` is what understands and decides, given from outside.
"""

from assistant.turn.main import Turn
from assistant.turn.minds import Decides, Minds, Reads

__all__ = ["Decides", "Minds", "Reads", "Turn"]
