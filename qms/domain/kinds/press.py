"""Who may sign a manifest of printed files, and whether a signed one holds.

A machine's key (`publishers`) signs these and nothing else; a person's signs them too. What holds
says what the key's holder said: that these files were made of that register. It is no approval.
"""

from qms.domain.kinds.policy import FIDO, Policy
from qms.findings import Place, refused
from qms.formats import sshsig
from qms.formats.print_manifest import PrintManifest, proof, proved_manifest


def check_publisher(policy: Policy, fingerprint: str, proved: sshsig.Assurance | None) -> None:
    """Raises `Refused` PUBLISHER where a key may not sign manifests under a policy.

    `proved` is what its signature proves, None before there is one. Of a person touch and PIN are
    asked for where the floors or the key's row do; a machine has nobody to touch anything.
    """
    if policy.publisher(fingerprint) is not None:
        return
    owner = policy.key_owner(fingerprint)
    values = {"key": fingerprint, "policy": str(policy.version)}
    if owner is None:
        raise refused("PUBLISHER", why="unknown", **values)
    if owner[1].void:
        raise refused("PUBLISHER", why="void", **values)
    if proved is None or FIDO not in (policy.floors.assurance, owner[1].assurance):
        return
    if not (proved.present and proved.verified):
        raise refused("PUBLISHER", why="no touch and PIN", **values)


def read_manifest(data: bytes, armoured: str | None, *, repo: str, policy: Policy) -> PrintManifest:
    """A manifest that holds: of this repo, signed by a key that `policy` lets sign it.

    `armoured` is the text of ``manifest.json.sig``, None where there is none. Raises `Refused`:
    what `proof` and `proved_manifest` raise, MANIFEST-FOREIGN, PUBLISHER.
    """
    proved = proof(data, armoured)
    check_publisher(policy, proved.key.fingerprint, proved.assurance)
    manifest = proved_manifest(data, proved)
    if manifest.repo != repo:
        raise refused("MANIFEST-FOREIGN", Place("manifest.json"), found=manifest.repo)
    return manifest
