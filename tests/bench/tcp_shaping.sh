#!/bin/sh
# The real clock's shaping against the kernel's: the same transfers as real TCP between two network namespaces,
# whose link `tc tbf` shapes, and through tardigrad. Needs root; exit code 77 if it cannot be done here, 1 if
# a ratio is off by more than 2 %. Meant for an idle machine.
#
#   tests/bench/tcp_shaping.sh [BUILD_FOLDER]
set -eu

here=$(cd "$(dirname "$0")" && pwd)
build=${1:-$here/../../build}
tardigrad=$build/tests/bench/shaped_transfers
sender=tardigrad-sender-$$
receiver=tardigrad-receiver-$$
received=

cannot() {
  echo "tcp_shaping.sh: $1"
  exit 77
}

clean_up() {
  ip netns del "$sender" 2>/dev/null || true
  ip netns del "$receiver" 2>/dev/null || true
  [ -z "$received" ] || rm -f "$received"
}

[ "$(id -u)" -eq 0 ] || cannot "needs root, to make network namespaces and shape their link"
for program in ip tc python3; do
  command -v $program >/dev/null || cannot "needs $program (Debian: iproute2, python3)"
done
[ -x "$tardigrad" ] || cannot "$tardigrad is missing: build it, or name the build folder"

trap clean_up EXIT
trap 'exit 130' INT TERM HUP
received=$(mktemp)
ip netns add "$sender" 2>/dev/null && ip netns add "$receiver" 2>/dev/null || cannot "network namespaces are not permitted here"
ip link add veth0 netns "$sender" type veth peer name veth0 netns "$receiver" 2>/dev/null ||
  cannot "veth pairs are not permitted here"
ip -n "$sender" address add 10.77.0.1/24 dev veth0
ip -n "$receiver" address add 10.77.0.2/24 dev veth0
ip -n "$sender" link set veth0 up
ip -n "$receiver" link set veth0 up

# A bucket of four frames: small against a transfer, large enough that a timer of the kernel that is late by half
# a millisecond at 50 Mbps costs no tokens. It is full when a transfer begins: its bytes pass at once, and
# are subtracted below.
burst=6056

shape() { # MBPS
  for side in "$sender" "$receiver"; do
    ip netns exec "$side" tc qdisc replace dev veth0 root tbf rate "$1mbit" burst $burst limit 4mb 2>/dev/null ||
      cannot "this kernel has no tc tbf"
  done
}

port=20000
tcp_seconds() { # BYTES COUNT
  ip netns exec "$receiver" python3 "$here/tcp_transfers.py" receive 10.77.0.2 $port "$1" "$2" >"$received" &
  begin=$(ip netns exec "$sender" python3 "$here/tcp_transfers.py" send 10.77.0.2 $port "$1" "$2")
  wait $!
  awk -v begin="$begin" '{ printf "%.6f\n", $1 - begin }' "$received"
}

median_of_three() {
  for _ in 1 2 3; do "$@"; done | sort -n | sed -n 2p
}

first_of_output() {
  "$@" | cut -d' ' -f1
}

# A full frame has 1514 bytes, as tbf counts it, 1448 of them payload: Ethernet 14, IP 20, TCP with timestamps 32.
printf '%-22s  %9s  %21s  %6s\n' transfers 'TCP, s' 'tardigrad x 1.0456, s' ratio
failed=0
while read -r rate size count sharing; do
  shape "$rate"
  port=$((port + 1))
  tcp=$(median_of_three tcp_seconds "$size" "$count")
  own=$(median_of_three first_of_output "$tardigrad" "$rate" "$size" "$count" "$sharing")
  awk -v rate="$rate" -v size="$size" -v count="$count" -v tcp="$tcp" -v own="$own" -v burst=$burst 'BEGIN {
    expected = own * 1514 / 1448 - burst * 8 / (rate * 1e6)
    ratio = tcp / expected
    printf "%-22s  %9.4f  %21.4f  %6.4f\n", count " x " size / 1000 " kB, " rate " Mbps", tcp, expected, ratio
    exit ratio < 0.98 || ratio > 1.02
  }' || failed=1
done <<'TRANSFERS'
5 100000 1 serial
5 1000000 1 serial
10 400000 1 serial
20 100000 1 serial
20 1000000 1 serial
20 4000000 1 serial
50 100000 1 serial
50 1000000 1 serial
50 4000000 1 serial
5 100000 4 fair
10 400000 3 fair
20 1000000 4 fair
50 500000 8 fair
TRANSFERS
[ $failed -eq 0 ] && echo 'all within 2 %' || echo 'not all within 2 %'
exit $failed
