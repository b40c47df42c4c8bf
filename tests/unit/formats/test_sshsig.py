"""SSH signatures are verified as ssh-keygen does, and in one spelling only."""

import base64
import shutil
import struct
import subprocess
from collections.abc import Callable
from hashlib import sha256, sha512
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA512
from hypothesis import given
from hypothesis import strategies as st

from qms.findings import QmsError, Refused
from qms.formats.sshsig import (
    Assurance,
    PublicKey,
    armour,
    from_armour,
    signing_key,
    verify,
)

NAMESPACE = "qms-approve-v1"
MESSAGE = b'{"act":"approve"}\n'
ED25519 = ed25519.Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
RAW = ED25519.public_key().public_bytes_raw()
ORDER = 2**252 + 27742317777372353535851937790883648493


def wire(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def number(value: int) -> bytes:
    return value.to_bytes(value.bit_length() // 8 + 1, "big")


def signed_bytes(message: bytes = MESSAGE, namespace: str = NAMESPACE) -> bytes:
    return b"SSHSIG" + wire(namespace.encode(), b"", b"sha512", sha512(message).digest())


def blob(  # noqa: PLR0913
    key: bytes,
    signature: bytes,
    *,
    namespace: str = NAMESPACE,
    version: int = 1,
    reserved: bytes = b"",
    algorithm: bytes = b"sha512",
) -> bytes:
    return (
        b"SSHSIG"
        + version.to_bytes(4, "big")
        + wire(key, namespace.encode(), reserved, algorithm, signature)
    )


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


ED_KEY = PublicKey.from_blob(wire(b"ssh-ed25519", RAW))
ED_VALUE = ED25519.sign(signed_bytes())
ED_BLOB = blob(ED_KEY.blob, wire(b"ssh-ed25519", ED_VALUE))


def refusal(signature: str, key: PublicKey = ED_KEY, message: bytes = MESSAGE) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        verify(message, signature, NAMESPACE, key)
    finding = caught.value.finding
    return finding.code, finding.values.get("part", "")


def key_refusal(key: str) -> str:
    with pytest.raises(Refused) as caught:
        PublicKey.parse(key)
    return caught.value.finding.code


def ssh_keygen(*arguments: str, data: bytes = b"") -> bytes:
    program = shutil.which("ssh-keygen")
    assert program is not None
    done = subprocess.run([program, *arguments], input=data, capture_output=True, check=True)
    return done.stdout


@pytest.mark.parametrize(
    "kind", [("ed25519",), ("rsa", "-b", "3072"), ("ecdsa", "-b", "256")], ids=lambda kind: kind[0]
)
def test_a_signature_by_ssh_keygen_is_valid(kind: tuple[str, ...], tmp_path: Path) -> None:
    private = tmp_path / "key"
    ssh_keygen("-q", "-t", *kind, "-N", "", "-C", "", "-f", str(private))
    key = PublicKey.parse(private.with_suffix(".pub").read_text().strip())
    written = ssh_keygen("-Y", "sign", "-f", str(private), "-n", NAMESPACE, data=MESSAGE).decode()

    signature = from_armour(written)

    assert verify(MESSAGE, signature, NAMESPACE, key) == Assurance("file")
    assert armour(signature) == written
    assert signing_key(signature) == key
    assert key.fingerprint in ssh_keygen("-l", "-f", str(private)).decode()
    assert not key.is_hardware
    assert refusal(signature, key, b"other") == ("SIGNATURE", "bytes")


def test_our_spelling_is_what_ssh_keygen_takes(tmp_path: Path) -> None:
    (tmp_path / "sig").write_text(armour(text(ED_BLOB)))
    (tmp_path / "signers").write_text(f"li.si {ED_KEY.text}\n")

    said = ssh_keygen(
        *("-Y", "verify", "-n", NAMESPACE, "-I", "li.si"),
        *("-f", str(tmp_path / "signers"), "-s", str(tmp_path / "sig")),
        data=MESSAGE,
    )

    assert b"Good" in said
    assert verify(MESSAGE, text(ED_BLOB), NAMESPACE, ED_KEY) == Assurance("file")


@pytest.mark.parametrize("flags", [0, 1, 4, 5])
def test_a_security_key_tells_of_touch_and_pin(flags: int) -> None:
    key = PublicKey.from_blob(wire(b"sk-ssh-ed25519@openssh.com", RAW, b"ssh:"))
    tail = struct.pack(">BI", flags, 7)
    value = ED25519.sign(sha256(b"ssh:").digest() + tail + sha256(signed_bytes()).digest())
    signature = wire(b"sk-ssh-ed25519@openssh.com", value) + tail

    found = verify(MESSAGE, text(blob(key.blob, signature)), NAMESPACE, key)

    assert found == Assurance("fido", present=bool(flags & 1), verified=bool(flags & 4), counter=7)
    assert key.is_hardware


def test_flags_of_a_security_key_cannot_be_edited() -> None:
    key = PublicKey.from_blob(wire(b"sk-ssh-ed25519@openssh.com", RAW, b"ssh:"))
    made, claimed = struct.pack(">BI", 1, 7), struct.pack(">BI", 5, 7)
    value = ED25519.sign(sha256(b"ssh:").digest() + made + sha256(signed_bytes()).digest())
    signature = wire(b"sk-ssh-ed25519@openssh.com", value) + claimed

    assert refusal(text(blob(key.blob, signature)), key) == ("SIGNATURE", "bytes")


def test_a_security_key_with_a_p256_key() -> None:
    private = ec.derive_private_key(7, ec.SECP256R1())
    numbers = private.public_key().public_numbers()
    point = b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
    name = b"sk-ecdsa-sha2-nistp256@openssh.com"
    key = PublicKey.from_blob(wire(name, b"nistp256", point, b"ssh:"))
    tail = struct.pack(">BI", 5, 9)
    der = private.sign(
        sha256(b"ssh:").digest() + tail + sha256(signed_bytes()).digest(), ec.ECDSA(SHA256())
    )
    value = wire(*map(number, decode_dss_signature(der)))
    signature = text(blob(key.blob, wire(name, value) + tail))

    assert verify(MESSAGE, signature, NAMESPACE, key) == Assurance(
        "fido", present=True, verified=True, counter=9
    )
    web = text(blob(key.blob, wire(b"webauthn-" + name, value) + tail))
    assert refusal(web, key) == ("SIGNATURE", "algorithm")


def test_what_was_made_for_git_is_none_of_ours() -> None:
    value = ED25519.sign(signed_bytes(namespace="git"))
    made_for_git = text(blob(ED_KEY.blob, wire(b"ssh-ed25519", value), namespace="git"))

    with pytest.raises(Refused) as caught:
        verify(MESSAGE, made_for_git, NAMESPACE, ED_KEY)

    assert caught.value.finding.code == "NAMESPACE"
    assert caught.value.finding.values == {"found": "git", "expected": NAMESPACE}


def with_s(value: int) -> bytes:
    shifted = ED_VALUE[:32] + value.to_bytes(32, "little")
    return blob(ED_KEY.blob, wire(b"ssh-ed25519", shifted))


OTHER_KEY = wire(b"ssh-ed25519", b"\x02" * 32)
S = int.from_bytes(ED_VALUE[32:], "little")


@pytest.mark.parametrize(
    ("signature", "part"),
    [
        (text(ED_BLOB)[:-1], "base64"),
        (text(ED_BLOB) + "\n", "base64"),
        (text(ED_BLOB + b"\0"), "trailing"),
        (text(ED_BLOB[:-1]), "blob"),
        (text(b"SSHSIH" + ED_BLOB[6:]), "magic"),
        ("", "magic"),
        (text(ED_BLOB[:8]), "blob"),
        (text(ED_BLOB[:12]), "blob"),
        (text(blob(ED_KEY.blob, wire(b"ssh-ed25519", ED_VALUE), version=2)), "version"),
        (text(blob(ED_KEY.blob, wire(b"ssh-ed25519", ED_VALUE), reserved=b"x")), "reserved"),
        (text(blob(ED_KEY.blob, wire(b"ssh-ed25519", ED_VALUE), algorithm=b"sha256")), "hash"),
        (text(blob(ED_KEY.blob, wire(b"ssh-ed25519", ED_VALUE) + b"\0")), "trailing"),
    ],
)
def test_another_spelling_of_a_signature_is_refused(signature: str, part: str) -> None:
    assert refusal(signature) == ("NOT-CANONICAL", part)


@pytest.mark.parametrize(
    ("signature", "part"),
    [
        (text(with_s(S + ORDER)), "bytes"),
        (text(with_s(S ^ 1)), "bytes"),
        (text(blob(ED_KEY.blob, wire(b"ssh-ed25519", ED_VALUE[:63]))), "bytes"),
        (text(blob(ED_KEY.blob, wire(b"ssh-ed25519", b""))), "bytes"),
        (text(blob(ED_KEY.blob, wire(b"rsa-sha2-512", ED_VALUE))), "algorithm"),
        (text(blob(OTHER_KEY, wire(b"ssh-ed25519", ED_VALUE))), "key"),
        (text(blob(wire(b"ssh-ed25519-cert-v01@openssh.com"), b"")), "key"),
    ],
)
def test_what_the_key_did_not_sign_is_refused(signature: str, part: str) -> None:
    assert refusal(signature) == ("SIGNATURE", part)


RSA = rsa.generate_private_key(65537, 3072)
RSA_NUMBERS = RSA.public_key().public_numbers()
RSA_KEY = PublicKey.from_blob(wire(b"ssh-rsa", number(RSA_NUMBERS.e), number(RSA_NUMBERS.n)))


def test_rsa_signs_with_sha_512_only() -> None:
    value = RSA.sign(signed_bytes(), padding.PKCS1v15(), SHA512())
    weak = RSA.sign(signed_bytes(), padding.PKCS1v15(), SHA256())

    good = text(blob(RSA_KEY.blob, wire(b"rsa-sha2-512", value)))
    bad = [wire(b"rsa-sha2-256", weak), wire(b"ssh-rsa", value), wire(b"rsa-sha2-512", weak)]

    assert verify(MESSAGE, good, NAMESPACE, RSA_KEY) == Assurance("file")
    assert [refusal(text(blob(RSA_KEY.blob, signature)), RSA_KEY) for signature in bad] == [
        ("SIGNATURE", "algorithm"),
        ("SIGNATURE", "algorithm"),
        ("SIGNATURE", "bytes"),
    ]


def test_a_short_rsa_signature_is_no_second_spelling() -> None:
    value = RSA.sign(signed_bytes(), padding.PKCS1v15(), SHA512())
    longer = text(blob(RSA_KEY.blob, wire(b"rsa-sha2-512", b"\0" + value)))

    assert refusal(longer, RSA_KEY) == ("SIGNATURE", "bytes")


def test_numbers_of_an_ecdsa_signature_have_one_spelling() -> None:
    private = ec.derive_private_key(7, ec.SECP256R1())
    numbers = private.public_key().public_numbers()
    point = b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
    key = PublicKey.from_blob(wire(b"ecdsa-sha2-nistp256", b"nistp256", point))
    r, s = decode_dss_signature(private.sign(signed_bytes(), ec.ECDSA(SHA256())))

    def laid(*parts: bytes) -> str:
        return text(blob(key.blob, wire(b"ecdsa-sha2-nistp256", wire(*parts))))

    def shortest(value: int) -> bytes:
        return value.to_bytes(value.bit_length() // 8 + 1, "big")

    assert verify(MESSAGE, laid(shortest(r), shortest(s)), NAMESPACE, key) == Assurance("file")
    assert refusal(laid(b"\0\0" + shortest(r), shortest(s)), key) == ("NOT-CANONICAL", "number")
    assert refusal(laid(b"", shortest(s)), key) == ("NOT-CANONICAL", "number")
    assert refusal(laid(shortest(r), shortest(s), b""), key) == ("NOT-CANONICAL", "trailing")


def rsa_key(bits: int, exponent: int = 65537) -> str:
    return "ssh-rsa " + text(wire(b"ssh-rsa", number(exponent), number((1 << bits) - 1)))


POINT = b"\x04" + b"\x01" * 64


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", "KEY-FORM"),
        ("ssh-ed25519", "KEY-FORM"),
        (ED_KEY.text + " li.si@example", "KEY-FORM"),
        (ED_KEY.text + "\n", "KEY-FORM"),
        (ED_KEY.text.replace(" ", "  "), "KEY-FORM"),
        ("ssh-rsa " + text(ED_KEY.blob), "KEY-FORM"),
        ("ssh-ed25519 " + text(ED_KEY.blob + b"\0"), "KEY-FORM"),
        ("ssh-ed25519 " + text(wire(b"ssh-ed25519", RAW[:31])), "KEY-POINT"),
        ("ssh-ed25519 " + text(wire(b"ssh-ed25519", b"\x01" + bytes(31))), "KEY-POINT"),
        (
            "sk-ssh-ed25519@openssh.com "
            + text(wire(b"sk-ssh-ed25519@openssh.com", b"\x01" + bytes(31), b"ssh:")),
            "KEY-POINT",
        ),
        ("ssh-ed25519 AAAA", "KEY-FORM"),
        (
            "ecdsa-sha2-nistp256 " + text(wire(b"ecdsa-sha2-nistp256", b"nistp256", POINT)),
            "KEY-POINT",
        ),
        (
            "ecdsa-sha2-nistp256 " + text(wire(b"ecdsa-sha2-nistp256", b"nistp384", POINT)),
            "KEY-FORM",
        ),
        (
            "ecdsa-sha2-nistp256 " + text(wire(b"ecdsa-sha2-nistp256", b"nistp256", b"")),
            "KEY-POINT",
        ),
        ("ssh-dss " + text(wire(b"ssh-dss")), "KEY-TYPE"),
        ("x " + text(wire(b"ssh-ed25519-cert-v01@openssh.com", RAW)), "KEY-TYPE"),
        ("x " + text(wire(b"ecdsa-sha2-nistp384", b"nistp384", POINT)), "KEY-TYPE"),
        ("x " + text(wire(b"\xff", b"")), "KEY-TYPE"),
        (rsa_key(2048), "KEY-WEAK"),
        (rsa_key(3071), "KEY-WEAK"),
        (rsa_key(16385), "KEY-WEAK"),
        (rsa_key(3072, 1), "KEY-WEAK"),
        (rsa_key(3072, 2), "KEY-WEAK"),
        (rsa_key(3072, 2**65 + 1), "KEY-WEAK"),
    ],
)
def test_other_keys_may_not_sign(key: str, code: str) -> None:
    assert key_refusal(key) == code


def test_a_key_is_read_back_from_its_line() -> None:
    assert PublicKey.parse(ED_KEY.text) == ED_KEY
    assert PublicKey.parse(RSA_KEY.text) == RSA_KEY


def test_a_file_with_line_ends_of_windows_is_read() -> None:
    assert from_armour(armour(text(ED_BLOB)).replace("\n", "\r\n")) == text(ED_BLOB)


@pytest.mark.parametrize(
    "change",
    [
        lambda file: file[1:],
        lambda file: file[:-1],
        lambda file: file + "\n",
        lambda file: file.replace("SIGNATURE-----\n", "SIGNATURE-----\n\n", 1),
        lambda file: file.replace("\n", "", 2),
        lambda file: file[:0],
    ],
)
def test_another_armour_is_refused(change: Callable[[str], str]) -> None:
    with pytest.raises(Refused) as caught:
        from_armour(change(armour(text(ED_BLOB))))

    assert caught.value.finding.code == "NOT-CANONICAL"


@given(st.binary(max_size=40), st.integers(0, len(ED_BLOB)), st.integers(0, 20), st.text())
def test_any_bytes_are_refused_as_a_signature(
    noise: bytes, start: int, length: int, words: str
) -> None:
    changed = text(ED_BLOB[:start] + noise + ED_BLOB[start + length :])
    for signature in (changed, words):
        try:
            verify(MESSAGE, signature, NAMESPACE, ED_KEY)
        except QmsError:
            continue
        assert signature == text(ED_BLOB)


@given(st.binary(max_size=40), st.integers(0, 60), st.integers(0, 20), st.text())
def test_any_bytes_give_a_key_or_a_refusal(
    noise: bytes, start: int, length: int, words: str
) -> None:
    for key in (ED_KEY, RSA_KEY):
        changed = key.blob[:start] + noise + key.blob[start + length :]
        for line in (words, f"{key.type} {words}", f"{key.type} {text(changed)}"):
            try:
                found = PublicKey.parse(line)
            except QmsError:
                continue
            assert found.text == line
