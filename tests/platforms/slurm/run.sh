#!/bin/sh
# Tests scenarios/slurm.sh without Slurm, on this machine: run.sh PROGRAM. The two scripts beside this one stand in for
# srun and scontrol; hosts are processes that listen at different ports.
set -eu
program=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
script=$here/../../../scenarios/slurm.sh
command -v openssl >/dev/null || { echo "skipped: openssl is missing"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
  echo "FAILED: $1"
  cat log
  exit 1
}
# A job on these nodes: job NODES SCENARIO [OPTION...]. In a subshell whose `as` is "exec" it takes that one's place.
as=
job() {
  nodes=$1
  shift
  $as env PATH="$here:$PATH" TARDIGRAD="$program" SLURM_JOB_ID=$$ SLURM_JOB_NODELIST="$nodes" SLURM_CPUS_PER_TASK=1 \
    "$script" "$@" >log 2>&1
}
same_results() {
  for file in curves.csv comparison.csv divshare/s1/evaluations.csv divshare/s1/rounds.csv divshare/s1/links.csv; do
    cmp "whole/$file" "$1/$file" || fail "$1/$file is not that of one process"
  done
}

cat >small.toml <<END
name = "small"
[time]
duration = "3s"
[nodes]
count = 7
model = { kind = "null", parameters = 1000 }
[training]
local_steps = 1
[network]
uplink = "1Mbps"
[[algorithm]]
kind = "divshare"
fragments = 4
recipients = 2
END
"$program" run small.toml --out whole >log 2>&1 || fail "one process"

job localhost,localhost,localhost small.toml --out three || fail "three nodes"
same_results three
[ "$(grep -c 'the run of .* is done' log)" = 3 ] || fail "not all three hosts had the run to its end"
grep -q 'host 3 (localhost:' log || fail "the hosts are not those of the job"
[ -z "$(find . -name '.tardigrad-*')" ] || fail "the job's key is still there"
job localhost,localhost,localhost small.toml --out three || fail "three nodes again"
grep -q 'three: it is complete' log || fail "a complete run was begun again"

TARDIGRAD_INSECURE=yes job localhost,localhost small.toml --out insecure || fail "two nodes without TLS"
same_results insecure

job localhost small.toml --out one --checkpoint-every 100ms || fail "one node"
same_results one

# Slurm's signal before the time is over.
sed 's/"3s"/"1000000s"/' small.toml >endless.toml
(as=exec && job localhost,localhost endless.toml --out endless) &
running=$!
while ! grep -q 'divshare seed 1' log 2>/dev/null; do
  kill -0 "$running" 2>/dev/null || fail "a long run on two nodes"
  sleep 0.1
done
kill -TERM "$running"
code=0
wait "$running" || code=$?
[ "$code" = 130 ] || fail "exit code $code after the signal, not 130"
[ -s endless/divshare/s1/rounds.csv ] || fail "no rounds after the signal"
echo "all well"
