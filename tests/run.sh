#!/bin/sh
# Installs what is missing, builds, and runs the tests.
set -eu
cd "$(dirname "$0")/.."
.ci/set-up tests
exec ctest --preset release --parallel "$(nproc)"
