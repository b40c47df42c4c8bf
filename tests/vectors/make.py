"""Writes the vectors: files that must verify, one per act and key type, and files that must not.

``python tests/vectors/make.py`` writes them all; ``--check`` tells (exit code 1) whether what
stands here is what would be written. Everything is fixed: keys, times, texts, and by RFC 6979
ECDSA's random number too. The keys were made for this purpose and sign nothing else.

A good vector holds `path` (where the file lies), `file`, `content`, `slot` (index), `message`,
`id`, `signature`, `sig` (armoured), `signers`, `namespace` and the verdict ``ok``; a refusal
holds `path`, `file` and `verdict`. A manifest of printed files has no slots: it holds `sig`,
`signers` and `namespace` besides, or no `sig`. One that tells a `day` holds besides the policy
versions that there are, each as `policy-NNNN` (the manifest) and `qms-NNNN` (its qms.yaml, which
has the zone).
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from qms.formats import caps, digests, strict_yaml
from qms.formats.cut import cut_markdown
from qms.formats.slots import render_event
from qms.testing import edwards, signatures
from qms.testing.dated_files import REFUSED, DatedFiles, qms_yaml
from qms.testing.examples import Examples
from qms.testing.manifests import manifests
from qms.testing.signatures import wire
from qms.testing.signed_file import SignedFile
from qms.testing.vector_keys import Keys
from qms.testing.vectors import Vector, bad, good, signed_again
from qms.testing.weak_keys import weak_keys

HERE = Path(__file__).parent

ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493


class Vectors(Examples):
    """What is made of the files: those that must verify, and edits that must not."""

    keys: Keys

    def __init__(self) -> None:
        super().__init__(Keys(HERE / "keys"))
        self.twice = self._twice()

    def good(self) -> Iterator[tuple[str, Vector]]:
        """One vector per act, per key type, and for what a body may hold."""
        for file in (self.policy, self.released, self.acts, self.copy, self.later_acts):
            for index, slot in enumerate(file.slots):
                yield f"act-{slot.act}", good(file, index)
        yield "act-reject", good(self.rejected, 1)
        yield "second-round", good(self.rejected, 2)
        yield "slots-of-one-person", good(self.twice, 1)
        for name, file, _, _ in at_caps(self):
            yield f"cap-{name}", good(file, len(file.slots) - 1)
        yield "key-ed25519", good(self.rejected, 0)
        yield "key-rsa-3072", good(self.other_keys, 0, "rsa-3072")
        yield "key-sk-ed25519", good(self.other_keys, 1, "sk-ed25519")
        yield "key-ecdsa-p256", good(self.more_keys, 0, "ecdsa-p256")
        yield "key-sk-ecdsa-p256", good(self.more_keys, 1, "sk-ecdsa-p256")
        yield "body-with-rulers-and-status", good(self.rulers, 0)
        files = DatedFiles(self.keys)
        for one in files.dated():
            day = {"day": f"{one.day}\n".encode()}
            yield f"day-{one.name}", good(one.file, one.slot) | day | files.parts
        yield "legacy-as-long-as-may-be", good(self.legacy, 2)
        yield "policy-every-key", good(self.later_policy, 1)

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
            yield f"signature-{name}", signed_again(self.other_keys, 0, verdict, signature)
        for name, verdict, index, signature in self._curve_signatures():
            yield f"signature-{name}", signed_again(self.more_keys, index, verdict, signature)
        for name, file, old, new in at_caps(self):
            assert file.data.count(old), name
            verdict = "YAML-DEEP" if name == "levels" else "LIMIT"
            yield f"cap-{name}-and-one", bad(verdict, file.path, file.data.replace(old, new, 1))
        yield "key-rsa-2048", self._weak()
        for name, zone in REFUSED.items():
            yield f"zone-{name}", bad("ZONE", "qms.yaml", qms_yaml(zone))
        for name, verdict, blob, value in weak_keys(self.keys.blobs["ecdsa-p256"]):
            yield f"key-{name}", self._without_a_secret(verdict, blob, value)
        for name, signed in self._on_the_curve():
            yield f"signature-{name}", signed_again(self.rulers, 0, "SIGNATURE", signed)

    def _twice(self) -> SignedFile:
        """A text that one person reviewed on two branches: the later id comes later."""
        file = replace(self.rejected, slots=())
        first = file.sign("prepare", "1", "preparer", "zhang.san", minute=30)
        for minute in (31, 32, 33):
            file.sign("review", "2", "head-of-quality", "li.si", minute=minute, after=[first.id])
        return file

    def _elsewhere(self) -> Iterator[tuple[str, SignedFile, str]]:
        released, copy = self.released, self.copy
        yield "number", released, "released/procedure/LX-CX-2019-02/A-0.md"
        yield "number-of-a-draft", self.rejected, "documents/procedure/LX-CX-2019-02.md"
        yield "class", released, "released/form/LX-CX-2019-01/A-0.md"
        yield "revision", released, "released/procedure/LX-CX-2019-01/A-1.md"
        acts = self.acts.path
        yield "revision-of-acts", self.acts, acts.replace("A-0~", "A-1~")
        yield "text-of-acts", self.acts, re.sub("~[0-9a-f]{16}", f"~{'0' * 16}", acts)
        yield "copy", copy, "copies/procedure/LX-CX-2019-01/A-0/004.yaml"
        yield "copy-of-another-revision", copy, "copies/procedure/LX-CX-2019-01/A-1/003.yaml"
        yield "policy-version", self.policy, "policy/0002/policy.yaml"
        yield "spelling", self.rulers, "released/procedure/CEE/QP%2001/B-2.md"

    def _signatures(self) -> Iterator[tuple[str, str, str]]:
        """Signatures of the first slot by the RSA key, each wrong in one way."""
        keys, slot = self.keys, self.other_keys.statements[0]
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
        yield "empty", "SIGNATURE", keys.lay(name, space, signatures.wire(b"rsa-sha2-512", b""))

    def _curve_signatures(self) -> Iterator[tuple[str, str, int, str]]:
        """Of the key file in slot 0, the security key in slot 1."""
        keys, (file, device) = self.keys, self.more_keys.statements
        name, curve = "ecdsa-p256", keys.curve("ecdsa-p256")
        value = signatures.plain(curve, signatures.signed_bytes(file.namespace, file.message()))
        inner = value[4 + value[3] + 4 :]
        padded = b"\0" + inner[4 : 4 + inner[3]]
        value = signatures.wire(
            value[4 : 4 + value[3]], signatures.wire(padded) + inner[4 + inner[3] :]
        )
        yield "ecdsa-number-padded", "NOT-CANONICAL", 0, keys.lay(name, file.namespace, value)
        name, data = "sk-ecdsa-p256", signatures.signed_bytes(device.namespace, device.message())
        value = signatures.touched(curve, data, flags=signatures.TOUCHED)
        claimed = value[:-5] + bytes([5]) + value[-4:]
        yield "sk-flags-claimed", "SIGNATURE", 1, keys.lay(name, device.namespace, claimed)
        yield "sk-flags-missing", "NOT-CANONICAL", 1, keys.lay(name, device.namespace, value[:-5])
        plain = signatures.plain(curve, data)
        yield "sk-by-a-file", "SIGNATURE", 1, keys.lay(name, device.namespace, plain)

    def _on_the_curve(self) -> Iterator[tuple[str, str]]:
        """Signatures that other equations or laxer readings of ed25519 would take."""
        keys, slot = self.keys, self.rulers.statements[0]
        private, public = keys.private["ed25519"], keys.blobs["ed25519"][-32:]
        assert isinstance(private, Ed25519PrivateKey)
        seed = private.private_bytes_raw()
        message = signatures.signed_bytes(slot.namespace, slot.message())

        def signed(nonce: bytes, number: int) -> str:
            """The second half that fits this nonce, whose point is `number` times the base."""
            told = edwards.challenge(nonce, public, message) * edwards.secret(seed)
            value = (number + told) % edwards.ORDER
            half = wire(b"ssh-ed25519", nonce + value.to_bytes(32, "little"))
            return keys.lay("ed25519", slot.namespace, half)

        point = edwards.add(edwards.times(7, edwards.BASE), edwards.ORDER_8)
        yield "cofactored-only", signed(edwards.encode(point), 7)
        yield "nonce-not-canonical", signed(edwards.spelled(edwards.P + 1, 0), 0)

    def _without_a_secret(self, verdict: str, blob: bytes, value: bytes) -> Vector:
        """A file signed by a key that proves nothing: by a signature that needs no private half."""
        file = replace(self.other_keys, slots=())
        slot = file.sign("prepare", "1", "preparer", "zhang.san", minute=10)
        printed = digests.to_base64(sha256(blob).digest()).rstrip("=")
        slot = replace(slot, key=f"SHA256:{printed}")
        file.slots = (slot.with_signature(signatures.laid(blob, slot.namespace, value)),)
        return bad(verdict, file.path, file.data)

    def _weak(self) -> Vector:
        file = replace(self.other_keys, slots=())
        file.sign("prepare", "1", "preparer", "zhang.san", minute=10, key="rsa-2048")
        return bad("KEY-WEAK", file.path, file.data)


def at_caps(examples: Vectors) -> Iterator[tuple[str, SignedFile, bytes, bytes]]:
    """Files that are exactly at a cap, and what of them is to be replaced to be one over it."""
    copy, names = examples.copy, [f"sha256:{at:064x}" for at in range(caps.AFTER)]
    issued = copy.statements[0]
    recall: dict[str, Any] = {"minute": 55, "base": issued.base, "data": {"due": "2026-12-31"}}
    who = ("recall", "event", "document-controller", "wang.wu")
    file = replace(copy)
    file.sign(*who, after=names, **recall)
    yield "after", file, b'"after":["sha256:00', b'"after":["sha256:' + b"0" * 64 + b'","sha256:00'
    file = replace(copy)
    file.sign(*who, reason="长" * caps.TEXT, **recall)
    yield "text", file, '"reason":"长'.encode(), '"reason":"长长'.encode()
    acts = examples.later_acts
    first = acts.statements[0]

    def settled(count: int, letters: int) -> SignedFile:
        file = replace(acts)
        data: dict[str, Any] = {"annulled": [f"sha256:{at:064x}" for at in range(count)]}
        file.sign("settle", "1", "management-representative", "zhao.liu", minute=55,
                  base=first.base, data=data | {"stands": None}, reason="x" * letters)  # fmt: skip
        return file

    row = len(f'"sha256:{0:064x}",')
    left = caps.ENTRY - len(render_event(settled(1, 1).statements[-1]).encode())
    file = settled(1 + left // row, 1 + left % row)
    yield "entry", file, b'"reason":"x', b'"reason":"xx'
    file = replace(examples.rejected, slots=())
    file.sign("prepare", "1", "preparer", "zhang.san", minute=30, number=caps.ROUND)
    yield "round", file, b'"round":999', b'"round":1000'
    head = dict(file.head)
    left = caps.HEAD - len(cut_markdown(replace(file, head=head | {"summary": "|"}).unsigned).head)
    lines = [61] * (left // 64 - 1) + [61 + left % 64]
    summary = "|" + "".join(f"\n  {'x' * length}" for length in lines)
    file = replace(file, head=head | {"summary": summary}, slots=())
    file.sign("prepare", "1", "preparer", "zhang.san", minute=30)
    yield "head", file, b"\n  x", b"\n  xx"
    for name, value, old, new in keys_at_caps():
        file = replace(file, head=head | KEYS_WITHOUT_CAP | value, slots=())
        file.sign("prepare", "1", "preparer", "zhang.san", minute=30)
        yield name, file, old, new


KEYS_WITHOUT_CAP: Final = {
    "title_en": "Control of documents",
    "change": "LX-R-05-2026-003",
    "clauses": "[7.5.1, 7.5.2, 7.5.3]",
    "related": "[LX-CX-2019-02]",
    "co_sign": "[workshop]",
    "second_code": "QP-01",
    "standard": "ISO 13485",
    "language": "zh",
    "keywords": "[control, records]",
    "legacy": '{approved: 2019-03-01, effective: 2019-04-01, published: 2019-03-15, by: "何工"}',
    "assets": "[]",
}
"""The core's other keys of a document's head: none of them counts."""


def keys_at_caps() -> Iterator[tuple[str, dict[str, str], bytes, bytes]]:
    """Keys of a head that plugins have brought, exactly at a cap, and what makes them one over it.

    What is empty counts, whatever it is, and so does a block; items are counted from 1.
    """
    empty = {"remark": "", "rows": "[]", "units": "{}", "form": '{note: "", fields: [[], {}]}'}
    block = {"table": "\n  - name: |\n      mm\n      kg\n    low: 0\n  - name: kg\n    low: 1.5"}
    left = caps.HEAD_TEXTS - len(empty) - 2 - 4
    more = {"more": f"[{', '.join(['x'] * left)}]"}
    yield "texts", empty | block | more, b"[x", b"[x, x"
    left = caps.HEAD_WAY - len("form..a.10.b")
    items = ", ".join(["1"] * 9)
    value = f"{{{'x' * left}: {{a: [{items}, {{b: []}}]}}}}"
    yield "way", {"form": value}, b"{x", b"{xx"
    levels = strict_yaml.MAX_DEPTH
    yield "levels", {"form": f"{'{a: ' * levels}1{'}' * levels}"}, b": 1}", b": []}"


def edits(examples: Vectors) -> Iterator[tuple[str, str, SignedFile, bytes, bytes]]:
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
    file = examples.twice
    pieces = file.data[file.data.index(b'  - act: "review"') :].split(b'  - act: "review"')[1:3]
    one, other = (b'  - act: "review"' + piece for piece in pieces)
    yield "tail-slots-of-one-person-turned", "TAIL", file, one + other, other + one


def ed25519_with_s_plus_order(examples: Vectors) -> Vector:
    """A signature whose second half is the order of the curve too big: the same point."""
    file = replace(examples.rulers)
    signature = digests.from_base64(file.statements[0].signature)
    bigger = int.from_bytes(signature[-32:], "little") + ED25519_ORDER
    changed = digests.to_base64(signature[:-32] + bigger.to_bytes(32, "little"))
    file.slots = (file.statements[0].with_signature(changed),)
    return bad("SIGNATURE", file.path, file.data)


def vectors() -> dict[str, bytes]:
    """All files of all vectors, by their path below this folder."""
    examples = Vectors()
    listed = [*examples.good(), *examples.bad()]
    edited = tomllib.loads((HERE / "manifests.toml").read_text(encoding="utf-8"))
    listed += manifests(examples.keys, edited)
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
        if path.parent.name not in ("keys", "standing", "__pycache__")
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
