"""Writes the vectors: files that must verify, one per act and key type, and files that must not.

``python tests/vectors/make.py`` writes them all; ``--check`` tells (exit code 1) whether what
stands here is what would be written. Everything is fixed: keys, times, texts; Ed25519 and RSA
signatures are deterministic. The keys were made for this purpose and sign nothing else.

A good vector holds `path` (where the file lies), `file`, `content`, `slot` (index), `message`,
`id`, `signature`, `sig` (armoured), `signers`, `namespace` and the verdict ``ok``; a refusal
holds `path`, `file` and `verdict`.
"""

import shutil
import struct
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256, sha512
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA512
from cryptography.hazmat.primitives.serialization import load_ssh_private_key

from qms.formats import digests, sshsig
from qms.formats.canonical_json import Json
from qms.formats.cut import cut_markdown, cut_yaml, is_markdown, with_tail
from qms.formats.slots import Base, Signed, Slot, Subject, Tail, in_order, parse_tail, render_tail

HERE = Path(__file__).parent
Vector = dict[str, bytes]

SK_NAME = b"sk-ssh-ed25519@openssh.com"
SK_APPLICATION = b"ssh:"
ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493
SEEN = "sha1:" + "5ee0" * 10
NAMES = {"zhang.san": "张三", "li.si": "李四", "wang.wu": "王五", "zhao.liu": "赵六"}
MEANINGS = {
    "prepare": "prepared",
    "review": "reviewed",
    "co-sign": "co-signed",
    "approve": "approved",
    "publish": "published",
    "reject": "rejected",
    "policy-agree": "agreed",
    "policy-file": "filed",
    "withdraw": "withdrawn",
    "obsolete": "made obsolete",
    "issue": "issued",
    "receive": "received",
    "replace": "replaced",
    "recall": "recalled",
    "return": "returned",
}


def wire(*parts: bytes) -> bytes:
    """SSH's length-prefixed strings."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


class Keys:
    """The checked-in keys, and what they sign."""

    def __init__(self) -> None:
        self.private = {
            name: load_ssh_private_key((HERE / "keys" / name).read_bytes(), None)
            for name in ("ed25519", "rsa-3072", "rsa-2048")
        }
        self.blobs = {
            name: digests.from_base64((HERE / "keys" / f"{name}.pub").read_text().split()[1])
            for name in self.private
        }
        self.blobs["sk-ed25519"] = wire(SK_NAME, self.raw.public_key().public_bytes_raw(), b"ssh:")
        self.signed: dict[tuple[str, str, bytes], str] = {}

    @property
    def raw(self) -> Ed25519PrivateKey:
        """The Ed25519 key as an object, for what ssh-keygen doesn't make."""
        key = self.private["ed25519"]
        assert isinstance(key, Ed25519PrivateKey)
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
        """One line of base64; made by ssh-keygen, for a security key in software."""
        if name == "sk-ed25519":
            return self.lay(name, namespace, self._touched(namespace, message))
        if name == "rsa-2048":
            return self.lay(name, namespace, self.rsa(name, namespace, message, b"rsa-sha2-512"))
        with tempfile.TemporaryDirectory() as folder:
            private = Path(folder, "key")
            shutil.copyfile(HERE / "keys" / name, private)
            private.chmod(0o600)
            program = shutil.which("ssh-keygen")
            assert program is not None
            done = subprocess.run(
                [program, "-Y", "sign", "-f", str(private), "-n", namespace],
                input=message,
                capture_output=True,
                check=True,
            )
        return sshsig.from_armour(done.stdout.decode())

    def lay(  # noqa: PLR0913
        self, name: str, namespace: str, signature: bytes, *, version: int = 1,
        reserved: bytes = b"", algorithm: bytes = b"sha512", end: bytes = b"",
    ) -> str:  # fmt: skip
        """A signature's blob, with parts that may be wrong."""
        parts = wire(self.blobs[name], namespace.encode(), reserved, algorithm, signature)
        return digests.to_base64(b"SSHSIG" + version.to_bytes(4, "big") + parts + end)

    def rsa(self, name: str, namespace: str, message: bytes, algorithm: bytes) -> bytes:
        """What ssh-keygen won't make: by a short key, or by SHA-256."""
        key = self.private[name]
        assert isinstance(key, RSAPrivateKey)
        hashed = SHA256() if algorithm == b"rsa-sha2-256" else SHA512()
        value = key.sign(signed_bytes(namespace, message), padding.PKCS1v15(), hashed)
        return wire(algorithm, value)

    def _touched(self, namespace: str, message: bytes) -> bytes:
        tail = struct.pack(">BI", 5, 1)
        told = sha256(SK_APPLICATION).digest() + tail
        value = self.raw.sign(told + sha256(signed_bytes(namespace, message)).digest())
        return wire(SK_NAME, value) + tail


def signed_bytes(namespace: str, message: bytes) -> bytes:
    """What an SSH signature is made over."""
    return b"SSHSIG" + wire(namespace.encode(), b"", b"sha512", sha512(message).digest())


@dataclass
class File:
    """A file under construction: its head and body, and the slots that are laid one by one."""

    keys: Keys
    path: str
    kind: str
    head: Mapping[str, str]
    body: str | None
    status: str
    repo: str = ""
    slots: tuple[Slot, ...] = ()

    @property
    def unsigned(self) -> bytes:
        """Without any slot: head, an empty tail and body."""
        tail = render_tail(Tail(self.status, (), self.status == "log"))
        head = "".join(f"{key}: {value}\n" for key, value in self.head.items()).encode()
        if self.body is None:
            return head + tail
        return b"---\n" + head + tail + b"---\n" + self.body.encode()

    @property
    def content(self) -> str:
        """What the signers of this file sign."""
        return (cut_yaml if self.body is None else cut_markdown)(self.unsigned).content

    @property
    def data(self) -> bytes:
        """The file with its slots."""
        slots = self.slots if self.status == "log" else in_order(self.slots)
        return with_tail(self.unsigned, render_tail(Tail(self.status, slots, self.status == "log")))

    def subject(self) -> Subject:
        """The head's strings."""
        if self.kind == "policy":
            return Subject(kind="policy", number="policy", revision=self.head["version"])
        head = self.head
        return Subject(
            kind=self.kind,
            number=head["number"],
            class_=head["class"],
            revision=head["revision"],
            copy=head.get("copy"),
        )

    def sign(  # noqa: PLR0913
        self, act: str, step: str, role: str | None, person: str, *, minute: int,
        after: Iterable[str] = (), data: Mapping[str, Json] | None = None,
        reason: str | None = None, number: int = 1, key: str = "ed25519",
        base: Base | None = None, policy: str | None = "",
    ) -> Slot:  # fmt: skip
        """Lays one signed slot and gives it."""
        first = self.path == "policy/0001/policy.yaml"
        slot = Slot(
            act=act,
            step=step,
            role=role,
            person=person,
            at=f"2026-11-23T14:{minute:02}:00+08:00",
            signed=Signed(
                repo=self.repo or self.content,
                subject=self.subject(),
                content=self.content,
                base=base,
                round=number,
                name=NAMES[person],
                key=self.keys.fingerprint(key),
                meaning=MEANINGS[act],
                reason=reason,
                policy=None if first else policy or self.repo,
                seen=None if first else SEEN,
                after=tuple(sorted(after)),
                data=data or {},
            ),
        )
        slot = slot.with_signature(self.keys.sign(key, slot.namespace, slot.message()))
        self.slots = (*self.slots, slot)
        return slot


def good(file: File, index: int, key: str = "ed25519") -> Vector:
    """The vector of one signed slot of a file that must verify."""
    data = file.data
    cut = cut_markdown(data) if is_markdown(data) else cut_yaml(data)
    slot = parse_tail(cut.tail).slots[index]
    assert slot.signed is not None
    assert slot.signed.signature is not None
    return {
        "path": f"{file.path}\n".encode(),
        "file": data,
        "content": f"{cut.content}\n".encode(),
        "slot": f"{index}\n".encode(),
        "message": slot.message(),
        "id": f"{slot.id}\n".encode(),
        "signature": f"{slot.signed.signature}\n".encode(),
        "sig": sshsig.armour(slot.signed.signature).encode(),
        "signers": f"{slot.person} {file.keys.line(key)}\n".encode(),
        "namespace": f"{slot.namespace}\n".encode(),
        "verdict": b"ok\n",
    }


def bad(verdict: str, path: str, data: bytes) -> Vector:
    """The vector of a file that must be refused."""
    return {
        "path": f"{path}\n".encode(),
        "file": data,
        "verdict": f"{verdict}\n".encode(),
    }


HEAD = {
    "number": "LX-CX-2019-01",
    "title": "文件控制程序",
    "class": "procedure",
    "revision": "A/0",
    "controlled": "true",
    "owner": "quality",
    "prepared_by": "zhang.san",
    "summary": "首次发布",
}
BODY = "# 文件控制程序\n\n本程序规定文件的编制、审核、批准与发放。\n"
OPENED = {"effective": "2026-12-01", "published": "2026-11-23"}


class Examples:
    """The files that the vectors are about: one small repository."""

    def __init__(self) -> None:
        self.keys = Keys()
        self.policy = self._policy()
        self.repo = self.policy.content
        self.released = self._released()
        self.rejected = self._rejected()
        self.acts = self._acts()
        self.copy = self._copy()
        self.other_keys = self._other_keys()
        self.rulers = self._rulers()

    def file(self, path: str, head: Mapping[str, str], body: str | None, status: str) -> File:
        """A file of this repository, without slots."""
        kind = "copy" if path.startswith("copies/") else "document"
        return File(self.keys, path, kind, head, body, status, self.repo)

    def _policy(self) -> File:
        head = {
            "id": "0" * 31 + "1",
            "version": "1",
            "rulebook": "1",
            "plugins": "[]",
            "quorum": "{role: management, need: 1}",
            "floors": "{min_signers: 2, self_approval: false}",
            "files": "[]",
        }
        file = File(self.keys, "policy/0001/policy.yaml", "policy", head, None, "signed")
        agreed = file.sign("policy-agree", "1", "management", "zhao.liu", minute=0)
        file.sign("policy-file", "2", "management", "zhao.liu", minute=1, after=[agreed.id])
        return file

    def _released(self) -> File:
        file = self.file("released/procedure/LX-CX-2019-01/A-0.md", HEAD, BODY, "published")
        last = file.sign("prepare", "1", "preparer", "zhang.san", minute=10)
        for step, (act, role, person) in enumerate(
            (
                ("review", "head-of-quality", "li.si"),
                ("co-sign", "head-of-production", "zhao.liu"),
                ("approve", "management-representative", "zhao.liu"),
            ),
            2,
        ):
            last = file.sign(act, str(step), role, person, minute=10 + step, after=[last.id])
        file.sign(
            "publish", "5", "document-controller", "wang.wu", minute=20, after=[last.id],
            data=OPENED,
        )  # fmt: skip
        return file

    def _rejected(self) -> File:
        head = HEAD | {"revision": "A/1", "summary": '"外来文件: 跟踪"'}
        file = self.file("documents/procedure/LX-CX-2019-01.md", head, BODY, "in-review")
        base = Base("A/0", self.released.content)
        first = file.sign(
            "prepare", "1", "preparer", "zhang.san", minute=30, base=base,
            after=[self.released.slots[-1].id],
        )  # fmt: skip
        rejected = file.sign(
            "reject", "2", "head-of-quality", "li.si", minute=31, base=base, after=[first.id],
            reason='第 3 章缺少 "外来文件"',
        )  # fmt: skip
        file.sign(
            "prepare", "1", "preparer", "zhang.san", minute=32, base=base, after=[rejected.id],
            number=2,
        )  # fmt: skip
        file.slots += (
            Slot.unsigned("review", "2", "head-of-quality", "li.si"),
            Slot.unsigned("approve", "10", "management-representative", "zhao.liu"),
        )
        return file

    def _acts(self) -> File:
        head = {key: HEAD[key] for key in ("number", "class", "revision")}
        head["content"] = f'"{self.released.content}"'
        path = "released/procedure/LX-CX-2019-01/A-0.acts.yaml"
        file = self.file(path, head, None, "log")
        base = Base("A/0", self.released.content)
        gone = file.sign(
            "withdraw", "1", "management-representative", "zhao.liu", minute=40, base=base,
            after=[self.released.slots[-1].id], reason="附图有误",
        )  # fmt: skip
        file.sign(
            "obsolete", "1", "management-representative", "zhao.liu", minute=41, base=base,
            after=[gone.id], reason="被 LX-CX-2026-07 代替",
            data={"effective": "2026-12-31", "replaced_by": "LX-CX-2026-07"},
        )  # fmt: skip
        return file

    def _copy(self) -> File:
        head = {key: HEAD[key] for key in ("number", "class", "revision")} | {"copy": "003"}
        path = "copies/procedure/LX-CX-2019-01/A-0/003.yaml"
        file = self.file(path, head, None, "log")
        after = self.released.slots[-1].id
        facts: Mapping[str, Mapping[str, Json]] = {
            "issue": {
                "content": self.released.content,
                "department": "production",
                "holder": "li.si",
                "place": "一车间",
                "quantity": 1,
            },
            "receive": {"by": "li.si"},
            "replace": {"by": "004"},
            "recall": {"due": "2026-12-31"},
            "return": {"state": "good"},
        }
        for minute, (act, data) in enumerate(facts.items(), 50):
            event = file.sign(
                act, "event", None if act == "receive" else "document-controller",
                "li.si" if act == "receive" else "wang.wu", minute=minute, after=[after],
                base=Base("A/0", self.released.content), data=data,
            )  # fmt: skip
            after = event.id
        return file

    def _other_keys(self) -> File:
        head = HEAD | {"number": "LX-CX-2019-02"}
        file = self.file("released/procedure/LX-CX-2019-02/A-0.md", head, BODY, "approved")
        first = file.sign("prepare", "1", "preparer", "zhang.san", minute=10, key="rsa-3072")
        file.sign(
            "approve", "2", "management-representative", "zhao.liu", minute=11,
            after=[first.id], key="sk-ed25519",
        )  # fmt: skip
        return file

    def _rulers(self) -> File:
        head = HEAD | {"number": "CEE/QP 01", "revision": "B-2"}
        body = "---\nstatus: draft\napprovals: []\n---\n...\n\n```\nstatus: log\n```\n"
        path = "released/procedure/CEE/QP%2001/B%2D2.md"
        file = self.file(path, head, body, "approved")
        file.sign("prepare", "1", "preparer", "zhang.san", minute=10)
        return file

    def good(self) -> Iterator[tuple[str, Vector]]:
        """One vector per act, per key type, and for what a body may hold."""
        for file in (self.policy, self.released, self.acts, self.copy):
            for index, slot in enumerate(file.slots):
                yield f"act-{slot.act}", good(file, index)
        yield "act-reject", good(self.rejected, 1)
        yield "second-round", good(self.rejected, 2)
        yield "key-ed25519", good(self.rejected, 0)
        yield "key-rsa-3072", good(self.other_keys, 0, "rsa-3072")
        yield "key-sk-ed25519", good(self.other_keys, 1, "sk-ed25519")
        yield "body-with-rulers-and-status", good(self.rulers, 0)

    def bad(self) -> Iterator[tuple[str, Vector]]:
        """Each refusal is one edit of a good file."""
        for name, verdict, file, old, new in edits(self):
            data = file.data
            assert data.count(old) >= 1, (name, old)
            changed = data.replace(old, new, 1)
            assert changed != data, name
            yield name, bad(verdict, file.path, changed)
        for name, file, path in self._elsewhere():
            yield f"path-{name}", bad("MOVED-ENTRY", path, file.data)
        for name, verdict, signature in self._signatures():
            file = replace(self.other_keys, slots=self.other_keys.slots[:1])
            slot = file.slots[0]
            file.slots = (slot.with_signature(signature),)
            yield f"signature-{name}", bad(verdict, file.path, file.data)
        yield "key-rsa-2048", self._weak()

    def _elsewhere(self) -> Iterator[tuple[str, File, str]]:
        released, copy = self.released, self.copy
        yield "number", released, "released/procedure/LX-CX-2019-02/A-0.md"
        yield "number-of-a-draft", self.rejected, "documents/procedure/LX-CX-2019-02.md"
        yield "class", released, "released/form/LX-CX-2019-01/A-0.md"
        yield "revision", released, "released/procedure/LX-CX-2019-01/A-1.md"
        yield "revision-of-acts", self.acts, "released/procedure/LX-CX-2019-01/A-1.acts.yaml"
        yield "copy", copy, "copies/procedure/LX-CX-2019-01/A-0/004.yaml"
        yield "copy-of-another-revision", copy, "copies/procedure/LX-CX-2019-01/A-1/003.yaml"
        yield "policy-version", self.policy, "policy/0002/policy.yaml"
        yield "spelling", self.rulers, "released/procedure/CEE/QP%2001/B-2.md"

    def _signatures(self) -> Iterator[tuple[str, str, str]]:
        """Signatures of the first slot by the RSA key, each wrong in one way."""
        keys, slot = self.keys, self.other_keys.slots[0]
        name, space, message = "rsa-3072", slot.namespace, slot.message()
        value = keys.rsa(name, space, message, b"rsa-sha2-512")
        yield "for-git", "NAMESPACE", keys.sign(name, "git", message)
        yield "for-another-act", "NAMESPACE", keys.sign(name, "qms-approve-v1", message)
        yield "by-another-key", "SIGNATURE", keys.sign("ed25519", space, message)
        yield "reserved", "NOT-CANONICAL", keys.lay(name, space, value, reserved=b"x")
        yield "hash", "NOT-CANONICAL", keys.lay(name, space, value, algorithm=b"sha256")
        yield "version", "NOT-CANONICAL", keys.lay(name, space, value, version=2)
        yield "bytes-after", "NOT-CANONICAL", keys.lay(name, space, value, end=b"\0")
        yield "bytes-after-inside", "NOT-CANONICAL", keys.lay(name, space, value + b"\0")
        weak = keys.rsa(name, space, message, b"rsa-sha2-256")
        yield "rsa-sha2-256", "SIGNATURE", keys.lay(name, space, weak)
        yield "empty", "SIGNATURE", keys.lay(name, space, wire(b"rsa-sha2-512", b""))

    def _weak(self) -> Vector:
        file = replace(self.other_keys, slots=())
        file.sign("prepare", "1", "preparer", "zhang.san", minute=10, key="rsa-2048")
        return bad("KEY-WEAK", file.path, file.data)


def edits(examples: Examples) -> Iterator[tuple[str, str, File, bytes, bytes]]:
    """Refusals that replace some bytes: name, verdict, file, old bytes, new bytes."""
    for name, row in tomllib.loads((HERE / "edits.toml").read_text(encoding="utf-8")).items():
        file = getattr(examples, row["file"])
        yield name, row["verdict"], file, row["old"].encode(), row["new"].encode()
    file = examples.released
    yield "bytes-utf8", "BYTES-UTF8", file, "发放".encode(), b"\xb7\xa2"
    first, second, third = (
        file.data.index(f'  - act: "{act}"'.encode()) for act in ("prepare", "review", "co-sign")
    )
    turned = file.data[second:third] + file.data[first:second]
    yield "tail-slots-in-another-order", "TAIL", file, file.data[first:third], turned


def ed25519_with_s_plus_order(examples: Examples) -> Vector:
    """A signature whose second half is the order of the curve too big: the same point."""
    file = replace(examples.rulers)
    signature = digests.from_base64(file.slots[0].signed.signature)  # type: ignore[union-attr, arg-type]
    bigger = int.from_bytes(signature[-32:], "little") + ED25519_ORDER
    changed = digests.to_base64(signature[:-32] + bigger.to_bytes(32, "little"))
    file.slots = (file.slots[0].with_signature(changed),)
    return bad("SIGNATURE", file.path, file.data)


def vectors() -> dict[str, bytes]:
    """All files of all vectors, by their path below this folder."""
    examples = Examples()
    listed = [*examples.good(), *examples.bad()]
    listed.append(("signature-s-plus-order", ed25519_with_s_plus_order(examples)))
    found = {f"{name}/{part}": data for name, vector in listed for part, data in vector.items()}
    assert len(found) == sum(len(vector) for _, vector in listed)
    return found


def main(arguments: list[str]) -> int:
    """Writes the vectors, or with ``--check`` compares them."""
    wanted = vectors()
    there = {
        path.relative_to(HERE).as_posix(): path
        for path in HERE.glob("*/*")
        if path.parent.name not in ("keys", "__pycache__")
    }
    if "--check" in arguments:
        found = {name: path.read_bytes() for name, path in there.items()}
        differing = sorted(name for name in found | wanted if found.get(name) != wanted.get(name))
        sys.stdout.write("".join(f"{name}\n" for name in differing))
        return int(bool(differing))
    for name in there.keys() - wanted.keys():
        there[name].unlink()
    for name, data in wanted.items():
        path = HERE / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    for folder in HERE.iterdir():
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
