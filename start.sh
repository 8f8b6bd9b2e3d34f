#!/bin/sh
# Starts the application on Linux and macOS; the work is done by scripts/start.py.
cd "$(dirname "$0")" || exit 1
for python in python3.13 python3.12 python3.11 python3 python; do
    if "$python" -c 'import sys; sys.exit(sys.version_info[:2] < (3, 11))' 2>/dev/null; then
        exec "$python" -m scripts.start
    fi
done
cat scripts/no_python.txt >&2
exit 1
