#!/bin/sh
# Print the Python to set up with: 3.11, 3.12 or 3.13, one that really runs and can make environments (a pyenv shim may
# stand for a version that is not installed; Debian ships venv apart).
#
#   PYTHON=python3.12 tools/find_python.sh [.venv]
#
# What PYTHON names, and nothing else, when it is set; else the one that the environment was made with; else the person's
# own python3, whose headers are the likeliest to be installed; else any.
works() {
    "$1" -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

if [ -n "${PYTHON:-}" ]; then
    works "$PYTHON" && echo "$PYTHON" && exit 0
    echo "✗ $PYTHON 不能用 does not work" >&2
else
    made_with=$("${1:-.venv}/bin/python" -c 'import os, sys; print(os.path.realpath(sys.executable))' 2>/dev/null)
    for name in "$made_with" python3 python3.13 python3.12 python3.11; do
        [ -n "$name" ] && works "$name" && echo "$name" && exit 0
    done
fi
cat >&2 <<'END'
✗ 没有找到可用的 Python 3.11、3.12 或 3.13(须带 venv)
  no Python 3.11, 3.12 or 3.13 with venv was found
  Debian / Ubuntu:  apt-get install python3 python3-venv python3-dev
  也可以指定 or name one:  make setup PYTHON=/path/to/python3.12
END
exit 1
