"""Builders for docs repos, histories and attacks; plugin authors use them too."""
