#!/bin/sh
# Runs the README's two commands on a fresh Debian, as somebody does who has nothing but a checkout: makes a root of
# that release in a temporary folder, puts the last commit in it, runs both, and sums up in one line.
#
#   tests/platforms/debian.sh 12|13 [MIRROR]
#
# Needs root rights, debootstrap, 12 GB in the folder for temporary files (TMPDIR) and a mirror of Debian's packages.
# Takes as long as building all and testing it: half an hour and more on two cores. Everything that the two commands
# print goes to debian-12.log or debian-13.log in the current folder.
set -eu
release=${1:-}
mirror=${2:-http://deb.debian.org/debian}
case $release in
  12) suite=bookworm ;;
  13) suite=trixie ;;
  *) echo "usage: tests/platforms/debian.sh 12|13 [MIRROR]" >&2; exit 2 ;;
esac
[ "$(id -u)" = 0 ] || { echo "needs root rights: debootstrap makes a root file system and chroot enters it" >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "needs debootstrap: apt-get install debootstrap" >&2; exit 1; }

log=$PWD/debian-$release.log
checkout=$(cd "$(dirname "$0")/../.." && pwd)
commit=$(git -C "$checkout" rev-parse --short=10 HEAD)
work=$(mktemp -d)
root=$work/root

clean_up() {
  for place in proc dev; do
    if mountpoint -q "$root/$place"; then umount -R "$root/$place" || umount -l "$root/$place"; fi
  done
  # Whatever is still mounted belongs to this machine: --one-file-system leaves it alone.
  rm -rf --one-file-system "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

inside() {
  chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    sh -c "cd /tardigrad && $1" >>"$log" 2>&1 </dev/null
}

# Says how a command ended and how long it took; its last words if it failed.
timed() {
  begin=$(date +%s)
  if inside "$1"; then how=passed; else how="FAILED with exit code $?"; failed=1; fi
  echo "Debian $release: $1 $how in $(($(date +%s) - begin)) s"
  [ "$how" = passed ] || tail -n 15 "$log" >&2
}

echo "Debian $release ($suite), commit $commit, log in $log"
debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$log" 2>&1 || { tail -n 5 "$log" >&2; exit 1; }
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --make-rslave "$root/dev"
cp /etc/resolv.conf "$root/etc/resolv.conf"
# Debian's installer writes this file, debootstrap does not.
printf '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n' >"$root/etc/hosts"
mkdir "$root/tardigrad"
git -C "$checkout" archive HEAD | tar -x -C "$root/tardigrad"

failed=0
timed scenarios/quickstart.sh
timed tests/run.sh
version=$(inside "build/tardigrad --version" && tail -n 1 "$log") || version="no program"
summary=$(grep -a 'tests passed' "$log" | tail -n 1) || summary="no test ran"
[ "$failed" = 0 ] && verdict="all well" || verdict="FAILED"
echo "Debian $release: $verdict: $summary; $version"
exit "$failed"
