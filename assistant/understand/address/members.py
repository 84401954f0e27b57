"""Words that pick some of the doors that were named together before: the first two, the last, the rest.

    301、302、303,前两家没人,最后一家…      301 and 302; 303
    101到106,除了104没人,其余都好           all but 104
    101老化,其他三家没人                    homes whose doors were not said

Each becomes a mention of its own, so that what follows is said of these doors. Where no doors were named together, or
none of them was told apart since, 其余 and 其他 mean things and pick nothing.
"""

import re
from collections.abc import Sequence

from assistant.domain.numerals import read_number
from assistant.domain.places import UNSAID, HouseholdKey
from assistant.understand.address.mention import DoorMention

_COUNT = r"[一二两三四五六七八九十\d]{1,2}"
_HOME = r"(?:[家户](?![人里长口])|个(?=没|不|都|也|正常|在|是|说|,|软管))"
#: 另外两个老人 are no homes
_ONLY_HOME = "[家户](?![人里长口])"
_PICKS = re.compile(
    rf"前(?P<first>{_COUNT}){_HOME}|后(?:面|头)?(?P<last>{_COUNT}){_HOME}|(?:最后|末尾)(?:那|的)?(?P<end>一?){_HOME}"
    rf"|第(?P<nth>{_COUNT}){_HOME}|(?P<head>头)一?{_HOME}|中间(?:那|的)?(?P<middle>一?){_HOME}|(?P<former>前者)|(?P<latter>后者)"
    rf"|(?P<rest>(?:其余|其他|其它|剩下|余下|另外|别的)(?:(?P<homes>的?(?:几|{_COUNT}){_ONLY_HOME})|的(?:都|均|全))?"
    r"|(?<![门窗室屋户])外[,]?(?=[^,。;]{0,4}(?:都|均|全|皆)))"
)


def with_members(text: str, mentions: Sequence[DoorMention]) -> list[DoorMention]:
    """The mentions together with those that only pick some of the doors of an earlier one, left to right."""
    doors = [mention for mention in mentions if mention.keys]
    if not doors:
        return list(mentions)
    found = []
    for pick in _PICKS.finditer(text, doors[0].end):
        if any(mention.start < pick.end() and pick.start() < mention.end for mention in mentions):
            continue
        before = [mention for mention in doors if mention.end <= pick.start()]
        groups = [one for one in reversed(before) if len(one.keys) + len(one.left_out) > 1]
        if not groups:
            keys = _unnamed(before[-1]) if pick["homes"] else ()
        elif pick["rest"]:
            left = (_rest(group, [one for one in before if group.end <= one.start]) for group in groups)
            keys = next(filter(None, left), ())
        else:
            keys = _chosen(groups[0].keys, pick)
        if keys:
            found.append(DoorMention(pick.start(), pick.end(), keys, before[-1].words, elided=True))
    return sorted([*mentions, *found], key=lambda one: one.start)


def _unnamed(door: DoorMention) -> tuple[HouseholdKey, ...]:
    """101…,其他三家: homes beside the one that was named, whose doors nobody said."""
    key = door.keys[-1].with_room(UNSAID)
    return () if key.is_empty or not door.names_a_door else (key,)


def _rest(group: DoorMention, since: Sequence[DoorMention]) -> tuple[HouseholdKey, ...]:
    told = {key for mention in since for key in mention.keys}
    left = tuple(key for key in group.keys if key not in told)
    return left if told & {*group.keys, *group.left_out} else ()


def _chosen(keys: Sequence[HouseholdKey], pick: re.Match[str]) -> tuple[HouseholdKey, ...]:
    """The doors that 前两家, 第三户 or 最后一家 means; none where there are not so many."""
    if pick["first"] or pick["last"]:
        count = int(read_number(pick["first"] or pick["last"]) or 0)
        if not 0 < count < len(keys):
            return ()
        return tuple(keys[:count] if pick["first"] else keys[-count:])
    if pick["nth"]:
        place = int(read_number(pick["nth"]) or 0)
        return (keys[place - 1],) if 0 < place <= len(keys) else ()
    if pick["middle"] is not None:
        return (keys[1],) if len(keys) == 3 else ()
    if (pick["former"] or pick["latter"]) and len(keys) != 2:
        return ()
    return (keys[0],) if pick["head"] or pick["former"] else (keys[-1],)
