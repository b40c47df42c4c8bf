"""SSH signatures laid by hand, for what ssh-keygen makes only with a device, or not twice alike.

A security key signs, instead of the message, the digest of its application, a byte of flags
(somebody touched it, somebody gave the PIN), a counter and the digest of the message; flags and
counter stand behind the signature. ECDSA is signed with the number that RFC 6979 derives from key
and message, so that one statement has one signature. ``ssh-keygen -Y verify`` takes them all.
"""

import base64
import struct
from hashlib import sha256, sha512
from typing import Final, TypeAlias

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

Private: TypeAlias = Ed25519PrivateKey | ec.EllipticCurvePrivateKey

APPLICATION: Final = b"ssh:"
TOUCHED: Final = 0x01
VERIFIED: Final = 0x04
"""Flags of a security key: somebody was there; the PIN or a finger was asked for."""

_ED25519: Final = b"ssh-ed25519"
_P256: Final = b"ecdsa-sha2-nistp256"


def wire(*parts: bytes) -> bytes:
    """SSH's length-prefixed strings."""
    return b"".join(struct.pack(">I", len(part)) + part for part in parts)


def signed_bytes(namespace: str, message: bytes) -> bytes:
    """What an SSH signature of `message` is made over."""
    return b"SSHSIG" + wire(namespace.encode(), b"", b"sha512", sha512(message).digest())


def public_blob(private: Private, *, is_security_key: bool = False) -> bytes:
    """The public half in wire form, as one of a security key where that is wanted."""
    if isinstance(private, Ed25519PrivateKey):
        blob = wire(_ED25519, private.public_key().public_bytes_raw())
    else:
        numbers = private.public_key().public_numbers()
        point = b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
        blob = wire(_P256, b"nistp256", point)
    if not is_security_key:
        return blob
    name = _name(private)
    return wire(_security(name)) + blob[4 + len(name) :] + wire(APPLICATION)


def plain(private: Private, data: bytes) -> bytes:
    """The signature of a key file over `data`: its algorithm's name and value."""
    return wire(_name(private), _value(private, data))


def touched(
    private: Private, data: bytes, *, flags: int = TOUCHED | VERIFIED, counter: int = 1
) -> bytes:
    """The signature of a security key over `data`, with its flags and counter."""
    end = struct.pack(">BI", flags, counter)
    told = sha256(APPLICATION).digest() + end + sha256(data).digest()
    return wire(_security(_name(private)), _value(private, told)) + end


def laid(  # noqa: PLR0913
    key: bytes, namespace: str, signature: bytes, *, version: int = 1,
    reserved: bytes = b"", algorithm: bytes = b"sha512", end: bytes = b"",
) -> str:  # fmt: skip
    """One line of base64 as it stands in a slot; the parts may be wrong."""
    parts = wire(key, namespace.encode(), reserved, algorithm, signature)
    return base64.b64encode(b"SSHSIG" + struct.pack(">I", version) + parts + end).decode("ascii")


def _name(private: Private) -> bytes:
    return _ED25519 if isinstance(private, Ed25519PrivateKey) else _P256


def _security(name: bytes) -> bytes:
    return b"sk-" + name + b"@openssh.com"


def _value(private: Private, data: bytes) -> bytes:
    if isinstance(private, Ed25519PrivateKey):
        return private.sign(data)
    how = ec.ECDSA(SHA256(), deterministic_signing=True)
    return wire(*map(_mpint, decode_dss_signature(private.sign(data, how))))


def _mpint(number: int) -> bytes:
    return number.to_bytes(number.bit_length() // 8 + 1, "big")
