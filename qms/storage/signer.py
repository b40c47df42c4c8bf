"""Signing with a person's own SSH key, by `ssh-keygen -Y sign`.

The key is asked for each time: the agent is not used unless that was configured, and a key file
without a passphrase is refused, so that a signature needs its owner's act. The passphrase never
passes through this program: ssh-keygen asks for it at the terminal, or by ``SSH_ASKPASS``.
"""

import base64
import binascii
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, NoReturn, Self

from qms.findings import Finding, Place, QmsError, Refused, ShellText, refused
from qms.formats import sshsig
from qms.storage import disk
from qms.storage.files import read_linked
from qms.storage.gitprogram import program_path
from qms.storage.repository import Repository
from qms.storage.scratch import scratch_name, temporary_place

_MAGIC: Final = b"openssh-key-v1\0"
_LARGEST_KEY: Final = 64 * 1024
_GLANCE: Final = 0.02


@dataclass(frozen=True, slots=True)
class KeyFile:
    """What a private key file says without its passphrase."""

    path: Path
    encrypted: bool
    public: str | None
    """``ssh-ed25519 AAAA…``; None for the older formats, which hide it."""

    @property
    def in_hardware(self) -> bool:
        """Whether the secret is in a FIDO token and the file only points to it."""
        return self.public is not None and self.public.startswith("sk-")

    @classmethod
    def read(cls, path: Path) -> "KeyFile":
        """Read `path`; raises `Refused` KEY-MISSING, KEY-FILE, KEY-LINES."""
        data = _key_content(path)
        lines = data.strip().splitlines()
        if not lines or not lines[0].startswith(b"-----BEGIN ") or b"PRIVATE KEY" not in lines[0]:
            raise refused("KEY-FILE", key=str(path), why="no private key")
        if lines[0] != b"-----BEGIN OPENSSH PRIVATE KEY-----":
            _refuse_lines(path, data)
            return cls(path, b"ENCRYPTED" in data, None)
        try:
            blob = base64.b64decode(b"".join(lines[1:-1]), validate=True)
        except binascii.Error:
            raise refused("KEY-FILE", key=str(path), why="no base64") from None
        cipher, public = _fields(blob)
        if not cipher or not public:
            raise refused("KEY-FILE", key=str(path), why="no OpenSSH key")
        _refuse_lines(path, data)
        kind = _string(public, 0)[0].decode("ascii", "replace")
        return cls(path, cipher != b"none", f"{kind} {base64.b64encode(public).decode('ascii')}")


def _refuse_lines(path: Path, data: bytes) -> None:
    """Raise KEY-LINES where ssh-keygen would find no key in a file, and say that there is none."""
    if b"\r" in data or not data.endswith(b"\n"):
        raise refused("KEY-LINES", key=str(path))


def find_key(repository: Repository, explicit: Path | None = None) -> Path:
    """The file of the user's private key.

    In this order: `explicit`, git config ``qms.key``, ``user.signingKey`` where git signs with
    SSH, ``~/.ssh/id_ed25519``. The first that is set must exist. Raises `Refused` KEY-MISSING,
    KEY-FILE, KEY-LITERAL, KEY-NONE.
    """
    if explicit is not None:
        return _private(explicit)
    named = repository.config("qms.key") or _git_signing_key(repository)
    if named is not None:
        if named.startswith(("key::", "ssh-", "sk-ssh-", "ecdsa-")):
            raise refused("KEY-LITERAL", found=named.split(" ", 1)[0])
        folder = repository.root or repository.git_dir
        return _private(folder / _at_home(named))
    usual = _at_home("~/.ssh/id_ed25519")
    try:
        usual.stat()
    except OSError:
        raise refused("KEY-NONE", usual=str(usual)) from None
    return usual


def public_key_text(key: Path) -> str:
    """The public half, ``ssh-ed25519 AAAA…``, without a comment; raises as `KeyFile.read`."""
    file = KeyFile.read(key)
    if file.public is not None:
        return file.public
    text = _beside(key)
    if text is None:
        text = _keygen(["-y", "-f", str(key)], cwd=key.parent, encrypted=file.encrypted)
    return " ".join(text.decode("utf-8", "replace").split()[:2])


def _beside(key: Path) -> bytes | None:
    """What the public key's own file holds, where there is one; raises `Refused` KEY-FILE."""
    public = key.with_name(f"{key.name}.pub")
    try:
        return read_linked(public, _LARGEST_KEY)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _no_key(public, error) from None


def sign(
    messages: Sequence[tuple[str, bytes]],
    key: Path,
    *,
    allow_unencrypted: bool = False,
    use_agent: bool = False,
    scratch: Path | None = None,
) -> list[str]:
    """One signature, as one line of base64, for each (namespace, message).

    `scratch` is the folder for the messages while they are signed; the system's, if left out.

    All messages of one namespace are signed in one call, so that the passphrase is asked for once.
    Raises `Refused` KEY-MISSING, KEY-FILE, KEY-UNENCRYPTED, PASSPHRASE, PASSPHRASE-NOBODY,
    KEY-FAILED; `QmsError` SSH-KEYGEN-MISSING, DISK-FULL, DISK-READ-ONLY.
    """
    file = _checked(key, allow_unencrypted=allow_unencrypted)
    signatures: dict[int, str] = {}
    place = scratch or temporary_place()
    with (
        disk.writing(place),
        tempfile.TemporaryDirectory(prefix=scratch_name(), dir=place) as name,
    ):
        folder = Path(name)
        for namespace in dict.fromkeys(namespace for namespace, _ in messages):
            numbers = [number for number, message in enumerate(messages) if message[0] == namespace]
            for number in numbers:
                (folder / str(number)).write_bytes(messages[number][1])
            arguments = ["-q", "-Y", "sign", "-n", namespace, "-f", str(key.absolute())]
            names = [str(number) for number in numbers]
            _keygen([*arguments, *names], cwd=folder, encrypted=file.encrypted, use_agent=use_agent)
            for number in numbers:
                armoured = (folder / f"{number}.sig").read_text(encoding="ascii")
                signatures[number] = sshsig.from_armour(armoured)
    return [signatures[number] for number in range(len(messages))]


class OpenKey:
    """A key that was asked for already, and signs one message that comes later.

    ssh-keygen opens the key before it reads what it is to sign. So it is started, asks for the
    passphrase, and then waits for the message, however long that takes to be made. A context
    manager: what was not signed ends with it.
    """

    def __init__(
        self, key: Path, namespace: str, *, allow_unencrypted: bool = False, use_agent: bool = False
    ) -> None:
        """Start ssh-keygen. Raises what `sign` raises before it asks."""
        file = _checked(key, allow_unencrypted=allow_unencrypted)
        call = _call(encrypted=file.encrypted, use_agent=use_agent)
        self._encrypted, self._at_terminal = file.encrypted, call.at_terminal
        self._written = b""
        arguments = ["-q", "-Y", "sign", "-n", namespace, "-f", str(key.absolute())]
        self._process = subprocess.Popen(  # noqa: S603 - absolute path, no shell
            [call.program, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if call.at_terminal else subprocess.PIPE,
            # It has no terminal as its input any more, but must still ask at the one there is.
            env=call.environment | ({"SSH_ASKPASS_REQUIRE": "never"} if call.at_terminal else {}),
            start_new_session=not call.at_terminal,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()

    def wait(self, beginning: bytes) -> None:
        """Until the key is open: `beginning`, with which the message will begin, is read then.

        Raises `Refused` PASSPHRASE, KEY-FAILED.
        """
        stdin = self._process.stdin
        if stdin is None or not beginning:
            return
        self._written = beginning
        with suppress(BrokenPipeError):
            stdin.write(beginning)
            stdin.flush()
        while self._process.poll() is None and _unread(stdin.fileno()):
            time.sleep(_GLANCE)
        if self._process.poll() is not None:
            self._fail()

    def sign(self, message: bytes) -> str:
        """The signature as one line of base64.

        Raises as `wait` does, and ValueError for another message than the one that was begun.
        """
        if not message.startswith(self._written):
            raise ValueError("another message than the one that was begun")
        output, errors = self._process.communicate(message[len(self._written) :])
        if self._process.returncode != 0:
            raise _failure(errors or b"", encrypted=self._encrypted, at_terminal=self._at_terminal)
        return sshsig.from_armour(output.decode("ascii"))

    def _fail(self) -> NoReturn:
        _, errors = self._process.communicate()
        raise _failure(errors or b"", encrypted=self._encrypted, at_terminal=self._at_terminal)


def _unread(pipe: int) -> int:
    """How many bytes of a pipe nobody has read yet; 0 where that can't be asked."""
    try:
        import fcntl  # noqa: PLC0415 - not on Windows
        import termios  # noqa: PLC0415 - as above

        answer = fcntl.ioctl(pipe, termios.FIONREAD, bytes(4))
    except (ImportError, OSError):
        return 0
    return int.from_bytes(answer, sys.byteorder)


def refuse_unencrypted(repository: Repository, key: Path) -> None:
    """Refuse a key that nothing would be signed with here. Raises as `sign` does before it asks."""
    _checked(key, allow_unencrypted=repository.config("qms.allowUnencryptedKey") == "true")


def _checked(key: Path, *, allow_unencrypted: bool) -> KeyFile:
    file = KeyFile.read(key)
    if not (file.encrypted or file.in_hardware or allow_unencrypted):
        raise refused("KEY-UNENCRYPTED", key=str(key))
    if file.public is None:
        _beside(key)  # ssh-keygen will read it, and would wait for a pipe
    return file


class _Call(NamedTuple):
    """How ssh-keygen is called, so that it asks the person or nobody."""

    program: str
    environment: dict[str, str]
    at_terminal: bool


def _call(*, encrypted: bool, use_agent: bool) -> _Call:
    program = program_path("ssh-keygen", os.get_exec_path())
    if program is None:
        raise QmsError(Finding("SSH-KEYGEN-MISSING"))
    environment = dict(os.environ) | {"LC_ALL": "C"}
    if not use_agent:
        environment.pop("SSH_AUTH_SOCK", None)
    asked_by_program = "SSH_ASKPASS" in environment
    at_terminal = not asked_by_program and sys.stdin is not None and sys.stdin.isatty()
    if asked_by_program:
        # All three are needed, or ssh-keygen reads the terminal it still finds.
        environment["SSH_ASKPASS_REQUIRE"] = "force"
        environment.setdefault("DISPLAY", ":0")
    elif not at_terminal and encrypted and not use_agent:
        raise refused("PASSPHRASE-NOBODY")
    return _Call(program, environment, at_terminal)


def _keygen(arguments: list[str], *, cwd: Path, encrypted: bool, use_agent: bool = False) -> bytes:
    """Run ssh-keygen, which asks for the passphrase itself."""
    call = _call(encrypted=encrypted, use_agent=use_agent)
    done = subprocess.run(  # noqa: S603 - absolute path, no shell
        [call.program, *arguments],
        stdin=None if call.at_terminal else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        # At the terminal its requests ("touch the token") must be seen.
        stderr=None if call.at_terminal else subprocess.PIPE,
        env=call.environment,
        cwd=cwd,
        start_new_session=not call.at_terminal,
        check=False,
    )
    if done.returncode != 0:
        said = done.stderr or b""
        fault = disk.fault_said(said.decode("utf-8", "replace"), cwd, done.returncode)
        if fault is not None:
            raise QmsError(fault)
        raise _failure(said, encrypted=encrypted, at_terminal=call.at_terminal)
    return done.stdout


def _failure(said: bytes, *, encrypted: bool, at_terminal: bool) -> Refused:
    if not _has_name():  # ssh-keygen ends before it asks for anything
        line = f"qms{os.getuid()}:x:{os.getuid()}:{os.getgid()}::/:/bin/sh"
        values = {"uid": str(os.getuid()), "add": ShellText(f"echo {line} >> /etc/passwd")}
        return Refused(Finding("USER-UNKNOWN", Place(), values))
    if b"passphrase" in said or (at_terminal and encrypted):
        return refused("PASSPHRASE")
    text = " ".join(said.decode("utf-8", "replace").replace("@", "").split())
    return Refused(Finding("KEY-FAILED", Place(), {"said": text}))


def _has_name() -> bool:
    """Whether the system knows this user; a container may run as an id that nobody entered."""
    try:
        import pwd  # noqa: PLC0415 - not on Windows, and only after a failure

        pwd.getpwuid(os.getuid())
    except ImportError:
        return True
    except KeyError:
        return False
    return True


def _git_signing_key(repository: Repository) -> str | None:
    """``user.signingKey``, unless it is the id of an OpenPGP key."""
    named = repository.config("user.signingkey")
    if named is None or repository.config("gpg.format") == "ssh" or "/" in named:
        return named
    return named if named.startswith(("key::", "ssh-")) else None


def _private(path: Path) -> Path:
    """The private key where the public one is named, as git's settings often do."""
    private = path.with_suffix("") if path.suffix == ".pub" else path
    try:
        private.stat()
    except OSError as error:
        raise _no_key(private, error) from None
    return private


def public_key_file(path: Path) -> str:
    """The text of a public key's file that somebody named; raises `Refused` KEY-MISSING, KEY-FILE.

    Whether it is a key is not looked at.
    """
    return _key_content(path).decode("utf-8", "replace")


def _key_content(path: Path) -> bytes:
    try:
        return read_linked(path, _LARGEST_KEY)
    except OSError as error:
        raise _no_key(path, error) from None


def _at_home(named: str) -> Path:
    """The path that a setting means; ``~`` of a user whom nobody knows stays what it is."""
    return Path(os.path.expanduser(named))  # noqa: PTH111 - the other one raises RuntimeError


def _no_key(path: Path, error: OSError) -> Refused:
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return refused("KEY-MISSING", key=str(path))
    return refused("KEY-FILE", key=str(path), why=error.strerror or "")


def _fields(blob: bytes) -> tuple[bytes, bytes]:
    """Cipher and public key of an OpenSSH private key; empty where it is cut short."""
    if not blob.startswith(_MAGIC):
        return b"", b""
    cipher, place = _string(blob, len(_MAGIC))
    _, place = _string(blob, place)
    _, place = _string(blob, place)
    public, _ = _string(blob, place + 4)
    return cipher, public


def _string(blob: bytes, place: int) -> tuple[bytes, int]:
    length = int.from_bytes(blob[place : place + 4], "big")
    end = place + 4 + length
    return (blob[place + 4 : end], end) if end <= len(blob) else (b"", end)
