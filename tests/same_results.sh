#!/bin/sh
# Shows that two programs give the same results, byte for byte: runs the shipped scenarios that end soon with both, and
# compares their result files.
#
#   tests/same_results.sh BEFORE AFTER [COLUMN...]
#
# BEFORE and AFTER are two builds of tardigrad. Columns named are left out of the comparison: those that one of the two
# does not write. summary.json and report.html, which hold dates, commits and speeds, are not compared. Runs are cut to
# some seconds of virtual time; all-algorithms.toml is run whole, under serial and fair sharing, with a matrix, loss,
# churn, a trace, and over three hosts on this machine.
set -eu
[ $# -ge 2 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
before=$(realpath "$1")
after=$(realpath "$2")
shift 2
columns=$*
scenarios=$(cd "$(dirname "$0")/../scenarios" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf 'time_s,node,rate_mbps\n0,0,4\n5,0,1\n0,1,8\n7,1,2\n' >"$work/trace.csv"
differing=0

# Without the columns that are left out.
rows() {
  awk -F, -v OFS=, -v names="$columns" '
    NR == 1 { split(names, list, " "); for (i in list) unwanted[list[i]]; for (i = 1; i <= NF; ++i) keep[i] = !($i in unwanted) }
    { line = ""; for (i = 1; i <= NF; ++i) if (keep[i]) line = line OFS $i; print substr(line, 2) }' "$1"
}

# Without what a pair's own rate and its link did, where BEFORE has a row for each: one row has both now.
without_pairs() { grep -v -f "$work/pairs" || true; }

same_file() {
  case $1 in
  *.csv)
    awk -F, '$4 == "pair" { print "^link-" $2 "-" $3 ","; print "^pair-" $2 "-" $3 "," }' "$1" >"$work/pairs"
    rows "$1" | without_pairs >"$work/a"
    rows "$2" | without_pairs >"$work/b"
    cmp -s "$work/a" "$work/b"
    ;;
  *) cmp -s "$1" "$2" ;;
  esac
}

# compare NAME SCENARIO [OPTION...]
compare() {
  name=$1
  scenario=$2
  shift 2
  for side in before after; do
    eval "program=\$$side"
    rm -rf "$work/$side"
    "$program" run "$scenario" --out "$work/$side" --threads 2 "$@" >"$work/log" 2>&1 || {
      echo "$name: the program $side failed: $(tail -n 1 "$work/log")"
      differing=$((differing + 1))
      return
    }
  done
  (cd "$work/before" && find . -name '*.csv' -o -name scenario.toml) | sort >"$work/files"
  (cd "$work/after" && find . -name '*.csv' -o -name scenario.toml) | sort >"$work/other"
  unlike=$(comm -3 "$work/files" "$work/other" | tr -d '\t')
  while read -r file; do
    same_file "$work/before/$file" "$work/after/$file" || unlike="$unlike $file"
  done <"$work/files"
  if [ -n "$unlike" ]; then
    echo "$name: unlike:" $unlike
    differing=$((differing + 1))
  else
    echo "$name: $(wc -l <"$work/files") files, the same bytes"
  fi
}

all=$scenarios/all-algorithms.toml
compare "all algorithms" "$all"
compare "fair sharing" "$all" --set network.sharing=fair
compare "matrix" "$scenarios/regions.toml" --set time.duration=6s
compare "loss, jitter, changes, churn" "$scenarios/bad-network.toml" --set time.duration=6s
compare "trace" "$all" --set time.duration=8s --set "network.traces=[{path=\"$work/trace.csv\"}]"
compare "three hosts" "$all" --set time.duration=5s --local-hosts 3
for scenario in quickstart flush-ablation network-study papers/divshare-stragglers-small papers/push-sum-small \
  papers/relay-sgd-small; do
  compare "$scenario" "$scenarios/$scenario.toml" --set time.duration=4s --seeds 1
done
[ "$differing" = 0 ] && echo "all the same" || echo "unlike or failed: $differing"
[ "$differing" = 0 ]
