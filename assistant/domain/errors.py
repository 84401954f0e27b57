"""Every error that this project raises on purpose.

    WeiguangError
    ├── KnowledgeError      a lexicon, guidance or language file is wrong (file, line, how to mend it)
    ├── RuleBookError       a rule, parameter or scenario file is wrong (file, line, how to mend it)
    ├── ConversationError   a conversation file of ``weiguang rehearse`` is wrong (file, line, how to mend it)
    ├── EngineError         the rule engine could not evaluate (the reference matcher takes over)
    ├── StorageError        the database can't be used as it is
    │   └── DatabaseIsNewer     it was written by a newer program
    ├── NotAllowed          this person may not do that
    └── NotUnderstood       an input from a machine (a message line, an update) does not fit its form

A report that can't be understood is no error: it is a question back. What a worker reads comes from
``knowledge/replies.yaml``, never from an exception.
"""

from dataclasses import dataclass


class WeiguangError(Exception):
    """The root: catch it only at the outermost edge."""


@dataclass
class FileFault(WeiguangError):
    """Something is wrong in a data file that people edit. ``str()`` is one Chinese line: 文件:行 说明(怎样改)."""

    file: str
    line: int | None
    what: str
    mend: str = ""

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file} 第{self.line}行"
        return f"{place}:{self.what}" + (f"。{self.mend}" if self.mend else "")


class KnowledgeError(FileFault):
    """A file below ``knowledge/`` is wrong."""


class RuleBookError(FileFault):
    """A file below ``rules/`` is wrong."""


class ConversationError(FileFault):
    """A conversation file does not fit its form."""


class EngineError(WeiguangError):
    """The compiled engine failed or took too long; the reference matcher answers instead."""


class StorageError(WeiguangError):
    """The database can't be used as it is."""


class DatabaseIsNewer(StorageError):
    """The database was written by a newer program; nothing was changed."""


class NotAllowed(WeiguangError):
    """This person may not do that."""


@dataclass
class NotUnderstood(WeiguangError):
    """Input from a machine does not fit its form: ``what`` is wrong, and ``mend`` says how it should look."""

    what: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{self.what}。{self.mend}" if self.mend else self.what
