"""Passwords of the pages: what may be one, and whether a typed one is right (argon2id)."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: shorter ones are guessed (本项目建议)
SHORTEST = 10
_LONGEST = 200

_hasher = PasswordHasher()


def trouble_with(password: str, name: str) -> str | None:
    """Why this can't be the password of ``name``, in Chinese; None where it can."""
    if len(password) < SHORTEST:
        return f"密码至少要 {SHORTEST} 个字符，一句好记的话就行。"
    if len(password) > _LONGEST:
        return "密码太长了。"
    if len(set(password)) < 4 or password.casefold() == name.casefold():
        return "这个密码太容易猜到，请换一句。"
    return None


def hashed(password: str) -> str:
    """What is kept of a password."""
    return _hasher.hash(password)


def is_right(password: str, password_hash: str | None) -> bool:
    """Does the password fit? Without a hash (nobody bears the name) it takes as long and is wrong."""
    try:
        _hasher.verify(password_hash or _of_nobody(), password[: _LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


@cache
def _of_nobody() -> str:
    return _hasher.hash("nobody has this password")
