"""Settings: what each means, where they are read from, and what is refused."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from assistant.domain.casework import Responder
from assistant.settings import Settings


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)  # no .env of ours
    monkeypatch.delenv("WEIGUANG_DATABASE", raising=False)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_says_in_chinese_what_it_means(name: str) -> None:
    meaning = Settings.model_fields[name].description or ""

    assert any("\u4e00" <= character <= "\u9fff" for character in meaning)


def test_with_nothing_set_the_database_is_a_file_in_the_users_data_folder() -> None:
    settings = Settings()

    assert settings.database_url == f"sqlite:///{settings.data_dir / 'weiguang.db'}"
    assert settings.data_dir.is_absolute()
    assert settings.data_dir.name == "weiguang"


def test_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGUANG_DATABASE", "postgresql://weiguang@localhost/weiguang")
    monkeypatch.setenv("WEIGUANG_ZONE", "Asia/Urumqi")
    monkeypatch.setenv("WEIGUANG_QUIET_FROM", "22:30")
    monkeypatch.setenv("WEIGUANG_RESPONDER_PHONES", '{"gas": "962777"}')

    settings = Settings()

    assert settings.database_url == "postgresql://weiguang@localhost/weiguang"
    assert settings.tz == ZoneInfo("Asia/Urumqi")
    assert settings.quiet_from.isoformat() == "22:30:00"
    assert settings.responder_phones == {Responder.GAS: "962777"}


def test_settings_are_read_from_a_file_in_the_working_folder(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("WEIGUANG_ESTATE=怡丽佳苑\n", encoding="utf-8")

    assert Settings().estate == "怡丽佳苑"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ZONE", "Asia/Chengdu"),
        ("PORT", "70000"),
        ("RESPONDER_PHONES", '{"gass": "1"}'),
        ("PROXIES", '["*"]'),
        ("PROXIES", '["0.0.0.0/0"]'),
    ],
)
def test_a_setting_that_can_not_be_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"WEIGUANG_{name}", value)

    with pytest.raises(ValidationError):
        Settings()


def test_the_secret_is_not_shown() -> None:
    assert "sesame" not in repr(Settings(secret="sesame"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "site"),
    [
        ({"port": 8123}, "http://127.0.0.1:8123"),
        ({"hosts": ["wg.example.cn"], "https": True}, "https://wg.example.cn"),
        ({"hosts": ["10.0.0.5"], "port": 8123}, "http://10.0.0.5:8123"),
    ],
)
def test_a_link_that_is_handed_out_names_where_others_open_the_pages(given: dict[str, object], site: str) -> None:
    assert Settings(**given).site == site  # type: ignore[arg-type]
