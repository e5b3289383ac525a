#!/bin/sh
#SBATCH --job-name=tardigrad
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=1
#SBATCH --cpus-per-task=8
#SBATCH --time=01:00:00
#SBATCH --signal=B:TERM@60
# Runs a scenario over the nodes of a Slurm job: a host on each, and the run itself on the first. Everything behind the
# scenario is an option of `tardigrad run`, and options of sbatch replace those above:
#
#   sbatch --nodes=4 scenarios/slurm.sh scenarios/all-algorithms.toml --out results/four-nodes
#   sbatch --nodes=1 scenarios/slurm.sh scenarios/quickstart.toml --checkpoint-every 2s --out results/one-node
#
# The same command again does nothing if the run is complete. On one node it goes on where --checkpoint-every has saved;
# a run over several nodes cannot be saved, and begins again. All nodes must see the current folder, as is usual.
#
# Token and certificates are made for this job alone and removed at its end; TARDIGRAD_INSECURE=yes goes without TLS.
# TARDIGRAD is the program, if it is not build/tardigrad; TARDIGRAD_PORT the first port, if the one made of the job's
# number is not free.
set -eu
[ $# -ge 1 ] || { echo "usage: sbatch [OPTION...] scenarios/slurm.sh SCENARIO [OPTION OF tardigrad run...]" >&2; exit 2; }
program=${TARDIGRAD:-build/tardigrad}
threads=${SLURM_CPUS_PER_TASK:-$(nproc)}
nodes=$(scontrol show hostnames "$SLURM_JOB_NODELIST")
count=$(echo "$nodes" | wc -l)

# Slurm's signal, a while before the time is over, ends the run with all that it has so far.
run() {
  "$program" run "$@" --threads "$threads" --resume-if-there &
  run=$!
  trap 'kill -TERM "$run"' TERM INT
  code=0
  wait "$run" || code=$?
  while kill -0 "$run" 2>/dev/null; do  # the signal has ended the wait, not the run
    code=0
    wait "$run" || code=$?
  done
  trap '' TERM INT
}

if [ "$count" = 1 ]; then
  run "$@"
  exit "$code"
fi

own=$(mktemp -d "$PWD/.tardigrad-$SLURM_JOB_ID-XXXXXX")  # nobody else can read it
trap 'rm -rf "$own"' EXIT

TARDIGRAD_TOKEN=$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')
TARDIGRAD_PORT=${TARDIGRAD_PORT:-$((10000 + SLURM_JOB_ID % 20000))}
export TARDIGRAD_TOKEN TARDIGRAD_PORT

addresses=
names=
for node in $nodes; do
  position=$(echo "$addresses" | tr -cd , | wc -c)
  addresses=$addresses$node:$((TARDIGRAD_PORT + position)),
  names=${names:+$names,}DNS:$node
done

if [ "${TARDIGRAD_INSECURE:-}" = yes ]; then
  tls=
  listening=--insecure
else
  {
    openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=tardigrad job $SLURM_JOB_ID" \
      -keyout "$own/ca.key" -out "$own/ca.pem"
    openssl req -newkey rsa:2048 -nodes -subj "/CN=a node" -keyout "$own/node.key" -out "$own/node.csr"
    echo "subjectAltName=$names" >"$own/names"
    openssl x509 -req -days 30 -in "$own/node.csr" -CA "$own/ca.pem" -CAkey "$own/ca.key" -CAcreateserial \
      -extfile "$own/names" -out "$own/node.pem"
  } 2>"$own/log" || { cat "$own/log" >&2; exit 1; }
  tls="--cert $own/node.pem --key $own/node.key --ca $own/ca.pem"
  listening=$tls
fi

# One task a node, in the order of the nodes.
srun --nodes="$count" --ntasks="$count" --ntasks-per-node=1 --cpus-per-task="$threads" sh -c '
  program=$1
  threads=$2
  shift 2
  exec "$program" host --once --listen "0.0.0.0:$((TARDIGRAD_PORT + SLURM_PROCID))" --threads "$threads" "$@"
' host "$program" "$threads" $listening &
hosts=$!

run "$@" --hosts "${addresses%,}" --wait-for-hosts 60s $tls

# Hosts end with their run. Those that never got one, as it was complete already or has failed before, are ended here.
for second in 1 2 3 4 5; do
  kill -0 "$hosts" 2>/dev/null || break
  sleep 1
done
kill -TERM "$hosts" 2>/dev/null || true
wait "$hosts" || true
exit "$code"
