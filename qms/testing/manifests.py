"""The vectors that are manifests of printed files: signed, unsigned, edited, signed by another."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from qms.formats import canonical_json, digests, sshsig
from qms.formats.print_manifest import PrintedFile, PrintManifest
from qms.formats.print_names import print_name
from qms.testing.vector_keys import Keys
from qms.testing.vectors import Vector, bad

_MANIFEST: Final = PrintManifest(
    repo=digests.sha256(b"repo"),
    policy=digests.sha256(b"policy"),
    commit="sha1:" + "5" * 40,
    tool="qms 0.1.0",
    plugins=(("publish", digests.sha256(b"publish")), ("watermark", digests.sha256(b"watermark"))),
    made="2026-11-23T14:36:00+08:00",
    key=None,
    files=tuple(
        PrintedFile(
            file=print_name("procedure", number, "A/1", mark, copy), digest=digests.sha256(data),
            class_id="procedure", number=number, revision="A/1", content=digests.sha256(b"text"),
            mark=mark, copy=copy, pages=9,
            statement=None if mark == "draft" else digests.sha256(b"statement"),
        )
        for number, mark, copy, data in (
            ("CEE/QP_01", "draft", None, b"1"),
            ("LX-CX-2019-01", "controlled", "003", b"2"),
            ("LX-CX-2019-01", "controlled", "A02/技", b"3"),
            ("LX-CX-2019-01", "uncontrolled", None, b"4"),
        )
    ),
)  # fmt: skip


def _manifest(verdict: str, data: bytes, sig: str | None, signers: str) -> Vector:
    """The vector of a manifest, with the armoured signature that lies beside it."""
    vector = bad(verdict, "manifest.json", data)
    vector |= {"signers": f"press {signers}\n".encode(), "namespace": b"qms-manifest-v1\n"}
    return vector if sig is None else vector | {"sig": sshsig.armour(sig).encode()}


def manifests(keys: Keys, edits: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, Vector]]:
    """One that holds, and edits of it: each is signed again, or it would fail for that alone.

    `edits` says by name which bytes give way to which, and what is said of that.
    """
    name, space = "ed25519", "qms-manifest-v1"
    line, good = keys.line(name), replace(_MANIFEST, key=keys.fingerprint(name)).message()
    yield "manifest", _manifest("ok", good, keys.sign(name, space, good), line)
    unsigned = _MANIFEST.message()
    yield "manifest-unsigned", _manifest("MANIFEST-UNSIGNED", unsigned, None, line)
    signed = keys.sign(name, space, unsigned)
    yield "manifest-signed-but-says-not", _manifest("MANIFEST-UNSIGNED", unsigned, signed, line)
    yield "manifest-signature-gone", _manifest("MANIFEST-UNSIGNED", good, None, line)
    other = keys.sign("ecdsa-p256", space, good)
    yield "manifest-by-another-key", _manifest("SIGNATURE", good, other, line)
    approval = keys.sign(name, "qms-approve-v1", good)
    yield "manifest-signed-as-approval", _manifest("NAMESPACE", good, approval, line)
    changed = good.replace(b'"pages":9', b'"pages":8', 1)
    yield "manifest-edited", _manifest("SIGNATURE", changed, keys.sign(name, space, good), line)
    for edit, value in _turned(good):
        data = canonical_json.encode(value) + b"\n"
        fault = _manifest("MANIFEST-FORM", data, keys.sign(name, space, data), line)
        yield f"manifest-{edit}", fault
    for edit, row in edits.items():
        old, new = row["old"].encode(), row["new"].encode()
        if old not in good:
            raise ValueError(edit)
        data = good.replace(old, new, 1)
        yield (
            f"manifest-{edit}",
            _manifest(row["verdict"], data, keys.sign(name, space, data), line),
        )


def _turned(good: bytes) -> Iterator[tuple[str, Any]]:
    """Manifests that are canonical, and say what none may say."""

    def again() -> Any:
        return canonical_json.decode(good[:-1])

    value = again()
    value["files"].reverse()
    yield "files-turned", value
    value = again()
    value["files"].append(value["files"][-1])
    yield "file-twice", value
    value = again()
    row = dict(value["files"][-1])
    row |= {"number": "lx-cx-2019-01", "file": row["file"].replace("LX-CX", "lx-cx")}
    value["files"].append(row)
    yield "files-that-differ-by-case", value
    value = again()
    value["files"][0]["class"] = ".."
    value["files"][0]["file"] = value["files"][0]["file"].replace("procedure", "..")
    yield "file-outside-and-its-class", value
    value = again()
    value["files"][1]["statement"] = None
    yield "copy-without-statement", value
    value = again()
    value["plugins"].reverse()
    yield "plugins-turned", value
