#!/bin/sh
# The command `qms`. It runs the Python of the place where it is installed, and that takes no module
# from PYTHONPATH, from the folder one is in or from the user's own packages. (Two variables say where
# Python itself is installed, and `-I` believes them.) Installers write
# commands that drop Python's options; this file they take as it is.
unset PYTHONEXECUTABLE __PYVENV_LAUNCHER__
at=$0
[ ! -L "$at" ] || at=$(command -p readlink -f -- "$at")
for python in "${at%/*}/python3" /usr/bin/python3; do
    [ ! -x "$python" ] || exec "$python" -I -m qms "$@"
done
echo "qms: there is no python3 beside $at" >&2
exit 3
