#!/usr/bin/env bash
# Finds or makes the migvet that the Action runs, and tells the next step where
# it is: the input "binary", else the release that this Action was made for,
# checked against checksums.txt, else a build of the Action's own source.
#
# It never looks for a program in the workspace, which belongs to the pull
# request. bash 3.2 must do: macOS has no other.
set -euo pipefail

fail() {
  printf '::error title=migvet%%3A not installed::%s\n' "$1"
  exit 3
}

use() {
  printf 'bin=%s\n' "$1" >>"$GITHUB_OUTPUT"
  printf 'migvet: using %s\n' "$2"
}

checksums="$MIGVET_ACTION_PATH/internal/action/checksums.txt"
target="${RUNNER_TEMP:?}/migvet/bin"

# The name of the release asset for this machine, as Go names systems.
asset_name() {
  local os arch
  case "${RUNNER_OS:-}" in
    Linux) os=linux ;;
    macOS) os=darwin ;;
    Windows) os=windows ;;
    *) return 1 ;;
  esac
  case "${RUNNER_ARCH:-}" in
    X64) arch=amd64 ;;
    ARM64) arch=arm64 ;;
    *) return 1 ;;
  esac
  printf 'migvet-%s-%s%s' "$os" "$arch" "$suffix"
}

# The newest release that checksums.txt knows: its first line's.
pinned_version() {
  awk 'NF == 2 && $1 !~ /^#/ { split($2, part, "/"); print part[1]; exit }' "$checksums"
}

# A branch, or "uses: ./", runs its own source; tags and commits run releases.
wants_release() {
  [[ -n "$MIGVET_VERSION" || "$MIGVET_ACTION_REF" =~ ^(v[0-9][0-9.]*|[0-9a-f]{40})$ ]]
}

sha256() {
  if command -v sha256sum >/dev/null; then
    sha256sum "$1" | cut -d ' ' -f 1
  else
    shasum -a 256 "$1" | cut -d ' ' -f 1
  fi
}

# Images of containers often have neither. The checksum holds what comes.
fetch() { # URL FILE
  if command -v curl >/dev/null; then
    curl --fail --silent --show-error --location --retry 3 --proto '=https' --proto-redir '=https' --output "$2" "$1"
  elif command -v wget >/dev/null; then
    wget -q -O "$2" "$1"
  else
    fail "neither curl nor wget is there to fetch the release with; install one of them in an earlier step, or give the input binary"
  fi
}

# Status 1: there is no such release for this machine, or no way to it. Callers
# test the status, so that "set -e" does not count inside.
install_release() {
  local version asset want got
  version="${MIGVET_VERSION:-$(pinned_version)}"
  asset="$(asset_name)" || return 1
  want="$(awk -v name="$version/$asset" '$2 == name { print $1 }' "$checksums")"
  [[ -n "$want" ]] || return 1
  mkdir -p "$target" || return 1
  fetch "https://github.com/migvet/migvet/releases/download/$version/$asset" "$target/download" || return 1
  got="$(sha256 "$target/download")"
  if [[ "$got" != "$want" ]]; then
    fail "the checksum of $asset $version is $got, not $want; the download was changed on its way or at its source"
  fi
  chmod +x "$target/download" || return 1
  mv "$target/download" "$target/migvet$suffix" || return 1
  use "$target/migvet$suffix" "release $version"
}

# pg_query is C, so that a build needs a C compiler as well.
build() {
  command -v go >/dev/null || return 1
  mkdir -p "$target" || return 1
  (cd "$MIGVET_ACTION_PATH" && GOWORK=off GOFLAGS=-mod=readonly CGO_ENABLED=1 \
    go build -trimpath -o "$target/migvet$suffix" ./cmd/migvet) || return 1
  use "$target/migvet$suffix" "a build of the Action's source"
}

suffix=""
if [[ "${RUNNER_OS:-}" == Windows ]]; then
  suffix=.exe
fi

if [[ -n "$MIGVET_BINARY" ]]; then
  [[ -f "$MIGVET_BINARY" && -x "$MIGVET_BINARY" ]] || fail "input binary: no executable file at that path"
  use "$MIGVET_BINARY" "the input binary"
elif wants_release && install_release; then
  exit 0
elif [[ -n "$MIGVET_VERSION" ]]; then
  fail "input version: no release of that version for ${RUNNER_OS:-this system} ${RUNNER_ARCH:-} could be fetched, or this version of the Action has no checksum for it; leave the input out, or give the input binary"
elif ! build; then
  fail "there is no release for ${RUNNER_OS:-this system} ${RUNNER_ARCH:-}, and the source did not build; install Go and a C compiler in an earlier step, or give the input binary"
fi
