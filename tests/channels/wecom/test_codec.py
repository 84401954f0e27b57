"""The envelope of WeCom's callbacks, on the vendor's published samples."""

import base64
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.channels.wecom.codec import Codec, Refused
from assistant.domain.errors import NotUnderstood


class Sample(NamedTuple):
    codec: Codec
    signature: str
    timestamp: str
    nonce: str
    echo: str
    says: str


#: both are samples of the vendor's documentation
SAMPLES = (
    Sample(
        Codec("hJqcu3uJ9Tn2gXPmxx2w9kkCkCE2EPYo", "6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt", "ww1436e0e65a779aee"),
        "012bc692d0a58dd4b10f8dfe5c4ac00ae211ebeb",
        "1476416373",
        "47744683",
        "fsi1xnbH4yQh0+PJxcOdhhK6TDXkjMyhEPA7xB2TGz6b+g7xyAbEkRxN/3cNXW9qdqjnoVzEtpbhnFyq6SVHyA==",
        "1288432023552776189",
    ),
    Sample(
        Codec("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7"),
        "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
        "1409659589",
        "263014780",
        "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==",
        "1616140317555161061",
    ),
)
FIRST = SAMPLES[0]
OTHER = SAMPLES[1].codec


def opened(codec: Codec, ciphertext: str) -> str:
    return codec.open(codec.signature("1", "2", ciphertext), "1", "2", ciphertext)


@pytest.mark.parametrize("sample", SAMPLES, ids=("first", "second"))
def test_the_vendors_samples_are_opened(sample: Sample) -> None:
    says = sample.codec.open(sample.signature, sample.timestamp, sample.nonce, sample.echo)

    assert says == sample.says


@pytest.mark.parametrize("changed", ["signature", "timestamp", "nonce", "echo"])
def test_an_envelope_of_which_any_part_was_changed_is_refused(changed: str) -> None:
    sample = FIRST._replace(**{changed: "A" + getattr(FIRST, changed)[1:]})

    with pytest.raises(Refused):
        sample.codec.open(sample.signature, sample.timestamp, sample.nonce, sample.echo)


def test_an_envelope_sealed_for_another_receiver_is_refused() -> None:
    codec = FIRST.codec
    elsewhere = Codec(codec.token, codec.key, "ww-other")

    with pytest.raises(Refused):
        opened(codec, elsewhere.seal("漏气了"))


def test_an_envelope_sealed_with_another_key_is_refused() -> None:
    codec = FIRST.codec
    other = Codec(codec.token, OTHER.key, codec.receiver)

    with pytest.raises(Refused):
        opened(codec, other.seal("漏气了"))


@pytest.mark.parametrize("ciphertext", ["", "****", base64.b64encode(b"short").decode(), "签名"])
def test_what_is_no_ciphertext_is_refused_even_when_signed(ciphertext: str) -> None:
    with pytest.raises(Refused):
        opened(FIRST.codec, ciphertext)


def test_a_key_of_the_wrong_length_is_told_at_once() -> None:
    with pytest.raises(NotUnderstood, match="43"):
        Codec("token", "tooshort", "corp")


def test_token_and_key_are_not_shown_in_what_is_printed() -> None:
    assert FIRST.codec.token not in repr(FIRST.codec)
    assert FIRST.codec.key not in repr(FIRST.codec)


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=200))
def test_what_is_sealed_is_opened_again(text: str) -> None:
    assert opened(FIRST.codec, FIRST.codec.seal(text)) == text
