#!/bin/sh
# Makes the virtual environment with a Python from 3.11 to 3.13, and installs what the named files list.
set -eu
venv=$1
shift

fits() {
    command -v "$1" >/dev/null 2>&1 &&
        "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

if [ ! -x "$venv/bin/python" ]; then
    for found in ${PYTHON:-} python3.12 python3.13 python3.11 python3 python; do
        fits "$found" && break
        found=
    done
    if [ -z "$found" ]; then
        echo "Svyaz needs Python 3.11, 3.12 or 3.13, and finds: $(python3 --version 2>&1 || echo none)." >&2
        echo "Install one of them, or name it: make run PYTHON=/path/to/python3.12" >&2
        exit 1
    fi
    echo "Making $venv with $("$found" --version) …"
    "$found" -m venv "$venv" || {
        rm -rf "$venv"
        echo "This Python cannot make virtual environments. On Debian: apt install python3-venv" >&2
        exit 1
    }
fi
if ! fits "$venv/bin/python"; then
    echo "$venv was made with $("$venv/bin/python" --version 2>&1): take it away (make clean) and begin anew." >&2
    exit 1
fi
for list in "$@"; do
    echo "Installing what $list names ($(grep -c '==' "$list") packages, once) …"
    "$venv/bin/python" -m pip install --no-input --disable-pip-version-check -r "$list"
done
