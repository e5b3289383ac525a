#!/bin/sh
# Virtual time over two hosts on this machine against one process, with as many compute threads in all: how much
# longer the same scenario takes, and what its windows cost.
#
#   tests/bench/host_slowdown.sh [PROGRAM [SCENARIO [MORE ARGUMENTS OF RUN...]]]
set -eu
cd "$(dirname "$0")/../.."
program=$(realpath "${1:-build/tardigrad}")
scenario=${2:-scenarios/quickstart.toml}
[ $# -gt 2 ] && shift 2 || set --
. tests/bench/host_processes.sh
trap 'stop_hosts; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

start_host 1 127.0.0.1:0
start_host 2 127.0.0.1:0

run() {
  folder=$work/$1
  shift
  "$program" run "$scenario" --out "$folder" "$@" >"$folder.log" 2>&1 || { cat "$folder.log"; exit 1; }
}
run one-process --threads 2 "$@"
run two-hosts --threads 2 --hosts "$(address_of 1),$(address_of 2)" "$@"
same_results "$work/one-process" "$work/two-hosts"

wall_of() {
  sed -n 's/.*"wall_s": \([0-9.e+-]*\).*/\1/p' "$1"
}
echo
echo "algorithm             one process    two hosts    ratio    windows    waiting at their ends, s (host 1, host 2)"
# Hosts run the algorithms in the scenario's order, each its line.
place=0
for name in $(grep -o '^[a-z0-9-]* seed' "$work/1.log" | cut -d' ' -f1); do
  place=$((place + 1))
  windows_1=$(grep 'windows of virtual time' "$work/1.log" | sed -n "${place}p")
  windows_2=$(grep 'windows of virtual time' "$work/2.log" | sed -n "${place}p")
  awk -v name="$name" -v one="$(wall_of "$work/one-process/$name/s1/summary.json")" \
    -v two="$(wall_of "$work/two-hosts/$name/s1/summary.json")" -v first="$windows_1" -v second="$windows_2" 'BEGIN {
      split(first, a, /[ ,]+/); split(second, b, /[ ,]+/);
      printf "%-20s %10.1f s %10.1f s %8.2f %10d %10.1f %10.1f\n", name, one, two, two / one, a[1], a[6], b[6] }'
done
