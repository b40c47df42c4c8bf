"""A key that can't sign, or that is none: told before anything is written."""

from pathlib import Path

from qms.testing.bad_input import NUMBER, askpass, scratch, signs_now, told
from qms.testing.office import Office

TEXT = f"documents/work-instruction/{NUMBER}.md"
PASSPHRASE = "a passphrase"  # noqa: S105 - of a key made for this test


def test_no_key(submitted: Office) -> None:
    told(submitted.call("sign", NUMBER), 1, "KEY-NONE")
    submitted.git("config", "qms.key", "/no/such/key")
    told(submitted.call("sign", NUMBER), 1, "KEY-MISSING")
    submitted.git("config", "qms.key", str(submitted.folder / TEXT))
    told(submitted.call("sign", NUMBER), 1, "KEY-FILE")
    submitted.git("config", "--unset", "qms.key")
    signs_now(submitted)


def test_a_wrong_passphrase(submitted: Office) -> None:
    key = str(submitted.key("fu.yi", PASSPHRASE))
    wrong = askpass(submitted, "echo wrong")
    told(submitted.finish("sign", NUMBER, "--key", key, SSH_ASKPASS=wrong), 1, "PASSPHRASE")
    told(submitted.finish("sign", NUMBER, "--key", key), 1, "PASSPHRASE-NOBODY")
    silent = askpass(submitted, "exit 1")
    told(submitted.finish("sign", NUMBER, "--key", key, SSH_ASKPASS=silent), 1, "PASSPHRASE")
    assert not submitted.status
    assert not scratch(submitted)
    right = askpass(submitted, f"echo '{PASSPHRASE}'")
    answer = submitted.finish("sign", NUMBER, "--key", key, SSH_ASKPASS=right)
    assert answer.code == 0, answer
    assert PASSPHRASE not in answer.out + answer.err
    submitted.qms("verify")


def test_a_key_without_a_passphrase_is_refused(submitted: Office) -> None:
    submitted.git("config", "--unset", "qms.allowUnencryptedKey")
    told(submitted.call("sign", NUMBER, by="fu.yi"), 1, "KEY-UNENCRYPTED")


def test_ssh_keygen_is_missing(submitted: Office, tmp_path: Path) -> None:
    told(submitted.finish("sign", NUMBER, by="fu.yi", PATH=str(tmp_path)), 3, "SSH-KEYGEN-MISSING")
    signs_now(submitted)


def test_a_public_key_that_is_none_is_told(lx: Office) -> None:
    told(lx.call("policy", "key", "fu.er", str(lx.key("fu.er"))), 1, "KEY-FORM")
    told(lx.call("policy", "key", "fu", f"{lx.key('spare')}.pub"), 1, "ID-UNKNOWN")
    told(lx.call("policy", "key", "fu.er", f"{lx.key('fu.yi')}.pub"), 1, "KEY-TAKEN")
    assert lx.call("policy", "key", "fu.er", "/no/such/key.pub").code == 2
