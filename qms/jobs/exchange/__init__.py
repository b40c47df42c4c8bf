"""Work of others and mine made one: `sync`, and `fix` after a plain `git pull`."""
