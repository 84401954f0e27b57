"""A stretch that says no more than 也 and part of what was said of the door before: 隔壁那家也在屋头充, 502也老了.

    echoed("也在屋头充", start, findings)   →   the findings whose words it repeats

Everything behind 也 must stand in the finding's own words, but for the small words of any sentence: what is new
(也没人, 也换了) is no echo.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.domain.reports import Finding
from assistant.understand.normalise import FoldedText
from assistant.understand.spans import Span

#: what any sentence may have, and who and where one is
_SMALL = frozenset("也都是在有了着过的得地很凶惨些起到倒还就又个那这家户屋头里边人她他们嘛哦呢啊咯哈样一老")
_ALSO = re.compile(r"也[^,。;!?\n]{1,10}")


def echoed(text: FoldedText, spans: Sequence[Span], before: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings of ``before`` that the stretch repeats behind an 也, quoted from here."""
    for span in spans:
        for also in _ALSO.finditer(text.text, span.start, span.end):
            told = set(also[0]) - _SMALL
            quote = text.quote(also.start(), also.end())
            found = tuple(replace(one, quote=quote) for one in before if told and told <= set(one.quote.text))
            if found:
                return found
    return ()
