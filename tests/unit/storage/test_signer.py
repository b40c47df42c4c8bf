import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.findings import QmsError, Refused
from qms.formats import sshsig
from qms.storage.repository import Repository
from qms.storage.signer import KeyFile, find_key, public_key_file, public_key_text, sign

Git = Callable[..., str]
PASSPHRASE = "通行 words"  # noqa: S105 - made for this test


def make_key(folder: Path, name: str, passphrase: str = "", *options: str) -> Path:
    path = folder / name
    command = ["ssh-keygen", "-q", "-a", "1", "-C", "a b", "-N", passphrase, "-f", str(path)]
    subprocess.run([*command, *(options or ("-t", "ed25519"))], check=True)
    return path


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A key with a passphrase."""
    return make_key(tmp_path, "key", PASSPHRASE)


@pytest.fixture
def answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Let SSH_ASKPASS answer; gives the file that gets a line for each time it was asked."""

    def set_up(passphrase: str) -> Path:
        program, asked = tmp_path / "askpass", tmp_path / "asked"
        text = f"#!/bin/sh\necho asked >> '{asked}'\nprintf '%s\\n' '{passphrase}'\n"
        program.write_text(text, encoding="utf-8")
        program.chmod(0o700)
        monkeypatch.setenv("SSH_ASKPASS", str(program))
        return asked

    return set_up


def test_signatures_of_many_messages_verify_and_ask_once(
    key: Path, answer: Callable[[str], Path]
) -> None:
    asked = answer(PASSPHRASE)
    messages = [("qms-review-v1", b"message %d\n" % number) for number in range(20)]

    signatures = sign(messages, key)

    public = sshsig.PublicKey.parse(public_key_text(key))
    for (namespace, message), signature in zip(messages, signatures, strict=True):
        assert "\n" not in signature
        sshsig.verify(message, signature, namespace, public)
    assert asked.read_text(encoding="ascii") == "asked\n"


def test_messages_of_several_namespaces_keep_their_order(tmp_path: Path) -> None:
    key = make_key(tmp_path, "open")
    messages = [("qms-a-v1", b"1\n"), ("qms-b-v1", b"2\n"), ("qms-a-v1", b"3\n")]

    signatures = sign(messages, key, allow_unencrypted=True)

    public = sshsig.PublicKey.parse(public_key_text(key))
    for (namespace, message), signature in zip(messages, signatures, strict=True):
        sshsig.verify(message, signature, namespace, public)


def test_nothing_to_sign_asks_nobody(key: Path) -> None:
    assert sign([], key) == []


def test_a_wrong_passphrase_is_refused(key: Path, answer: Callable[[str], Path]) -> None:
    answer("guess")

    with pytest.raises(Refused) as caught:
        sign([("qms-review-v1", b"message\n")], key)

    assert caught.value.finding.code == "PASSPHRASE"


def test_without_a_terminal_nobody_is_asked(key: Path) -> None:
    with pytest.raises(Refused) as caught:
        sign([("qms-review-v1", b"message\n")], key)

    assert caught.value.finding.code == "PASSPHRASE-NOBODY"


@pytest.mark.parametrize("options", [(), ("-t", "ecdsa"), ("-t", "rsa", "-b", "3072", "-m", "PEM")])
def test_a_key_without_a_passphrase_is_refused_unless_allowed(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    key = make_key(tmp_path, "open", "", *options)

    with pytest.raises(Refused) as caught:
        sign([("qms-review-v1", b"message\n")], key)
    assert caught.value.finding.code == "KEY-UNENCRYPTED"
    assert len(sign([("qms-review-v1", b"message\n")], key, allow_unencrypted=True)) == 1


@pytest.mark.parametrize("options", [(), ("-t", "rsa", "-b", "3072", "-m", "PEM")])
def test_a_passphrase_is_seen_without_asking_for_it(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    assert KeyFile.read(make_key(tmp_path, "closed", PASSPHRASE, *options)).encrypted
    assert not KeyFile.read(make_key(tmp_path, "open", "", *options)).encrypted


def test_the_agent_is_not_used(
    key: Path, tmp_path: Path, answer: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row 76 (S)"""
    asked = answer(PASSPHRASE)
    socket = tmp_path / "agent"
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.DEVNULL)
    try:
        while not socket.exists():
            pass
        monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
        environment = dict(os.environ) | {"SSH_ASKPASS_REQUIRE": "force", "DISPLAY": ":0"}
        subprocess.run(["ssh-add", "-q", str(key)], check=True, env=environment)
        asked.unlink()

        sign([("qms-review-v1", b"message\n")], key)

        assert asked.exists()
    finally:
        agent.terminate()
        agent.wait()


def test_a_missing_ssh_keygen_is_told(
    key: Path, answer: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(PASSPHRASE)
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(QmsError) as caught:
        sign([("qms-review-v1", b"message\n")], key)

    assert caught.value.finding.code == "SSH-KEYGEN-MISSING"
    assert caught.value.exit_code == 3


def test_a_key_that_others_may_read_is_told(tmp_path: Path) -> None:
    key = make_key(tmp_path, "open")
    key.chmod(0o644)

    with pytest.raises(Refused) as caught:
        sign([("qms-review-v1", b"message\n")], key, allow_unencrypted=True)

    assert caught.value.finding.code == "KEY-FAILED"
    assert "too open" in caught.value.finding.values["said"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"ssh-ed25519 AAAA\n",
        b"-----BEGIN OPENSSH PRIVATE KEY-----\n!!\n-----END OPENSSH PRIVATE KEY-----\n",
        b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
        b"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END",
        b"\xff\xfe\n",
    ],
)
def test_a_file_that_is_no_private_key_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key").write_bytes(content)

    with pytest.raises(Refused) as caught:
        sign([("qms-review-v1", b"message\n")], tmp_path / "key")

    assert caught.value.finding.code == "KEY-FILE"


@pytest.mark.parametrize("options", [(), ("-t", "rsa", "-b", "3072", "-m", "PEM")])
def test_the_public_half_is_told_without_the_passphrase(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    key = make_key(tmp_path, "closed", PASSPHRASE, *options)
    beside = (tmp_path / "closed.pub").read_text(encoding="ascii").split()

    assert public_key_text(key) == " ".join(beside[:2])


def test_the_public_half_of_an_old_key_is_asked_from_ssh_keygen(tmp_path: Path) -> None:
    key = make_key(tmp_path, "open", "", "-t", "rsa", "-b", "3072", "-m", "PEM")
    beside = (tmp_path / "open.pub").read_text(encoding="ascii").split()
    (tmp_path / "open.pub").unlink()

    assert public_key_text(key) == " ".join(beside[:2])


def found(root: Path, explicit: Path | None = None) -> Path:
    with Repository.find(root) as repository:
        return find_key(repository, explicit)


def refusal(root: Path, explicit: Path | None = None) -> str:
    with pytest.raises(Refused) as caught:
        found(root, explicit)
    return caught.value.finding.code


def test_the_key_is_the_first_that_is_named(root: Path, git: Git, tmp_path: Path) -> None:
    folder = tmp_path / "home" / ".ssh"
    folder.mkdir()
    usual, signing, own, named = (
        make_key(folder, name) for name in ("id_ed25519", "signing", "own", "named")
    )

    assert found(root) == usual
    git("config", "user.signingKey", "~/.ssh/signing.pub")
    assert found(root) == signing
    git("config", "qms.key", str(own))
    assert found(root) == own
    assert found(root, named) == named


def test_a_key_that_is_named_must_be_there(root: Path, git: Git, tmp_path: Path) -> None:
    assert refusal(root) == "KEY-NONE"
    assert refusal(root, tmp_path / "none") == "KEY-MISSING"
    git("config", "qms.key", "/nowhere/key")
    assert refusal(root) == "KEY-MISSING"


def test_a_key_that_is_written_out_has_no_private_half(root: Path, git: Git) -> None:
    git("config", "gpg.format", "ssh")
    git("config", "user.signingKey", "key::ssh-ed25519 AAAA")

    assert refusal(root) == "KEY-LITERAL"


def test_the_id_of_an_openpgp_key_is_passed_over(root: Path, git: Git) -> None:
    git("config", "user.signingKey", "3AA5C34371567BD2")

    assert refusal(root) == "KEY-NONE"


ENDLESS: dict[str, Callable[[Path], object]] = {
    "pipe": os.mkfifo,
    "folder": Path.mkdir,
    "device": lambda path: path.symlink_to("/dev/zero"),
    "beyond any key": lambda path: path.write_bytes(b"-----BEGIN PRIVATE KEY-----\n" * 9000),
}


@pytest.mark.parametrize("make", ENDLESS.values(), ids=ENDLESS)
def test_a_key_that_never_ends_is_not_read(tmp_path: Path, make: Callable[[Path], object]) -> None:
    """Git config of a folder that was received may name anything as its user's key."""
    make(tmp_path / "key")

    for read in (KeyFile.read, public_key_text, public_key_file):
        with pytest.raises(Refused) as caught:
            read(tmp_path / "key")
        assert caught.value.finding.code == "KEY-FILE"


@pytest.mark.parametrize("make", ENDLESS.values(), ids=ENDLESS)
def test_nor_is_the_public_half_beside_an_old_key(
    tmp_path: Path, make: Callable[[Path], object]
) -> None:
    key = make_key(tmp_path, "key", "", "-t", "rsa", "-b", "3072", "-m", "PEM")
    (tmp_path / "key.pub").unlink()
    make(tmp_path / "key.pub")

    for use in (
        lambda: public_key_text(key),
        lambda: sign([("qms-review-v1", b"message\n")], key, allow_unencrypted=True),
    ):
        with pytest.raises(Refused) as caught:
            use()
        assert caught.value.finding.code == "KEY-FILE"


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ("~nobody-of-this-name/key", "KEY-MISSING"),
        ("a" * 5000, "KEY-FILE"),
        ("loop", "KEY-FILE"),
    ],
)
def test_a_path_that_leads_nowhere_is_told(root: Path, git: Git, named: str, code: str) -> None:
    (root / "loop").symlink_to("loop")
    git("config", "qms.key", named)

    assert refusal(root) == code
