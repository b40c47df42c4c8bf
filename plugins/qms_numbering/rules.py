"""Rules of numbering: what the numbers and revisions of a repo must obey."""
