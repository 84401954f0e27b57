"""What the assistant says back: the one question, and a reply of at most three short lines. Pure.

replies = load_replies()
asked = question(reading, decisions, replies)
reply = compose(reading, decisions, asked, replies, Occasion(at=message.at, number="0217"))
"""

from assistant.dialogue.asking import question
from assistant.dialogue.compose import Occasion, Reply, compose

__all__ = ["Occasion", "Reply", "compose", "question"]
