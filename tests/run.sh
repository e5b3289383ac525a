#!/bin/sh
# Installs what is missing, builds, and runs the tests.
set -eu
cd "$(dirname "$0")/.."
.ci/set-up tests
# Tests of hosts and of the real clock wait for one another more than they compute: one more runs beside them.
exec ctest --preset release --parallel "$(($(nproc) + 1))"
