"""Attacks with keys that prove nothing: of small order, or with numbers that hide nothing."""

import base64
import io
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, fields, replace
from hashlib import sha256
from pathlib import Path

import pytest

from qms.cli import run
from qms.formats.slots import Notice, Statement
from qms.testing import DocsRepo, edwards, key
from qms.testing.attacks import Attack, Attacks
from qms.testing.company import Company
from qms.testing.forging import given, put
from qms.testing.signatures import laid, wire

IN_REVIEW = "documents/instruction/LX-WI-02.md"
POLICY = "policy/0003"
IDENTITY = edwards.encode(edwards.IDENTITY)
EVERY_MESSAGE = IDENTITY + bytes(32)
"""By the point of order 1 as key this is a signature of whatever anybody likes."""
RSA_ONE = wire(b"ssh-rsa", b"\x01", b"\0" + (2**3072 - 1).to_bytes(384, "big"))

ATTACKS = Attacks()
attack = ATTACKS.add


def blob_of(raw: bytes) -> bytes:
    return wire(b"ssh-ed25519", raw)


def line_of(blob: bytes) -> str:
    return f"{blob[4 : 4 + blob[3]].decode()} {base64.b64encode(blob).decode()}"


def signed_by(slot: Statement, blob: bytes, signature: bytes) -> Statement:
    """The slot with a signature that needs no private key."""
    fingerprint = base64.b64encode(sha256(blob).digest()).decode().rstrip("=")
    named = replace(slot, key=f"SHA256:{fingerprint}")
    return named.with_signature(laid(blob, slot.namespace, signature))


def approve_without_a_key(repo: DocsRepo, blob: bytes, signature: bytes) -> None:
    document = repo.document("LX-WI-02")
    slot = given(repo, document, Notice("approve", "2", "quality-manager", "li.si"))
    put(repo, IN_REVIEW, (document.statements[0], signed_by(slot, blob, signature)), "approved")


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_a_key_that_proves_nothing_is_named(attack: Attack, repo: DocsRepo) -> None:
    attack.prove(repo)


@attack("72", "KEY-POINT", IN_REVIEW)
def one_signature_for_every_message_by_a_key_of_small_order(repo: DocsRepo) -> None:
    signature = wire(b"ssh-ed25519", EVERY_MESSAGE)
    approve_without_a_key(repo, blob_of(IDENTITY), signature)


@attack("72", "KEY-POINT", IN_REVIEW)
def a_security_key_of_small_order(repo: DocsRepo) -> None:
    name = b"sk-ssh-ed25519@openssh.com"
    signature = wire(name, EVERY_MESSAGE) + b"\x05\0\0\0\1"
    approve_without_a_key(repo, wire(name, IDENTITY, b"ssh:"), signature)


@attack("72", "KEY-POINT", IN_REVIEW)
def the_second_spelling_of_a_key_of_small_order(repo: DocsRepo) -> None:
    signature = wire(b"ssh-ed25519", EVERY_MESSAGE)
    approve_without_a_key(repo, blob_of(edwards.spelled(edwards.P + 1, 0)), signature)


@attack("72", "KEY-WEAK", IN_REVIEW)
def an_rsa_key_with_the_exponent_one(repo: DocsRepo) -> None:
    approve_without_a_key(repo, RSA_ONE, wire(b"rsa-sha2-512", b"\x01"))


@dataclass(frozen=True, kw_only=True)
class Enrolling(Company):
    """The company with another key of zhou.jiu, spelled as it comes."""

    line: str

    def people_yaml(self) -> bytes:
        held = key("zhou.jiu").public_text
        return Company.people_yaml(self).replace(held.encode(), self.line.encode())


def enrolled(repo: DocsRepo, line: str) -> str:
    """The quorum itself signs and files a policy with that key, by another program than ours."""

    def change(company: Company) -> Company:
        values = {one.name: getattr(company, one.name) for one in fields(Company)}
        return Enrolling(**values, line=line)

    return repo.policy(change)


@attack("72", "KEY-POINT", f"{POLICY}/people.yaml", gates="RV")
def a_policy_that_enrols_a_key_of_small_order(repo: DocsRepo) -> str:
    return enrolled(repo, line_of(blob_of(IDENTITY)))


@attack("72", "KEY-WEAK", f"{POLICY}/people.yaml", gates="RV")
def a_policy_that_enrols_an_rsa_key_with_the_exponent_one(repo: DocsRepo) -> str:
    return enrolled(repo, line_of(RSA_ONE))


@pytest.mark.parametrize(
    ("blob", "code"),
    [*((blob_of(raw), "KEY-POINT") for raw in edwards.small_order()), (RSA_ONE, "KEY-WEAK")],
)
def test_a_key_that_proves_nothing_is_not_entered(
    repo: DocsRepo, blob: bytes, code: str, tmp_path: Path
) -> None:
    repo.lay_out()
    public = tmp_path / "key.pub"
    public.write_text(f"{line_of(blob)} somebody\n")

    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        answer = run(["-C", str(repo.path), "policy", "key", "zhou.jiu", str(public), "--json"])

    assert answer == 1
    assert code in out.getvalue() + err.getvalue()
    assert line_of(blob).encode() not in (repo.path / "people.yaml").read_bytes()
