# shellcheck shell=bash
# How Ion's scripts speak. Sourced by them, from any folder; leaves the shell in the repository's root.

script=$(cd "$(dirname "$0")" && pwd -P)/$(basename "$0")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root" || exit 1

if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
  bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'
else
  bold='' red='' green='' plain=''
fi

# step TEXT: a new part of the work begins.
step() { printf '\n%s==> %s%s\n' "$bold" "$*" "$plain"; }
# say TEXT: something worth knowing within a part.
say() { printf '    %s\n' "$*"; }
# good TEXT / bad TEXT: how something ended.
good() { printf '%s  ✓ %s%s\n' "$green" "$*" "$plain"; }
bad() { printf '%s  ✗ %s%s\n' "$red" "$*" "$plain" >&2; }
# die TEXT: nothing can go on; says why and what to do.
die() {
  bad "$*"
  exit 1
}

# help_if_asked "$@": prints the comment at the top of the calling script for -h and --help, and ends it.
help_if_asked() {
  local argument
  for argument in "$@"; do
    if [[ $argument == -h || $argument == --help ]]; then
      awk 'NR > 1 && !/^#/ { exit } NR > 1 { sub(/^# ?/, ""); print }' "$script"
      exit 0
    fi
  done
}

# name_and_run NAME COMMAND...: says what is run, runs it, and says how long it took or that it failed.
name_and_run() {
  local name=$1 started=$SECONDS status=0
  shift
  "$@" || status=$?
  if ((status)); then bad "$name failed after $(elapsed $((SECONDS - started)))"; else good "$name, $(elapsed $((SECONDS - started)))"; fi
  return "$status"
}

# elapsed SECONDS: "1 min 5 s".
elapsed() {
  if (($1 >= 60)); then printf '%d min %d s' $(($1 / 60)) $(($1 % 60)); else printf '%d s' "$1"; fi
}

# build_release: builds the optimised `ion` and leaves its path in $ion.
build_release() {
  step "Building ion (release, Swift runtime linked in)"
  say "swift build -c release --product ion --static-swift-stdlib --scratch-path .build-release"
  local started=$SECONDS
  swift build -c release --product ion --static-swift-stdlib --scratch-path .build-release
  ion=$(swift build -c release --product ion --static-swift-stdlib --scratch-path .build-release --show-bin-path)/ion
  good "$ion, $(elapsed $((SECONDS - started)))"
}
