# Hosts for the scripts beside this one, which source it: `program` is the tardigrad to use.
work=$(mktemp -d)
host_processes=""
TARDIGRAD_TOKEN=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
export TARDIGRAD_TOKEN

stop_hosts() {
  for process in $host_processes; do kill "$process" 2>/dev/null || true; done
  for process in $host_processes; do wait "$process" 2>/dev/null || true; done
  host_processes=""
}

# start_host NAME ADDRESS [COMMAND IN FRONT...]: its log is $work/NAME.log
start_host() {
  name=$1
  address=$2
  shift 2
  "$@" "$program" host --listen "$address" --insecure --threads 1 >"$work/$name.log" 2>&1 &
  host_processes="$host_processes $!"
  for _ in $(seq 200); do
    grep -q '^listening on ' "$work/$name.log" && return
    sleep 0.1
  done
  echo "host $name does not start: $(cat "$work/$name.log")" >&2
  exit 1
}

# Where a host listens.
address_of() {
  sed -n 's/^listening on //p' "$work/$1.log"
}

# same_results A B: whether both folders hold the same tables; prints how many.
same_results() {
  count=0
  for table in $(cd "$1" && find . -path './*/s*/*.csv' | sort); do
    cmp "$1/$table" "$2/$table" || exit 1
    count=$((count + 1))
  done
  [ "$count" -gt 0 ] || { echo "$1 has no tables" >&2; exit 1; }
  echo "$count tables are identical, byte for byte"
}

seconds_since() {
  awk -v begin="$1" -v end="$(date +%s.%N)" 'BEGIN { printf "%.1f", end - begin }'
}
