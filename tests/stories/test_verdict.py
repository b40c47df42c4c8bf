"""The last line of `qms verify` is the verdict, whatever is told above it (the guide says so)."""

import json

from qms.testing.office import Office

FILED = "released/work-instruction/LX-WI-01/A-0.md"


def test_a_warning_takes_no_verdict_away(released: Office) -> None:
    """A file was gone for a commit: an INCIDENT, and all holds again."""
    whole = released.git("rev-parse", "HEAD")
    released.git("rm", "-q", FILED)
    released.git("commit", "-q", "-m", "Slip")
    released.git("checkout", whole, "--", FILED)
    released.git("commit", "-q", "-m", "Restore")

    answer = released.call("verify")

    last = answer.out.splitlines()[-1]
    assert (answer.code, "INCIDENT" in answer.findings) == (0, True), answer
    assert last.startswith("verified: all holds up to ")
    assert "1 warning" in last
    assert json.loads(released.qms("verify", "--json"))["warnings"] == 1
    assert "验证通过" in released.call("verify", lang="zh").out.splitlines()[-1]
