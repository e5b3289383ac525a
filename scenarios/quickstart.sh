#!/bin/sh
# Installs what is missing, builds, and compares five algorithms on Fashion-MNIST under stragglers.
set -eu
cd "$(dirname "$0")/.."
.ci/set-up tardigrad
exec build/tardigrad run scenarios/quickstart.toml --force
