"""The curve of ed25519 by hand, for keys and signatures that no honest program makes.

Slow and with no care for secrets: never for anything but tests.
"""

from collections.abc import Iterator
from hashlib import sha512
from typing import Final, TypeAlias

Point: TypeAlias = tuple[int, int]

P: Final = 2**255 - 19
ORDER: Final = 2**252 + 27742317777372353535851937790883648493
_D: Final = -121665 * pow(121666, -1, P) % P
_ROOT: Final = pow(2, (P - 1) // 4, P)

IDENTITY: Final[Point] = (0, 1)
ORDER_8: Final[Point] = (
    14399317868200118260347934320527232580618823971194345261214217575416788799818,
    55188659117513257062467267217118295137698188065244968500265048394206261417927,
)
"""A point of order 8: its multiples are all points of small order."""


def add(one: Point, other: Point) -> Point:
    """The sum of two points."""
    (x, y), (u, v) = one, other
    product = _D * x * u * y * v % P
    return (
        (x * v + y * u) * pow(1 + product, -1, P) % P,
        (y * v + x * u) * pow(1 - product, -1, P) % P,
    )


def times(factor: int, point: Point) -> Point:
    """A multiple of a point."""
    found = IDENTITY
    for bit in f"{factor:b}":
        found = add(found, found)
        if bit == "1":
            found = add(found, point)
    return found


def encode(point: Point) -> bytes:
    """A point in its one spelling."""
    return spelled(point[1], point[0] & 1)


def spelled(y: int, sign: int) -> bytes:
    """The 32 bytes with these two parts, whether or not they are any point's one spelling."""
    return (y | sign << 255).to_bytes(32, "little")


def decode(data: bytes) -> Point:
    """The point in 32 bytes, as lax implementations read it; ValueError where there is none."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, (number & (1 << 255) - 1) % P
    square = (y * y - 1) * pow(_D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * _ROOT % P
    if x * x % P != square:
        raise ValueError("not on the curve")
    return (P - x if x & 1 != sign else x) % P, y


BASE: Final = (
    15112221349535400772501151409588531511454012693041857206046113283949847762202,
    46316835694926478169428394003475163141307993866256225615783033603165251855960,
)
"""The point that public keys are multiples of."""


def small_order() -> Iterator[bytes]:
    """All spellings of the eight points of small order: eight canonical ones, then the others."""
    ys = [times(at, ORDER_8) for at in range(8)]
    yield from map(encode, ys)
    for _, y in (times(0, ORDER_8), times(4, ORDER_8)):
        yield spelled(y, 1)  # x is 0, and has no sign
    for y in (P, P + 1):
        for sign in (0, 1):
            yield spelled(y, sign)


def secret(seed: bytes) -> int:
    """The number whose multiple of `BASE` is the public key of a private one."""
    low = int.from_bytes(sha512(seed).digest()[:32], "little")
    return (low & (1 << 254) - 8) | 1 << 254


def challenge(nonce: bytes, public: bytes, message: bytes) -> int:
    """What nonce point, key and message are hashed to."""
    return int.from_bytes(sha512(nonce + public + message).digest(), "little") % ORDER
