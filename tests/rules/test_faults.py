"""Every mistake that a rule author can make is told in Chinese, with file, line, rule and the likely fix."""
# ruff: noqa: E501  a mistake reads best on one line

import pytest

from assistant.domain.errors import RuleBookError
from rules.engine.book import load_rules
from rules.engine.scenarios import load_scenarios
from tests.rules.conftest import GROUPS, HOSE, PARAMETERS, WriteFolder

RULE = """
- id: gas.hose-refused
  label: 软管有隐患,住户不愿更换
  why: "“{quote}”,住户不愿更换"
  source: gb-55009-2021
  since: 2026-01-01
  when:
    - {finding: gas.hose, state: active, refused: true}
  then:
    severity: P1
    follow_ups:
      - {owner: gas, within: one_day, what: 上门书面告知}
"""

#: what the author did → what was written, what it should have been, the line, and the words of the message
MISTAKES = {
    "a typo in a kind": ("finding: gas.hose", "finding: gas.hoze", 8, ["gas.hose-refused", "你是不是想写“gas.hose”"]),
    "a typo in a state": ("state: active", "state: activ", 8, ["证据状态", "你是不是想写“active”"]),
    "a typo in a circumstance": ("refused: true", "refuse: true", 8, ["refuse", "你是不是想写“refused”"]),
    "a typo in a field": ("severity: P1", "severty: P1", 10, ["severty", "你是不是想写“severity”"]),
    "a typo in a follow-up's field": ("within: one_day", "withn: one_day", 12, ["withn", "你是不是想写“within”"]),
    "a typo in a role": ("owner: gas", "owner: gass", 12, ["gass", "你是不是想写“gas”"]),
    "a typo in a deadline": ("within: one_day", "within: one_dya", 11, ["one_dya", "你是不是想写“one_day”"]),
    "a deadline that is no time": ("within: one_day", "within: very_old", 11, ["very_old", "不是时间"]),
    "a severity that does not exist": ("severity: P1", "severity: P5", 10, ["P5", "你是不是想写"]),
    "a source that is not listed": ("source: gb-55009-2021", "source: gb-55009-2012", 5, ["sources.yaml", "gb-55009-2021"]),
    "a date that is none": ("since: 2026-01-01", "since: 开年", 6, ["开年", "2026-01-31"]),
    "a day that no month has": ("since: 2026-01-01", "since: 2026-02-30", 6, ["没有 2026-02-30 这一天"]),
    "a circumstance that is neither true nor false": ("refused: true", "refused: 是", 8, ["unsaid", "是"]),
    "a circumstance of another theme": ("finding: gas.hose, state: active, refused: true", "finding: fire.clutter, cracked: true", 8, ["只用于 gas", "永远不会成立"]),
    "a person's circumstance asked of a finding": ("refused: true", "disabled: true", 8, ["person: any, disabled: true"]),
    "a stage where there is no fraud": ("refused: true", "stage: paid", 8, ["诈骗", "stage"]),
    "no subject": ("finding: gas.hose, state: active, refused: true", "fnding: gas.hose", 8, ["你是不是想写“finding”"]),
    "two subjects in one condition": ("finding: gas.hose, state: active, refused: true", "finding: gas.hose, visit: met", 8, ["拆成两条"]),
    "only absences": ("- {finding: gas.hose, state: active, refused: true}", "- none: {finding: gas.hose}", 8, ["none"]),
    "a group that does not exist": ("finding: gas.hose, state: active, refused: true", "group: frial", 8, ["你是不是想写“frail”"]),
    "a parameter that does not exist": ("refused: true", "days_above: three", 8, ["parameters.yaml", "three"]),
    "a comparison that findings lack": ("refused: true", "weight_above: 3", 8, ["weight_above"]),
    "a person without any": ("finding: gas.hose, state: active, refused: true", "person: old, lives_alone: true", 8, ["any"]),
    "a grade of care that does not exist": ("finding: gas.hose, state: active, refused: true", "person: any, care_grade: rde", 8, ["照护等级", "你是不是想写“red”"]),
    "a field of a person that does not exist": ("finding: gas.hose, state: active, refused: true", "person: any, care_garde: red", 8, ["你是不是想写“care_grade”"]),
    "a grade of care asked of a finding": ("refused: true", "care_grade: red", 8, ["care_grade", "person: any, care_grade: red"]),
    "a number for a severity": ("severity: P1", "severity: 1", 10, ["“severity”不能是“1”", "你是不是想写“P1”"]),
    "one where a list belongs": ("severity: P1", "severity: P1\n    instead_of: gas.hose", 11, ["“instead_of”要写成一串", "[gas.hose]"]),
    "a word where fields belong": ("    severity: P1\n    follow_ups:\n      - {owner: gas, within: one_day, what: 上门书面告知}", "    P1", 9, ["“then”下面要写成“名称: 内容”"]),
    "a day that does not exist": ("since: 2026-01-01", "since: 2026-13-01", 6, ["没有 2026-13-01 这一天", "2026-01-31"]),
    "a placeholder that does not exist": ("{quote}", "{quot}", 4, ["你是不是想写“quote”"]),
    "a brace that is not closed": ("{quote}", "{quote", 4, ["花括号"]),
    "no why": ('  why: "“{quote}”,住户不愿更换"\n', "", 2, ["why"]),
    "no label": ("  label: 软管有隐患,住户不愿更换\n", "", 2, ["缺少“label”"]),
    "an id of another theme": ("id: gas.hose-refused", "id: fire.hose-refused", 2, ["gas."]),
    "an id with capital letters": ("id: gas.hose-refused", "id: Gas.Hose", 2, ["小写字母"]),
    "a flag and a finding in one rule": ("severity: P1", "severity: P1\n    finds: gas.leak", 10, ["只能有一个结论"]),
    "nothing concluded": ("    severity: P1\n    follow_ups:\n      - {owner: gas, within: one_day, what: 上门书面告知}", "    follow_ups: []", 10, ["只能有一个结论"]),
    "a derived kind that does not exist": ("    severity: P1\n    follow_ups:\n      - {owner: gas, within: one_day, what: 上门书面告知}", "    finds: gas.leek", 10, ["你是不是想写“gas.leak”"]),
    "another rule's flag that is none": ("severity: P1", "severity: P1\n    instead_of: [gas.hoes]", 11, ["你是不是想写“gas.hose-refused”"]),
    "an end before the beginning": ("since: 2026-01-01", "since: 2026-01-01\n  until: 2025-12-31", 7, ["永远不生效"]),
    "a comma that cut a sentence": ("what: 上门书面告知", "what: 先打电话,再上门", 12, ["引号"]),
    "a day before its parameter has a value": ("since: 2026-01-01", "since: 2025-06-01", 6, ["one_day", "2026-01-01"]),
    "a count without its days": ("refused: true", "nearby_households_at_least: 3", 8, ["几天之内", "within: 14"]),
    "days without a count": ("refused: true", "within: 14", 8, ["within", "nearby_households_at_least: 3"]),
    "days of a parameter that does not exist": ("refused: true", "nearby_households_at_least: 3, within: fortnight", 8, ["fortnight"]),
    "a season that is not in the calendar": ("finding: gas.hose, state: active, refused: true", "calendar: heta", 8, ["日历名称", "heat"]),
    "an overdue that is neither true nor false": ("finding: gas.hose, state: active, refused: true", "open: gas.hose, overdue: 是", 8, ["overdue", "true 或 false"]),
    "a throttle of a span that does not exist": ("  since: 2026-01-01", "  since: 2026-01-01\n  once_within: one_dya", 7, ["one_dya", "你是不是想写“one_day”"]),
    "a throttle of a span that is no time": ("  since: 2026-01-01", "  since: 2026-01-01\n  once_within: very_old", 7, ["very_old", "不是时间"]),
    "two throttles": ("  since: 2026-01-01", "  since: 2026-01-01\n  once_within: one_day\n  once_after: one_day", 8, ["不能一起写"]),
    "a P0 that may speak only once": ("  since: 2026-01-01", "  since: 2026-01-01\n  once_within: one_day", 7, ["P0", "一次也不许漏"]),
    "counting once": ("  since: 2026-01-01", "  since: 2026-01-01\n  accumulate_within: {times: 1, within: one_day}", 7, ["times"]),
    "a throttle on what is only raised": ("    severity: P1\n    follow_ups:\n      - {owner: gas, within: one_day, what: 上门书面告知}", "    raises: one_level\n  once_within: one_day", 11, ["不能限次数"]),
    "telling everybody all the time": ("severity: P1", "severity: P1\n    tells: estate", 11, ["多久一次", "once_within"]),
    "two visits at once": ("- {finding: gas.hose, state: active, refused: true}", "- {visit: met}\n    - {visit: missed}", 9, ["不会同时成立", "[missed, refused]"]),
    "limits that leave nothing": ("finding: gas.hose, state: active, refused: true", "measurement: glucose, glucose_at_least: 16, glucose_below: 16", 8, ["不会同时成立", "写反了"]),
    "a condition and its opposite": ("- {finding: gas.hose, state: active, refused: true}", "- {finding: gas.hose, refused: true}\n    - none: {theme: gas}", 8, ["永远不会成立"]),
    "a tab": ("  label:", "\tlabel:", 3, ["Tab"]),
}  # fmt: skip


CALENDAR = "heat: {label: 高温季, every_year: [06-15/08-31], source: 本项目建议}\n"


@pytest.mark.parametrize(("right", "wrong", "line", "words"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_a_rule_is_told_with_its_line(
    folder: WriteFolder, right: str, wrong: str, line: int, words: list[str]
) -> None:
    assert right in RULE
    text = RULE.replace(right, wrong)
    rules = folder(gas_rules=text.replace("severity: P1", "severity: P0") if "P0" in words else text)
    (rules / "calendar.yaml").write_text(CALENDAR, encoding="utf-8")

    with pytest.raises(RuleBookError) as told:
        load_rules(rules)

    assert "gas.rules.yaml" in told.value.file
    assert told.value.line is not None
    assert abs(told.value.line - line) <= 1, str(told.value)
    for word in words:
        assert word in str(told.value)


def test_the_rule_that_the_mistakes_are_made_in_is_right(folder: WriteFolder) -> None:
    book = load_rules(folder(gas_rules=RULE))

    assert [rule.id for rule in book.rules] == ["gas.hose-refused"]


def test_two_rules_that_conclude_otherwise_from_the_same_are_refused(folder: WriteFolder) -> None:
    other = HOSE.replace("id: gas.hose", "id: gas.hose-urgent").replace("severity: default", "severity: P0")

    with pytest.raises(
        RuleBookError, match=r"第2\d行.*gas\.hose-urgent.*gas\.hose\(gas\.rules\.yaml\) 的条件一样.*instead_of"
    ):
        load_rules(folder(gas_rules=HOSE + other))


def test_two_rules_that_say_which_goes_first_are_right(folder: WriteFolder) -> None:
    other = HOSE.replace("id: gas.hose", "id: gas.hose-urgent").replace(
        "severity: default", "severity: P0\n    instead_of: [gas.hose]"
    )

    assert len(load_rules(folder(gas_rules=HOSE + other)).rules) == 2


def test_rules_that_take_each_others_place_are_refused(folder: WriteFolder) -> None:
    first = HOSE.replace("severity: default", "severity: P1\n    instead_of: [gas.hose-two]")
    second = HOSE.replace("id: gas.hose", "id: gas.hose-two").replace(
        "severity: default", "severity: P2\n    instead_of: [gas.hose]"
    )

    with pytest.raises(RuleBookError, match="互相代替"):
        load_rules(folder(gas_rules=first + second))


def test_rules_of_different_times_do_not_contradict_each_other(folder: WriteFolder) -> None:
    ended = HOSE.replace("since: 2026-01-01", "since: 2026-01-01\n  until: 2026-06-01")
    later = (
        HOSE.replace("id: gas.hose", "id: gas.hose-two")
        .replace("since: 2026-01-01", "since: 2026-06-01")
        .replace("severity: default", "severity: P1")
    )

    assert len(load_rules(folder(gas_rules=ended + later)).rules) == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "heat: {label: 高温季, every_year: [6-15/8-31], source: 本项目建议}",
            ["calendar.yaml", "heat", "06-15/08-31"],
        ),
        ("heat: {label: 高温季, days: [2026-09-31], source: 本项目建议}", ["2026-09-31", "没有", "第1行"]),
        ("heat: {label: 高温季, days: [2026-09-01/2026-09-31], source: 本项目建议}", ["2026-01-01/2026-01-03"]),
        ("heat: {label: 高温季, days: [2026-09-03/2026-09-01], source: 本项目建议}", ["不晚于"]),
        ("heat: {label: 高温季, source: gov}", ["sources.yaml", "gov"]),
        ("heat: {label: 高温季, dasy: [], source: 本项目建议}", ["你是不是想写“days”"]),
    ],
)
def test_a_mistake_in_the_calendar_is_told(folder: WriteFolder, text: str, words: list[str]) -> None:
    rules = folder()
    (rules / "calendar.yaml").write_text(text + "\n", encoding="utf-8")

    with pytest.raises(RuleBookError) as told:
        load_rules(rules)

    for word in words:
        assert word in str(told.value)


def test_an_id_that_is_used_twice_names_both_files(folder: WriteFolder) -> None:
    rules = folder(gas_rules=HOSE + HOSE)

    with pytest.raises(RuleBookError, match="用了两次"):
        load_rules(rules)


def test_a_default_severity_is_refused_where_the_kind_has_none(folder: WriteFolder) -> None:
    rules = folder(gas_rules=HOSE)
    (rules / "gas.rules.yaml").unlink()
    (rules / "health.rules.yaml").write_text(
        HOSE.replace("gas.hose", "health.bp_high").replace("id: health.bp_high", "id: health.bp"), encoding="utf-8"
    )

    with pytest.raises(RuleBookError, match="没有默认的等级"):
        load_rules(rules)


def test_a_rule_file_of_an_unknown_theme_is_refused(folder: WriteFolder) -> None:
    rules = folder()
    (rules / "gsa.rules.yaml").write_text(HOSE, encoding="utf-8")

    with pytest.raises(RuleBookError, match="你是不是想写“gas”"):
        load_rules(rules)


def test_a_rule_that_would_explode_is_refused(folder: WriteFolder) -> None:
    kinds = "[gas.hose, gas.leak, gas.service, gas.no_flameout, gas.valve_faulty, gas.banned_heater, gas.co_symptom, gas.mixed_sources]"
    rules = folder(gas_rules=RULE.replace("finding: gas.hose,", f"finding: {kinds},").replace(
        "  then:", f"    - {{finding: {kinds}}}\n  then:"
    ))  # fmt: skip

    with pytest.raises(RuleBookError, match="64 种"):
        load_rules(rules)


def test_more_conditions_than_the_engine_holds_are_refused(folder: WriteFolder) -> None:
    conditions = "    - {finding: any}\n" * 17
    rules = folder(gas_rules=RULE.replace("  then:", f"{conditions}  then:"))

    with pytest.raises(RuleBookError, match="引擎装不下"):
        load_rules(rules)


def test_a_parameter_without_a_number_is_refused(folder: WriteFolder) -> None:
    rules = folder(parameters=PARAMETERS.replace("2026-01-01: 80", "2026-01-01: 八十"))

    with pytest.raises(RuleBookError, match=r"parameters\.yaml.*very_old.*不是数字"):
        load_rules(rules)


@pytest.mark.parametrize(
    ("right", "wrong", "word"),
    [
        ("p3_deadline:", "p4_deadline:", "缺少期限“p3_deadline”"),
        (
            "unit: 小时, values: {2026-01-01: 24}, source: 本项目建议}\np2",
            "unit: 次, values: {2026-01-01: 24}, source: 本项目建议}\np2",
            "不是时间",
        ),
    ],
)
def test_every_severity_needs_a_deadline(folder: WriteFolder, right: str, wrong: str, word: str) -> None:
    assert right in PARAMETERS
    rules = folder(parameters=PARAMETERS.replace(right, wrong))

    with pytest.raises(RuleBookError, match=word):
        load_rules(rules)


def test_a_follow_up_of_what_is_only_recorded_needs_a_deadline_of_its_own(folder: WriteFolder) -> None:
    rules = folder(gas_rules=HOSE.replace("severity: default", "severity: P-"))

    with pytest.raises(RuleBookError, match=r"第1[01]行.*P- 没有默认的期限"):
        load_rules(rules)


def test_a_group_with_a_mistake_names_the_group(folder: WriteFolder) -> None:
    rules = folder(groups=GROUPS.replace("lives_alone", "live_alone"))

    with pytest.raises(RuleBookError, match=r"groups\.yaml.*frail.*你是不是想写“lives_alone”"):
        load_rules(rules)


def test_an_empty_folder_is_refused(folder: WriteFolder) -> None:
    rules = folder()
    (rules / "gas.rules.yaml").unlink()

    with pytest.raises(RuleBookError, match="没有规则文件"):
        load_rules(rules)


SCENARIO = """
- scenario: 软管老化
  findings: [{kind: gas.hose, quote: 软管老化}]
  expect: {severity: P2, flags: [gas.hose], owners: [gas]}
"""


@pytest.mark.parametrize(
    ("right", "wrong", "word"),
    [
        ("kind: gas.hose", "kind: gas.hoze", "你是不是想写“gas.hose”"),
        ("flags: [gas.hose]", "flags: [gas.hoes]", "你是不是想写“gas.hose”"),
        ("severity: P2", "severity: P9", "P9"),
        ("findings:", "finding:", "你是不是想写“findings”"),
        ("quote:", "qoute:", "qoute"),
        ("  expect:", "  turned: [denied]\n  expect:", "换法"),
        ("owners: [gas]", "owners: [gass]", "gass"),
        ("owners: [gas]", "due: {gas: 一天}", "24h"),
    ],
)
def test_a_mistake_in_a_scenario_is_told(folder: WriteFolder, right: str, wrong: str, word: str) -> None:
    book = load_rules(folder(gas_scenarios=SCENARIO.replace(right, wrong)))

    with pytest.raises(RuleBookError) as told:
        load_scenarios(book)

    assert "gas.scenarios.yaml" in told.value.file
    assert "软管老化" in str(told.value)
    assert word in str(told.value)
