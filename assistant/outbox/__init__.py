"""Messages that were committed with the effects they tell of, and are sent after."""

from assistant.outbox.deliver import Sender, deliver_next
from assistant.outbox.queue import counts, enqueue

__all__ = ["Sender", "counts", "deliver_next", "enqueue"]
