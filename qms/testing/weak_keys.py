"""Keys that may not sign: points and moduli that prove nothing, or that others can sign by."""

from collections.abc import Iterator

from qms.testing import edwards, signatures
from qms.testing.signatures import wire


def weak_keys(ecdsa: bytes) -> Iterator[tuple[str, str, bytes, bytes]]:
    """Name, verdict, the key's blob, and a signature; some are made of the blob of a good key."""
    nobody = edwards.encode(edwards.IDENTITY) + bytes(32)
    points = [(f"small-order-{at}", raw) for at, raw in enumerate(edwards.small_order())]
    points += [("above-the-field", edwards.spelled(edwards.P + 4, 0))]
    points += [("off-the-curve", edwards.spelled(2, 0)), ("short", bytes(31))]
    for name, raw in points:
        yield (
            f"ed25519-{name}",
            "KEY-POINT",
            wire(b"ssh-ed25519", raw),
            wire(b"ssh-ed25519", nobody),
        )
    sk = b"sk-ssh-ed25519@openssh.com"
    for name, raw in (points[0], points[-2]):
        blob = wire(sk, raw, signatures.APPLICATION)
        yield f"sk-ed25519-{name}", "KEY-POINT", blob, wire(sk, nobody) + b"\x05\0\0\0\1"
    curve, field = b"ecdsa-sha2-nistp256", 2**256 - 2**224 + 2**192 + 2**96 - 1
    x, y = ecdsa[-64:-32], ecdsa[-32:]
    for name, point in (
        ("infinity", b"\0"),
        ("zero", b"\4" + bytes(64)),
        ("off-the-curve", b"\4" + x + x),
        ("compressed", bytes([2 + y[-1] % 2]) + x),
        ("hybrid", bytes([6 + y[-1] % 2]) + x + y),
        ("above-the-field", b"\4" + field.to_bytes(32, "big") + y),
    ):
        value = wire(curve, wire(b"\1", b"\1"))
        yield f"ecdsa-{name}", "KEY-POINT", wire(curve, b"nistp256", point), value
    modulus = 2**3072 - 2**1000 - 1
    for name, exponent, number in (
        ("exponent-1", 1, modulus),
        ("exponent-even", 65536, modulus),
        ("exponent-large", 2**64 + 1, modulus),
        ("even", 65537, 2**3072 - 2),
        ("power-of-two", 65537, 2**3071),
        ("small-factor", 65537, 997 * (2**3064 + 1)),
        ("square", 65537, (2**1540 + 643) ** 2),
    ):
        blob = wire(b"ssh-rsa", *map(_mpint, (exponent, number)))
        yield f"rsa-{name}", "KEY-WEAK", blob, wire(b"rsa-sha2-512", b"\1" * 384)


def _mpint(number: int) -> bytes:
    """A positive number as SSH writes it."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")
