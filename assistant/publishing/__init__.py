"""From a rules folder to the rules in use: compare, try on what was reported, publish, go back, let services follow.

    changes = compare(old, new, today)          # changes.py: which rules and numbers differ, and what they can touch
    preview = replay(session, …, since)         # replaying.py: what recorded reports would have led to
    publish(database, …)                        # publishing.py: keep, point, decide anew what is affected
    RulesInUse(…).catch_up()                    # running.py: what a running service decides by

A draft never sends anything: nothing of it but ``publish`` writes more than the book itself.
"""
