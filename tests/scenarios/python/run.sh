#!/bin/sh
# Tests the Python package of a build: run.sh PYTHON BUILD_FOLDER
set -eu
build=$(cd "$2" && pwd)
cd "$(dirname "$0")"
for module in pytest pandas matplotlib; do
  "$1" -c "import $module" 2>/dev/null || { echo "skipped: Debian's python3-$module is missing"; exit 0; }
done
PYTHONPATH="$build/python" PYTHONDONTWRITEBYTECODE=1 MPLBACKEND=Agg exec "$1" -m pytest -q -p no:cacheprovider .
