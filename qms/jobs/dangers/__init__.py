"""What a repository could hold that nobody can clone, lay out or name: refused at its door."""
