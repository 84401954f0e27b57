"""The envelope of WeCom's callbacks: signature and AES, both ways.

A message is encrypted with AES-256-CBC (the initial vector is the key's first 16 bytes) over 16 random bytes, the
message's length in 4 bytes, the message, and the receiver's id, padded to blocks of 32. The signature is SHA-1 over
token, timestamp, nonce and ciphertext, sorted. Source: developer.work.weixin.qq.com, 加解密方案说明.

Nothing is told of why an envelope was refused: that would help whoever forges one.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from assistant.domain.errors import NotUnderstood

_BLOCK = 32
_RANDOM = 16
_LENGTH = 4


class Refused(NotUnderstood):
    """An envelope that was not sealed for us by somebody who has our token and key."""


@dataclass(frozen=True)
class Codec:
    """Opens and seals envelopes for one receiver (the corp's id). ``key`` is the 43 characters of EncodingAESKey."""

    token: str = field(repr=False)
    key: str = field(repr=False)
    receiver: str

    def __post_init__(self) -> None:
        try:
            size = len(self._aes_key)
        except ValueError:
            size = 0
        if size != 32:
            raise NotUnderstood("企业微信的 EncodingAESKey 不对", "应是后台生成的 43 个字母和数字")

    @property
    def _aes_key(self) -> bytes:
        return base64.b64decode(self.key + "=", validate=True)

    def signature(self, timestamp: str, nonce: str, ciphertext: str) -> str:
        """The signature of an envelope, in hexadecimal."""
        parts = sorted((self.token, timestamp, nonce, ciphertext))
        return hashlib.sha1("".join(parts).encode(), usedforsecurity=False).hexdigest()

    def open(self, signature: str, timestamp: str, nonce: str, ciphertext: str) -> str:
        """What an envelope holds. Raises Refused unless signature, padding and receiver all are right."""
        known = self.signature(timestamp, nonce, ciphertext)
        if not hmac.compare_digest(known.encode(), signature.encode()):
            raise Refused("签名不对")
        try:
            sealed = base64.b64decode(ciphertext, validate=True)
            decryptor = self._cipher().decryptor()
            plain = decryptor.update(sealed) + decryptor.finalize()
        except ValueError as fault:
            raise Refused("密文不对") from fault
        pad = plain[-1] if plain else 0
        if not 1 <= pad <= _BLOCK or plain[-pad:] != bytes([pad]) * pad:
            raise Refused("密文不对")
        content = plain[_RANDOM:-pad]
        size = int.from_bytes(content[:_LENGTH], "big")
        message, receiver = content[_LENGTH : _LENGTH + size], content[_LENGTH + size :]
        if len(message) != size or receiver != self.receiver.encode():
            raise Refused("密文不对")
        try:
            return message.decode()
        except UnicodeDecodeError as fault:
            raise Refused("密文不对") from fault

    def seal(self, message: str) -> str:
        """The ciphertext of a message; no two are alike."""
        body = message.encode()
        plain = secrets.token_bytes(_RANDOM) + len(body).to_bytes(_LENGTH, "big") + body + self.receiver.encode()
        pad = _BLOCK - len(plain) % _BLOCK
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._aes_key), modes.CBC(self._aes_key[:16]))
