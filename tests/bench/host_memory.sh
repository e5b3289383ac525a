#!/bin/sh
# Memory of two hosts over a long run under the real clock in which all that they do is to send: resident MiB every
# ten seconds, and at the end how the last quarter compares with the second.
#
#   tests/bench/host_memory.sh [PROGRAM [SECONDS]]     build/tardigrad, 600
set -eu
cd "$(dirname "$0")/../.."
program=$(realpath "${1:-build/tardigrad}")
duration=${2:-600}
. tests/bench/host_processes.sh
trap 'stop_hosts; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

start_host 1 127.0.0.1:0
start_host 2 127.0.0.1:0
cat >"$work/memory.toml" <<SCENARIO
name = "memory"
[time]
clock = "real"
duration = "${duration}s"
[nodes]
count = 8
model = "logistic-regression"
[data]
set = "fashion-mnist"
[training]
local_steps = 1
[compute]
step_time = "50ms"
[network]
emulation = "off"
[[algorithm]]
kind = "divshare"
[evaluation]
every = "30s"
samples = 200
SCENARIO
"$program" run "$work/memory.toml" --threads 1 --out "$work/out" --hosts "$(address_of 1),$(address_of 2)" \
  >"$work/run.log" 2>&1 &
run=$!
host_processes="$host_processes $run"

echo "time_s,host_1_mib,host_2_mib,coordinator_mib" | tee "$work/series.csv"
resident() {
  awk '/^VmRSS/ { printf "%.1f", $2 / 1024 }' "/proc/$1/status"
}
begin=$(date +%s)
while sleep 10 && kill -0 "$run" 2>/dev/null; do
  line="$(($(date +%s) - begin))"
  for process in $host_processes; do line="$line,$(resident "$process")"; done
  echo "$line" | tee -a "$work/series.csv"
done
grep 'seed' "$work/run.log"
awk -F, 'NR > 1 { row[++n] = $0 }
  END {
    for (i = 1; i <= n; ++i) {
      split(row[i], field, ",")
      quarter = int((i - 1) * 4 / n)
      ++count[quarter]
      for (p = 2; p <= 4; ++p) sum[quarter, p] += field[p]
    }
    split("host 1,host 2,coordinator", name, ",")
    for (p = 2; p <= 4; ++p) {
      early = sum[1, p] / count[1]; late = sum[3, p] / count[3]
      printf "%s: %.1f MiB in the second quarter, %.1f MiB in the last: %.3f times\n", name[p - 1], early, late, late / early
    }
  }' "$work/series.csv"
