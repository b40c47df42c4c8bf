"""Git and files: trees, objects, the user's own work repo, the signer. No rules."""
