"""Document control on git: four words carry it all.

A **state** is one tree of files, read as typed items: working texts, released revisions, copies'
logs, policy versions. A **step** is a state and what was recorded before it. A **rule** is a pure
function that looks at a step and returns findings; it reads no file, no clock, no network. The
**register** is everything that was ever validly recorded: it only grows, and every entry in it is
signed. Commands differ only in the steps they hand to the same rules:

- `qms check` hands what changed since the shared trunk,
- a signing command what it is about to write,
- `qms verify` everything, from the pinned root to the tip.

Begin to read at `qms.domain.verdict.rule` (step and rule), `qms.domain.register.register` and
`qms.domain.verdict.judgement`, where all commands meet; `qms.api` is what a plugin may use.
"""

__version__ = "0.1.0"
