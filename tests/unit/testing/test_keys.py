"""Keys for tests are real: ssh-keygen makes the same signatures with them, and verifies ours."""

import subprocess
from pathlib import Path

import pytest

from qms.formats import sshsig
from qms.testing import key
from qms.testing.keys import SecurityKey

MESSAGE = "一份声明\n".encode()


@pytest.mark.parametrize("label", ["li.si", "li.si/2"])
def test_a_signature_is_the_one_that_ssh_keygen_makes(label: str, tmp_path: Path) -> None:
    file = key(label).file(tmp_path / "keys")
    message = tmp_path / "message"
    message.write_bytes(MESSAGE)

    subprocess.run(
        ["ssh-keygen", "-q", "-Y", "sign", "-n", "qms-approve-v1", "-f", file, message],
        check=True,
        capture_output=True,
    )

    theirs = sshsig.from_armour(message.with_suffix(".sig").read_text())
    assert key(label).sign(MESSAGE, "qms-approve-v1") == theirs


def test_a_signature_verifies() -> None:
    signature = key("li.si").sign(MESSAGE, "qms-approve-v1")

    assurance = sshsig.verify(MESSAGE, signature, "qms-approve-v1", key("li.si").public)

    assert assurance.kind == "file"


@pytest.mark.parametrize("flags", [0, 1, 4, 5])
def test_a_security_key_tells_of_touch_and_pin(flags: int, tmp_path: Path) -> None:
    device = SecurityKey("li.si/sk", flags)
    signature = device.sign(MESSAGE, "qms-approve-v1")
    (tmp_path / "signers").write_text(f"li.si {device.public_text}\n")
    (tmp_path / "sig").write_text(sshsig.armour(signature))

    verified = sshsig.verify(MESSAGE, signature, "qms-approve-v1", device.public)
    theirs = subprocess.run(
        ["ssh-keygen", "-Y", "verify", "-f", "signers", "-I", "li.si", "-n", "qms-approve-v1",
         "-s", "sig"],
        cwd=tmp_path, input=MESSAGE, capture_output=True, check=False,
    )  # fmt: skip

    assert (verified.present, verified.verified) == (bool(flags & 1), bool(flags & 4))
    assert sshsig.assurance(signature) == verified
    assert theirs.returncode == 0, "ssh-keygen takes it, touched or not"


def test_a_key_file_opens_with_its_passphrase_only(tmp_path: Path) -> None:
    file = key("li.si").file(tmp_path, "geheim")
    show = ["ssh-keygen", "-y", "-f", str(file), "-P"]

    opened = subprocess.run([*show, "geheim"], check=True, capture_output=True, text=True)
    closed = subprocess.run([*show, "falsch"], check=False, capture_output=True)

    assert opened.stdout.split()[:2] == key("li.si").public_text.split()
    assert closed.returncode != 0


def test_one_label_is_one_key_for_ever() -> None:
    assert key("li.si").public.fingerprint == "SHA256:AVuDFh0Vq9ndYNbLeetINhBC7Ppe388wA4LvoNhhiQo"
    assert key("li.si").public != key("li.si/2").public
