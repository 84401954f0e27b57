"""Messages that were received: kept before the channel is told so, handled one after the other in each chat."""

from assistant.intake.queue import attempt, count_no_attempt, counts, fail, finish, hold, next_waiting, put, retry

__all__ = ["attempt", "count_no_attempt", "counts", "fail", "finish", "hold", "next_waiting", "put", "retry"]
