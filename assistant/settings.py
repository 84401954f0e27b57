"""Every setting, with its meaning. Nothing else of ours reads the environment.

Each is set by an environment variable ``WEIGUANG_<NAME>`` or a line in ``.env`` of the working directory; what has no
value works without. Lists and maps are written as JSON: ``WEIGUANG_RESPONDER_PHONES={"gas": "962777"}``.
"""

from datetime import time
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import platformdirs
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.domain.casework import Responder


def _address(text: str) -> str:
    try:
        is_everybody = ip_network(text).prefixlen == 0
    except ValueError as fault:
        raise ValueError(f"代理的地址写成 10.0.0.5 或 10.0.0.0/24 这样，不能是“{text}”") from fault
    if is_everybody:
        raise ValueError(f"“{text}”是所有的地址：谁都能冒充别的来访者")
    return text


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as fault:
        raise ValueError(f"没有这个时区:{name}。写法如 Asia/Shanghai") from fault
    return name


class Settings(BaseSettings):
    """The settings of one community's assistant."""

    model_config = SettingsConfigDict(env_prefix="WEIGUANG_", env_file=".env", extra="ignore")

    data_dir: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("weiguang", appauthor=False),
        description="数据目录:数据库和附件都放在这里",
    )
    database: str | None = Field(
        default=None,
        description="数据库地址,如 postgresql://user:password@host/weiguang;不填就用数据目录里的 SQLite 文件",
    )
    zone: Annotated[str, AfterValidator(_known_zone)] = Field(default="Asia/Shanghai", description="社区所在时区")
    estate: str | None = Field(default=None, description="默认小区:网格员自己没有设时用它")
    quiet_from: time = Field(default=time(21, 0), description="几点起不再发一般提醒(紧急的除外)")
    quiet_until: time = Field(default=time(8, 0), description="几点起恢复发一般提醒")
    prompts_a_day: int = Field(
        default=3, ge=1, description="一天最多提醒一个人几次(紧急的和早上的清单不算);多的并到第二天"
    )
    round_at: time | None = Field(
        default=None, description="每天几点照日历和走访记录巡一遍(高温、过节、该联系的人);不填就不巡"
    )
    station_look_at: time = Field(
        default=time(17, 0), description="每天几点看明天服务站的值班:空班告诉网格长,提醒值班的人"
    )
    retention_at: Annotated[time | None, BeforeValidator(lambda given: None if given == "off" else given)] = Field(
        default=time(3, 30),
        description="每天几点删掉过了保存期限的(期限在 knowledge/retention.yaml);写 off 就不自动删",
    )
    host: str = Field(default="127.0.0.1", description="网页服务监听的地址;要让别的电脑访问时才改")
    hosts: list[str] = Field(
        default_factory=list, description='别的电脑用哪些名字打开网页,如 ["wg.example.cn"];本机的名字总是可以'
    )
    proxies: list[Annotated[str, AfterValidator(_address)]] = Field(
        default_factory=list,
        description='反向代理不在本机时,它的地址,如 ["10.0.0.5"]:只信它说的来访者地址;本机的代理总是可以',
    )
    https: bool = Field(default=False, description="网页放在 HTTPS 后面时设为 true:登录凭证只走加密连接")
    port: int = Field(default=8000, ge=0, le=65535, description="网页服务的端口")
    secret: SecretStr | None = Field(default=None, description="签名用的密钥;不填就在数据目录里生成一个")
    responder_phones: dict[Responder, str] = Field(
        default_factory=dict, description='处置单位的电话,如 {"gas": "962777", "property": "028-12345678"}'
    )
    telegram_token: SecretStr | None = Field(default=None, description="Telegram 机器人的密钥;不填就不接 Telegram")
    telegram_api: str = Field(
        default="https://api.telegram.org", description="Telegram 接口的地址;用自己架的接口服务器时才改"
    )
    telegram_webhook: str | None = Field(
        default=None, description="Telegram 能访问到的本站地址(https://…);不填就由本机去取消息,不用开放端口"
    )
    wecom_corp_id: str | None = Field(default=None, description="企业微信的企业 ID;五项都不填就不接企业微信")
    wecom_agent_id: int | None = Field(default=None, description="企业微信自建应用的 AgentId")
    wecom_secret: SecretStr | None = Field(default=None, description="企业微信自建应用的 Secret")
    wecom_token: SecretStr | None = Field(default=None, description="企业微信“接收消息”一页的 Token")
    wecom_aes_key: SecretStr | None = Field(default=None, description="企业微信“接收消息”一页的 EncodingAESKey")
    wecom_api: str = Field(
        default="https://qyapi.weixin.qq.com", description="企业微信接口的地址;用私有部署的企业微信时才改"
    )
    dingtalk_client_id: str | None = Field(
        default=None, description="钉钉应用的 Client ID(原 AppKey);三项都不填就不接钉钉"
    )
    dingtalk_client_secret: SecretStr | None = Field(default=None, description="钉钉应用的 Client Secret(原 AppSecret)")
    dingtalk_robot_code: str | None = Field(default=None, description="钉钉机器人的 robotCode")
    dingtalk_api: str = Field(default="https://api.dingtalk.com", description="钉钉接口的地址;专有钉钉才改")
    evidence_mb: int = Field(default=10, ge=1, le=20, description="一张照片、一段语音最多多少 MB")
    transcriber: str | None = Field(default=None, description="把语音转成文字的程序,写成 模块:函数;不填就请网格员打字")
    log_json: bool = Field(default=False, description="日志写成一行一条的 JSON,方便机器收集;日志里没有住户的信息")
    knowledge_dir: Path | None = Field(default=None, description="知识目录;不填就用程序自带的")
    rules_dir: Path | None = Field(default=None, description="规则目录;不填就用程序自带的")

    @property
    def database_url(self) -> str:
        """The database's URL: the one that was set, or a SQLite file in the data folder."""
        return self.database or f"sqlite:///{self.data_dir / 'weiguang.db'}"

    @property
    def site(self) -> str:
        """Where others open the pages: the first of the names that are set, else this machine."""
        if self.hosts:
            return f"{'https' if self.https else 'http'}://{self.hosts[0]}{'' if self.https else f':{self.port}'}"
        return f"http://{self.host}:{self.port}"

    @property
    def evidence_dir(self) -> Path:
        """Where photos and voices are kept."""
        return self.data_dir / "evidence"

    @property
    def tz(self) -> ZoneInfo:
        """The community's zone."""
        return ZoneInfo(self.zone)
