"""SSH signatures (SSHSIG, version 1) over messages, verified without ssh-keygen.

What is accepted is narrower than what ssh-keygen takes, so that one signature has one spelling:
no reserved bytes, SHA-512 only, nothing after the end, no certificates, no web authentication.
In a file a signature is one line of base64; `armour` makes ssh-keygen's own form of it.
"""

import struct
from functools import lru_cache
from hashlib import sha256, sha512
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ed25519

from qms.findings import Place, Reason, Refused, refused
from qms.formats.digests import from_base64, to_base64
from qms.formats.key_strength import ed25519_fault, p256_fault, rsa_fault

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

_MAGIC: Final = b"SSHSIG"
_BEGIN: Final = "-----BEGIN SSH SIGNATURE-----\n"
_END: Final = "-----END SSH SIGNATURE-----\n"
_COLUMNS: Final = 70
_HASH: Final = b"sha512"
_ED25519_ORDER: Final = 2**252 + 27742317777372353535851937790883648493

_ED25519: Final = "ssh-ed25519"
_RSA: Final = "ssh-rsa"
_P256: Final = "ecdsa-sha2-nistp256"
_SK_ED25519: Final = "sk-ssh-ed25519@openssh.com"
_SK_P256: Final = "sk-ecdsa-sha2-nistp256@openssh.com"
KEY_TYPES: Final = (_ED25519, _RSA, _P256, _SK_ED25519, _SK_P256)
"""The types of keys that may sign, as they stand at the front of a key line."""

_SIGNATURE_NAMES: Final = {
    _ED25519: b"ssh-ed25519",
    _RSA: b"rsa-sha2-512",
    _P256: b"ecdsa-sha2-nistp256",
    _SK_ED25519: b"sk-ssh-ed25519@openssh.com",
    _SK_P256: b"sk-ecdsa-sha2-nistp256@openssh.com",
}

_CryptoKey: TypeAlias = "ed25519.Ed25519PublicKey | rsa.RSAPublicKey | ec.EllipticCurvePublicKey"


class PublicKey(NamedTuple):
    """A public key that may sign. `blob` is its identity: the comment of a key file is not."""

    type: str
    blob: bytes

    @classmethod
    def parse(cls, text: str) -> "PublicKey":
        """The key that a line ``ssh-ed25519 AAAA…`` holds: two words, one space, no comment.

        Raises Refused KEY-FORM for another form, KEY-TYPE for a type that may not sign
        (certificates among them), KEY-WEAK for an RSA key of fewer than 3072 bits or with other
        numbers that keep no secret, KEY-POINT for a point that can't be a key or has two spellings.
        """
        name, space, encoded = text.partition(" ")
        if not space:
            raise refused("KEY-FORM", Place(), found=text[:60])
        try:
            blob = from_base64(encoded)
        except Refused as error:
            raise refused("KEY-FORM", Place(), found=text[:60]) from error
        key = cls.from_blob(blob)
        if key.type != name:
            raise refused("KEY-FORM", Place(), found=text[:60])
        return key

    @classmethod
    def from_blob(cls, blob: bytes) -> "PublicKey":
        """The key whose wire form is `blob`; raises as `parse` does."""
        return _parsed(blob).key

    @property
    def text(self) -> str:
        """The line that `parse` reads."""
        return f"{self.type} {to_base64(self.blob)}"

    @property
    def fingerprint(self) -> str:
        """The digest that ssh-keygen prints for it: ``SHA256:`` and base64 without padding."""
        return _fingerprint(self.blob)

    @property
    def is_hardware(self) -> bool:
        """Whether the private half lives in a security key (FIDO)."""
        return self.type in (_SK_ED25519, _SK_P256)


class Assurance(NamedTuple):
    """What a valid signature proves about the hand that made it.

    A `fido` signature tells whether somebody touched the security key (`present`) and whether it
    asked for the PIN or finger (`verified`); a `file` signature proves neither. `counter` is what
    the security key had counted, 0 for files.
    """

    kind: Literal["file", "fido"]
    present: bool = False
    verified: bool = False
    counter: int = 0


class Claim(NamedTuple):
    """That the key with the fingerprint `key` made `signature` over `message` in `namespace`."""

    message: bytes
    signature: str
    namespace: str
    key: str


class _Parsed(NamedTuple):
    """A key with the object that verifies and, for a security key, its application's digest."""

    key: PublicKey
    crypto: _CryptoKey
    application: bytes


class _Blob(NamedTuple):
    """The parts of a signature that differ from one to the next."""

    key: bytes
    namespace: bytes
    signature: bytes


def verify(message: bytes, signature: str, namespace: str, key: PublicKey) -> Assurance:
    """Tells how surely `key` signed `message` in `namespace`; `signature` is one line of base64.

    Raises Refused NOT-CANONICAL where the signature is not in its one spelling, NAMESPACE where
    it was made for something else (a git commit, a login, another act), SIGNATURE where it is not
    that key's or not over that message.
    """
    blob = _parse_signature(signature)
    if blob.namespace != namespace.encode():
        raise refused("NAMESPACE", Place(), found=_shown(blob.namespace), expected=namespace)
    if blob.key != key.blob:
        raise refused("SIGNATURE", Place(), Reason.NOT_SIGNED_BY, part="key", key=key.fingerprint)
    parsed = _parsed(key.blob)
    reader = _WireReader(blob.signature)
    if reader.string() != _SIGNATURE_NAMES[key.type]:
        raise refused(
            "SIGNATURE", Place(), Reason.NOT_SIGNED_BY, part="algorithm", key=key.fingerprint
        )
    name = namespace.encode()
    signed = b"".join(
        (_MAGIC, _string(name), _string(b""), _string(_HASH), _string(sha512(message).digest()))
    )
    value = reader.string()
    assurance = Assurance("file")
    if parsed.application:
        flags, counter = reader.integer("B"), reader.integer("I")
        assurance = _touched(flags, counter)
        signed = b"".join(
            (parsed.application, struct.pack(">BI", flags, counter), sha256(signed).digest())
        )
    reader.end()
    if not _is_valid(parsed.crypto, value, signed):
        raise refused("SIGNATURE", Place(), Reason.NOT_SIGNED_BY, part="bytes", key=key.fingerprint)
    return assurance


def assurance(signature: str) -> Assurance:
    """What a signature that was verified proves about the hand that made it.

    The flags are signed with the message; nothing is verified here. Raises as `verify` does.
    """
    blob = _parse_signature(signature)
    if not _parsed(blob.key).application:
        return Assurance("file")
    reader = _WireReader(blob.signature)
    for _ in ("algorithm", "value"):
        reader.string()
    return _touched(reader.integer("B"), reader.integer("I"))


def holds(claim: Claim) -> bool:
    """Whether a claim is true: the key is the one that is named, and `verify` lets it pass."""
    try:
        key = signing_key(claim.signature)
        if key.fingerprint != claim.key:
            return False
        verify(claim.message, claim.signature, claim.namespace, key)
    except Refused:
        return False
    return True


def signing_key(signature: str) -> PublicKey:
    """The key that a signature says it was made with; nothing is verified.

    Raises Refused NOT-CANONICAL, and KEY-… for a key that may not sign.
    """
    return PublicKey.from_blob(_parse_signature(signature).key)


def armour(signature: str) -> str:
    """The signature as ssh-keygen writes it to a file, for ``ssh-keygen -Y verify -s``."""
    lines = (signature[at : at + _COLUMNS] for at in range(0, len(signature), _COLUMNS))
    return _BEGIN + "".join(line + "\n" for line in lines) + _END


def from_armour(text: str) -> str:
    """The one-line signature in a file that ssh-keygen wrote (line ends of Windows are fine).

    Raises Refused NOT-CANONICAL for any other spelling.
    """
    text = text.replace("\r\n", "\n")
    inner = text.removeprefix(_BEGIN).removesuffix(_END)
    signature = inner.replace("\n", "")
    from_base64(signature)
    if armour(signature) != text:
        raise _not_canonical("armour")
    return signature


class _WireReader:
    """Reads SSH's wire form; what is too short or too long is NOT-CANONICAL."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes, at: int = 0) -> None:
        self._data = data
        self._at = at

    def string(self) -> bytes:
        """The next length-prefixed string."""
        start = self._at + 4
        if start > len(self._data):
            raise _not_canonical("blob")
        end = start + int.from_bytes(self._data[self._at : start], "big")
        if end > len(self._data):
            raise _not_canonical("blob")
        self._at = end
        return self._data[start:end]

    def integer(self, form: Literal["B", "I"]) -> int:
        """The next unsigned byte or 32-bit number."""
        size = 1 if form == "B" else 4
        end = self._at + size
        if end > len(self._data):
            raise _not_canonical("blob")
        value = int.from_bytes(self._data[self._at : end], "big")
        self._at = end
        return value

    def mpint(self) -> int:
        """The next positive number, in its shortest form."""
        data = self.string()
        if not data or data[0] & 0x80 or (data[0] == 0 and (len(data) == 1 or data[1] < 0x80)):  # noqa: PLR2004
            raise _not_canonical("number")
        return int.from_bytes(data, "big")

    def end(self) -> None:
        """Nothing may follow."""
        if self._at != len(self._data):
            raise _not_canonical("trailing")


@lru_cache(maxsize=4096)
def _fingerprint(blob: bytes) -> str:
    return "SHA256:" + to_base64(sha256(blob).digest()).rstrip("=")


@lru_cache(maxsize=16)  # who asks for a signature's key then verifies it
def _parse_signature(signature: str) -> _Blob:
    data = from_base64(signature)
    if data[:6] != _MAGIC:
        raise _not_canonical("magic")
    reader = _WireReader(data, 6)
    if reader.integer("I") != 1:
        raise _not_canonical("version")
    key, namespace = reader.string(), reader.string()
    if reader.string():
        raise _not_canonical("reserved")
    if reader.string() != _HASH:
        raise _not_canonical("hash")
    value = reader.string()
    reader.end()
    return _Blob(key, namespace, value)


@lru_cache(maxsize=4096)
def _parsed(blob: bytes) -> _Parsed:
    """The key in wire form `blob`, ready to verify; raises as `PublicKey.parse` does."""
    try:
        reader = _WireReader(blob)
        name = reader.string().decode("ascii", "backslashreplace")
        if name not in KEY_TYPES:
            raise refused("KEY-TYPE", Place(), Reason.UNKNOWN_KEY, found=name[:60])
        crypto = _crypto_key(name, reader)
        application = b""
        if name in (_SK_ED25519, _SK_P256):
            application = sha256(reader.string()).digest()
        reader.end()
    except Refused as error:
        if error.finding.reason is Reason.NOT_CANONICAL:
            raise refused("KEY-FORM", Place(), found=to_base64(blob)[:60]) from error
        raise
    except (ValueError, UnsupportedAlgorithm) as error:
        raise refused("KEY-FORM", Place(), found=to_base64(blob)[:60]) from error
    return _Parsed(PublicKey(name, blob), crypto, application)


def _crypto_key(name: str, reader: _WireReader) -> _CryptoKey:
    if name in (_ED25519, _SK_ED25519):
        raw = reader.string()
        _check_point(ed25519_fault(raw), raw)
        return ed25519.Ed25519PublicKey.from_public_bytes(raw)
    from qms.formats import other_keys  # noqa: PLC0415 - few have such keys

    if name == _RSA:
        return other_keys.rsa_key(*_rsa_numbers(reader))
    curve, point = reader.string(), reader.string()
    if curve != b"nistp256":
        raise _not_canonical("curve")
    _check_point(p256_fault(point), point)
    return other_keys.p256_key(point)


def _rsa_numbers(reader: _WireReader) -> tuple[int, int]:
    exponent, modulus = reader.mpint(), reader.mpint()
    fault = rsa_fault(exponent, modulus)
    if fault:
        found = {"bits": str(modulus.bit_length()), "exponent": f"{exponent:#x}"[:20]}
        raise refused("KEY-WEAK", Place(), part=fault, found=found.get(fault, "…"))
    return exponent, modulus


def _check_point(fault: str, point: bytes) -> None:
    if fault:
        raise refused("KEY-POINT", Place(), part=fault, found=to_base64(point)[:60])


def _is_valid(crypto: _CryptoKey, value: bytes, signed: bytes) -> bool:
    try:
        if isinstance(crypto, ed25519.Ed25519PublicKey):
            # A signature with S + L in place of S would be a second spelling.
            if int.from_bytes(value[32:], "little") >= _ED25519_ORDER:
                return False
            crypto.verify(value, signed)
        else:
            _verify_other(crypto, value, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def _verify_other(
    crypto: "rsa.RSAPublicKey | ec.EllipticCurvePublicKey", value: bytes, signed: bytes
) -> None:
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415 - few have such keys

    from qms.formats import other_keys  # noqa: PLC0415 - as above

    if isinstance(crypto, rsa.RSAPublicKey):
        other_keys.verify_rsa(crypto, value, signed)
        return
    reader = _WireReader(value)
    r, s = reader.mpint(), reader.mpint()
    reader.end()
    other_keys.verify_p256(crypto, r, s, signed)


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def _touched(flags: int, counter: int) -> Assurance:
    return Assurance("fido", bool(flags & 0x01), bool(flags & 0x04), counter)


def _shown(name: bytes) -> str:
    return name[:60].decode("utf-8", "backslashreplace")


def _not_canonical(part: str) -> Refused:
    return refused("NOT-CANONICAL", Place(), Reason.NOT_CANONICAL, part=part, found="signature")
