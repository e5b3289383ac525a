#!/bin/sh
# Completes command lines in every shell that this machine has, and checks the manual page: completion.sh PROGRAM
set -eu
program=$1
command -v bash > /dev/null || { echo "skipped: bash is missing"; exit 0; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
for shell in bash zsh fish; do "$program" completion $shell > "$shell"; done
mkdir results && touch study.toml

fail() {
  echo "$1: expected $2 among: $3"
  exit 1
}

# What bash offers behind these words, the last of which is not finished.
bash_offers() {
  bash -c 'source ./bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tardigrad; printf "%s " "${COMPREPLY[@]}"' - "$@"
}

# expected WORD OFFERS...
has() {
  word=$1
  shift
  case " $* " in *" $word "*) ;; *) fail bash "$word" "$*" ;; esac
}
has_not() {
  word=$1
  shift
  case " $* " in *" $word "*) fail bash "no $word" "$*" ;; *) ;; esac
}

has run $(bash_offers tardigrad r)
has report $(bash_offers tardigrad r)
has --threads $(bash_offers tardigrad run --th)
has_not --threads $(bash_offers tardigrad list --th)
has study.toml $(bash_offers tardigrad run st)
has results $(bash_offers tardigrad run --out "")
has_not study.toml $(bash_offers tardigrad run --out "")
has algorithms $(bash_offers tardigrad list al)
has network.loss $(bash_offers tardigrad list keys net)
has learning_rate $(bash_offers tardigrad explain learn)
has busy_s $(bash_offers tardigrad explain bu)
has fetch $(bash_offers tardigrad data "")
has cifar10 $(bash_offers tardigrad data fetch cifar)
has gn-lenet $(bash_offers tardigrad init --model gn)
has divshare $(bash_offers tardigrad init --nodes 20 --algorithms div)
has fish $(bash_offers tardigrad completion f)
has_not module-trial $(bash_offers tardigrad mo)

if command -v zsh > /dev/null; then
  zsh -f -c 'source ./zsh; whence -w _tardigrad; print -r -- ${_comps[tardigrad]}' > zsh.out 2>&1
  grep -q "_tardigrad: function" zsh.out && grep -q "_tardigrad" zsh.out || fail zsh "a function" "$(cat zsh.out)"
fi
if command -v fish > /dev/null; then
  fish_offers() { HOME=$folder fish --no-config -c "source ./fish; complete -C '$1'" | cut -f 1 | tr '\n' ' '; }
  has run $(fish_offers "tardigrad r")
  has --threads $(fish_offers "tardigrad run --th")
  has study.toml $(fish_offers "tardigrad check st")
  has network.loss $(fish_offers "tardigrad list keys net")
  has gn-lenet $(fish_offers "tardigrad init --model gn")
fi

"$program" man > tardigrad.1
if command -v man > /dev/null; then
  told=$(LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z tardigrad.1 2>&1 > /dev/null)
  [ -z "$told" ] || fail man "no warnings" "$told"
fi
if command -v mandoc > /dev/null; then
  # The page has no date, so that the same source gives the same page.
  told=$(mandoc -Tlint -Wwarning tardigrad.1 | grep -v "missing date" || true)
  [ -z "$told" ] || fail mandoc "no warnings" "$told"
fi
