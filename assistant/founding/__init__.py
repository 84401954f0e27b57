"""A fresh installation gets its community: areas, estates, the people who work there, the service station.

    community = read_file(Path("社区.yaml"), responders)    # FoundingError with file, line and how to mend it
    added = found(ledger, community)                        # what was not on record yet, in words

The file may be given again when it has grown: what stands on record already is left as it is.
"""

from assistant.founding.form import FoundingError, read_file
from assistant.founding.founding import Added, found

__all__ = ["Added", "FoundingError", "found", "read_file"]
