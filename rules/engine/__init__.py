"""The rule language: read, checked, compiled, matched, explained.

    book = load_rules()                          # book.py: rules, parameters, groups and sources, or RuleBookError
    matcher = open_matcher(book)                 # opening.py: durable_rules in a child, or the reference matcher
    rules = book.on(day)                         # inforce.py: what is in force on that day
    matcher.match(rules, Group.FLAGS, facts)     # matcher.py: which rules speak, and of which facts

Nothing here knows a message, a reading or the database: facts come in, matches go out.
"""
