"""Public keys that prove nothing: found by their numbers alone, before anything is verified.

With a point of small order as key one signature fits every message, with an RSA exponent of 1
anybody signs; and a point that is written in two ways is two keys with one private half. ssh-keygen
makes none of these, and takes most of them.

What is asked here is cheap and complete for ed25519 and P-256. For RSA it can't be complete:
whoever wants to give a private key away can publish it just as well.
"""

from functools import cache
from math import gcd, isqrt, prod
from typing import Final

_P25519: Final = 2**255 - 19
_D25519: Final = 37095705934669439343138083508754565189542113879843219016388785533085940283555
_SMALL_ORDER: Final = frozenset(
    (
        1,  # order 1
        _P25519 - 1,  # order 2
        0,  # order 4, two points
        2707385501144840649318225287225658788936804267575313519463743609750303402022,  # order 8
        55188659117513257062467267217118295137698188065244968500265048394206261417927,
    )
)
"""The y of all eight points whose order divides 8."""

_P256: Final = 2**256 - 2**224 + 2**192 + 2**96 - 1
_B256: Final = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_UNCOMPRESSED: Final = 4

RSA_BITS: Final = range(3072, 16384 + 1)
"""Bits that the modulus of an RSA key may have."""

RSA_EXPONENTS: Final = range(3, 2**64, 2)
"""Exponents that an RSA key may have: odd, not 1; a larger one would only make verifying slow."""

_SMALL_PRIMES: Final = 1000


def ed25519_fault(raw: bytes) -> str:
    """What is wrong with a point in its 32 bytes; empty where it may be a key."""
    # The highest bit is the sign of x. Both are points, but for x = 0: small order.
    y = int.from_bytes(raw, "little") & (1 << 255) - 1
    if len(raw) != 32:  # noqa: PLR2004
        return "not 32 bytes"
    if y >= _P25519:
        return "not canonical"
    if y in _SMALL_ORDER:
        return "small order"
    square = y * y % _P25519
    # x² is (y²-1)/(dy²+1), and a quotient is a square where the product is.
    product = (square - 1) * (_D25519 * square + 1) % _P25519
    return "" if pow(product, (_P25519 - 1) // 2, _P25519) == 1 else "not on the curve"


def p256_fault(point: bytes) -> str:
    """What is wrong with a point as SEC 1 writes it; empty where it may be a key.

    The curve's order is a prime, so every point but that at infinity is as good as any other.
    """
    if len(point) != 65 or point[0] != _UNCOMPRESSED:  # noqa: PLR2004 - a byte and two numbers
        return "not uncompressed"
    x, y = int.from_bytes(point[1:33], "big"), int.from_bytes(point[33:], "big")
    if x >= _P256 or y >= _P256:
        return "not canonical"
    return "" if (y * y - x**3 + 3 * x - _B256) % _P256 == 0 else "not on the curve"


def rsa_fault(exponent: int, modulus: int) -> str:
    """What is wrong with an RSA key's numbers; empty where it may be a key.

    The modulus has no prime factor below a thousand, and its two primes aren't one.
    """
    if modulus.bit_length() not in RSA_BITS:
        return "bits"
    if exponent not in RSA_EXPONENTS:
        return "exponent"
    if gcd(modulus, _small_primes()) != 1 or isqrt(modulus) ** 2 == modulus:
        return "factors"
    return ""


@cache
def _small_primes() -> int:
    """The product of all primes below `_SMALL_PRIMES`."""
    return prod(
        one
        for one in range(2, _SMALL_PRIMES)
        if all(one % other for other in range(2, isqrt(one) + 1))
    )
