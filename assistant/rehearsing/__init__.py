"""Conversations as files (``docs/contract/conversation.md``), played against the real assistant.

    form       what a file may say                    reading    a file → conversations, or where it is wrong
    stage      the community that a conversation needs  cast       who writes, and what each was sent
    playing    the steps, with a clock that only they move
    expecting  what was expected and did not hold       noting     a chat that was typed, as a file

Nothing of the community's own records is touched: each conversation has a database of its own.
"""
