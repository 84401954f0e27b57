"""The web chat: kept before it is acknowledged, once for each id, for this account only."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assistant.domain.errors import StorageError
from assistant.outbox import enqueue
from assistant.storage.database import Database
from assistant.storage.tables import IntakeItem, IntakeState, OutboxMessage, Purpose
from tests.console.visitor import Visitor
from tests.console.world import NOW, World, account_id


def received(world: World) -> list[IntakeItem]:
    with world.database.reading() as session:
        return list(session.exec(select(IntakeItem).order_by(IntakeItem.id)))  # type: ignore[arg-type]


def told(
    world: World,
    text: str,
    *,
    address: str = "liu",
    is_sent: bool = True,
    buttons: tuple[str, ...] = (),
    sent_ago: timedelta = timedelta(0),
) -> OutboxMessage:
    with world.database.writing() as session:
        row = enqueue(
            session,
            key=f"reply:{address}:{text}",
            purpose=Purpose.REPLY,
            area_id=world.grid_id,
            channel="web",
            address=address,
            account_id=account_id(session, address),
            text=text,
            now=NOW - sent_ago,
            buttons=buttons,
        )
        assert row is not None
        if is_sent:
            row.sent_at, row.sent_as = NOW - sent_ago, row.idempotency_key
    return row


def test_a_message_is_kept_before_the_page_hears_that_we_have_it(world: World, site: Visitor) -> None:
    answer = site.says("3栋2单元501软管老化")

    assert answer.status_code == 200
    assert "3栋2单元501软管老化" in answer.text
    (row,) = received(world)
    assert (row.text, row.author, row.chat, row.state) == ("3栋2单元501软管老化", "liu", "liu", IntakeState.WAITING)


def test_the_same_message_sent_again_is_one_message(world: World, site: Visitor) -> None:
    first, again = site.says("漏气了"), site.says("漏气了")

    assert first.status_code == again.status_code == 200
    assert first.text == again.text
    assert len(received(world)) == 1


def test_the_same_words_with_another_id_are_another_message(world: World, site: Visitor) -> None:
    site.says("漏气了", "first-0001")
    site.says("漏气了", "second-0002")

    assert len(received(world)) == 2


def test_without_the_pages_token_nothing_is_kept(world: World, site: Visitor) -> None:
    site.token()

    for token in ("", "wrong"):
        answer = site.post("/chat/messages", {"csrf": token, "id": "0123456789", "text": "漏气了"})
        assert answer.status_code == 403

    assert received(world) == []


def test_a_token_of_another_session_is_refused(world: World, site: Visitor) -> None:
    stolen = site.token()
    site.cookies.clear()
    site.token()

    assert site.post("/chat/messages", {"csrf": stolen, "id": "0123456789", "text": "漏气了"}).status_code == 403


def test_what_a_browser_marks_as_coming_from_another_site_is_refused(world: World, site: Visitor) -> None:
    fields = {"csrf": site.token(), "id": "0123456789", "text": "漏气了"}

    assert site.post("/chat/messages", fields, sec_fetch_site="cross-site").status_code == 403
    assert received(world) == []


@pytest.mark.parametrize(
    ("text", "client_id"),
    [
        ("", "0123456789"),
        (" \n ", "0123456789"),
        ("长" * 20_001, "0123456789"),
        ("漏气", "short"),
        ("漏气", "../../etc"),
    ],
)
def test_what_can_be_no_message_is_refused(text: str, client_id: str, world: World, site: Visitor) -> None:
    assert site.says(text, client_id).status_code == 400
    assert received(world) == []


def test_a_body_larger_than_anybody_types_is_refused(world: World, site: Visitor) -> None:
    body = b"text=" + b"a" * 2_000_000

    assert site.post("/chat/messages", body, content_type="application/x-www-form-urlencoded").status_code == 400
    assert site.post("/login", body, content_type="application/x-www-form-urlencoded").status_code == 413
    assert received(world) == []


@pytest.mark.parametrize("text", ["👌🔥", "空\x00字节", "零\u200b宽", "长" * 19_999])
def test_odd_but_possible_words_are_kept(text: str, world: World, site: Visitor) -> None:
    assert site.says(text).status_code == 200
    assert len(received(world)) == 1


def test_a_form_sent_without_script_leads_back_to_the_page(world: World, site: Visitor) -> None:
    fields = {"csrf": site.token(), "id": "0123456789", "text": "漏气了"}

    answer = site.post("/chat/messages", fields, sec_fetch_mode="navigate", sec_fetch_site="same-origin")

    assert (answer.status_code, answer.headers["location"]) == (303, "/chat")


def test_when_it_cannot_be_kept_the_page_is_told_so(
    site: Visitor, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = site.token()

    def refuses(self: Database) -> object:
        raise StorageError("磁盘已满")

    monkeypatch.setattr(Database, "writing", refuses)
    answer = site.post("/chat/messages", {"csrf": token, "id": "0123456789", "text": "漏气了"})

    assert answer.status_code == 503
    assert "再发一次" in answer.text


def test_the_chat_shows_what_was_sent_to_this_account_and_to_no_other(world: World, site: Visitor) -> None:
    told(world, "3-2-501：已记。", buttons=("已处理", "还没"))
    told(world, "给别人的话", address="other")
    told(world, "还没到时候的提醒", is_sent=False)

    html = site.get("/chat").text

    assert "3-2-501：已记。" in html
    assert 'data-tap="已处理"' in html
    assert "给别人的话" not in html
    assert "还没到时候的提醒" not in html


def test_news_are_what_the_page_does_not_have_yet(world: World, site: Visitor) -> None:
    old = told(world, "早上的话", sent_ago=timedelta(hours=2))
    site.says("漏气了")
    told(world, "新的回复")

    html = site.get(f"/chat/news?in=0&out={old.id}").text

    assert "早上的话" not in html
    assert html.index("漏气了") < html.index("新的回复")


def test_a_message_that_was_held_for_later_comes_although_its_number_is_low(world: World, site: Visitor) -> None:
    held = told(world, "夜里压下的提醒", is_sent=False)
    later = told(world, "早上的回复")
    with world.database.writing() as session:
        row = session.get_one(OutboxMessage, held.id)
        row.sent_at = NOW

    assert "夜里压下的提醒" in site.get(f"/chat/news?in=0&out={later.id}").text


def test_an_urgent_reply_stands_out(world: World, site: Visitor) -> None:
    told(world, "【紧急】5-1-602：燃气有气味。\n关阀、开窗")

    assert "is-urgent" in site.get("/chat").text


def test_a_tap_answers_the_message_that_bore_the_button(world: World, site: Visitor) -> None:
    prompt = told(world, "提醒：复查软管", buttons=("已处理",))

    site.says("已处理", answers=prompt.idempotency_key)

    assert received(world)[0].answers_id == prompt.id


def test_somebody_elses_message_cannot_be_answered(world: World, site: Visitor) -> None:
    prompt = told(world, "提醒：复查软管", address="other")

    site.says("已处理", answers=prompt.idempotency_key)

    assert received(world)[0].answers_id is None
