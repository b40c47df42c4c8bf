"""Whether what there is holds: `check`, `verify` and the gates, and what they ask."""
