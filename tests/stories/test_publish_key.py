"""Issue 8, 1: the key is asked for first, and signs what says whose it is."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from qms.formats.print_manifest import NAMESPACE, parse_manifest
from qms.testing.keys import key
from qms.testing.office import PROGRAM, Office
from qms.testing.published import noting, out, publish

NUMBER = "LX-WI-01"
PDF = f"work-instruction/{NUMBER}_A-0_uncontrolled.pdf"
OWN_TERMINAL = "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "


def test_the_key_is_asked_for_before_the_first_page(machine: Office, tmp_path: Path) -> None:
    rendered = tmp_path / "rendered"
    encrypted = machine.key("wen.kong", "a passphrase")
    ask = tmp_path / "askpass"
    ask.write_text("#!/bin/sh\necho wrong\n")
    ask.chmod(0o700)
    machine.environment |= {"SSH_ASKPASS": str(ask)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qms.plugins.Hooks.render", noting(rendered))
        answer = machine.call("publish", "--key", str(encrypted))
        assert (answer.code, answer.findings) == (1, ("PASSPHRASE",))
        assert not rendered.exists()
        assert not out(machine).exists(), "a refused run leaves nothing"
        ask.write_text(f"#!/bin/sh\ntest -e '{rendered}' || echo 'a passphrase'\n")
        assert machine.call("publish", "--key", str(encrypted)).code == 0
    assert rendered.exists()
    assert (out(machine) / "manifest.json.sig").exists()


def at_terminal(office: Office, typed: bytes, *arguments: str) -> tuple[int, str]:
    """`qms` at a terminal of its own, at which something is typed when it asks."""
    ours, theirs = pty.openpty()

    now = office.now.isoformat(timespec="seconds")
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", OWN_TERMINAL + PROGRAM, "--lang", "en", *arguments],
        cwd=office.folder, env={**os.environ, "QMS_NOW": now, "TERM": "dumb"}, stdin=theirs,
        stdout=theirs, stderr=theirs, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    said = b""
    while True:
        try:
            found = os.read(ours, 4096)
        except OSError:
            break
        if not found:
            break
        said += found
        if b"passphrase" in said and typed:
            os.write(ours, typed)
            typed = b""
    os.close(ours)
    return process.wait(), said.decode()


def test_at_the_terminal_the_key_is_asked_for_first_and_progress_is_told(issued: Office) -> None:
    encrypted = issued.key("wen.kong", "a passphrase")
    issued.later(minutes=7)
    call = ("publish", "--key", str(encrypted))

    code, said = at_terminal(issued, b"wrong\n", *call)
    assert (code, "PASSPHRASE" in said, "done" in said) == (1, True, False), said
    assert not out(issued).exists()

    code, said = at_terminal(issued, b"a passphrase\n", *call)
    assert code == 0, said
    assert said.index("passphrase") < said.index("0/2 done") < said.index("2/2 done")
    assert (out(issued) / "manifest.json.sig").exists()


@pytest.mark.parametrize("by", ["stranger", "void"])
def test_a_key_that_may_not_sign_is_told_first(released: Office, by: str) -> None:
    person = "gong.yi"
    if by == "void":
        released.edit(
            "people.yaml", f'"{key(person).public_text}", assurance: file',
            f'"{key(person).public_text}", assurance: file, void: true',
        )  # fmt: skip
        for signer in ("gao.feng", "guan.ning"):
            released.qms("policy", "sign", by=signer)
    answer = released.call("publish", by=person if by == "void" else by)
    assert (answer.code, answer.findings) == (1, ("PUBLISHER",))
    assert not out(released).exists()
    assert released.call("publish", "--unsigned").code == 0


def test_a_manifest_says_whose_it_is(released: Office) -> None:
    """rules.md i: one canonical line, with repo, policy, commit, key; stock tools verify it."""
    publish(released)
    data = (out(released) / "manifest.json").read_bytes()
    manifest = parse_manifest(data)
    assert data.count(b"\n") == 1
    assert manifest.commit == "sha1:" + released.git("rev-parse", "HEAD")
    assert manifest.key == key("wen.kong").public.fingerprint
    assert [name for name, _ in manifest.plugins] == ["copies", "publish", "watermark"]
    (row,) = manifest.files
    assert (row.file, row.mark, row.copy, row.pages) == (PDF, "uncontrolled", None, 3)
    signers = released.folder.parent / "signers"
    signers.write_text(f"someone {key('wen.kong').public_text}\n")
    subprocess.run(
        ["ssh-keygen", "-Y", "verify", "-f", str(signers), "-I", "someone", "-n", NAMESPACE,
         "-s", str(out(released) / "manifest.json.sig")],
        input=data, check=True, capture_output=True,
    )  # fmt: skip
    released.qms("publish", "--unsigned")
    assert parse_manifest((out(released) / "manifest.json").read_bytes()).key is None
    assert not (out(released) / "manifest.json.sig").exists()
