"""The printers that are asked of a policy which isn't in force yet.

Anybody proposes a policy, and whoever pulls it checks it: nothing is imported that it alone names.
What a new printer would say is asked once the keepers have signed for it.
"""

from qms.domain.kinds.policy import Policy
from qms.installed import TOOLS
from qms.plugins import Hooks


def signed_printers(hooks: Hooks, policy: Policy) -> Hooks:
    """The tool halves that `policy` admits and that came with the tool, or are admitted now.

    `hooks` are those of the policy in force.
    """
    kept = {(pin.name, pin.distribution) for pin in policy.plugins if not pin.void}
    own = [pin for pin in policy.plugins if pin.is_bundled]
    signed = [pin for pin in hooks.pins or () if (pin.name, pin.distribution) in kept]
    return Hooks((*own, *signed), (TOOLS,), hooks.found)
