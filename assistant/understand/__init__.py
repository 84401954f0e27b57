"""Understanding: a worker's words become a reading, with every finding quoted from the words it came from.

``reader.Reader`` is the way in. From there: ``normalise`` folds the typing, ``address`` finds doors, ``lexicon`` finds
patterns of words, ``polarity`` and ``voices`` say how far they hold, ``findings`` and ``scams`` weigh them,
``stretches`` and ``cases`` say whose they are, ``context`` and ``correcting`` look back at what was said before.
"""
