"""Every page escapes what others wrote, loads nothing from elsewhere, and says what it must."""

import re
from datetime import timedelta

import pytest

from assistant.domain.reports import Severity
from tests.console.visitor import Visitor
from tests.console.world import World

PAGES = ["/", "/chat", "/login", "/console/today", "/console/flagged"]


@pytest.mark.parametrize("path", PAGES)
def test_words_of_others_are_shown_and_never_become_markup(path: str, world: World, site: Visitor) -> None:
    attack = '<script>alert(1)</script><img src=x onerror="alert(2)">闻到有气味'
    household = world.has_household("3-2-501", '<b onclick="x">张大爷</b>')
    world.is_flagged(household, Severity.P0, attack, why="<i>why</i>{{ 7*7 }}")
    site.says(attack)

    html = site.get(path).text

    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "<b onclick" not in html
    assert "<i>why" not in html
    assert "49" not in re.sub(r"[0-9a-f-]{10,}", "", html)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_may_load_anything_from_elsewhere_or_run_inline_script(path: str, site: Visitor) -> None:
    answer = site.get(path)

    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert re.search(r"<script(?![^>]*\bsrc=)", answer.text) is None
    assert re.search(r"\son\w+=|\sstyle=", answer.text) is None
    assert re.search(r"(?:src|href|action)=\"(?:https?:)?//", answer.text) is None


def test_the_list_says_severity_in_letters_and_words_with_reason_owner_and_due(world: World, site: Visitor) -> None:
    household = world.has_household("3-2-501", "张大爷")
    world.is_flagged(household, Severity.P0, "张大爷屋头闻到有气味", due_in=timedelta(0))

    html = site.get("/console/flagged").text

    for shown in (
        "P0",
        "紧急",
        "燃气",
        "3-2-501",
        "张大爷",
        "<mark>闻到有气味</mark>",
        "燃气公司",
        "上门检查",
        "马上",
        "刚刚",
    ):
        assert shown in html


def test_a_door_that_nobody_named_is_said_to_be_unknown(world: World, site: Visitor) -> None:
    world.is_flagged(world.has_household("?-?-?"), Severity.P0)

    assert "门牌没说" in site.get("/console/flagged").text


def test_static_files_are_kept_and_change_their_address_with_their_content(site: Visitor) -> None:
    (address,) = re.findall(r'href="(/static/weiguang.css\?v=\w+)"', site.get("/").text)

    answer = site.get(address)

    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]


def test_pages_with_anybodys_words_are_not_kept(site: Visitor) -> None:
    assert site.get("/console/today").headers["cache-control"] == "no-store"


def test_another_host_name_is_not_answered(site: Visitor) -> None:
    assert site.get("/", host="evil.example").status_code == 400


def test_a_page_that_is_not_there_says_so_in_chinese(site: Visitor) -> None:
    answer = site.get("/nothing", sec_fetch_mode="navigate")

    assert answer.status_code == 404
    assert "没有这个页面" in answer.text
