"""`python -m qms`: the command line, for whoever names the Python that it shall run in."""

from qms.cli import main

main()
