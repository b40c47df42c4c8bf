"""Keys that prove nothing may not sign: with some of them one signature fits every message."""

from hashlib import sha256
from math import factorial, gcd

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from qms.formats.key_strength import ed25519_fault, p256_fault, rsa_fault
from qms.testing import edwards

SEED = b"\x01" * 32
PUBLIC = Ed25519PrivateKey.from_private_bytes(SEED).public_key().public_bytes_raw()
SMALL = tuple(edwards.small_order())
P256 = 2**256 - 2**224 + 2**192 + 2**96 - 1
B256 = 41058363725152142129326129780047268409114441015993725554835256314039467401291
GOOD_MODULUS = next(one for one in range(2**3072 - 1, 2**3071, -2) if gcd(one, factorial(999)) == 1)
SQUARE = next(one for one in range(2**1600, 2**1601) if gcd(one, factorial(999)) == 1) ** 2


def holds(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def forged(public: bytes, message: bytes) -> bytes | None:
    """A signature that nobody's private key made, where a key of small order takes one."""
    for at in range(8):
        nonce = edwards.encode(edwards.times(at, edwards.ORDER_8))
        if holds(public, nonce + bytes(32), message):
            return nonce + bytes(32)
    return None


def test_one_signature_by_a_key_of_small_order_fits_every_message() -> None:
    """The attack itself: it is the library that verifies which lets it through."""
    identity = edwards.encode(edwards.IDENTITY)
    signature = identity + bytes(32)

    assert all(holds(identity, signature, message) for message in (b"one", b"two", b"three"))


def test_everybody_signs_most_messages_by_any_key_of_small_order() -> None:
    for public in SMALL[:8]:
        messages = [f"message {at}".encode() for at in range(8)]

        assert any(forged(public, message) is not None for message in messages)


def test_there_are_fourteen_spellings_of_the_eight_points_of_small_order() -> None:
    points = [edwards.decode(one) for one in SMALL]

    assert len(set(SMALL)) == 14
    assert len(set(points)) == 8
    assert {edwards.times(8, point) for point in points} == {edwards.IDENTITY}


@pytest.mark.parametrize("raw", SMALL, ids=bytes.hex)
def test_a_point_of_small_order_is_no_key(raw: bytes) -> None:
    wanted = "small order" if int.from_bytes(raw, "little") & ~(1 << 255) < edwards.P else "not ca"

    assert ed25519_fault(raw).startswith(wanted)


@pytest.mark.parametrize("over", range(19))
@pytest.mark.parametrize("sign", [0, 1])
def test_a_number_above_the_field_is_a_second_spelling_and_no_key(over: int, sign: int) -> None:
    assert ed25519_fault(edwards.spelled(edwards.P + over, sign)) == "not canonical"


def test_a_key_is_a_point_of_the_curve() -> None:
    assert ed25519_fault(PUBLIC) == ""
    assert ed25519_fault(PUBLIC[:31] + bytes([PUBLIC[31] ^ 0x80])) == ""
    assert ed25519_fault(edwards.spelled(2, 0)) == "not on the curve"
    assert ed25519_fault(PUBLIC[:31]) == "not 32 bytes"


@pytest.mark.parametrize("y", range(2, 60))
def test_the_curve_is_told_apart_as_decoding_does(y: int) -> None:
    try:
        edwards.decode(edwards.spelled(y, 0))
        wanted = ""
    except ValueError:
        wanted = "not on the curve"

    assert ed25519_fault(edwards.spelled(y, 0)) == wanted


def test_a_nonce_of_small_order_fits_one_message_alone() -> None:
    """Why the R of a signature needs no rule: the key's own order binds it to its message."""
    nonce = edwards.encode(edwards.IDENTITY)
    value = edwards.challenge(nonce, PUBLIC, b"one") * edwards.secret(SEED) % edwards.ORDER
    signature = nonce + value.to_bytes(32, "little")

    assert holds(PUBLIC, signature, b"one")
    assert not holds(PUBLIC, signature, b"two")


def test_p256_takes_the_points_of_its_curve_in_one_spelling() -> None:
    private = ec.derive_private_key(int.from_bytes(sha256(b"x").digest(), "big"), ec.SECP256R1())
    numbers = private.public_key().public_numbers()
    x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")

    assert p256_fault(b"\x04" + x + y) == ""
    assert p256_fault(b"\x00") == "not uncompressed"
    assert p256_fault(b"\x02" + x) == "not uncompressed"
    assert p256_fault(b"\x06" + x + y) == "not uncompressed"
    assert p256_fault(b"\x04" + x + x) == "not on the curve"
    assert p256_fault(b"\x04" + bytes(64)) == "not on the curve"


def test_p256_takes_no_coordinate_above_its_field() -> None:
    low = b"\x04" + bytes(32) + pow(B256, (P256 + 1) // 4, P256).to_bytes(32, "big")

    assert p256_fault(low) == ""
    assert p256_fault(b"\x04" + P256.to_bytes(32, "big") + low[33:]) == "not canonical"
    assert p256_fault(low[:33] + (2**256 - 1).to_bytes(32, "big")) == "not canonical"


@pytest.mark.parametrize(
    ("exponent", "modulus", "fault"),
    [
        (65537, GOOD_MODULUS, ""),
        (3, GOOD_MODULUS, ""),
        (37, GOOD_MODULUS, ""),
        (0, GOOD_MODULUS, "exponent"),
        (1, GOOD_MODULUS, "exponent"),
        (2, GOOD_MODULUS, "exponent"),
        (65536, GOOD_MODULUS, "exponent"),
        (2**64 + 1, GOOD_MODULUS, "exponent"),
        (65537, 2**3071 - 1, "bits"),
        (65537, 2**16384, "bits"),
        (65537, 2**3071, "factors"),
        (65537, GOOD_MODULUS + 1, "factors"),
        (65537, 997 * (2**3071 + 1), "factors"),
        (65537, SQUARE, "factors"),
    ],
    ids=map(str, range(14)),
)
def test_an_rsa_key_has_no_number_that_gives_it_away(
    exponent: int, modulus: int, fault: str
) -> None:
    assert rsa_fault(exponent, modulus) == fault
