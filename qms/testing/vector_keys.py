"""The keys that the vectors are signed with: checked in, fixed, and good for nothing else."""

import shutil
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA512
from cryptography.hazmat.primitives.serialization import load_ssh_private_key

from qms.formats import digests, sshsig
from qms.testing import signatures


class Keys:
    """The checked-in keys, and what they sign.

    The two security keys are those of the same letters in software: no device signs alike twice.
    """

    def __init__(self, folder: Path) -> None:
        """`folder` is where the key files lie."""
        self._folder = folder
        self.private = {
            name: load_ssh_private_key((folder / name).read_bytes(), None)
            for name in ("ed25519", "rsa-3072", "rsa-2048", "ecdsa-p256")
        }
        self.blobs = {
            name: digests.from_base64((folder / f"{name}.pub").read_text().split()[1])
            for name in self.private
        }
        for name in ("ed25519", "ecdsa-p256"):
            blob = signatures.public_blob(self.curve(name), is_security_key=True)
            self.blobs[f"sk-{name}"] = blob

    def curve(self, name: str) -> signatures.Private:
        """The key as an object, for what ssh-keygen doesn't make."""
        key = self.private[name.removeprefix("sk-")]
        if not isinstance(key, signatures.Private):
            raise TypeError(name)
        return key

    def fingerprint(self, name: str) -> str:
        """As ssh-keygen prints it; KEY-WEAK keys have one too."""
        digest = digests.to_base64(sha256(self.blobs[name]).digest())
        return "SHA256:" + digest.rstrip("=")

    def line(self, name: str) -> str:
        """The key's line for an allowed_signers file."""
        blob = self.blobs[name]
        return f"{blob[4 : 4 + blob[3]].decode()} {digests.to_base64(blob)}"

    def sign(self, name: str, namespace: str, message: bytes) -> str:
        """One line of base64; made by ssh-keygen where it makes the same one each time."""
        data = signatures.signed_bytes(namespace, message)
        if name.startswith("sk-"):
            return self.lay(name, namespace, signatures.touched(self.curve(name), data))
        if name == "ecdsa-p256":
            return self.lay(name, namespace, signatures.plain(self.curve(name), data))
        if name == "rsa-2048":
            return self.lay(name, namespace, self.rsa(name, namespace, message, b"rsa-sha2-512"))
        with tempfile.TemporaryDirectory() as scratch:
            private = Path(scratch, "key")
            shutil.copyfile(self._folder / name, private)
            private.chmod(0o600)
            command = ["ssh-keygen", "-Y", "sign", "-f", str(private), "-n", namespace]
            done = subprocess.run(  # noqa: S603 - the real one, with a key of the tests
                command,
                input=message,
                capture_output=True,
                check=True,
            )
        return sshsig.from_armour(done.stdout.decode())

    def lay(self, name: str, namespace: str, signature: bytes, **wrong: Any) -> str:
        """A signature's blob, with parts that may be wrong."""
        return signatures.laid(self.blobs[name], namespace, signature, **wrong)

    def rsa(self, name: str, namespace: str, message: bytes, algorithm: bytes) -> bytes:
        """What ssh-keygen won't make: by a short key, or by SHA-256."""
        key = self.private[name]
        if not isinstance(key, RSAPrivateKey):
            raise TypeError(name)
        hashed = SHA256() if algorithm == b"rsa-sha2-256" else SHA512()
        value = key.sign(signatures.signed_bytes(namespace, message), padding.PKCS1v15(), hashed)
        return signatures.wire(algorithm, value)
