"""Log in, stay in, be locked out; and what somebody may try who should not get in."""

import asyncio
import re
from datetime import timedelta

import pytest
from sqlmodel import select

from assistant.console.gate import own_path
from assistant.console.passwords import hashed, is_right, trouble_with
from assistant.domain.access import Role
from assistant.storage.ledger import Ledger
from assistant.storage.logins import end_all, find, set_up
from assistant.storage.tables import Action, LoginAttempt, Worker
from tests.console.conftest import site_of
from tests.console.served import PASSWORD
from tests.console.visitor import Visitor
from tests.console.world import NOW, World


@pytest.fixture
def coordinator(world: World) -> str:
    world.has_login(Role.COORDINATOR, "He.Wei", PASSWORD)
    return "he.wei"


def test_the_right_password_opens_the_page_that_was_asked_for(gated: Visitor, coordinator: str) -> None:
    asked = gated.get("/console/flagged")
    assert asked.headers["location"] == "/login?next=%2Fconsole%2Fflagged"

    answer = gated.logs_in(coordinator, PASSWORD, next="/console/flagged")

    assert (answer.status_code, answer.headers["location"]) == (303, "/console/flagged")
    assert gated.get("/console/flagged").status_code == 200


def test_a_name_is_the_same_in_any_case_and_width(gated: Visitor, coordinator: str) -> None:
    assert gated.logs_in(" ＨＥ.Wei ", PASSWORD).status_code == 303


def test_a_wrong_name_and_a_wrong_password_are_answered_alike(gated: Visitor, coordinator: str) -> None:
    answers = [gated.logs_in(coordinator, "wrong password"), gated.logs_in("nobody.here", PASSWORD)]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert all("登录名或密码不对" in answer.text for answer in answers)
    said, of_nobody = (re.sub(r'(csrf|id="name" name="name)" value="[^"]*"', "", answer.text) for answer in answers)
    assert said == of_nobody


def test_five_wrong_tries_lock_the_name_even_for_the_right_password(gated: Visitor, coordinator: str) -> None:
    for _ in range(5):
        gated.logs_in(coordinator, "wrong password")

    answer = gated.logs_in(coordinator, PASSWORD)

    assert answer.status_code == 403
    assert "过一刻钟再试" in answer.text
    assert gated.get("/console/today").status_code == 303


def test_a_name_that_nobody_bears_is_locked_just_so(gated: Visitor) -> None:
    answers = [gated.logs_in("nobody.here", "wrong password").text for _ in range(6)]

    assert "过一刻钟再试" in answers[5]
    assert "过一刻钟再试" not in answers[4]


def test_the_lock_opens_after_a_quarter_of_an_hour(world: World, gated: Visitor, coordinator: str) -> None:
    for _ in range(5):
        gated.logs_in(coordinator, "wrong password")
    with world.database.writing() as session:
        for attempt in session.exec(select(LoginAttempt)):
            attempt.at = NOW - timedelta(minutes=16)

    assert gated.logs_in(coordinator, PASSWORD).status_code == 303


def test_what_was_typed_as_a_name_is_not_kept_in_words(world: World, gated: Visitor) -> None:
    gated.logs_in("my password by mistake", "x")

    with world.database.reading() as session:
        (attempt,) = session.exec(select(LoginAttempt)).all()
    assert "password" not in attempt.name_digest
    assert not attempt.succeeded


def test_a_session_that_was_planted_before_is_another_one_after(gated: Visitor, coordinator: str) -> None:
    planted_token = gated.token("/login")
    planted = dict(gated.cookies)

    gated.logs_in(coordinator, PASSWORD)

    assert dict(gated.cookies) != planted
    assert gated.token("/console/today") != planted_token
    attacker = Visitor(gated.app)
    attacker.cookies.update(planted)
    assert attacker.get("/console/today").status_code == 303


def test_a_cookie_that_somebody_wrote_themselves_opens_nothing(gated: Visitor, coordinator: str) -> None:
    gated.logs_in(coordinator, PASSWORD)
    ((name, value),) = gated.cookies.items()
    payload, _, signature = value.partition(".")

    for forged in (f"{payload[:-4]}AAAA.{signature}", payload, f"{payload}.{signature[:-3]}abc", ""):
        attacker = Visitor(gated.app)
        attacker.cookies.set(name, forged)
        assert attacker.get("/console/today").status_code == 303


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(gated: Visitor, coordinator: str) -> None:
    cookie = gated.logs_in(coordinator, PASSWORD).headers["set-cookie"].lower()

    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_behind_an_encrypted_line_the_cookie_goes_nowhere_else(world: World) -> None:
    site = site_of(world, is_https=True)

    cookie = Visitor(site.pages).get("/login").headers["set-cookie"].lower()

    assert "secure" in cookie
    assert "secure" not in Visitor(site_of(world).pages).get("/login").headers["set-cookie"].lower()


def test_logging_out_ends_the_session_also_where_its_cookie_was_copied(gated: Visitor, coordinator: str) -> None:
    gated.logs_in(coordinator, PASSWORD)
    copy = Visitor(gated.app)
    copy.cookies.update(gated.cookies)
    assert copy.get("/console/today").status_code == 200

    gated.post("/logout", {"csrf": gated.token("/console/today")})

    assert gated.get("/console/today").status_code == 303
    assert copy.get("/console/today").status_code == 303


def test_who_has_left_is_out_at_once(world: World, gated: Visitor, coordinator: str) -> None:
    gated.logs_in(coordinator, PASSWORD)

    with world.database.writing() as session:
        session.get_one(Worker, world.people[Role.COORDINATOR]).left_at = NOW

    assert gated.get("/console/today").status_code == 303
    assert gated.logs_in(coordinator, PASSWORD).status_code == 403


def test_after_a_working_day_everybody_says_again_who_they_are(world: World, coordinator: str) -> None:
    clock = [NOW]
    visitor = Visitor(site_of(world, now=lambda: clock[0]).pages)
    visitor.logs_in(coordinator, PASSWORD)

    clock[0] = NOW + timedelta(hours=11)
    assert visitor.get("/console/today").status_code == 200
    clock[0] = NOW + timedelta(hours=13)
    assert visitor.get("/console/today").status_code == 303


def test_a_new_password_ends_what_was_open_under_the_old_one(world: World, gated: Visitor, coordinator: str) -> None:
    gated.logs_in(coordinator, PASSWORD)

    world.has_login(Role.COORDINATOR, coordinator, "另一句更长的密码呀")

    assert gated.get("/console/today").status_code == 303
    assert gated.logs_in(coordinator, PASSWORD).status_code == 403


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/console/today?theme=gas&page=2", "/console/today?theme=gas&page=2"),
        ("https://evil.example/", "/home"),
        ("//evil.example/", "/home"),
        ("/\\evil.example", "/home"),
        ("/a\\..\\evil", "/home"),
        ("/\t/evil.example", "/home"),
        ("/x\r\nSet-Cookie: a=b", "/home"),
        ("javascript:alert(1)", "/home"),
        ("console/today", "/home"),
        ("", "/home"),
        (None, "/home"),
    ],
)
def test_a_link_leads_to_a_page_of_our_own_or_home(path: str | None, leads_to: str) -> None:
    assert own_path(path, "/home") == leads_to


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_logging_in_sends_nobody_elsewhere(evil: str, gated: Visitor, coordinator: str) -> None:
    assert evil not in gated.get(f"/login?next={evil}").text

    answer = gated.logs_in(coordinator, PASSWORD, next=evil)

    assert answer.headers["location"] == "/console/today"


#: an auditor begins with the log, or with the charts as long as no log is served
BEGINS = {
    Role.WORKER: ["/chat"],
    Role.COORDINATOR: ["/console/today"],
    Role.RESPONDER: ["/console/today"],
    Role.ADMINISTRATOR: ["/console/people"],
    Role.AUDITOR: ["/console/privacy", "/console/charts"],
}


@pytest.mark.parametrize("role", Role)
def test_everybody_begins_on_a_page_that_is_theirs(role: Role, world: World, gated: Visitor) -> None:
    world.has_login(role, "somebody", PASSWORD)

    begins_at = gated.logs_in("somebody", PASSWORD).headers["location"]

    assert begins_at in BEGINS[role]
    assert gated.get(begins_at).status_code == 200


@pytest.mark.parametrize("path", ["/login", "/logout"])
@pytest.mark.parametrize("token", ["", "wrong"])
def test_a_form_without_the_sessions_token_does_nothing(
    path: str, token: str, gated: Visitor, coordinator: str
) -> None:
    gated.get("/login")

    answer = gated.post(path, {"csrf": token, "name": coordinator, "password": PASSWORD})

    assert answer.status_code == 403
    assert gated.get("/console/today").status_code == 303


def test_a_form_from_another_site_is_refused_whatever_it_carries(gated: Visitor, coordinator: str) -> None:
    fields = {"csrf": gated.token("/login"), "name": coordinator, "password": PASSWORD}

    assert gated.post("/login", fields, sec_fetch_site="cross-site").status_code == 403


def test_a_part_of_a_page_asked_for_without_login_sends_the_page_to_the_entrance(gated: Visitor) -> None:
    answer = gated.get("/console/flagged", hx_request="true")

    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/login")


def test_many_guesses_at_once_are_counted_as_one_after_the_other(world: World, coordinator: str) -> None:
    app = site_of(world).pages
    visitor = Visitor(app)
    token = visitor.token("/login")
    fields = {"csrf": token, "name": coordinator, "password": "wrong password"}

    async def guess() -> list[int]:
        answers = await asyncio.gather(*(visitor.asks("POST", "/login", data=fields) for _ in range(12)))
        return [answer.status_code for answer in answers]

    assert set(asyncio.run(guess())) == {403}

    with world.database.reading() as session:
        counted = session.exec(select(LoginAttempt)).all()
    assert len(counted) == 5


@pytest.mark.parametrize(
    ("password", "is_fine"),
    [(PASSWORD, True), ("short", False), ("aaaaaaaaaaaa", False), ("he.wei.he.wei", True), ("x" * 201, False)],
)
def test_a_password_is_long_enough_and_no_single_letter(password: str, is_fine: bool) -> None:
    assert (trouble_with(password, "he.wei") is None) == is_fine


def test_a_hash_fits_its_password_alone() -> None:
    kept = hashed(PASSWORD)

    assert is_right(PASSWORD, kept)
    assert not is_right(PASSWORD + " ", kept)
    assert not is_right("nobody has this password", None)
    assert not is_right(PASSWORD, "not a hash")


def test_nobody_takes_a_name_that_is_taken_and_no_hash_stands_on_the_ledger(world: World, coordinator: str) -> None:
    with world.database.writing() as session:
        other = session.get_one(Worker, world.people[Role.RESPONDER])
        with pytest.raises(ValueError, match="已经有人用了"):
            set_up(Ledger(session, NOW), other, "HE.WEI", hashed(PASSWORD))

    with world.database.reading() as session:
        lines = session.exec(select(Action).where(Action.subject == "logins")).all()
    assert [line.verb for line in lines] == ["login_set_up"]
    assert "argon2" not in repr([(line.before, line.after, line.why) for line in lines])


def test_ending_everything_ends_every_window(world: World, gated: Visitor, coordinator: str) -> None:
    gated.logs_in(coordinator, PASSWORD)

    with world.database.writing() as session:
        login = find(session, coordinator)
        assert login is not None
        end_all(Ledger(session, NOW), login)

    assert gated.get("/console/today").status_code == 303
