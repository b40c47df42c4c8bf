"""Keys for tests: real ed25519 keys, made from their labels, so that every run has the same ones.

Signing happens in the process, which is fifty times faster than ssh-keygen; ed25519 leaves no
choice, so the bytes are those that ssh-keygen gives. Never for anything but tests and demos: who
knows a label has the key.
"""

import os
import subprocess
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from qms.formats.slots import Statement, Wording
from qms.formats.sshsig import PublicKey
from qms.testing import signatures


@dataclass(frozen=True)
class SigningKey:
    """A private key. Persons hold several by labels such as ``li.si`` and ``li.si/2``."""

    label: str

    @cached_property
    def private(self) -> Ed25519PrivateKey:
        """The key itself."""
        return Ed25519PrivateKey.from_private_bytes(sha256(f"qms {self.label}".encode()).digest())

    @cached_property
    def public(self) -> PublicKey:
        """Its public half."""
        return PublicKey.parse(self.public_text)

    @cached_property
    def public_text(self) -> str:
        """``ssh-ed25519 AAAA…`` as people.yaml has it."""
        raw = self.private.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
        return raw.decode("ascii")

    def sign(self, message: bytes, namespace: str) -> str:
        """The one-line signature that ``ssh-keygen -Y sign -n namespace`` makes of `message`."""
        value = signatures.plain(self.private, signatures.signed_bytes(namespace, message))
        return signatures.laid(self.public.blob, namespace, value)

    def signed(self, slot: Wording) -> Statement:
        """The same statement with this key's signature, whatever key the statement names."""
        return slot.with_signature(self.sign(slot.message(), slot.namespace))

    def file(self, folder: Path, passphrase: str = "") -> Path:
        """The private key as a file in `folder`, made on the first call, with its ``.pub``."""
        path = folder / self.label.replace("/", "-")
        if path.exists():
            return path
        folder.mkdir(parents=True, exist_ok=True)
        raw = self.private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(raw)
        path.with_name(f"{path.name}.pub").write_text(f"{self.public_text} {self.label}\n")
        if passphrase:
            command = ["ssh-keygen", "-q", "-p", "-a", "1", "-P", "", "-N", passphrase]
            subprocess.run([*command, "-f", str(path)], check=True, capture_output=True)  # noqa: S603
        return path


@dataclass(frozen=True)
class SecurityKey(SigningKey):
    """A security key in software, which says of each signature that it was touched and so on."""

    flags: int = signatures.TOUCHED | signatures.VERIFIED

    @cached_property
    def public_text(self) -> str:
        """``sk-ssh-ed25519@openssh.com AAAA…`` as people.yaml has it."""
        blob = signatures.public_blob(self.private, is_security_key=True)
        return PublicKey.from_blob(blob).text

    def sign(self, message: bytes, namespace: str) -> str:
        """The one-line signature that ``ssh-keygen -Y sign`` has the device make."""
        data = signatures.signed_bytes(namespace, message)
        value = signatures.touched(self.private, data, flags=self.flags)
        return signatures.laid(self.public.blob, namespace, value)


@cache
def key(label: str) -> SigningKey:
    """The key with this label; always the same one. ``li.si/sk`` is a security key."""
    return (SecurityKey if label.endswith("/sk") else SigningKey)(label)
