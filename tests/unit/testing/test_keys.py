"""Keys for tests are real: ssh-keygen makes the same signatures with them, and verifies ours."""

import subprocess
from pathlib import Path

import pytest

from qms.formats import sshsig
from qms.testing import key

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
