"""Issue 8, 1: what lies in the output folder is believed of nobody, and nothing outside is touched.

P: at `qms publish`.
"""

import hashlib
import json

import pytest

from qms.testing.office import Office

WI = "work-instruction/LX-WI-01_A-0_uncontrolled.pdf"


def manifest(out, rows):
    (out / "manifest.json").write_text(json.dumps({"commit": "0" * 40, "files": rows}))


def row(file, data, **more):
    return {
        "file": file,
        "sha256": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "number": "LX-WI-01",
        "revision": "A/0",
        "kind": "uncontrolled",
        "copy": "",
        "inputs": "sha256:" + "0" * 64,
        **more,
    }


@pytest.fixture
def released(submitted: Office) -> Office:
    submitted.qms("sign", "LX-WI-01", by="fu.yi")
    submitted.qms("release", "LX-WI-01", by="wen.kong")
    return submitted


def test_a_manifest_deletes_nothing_outside(released: Office) -> None:
    out = released.folder / "published"
    out.mkdir()
    home = released.folder.parent / "home.txt"
    home.write_text("mine")
    manifest(out, [row("../../../home.txt".replace("../", "", 1), b"mine")])
    released.qms("publish", "--out", str(released.folder / "published"), by="wen.kong")
    assert home.read_text() == "mine"


def test_a_forged_pdf_is_not_taken_over(released: Office) -> None:
    released.qms("publish", "--out", str(released.folder / "published"), by="wen.kong")
    out = released.folder / "published"
    true = json.loads((out / "manifest.json").read_text())["files"]
    (out / WI).write_bytes(b"%PDF-1.7 forged")
    made = [
        dict(one, sha256="sha256:" + hashlib.sha256((out / one["file"]).read_bytes()).hexdigest())
        for one in true
    ]
    manifest(out, made)
    released.qms("publish", "--out", str(released.folder / "published"), by="wen.kong")
    assert (out / WI).read_bytes() != b"%PDF-1.7 forged"
