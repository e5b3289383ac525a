#!/bin/sh
# Three hosts with addresses of their own, each in a network namespace behind one bridge: 30 nodes on
# Fashion-MNIST, first in virtual time, against the same run in one process, then under the real clock.
#
#   tests/bench/host_namespaces.sh [PROGRAM]     build/tardigrad if left out; needs root rights and iproute2
set -eu
cd "$(dirname "$0")/../.."
program=$(realpath "${1:-build/tardigrad}")
if [ "$(id -u)" != 0 ] || ! command -v ip >/dev/null; then
  echo "skipped: network namespaces need root rights and iproute2"
  exit 0
fi
. tests/bench/host_processes.sh

net=10.213.77
clean_up() {
  stop_hosts
  for host in 1 2 3; do ip netns del "tardigrad$host" 2>/dev/null || true; done
  ip link del tardigrad0 2>/dev/null || true
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

ip link add tardigrad0 type bridge
ip addr add "$net.1/24" dev tardigrad0
ip link set tardigrad0 up
hosts=""
for host in 1 2 3; do
  ip netns add "tardigrad$host"
  ip link add "tardigrad0-$host" type veth peer name eth0 netns "tardigrad$host"
  ip link set "tardigrad0-$host" master tardigrad0 up
  ip -n "tardigrad$host" addr add "$net.1$host/24" dev eth0
  ip -n "tardigrad$host" link set eth0 up
  ip -n "tardigrad$host" link set lo up
  start_host "$host" "$net.1$host:4242" ip netns exec "tardigrad$host"
  hosts="$hosts${hosts:+,}$net.1$host:4242"
done

cat >"$work/namespaces.toml" <<'SCENARIO'
name = "namespaces"
[time]
duration = "20s"
[nodes]
count = 30
model = "logistic-regression"
[data]
set = "fashion-mnist"
partition = { kind = "dirichlet", alpha = 0.3 }
[training]
local_steps = 8
[compute]
step_time = "25ms"
[network]
uplink = "20Mbps"
downlink = "20Mbps"
[[network.stragglers]]
nodes = { count = 6 }
factor = 5
[[algorithm]]
kind = "divshare"
[[algorithm]]
kind = "ad-psgd-pushpull"
[[algorithm]]
kind = "d-psgd"
topology = { kind = "random-regular", degree = 6 }
[evaluation]
every = "5s"
samples = 500
target = 0.6
SCENARIO

run() {
  begin=$(date +%s.%N)
  "$program" run "$work/namespaces.toml" --threads 2 --out "$work/$@" >"$work/run.log" 2>&1 ||
    { cat "$work/run.log"; exit 1; }
  grep -E '^(host|warning|[a-z0-9-]+ seed)' "$work/run.log"
  echo "$1: $(seconds_since "$begin") s"
  echo
}

run one-process
run virtual-time --hosts "$hosts"
same_results "$work/one-process" "$work/virtual-time"
echo
run real-clock --hosts "$hosts" --set time.clock=real
echo "traffic of the hosts, both runs:"
for host in 1 2 3; do
  ip -n "tardigrad$host" -s link show eth0 |
    awk -v host="$host" '/RX:/ { getline; r = $1 } /TX:/ { getline; t = $1 }
                         END { printf "  host %d: received %.1f MB, sent %.1f MB\n", host, r / 1e6, t / 1e6 }'
done
