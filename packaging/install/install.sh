#!/bin/sh
# Installs gait @VERSION@. Nothing is run or put in place before its checksum and the signature of the
# checksums have been verified with the release key below.
#
#   GAIT_BASE_URL     where the files of the release are (https:// or file://)
#   GAIT_INSTALL_DIR  where the program goes; $HOME/.local/bin by default
set -eu

version='@VERSION@'
release_key='@RELEASE_KEY@'
base_url=${GAIT_BASE_URL:-'@BASE_URL@'}
install_dir=${GAIT_INSTALL_DIR:-"${HOME:-}/.local/bin"}

fail() {
  echo "gait install: $1" >&2
  exit "${2:-1}"
}

need() {
  command -v "$1" >/dev/null 2>&1 || fail "$1 is needed and not installed" 7
}

target() {
  case "$(uname -s)" in
    Linux) os=linux ;;
    Darwin) os=macos ;;
    *) fail "there is no binary for $(uname -s); use the npm package" 7 ;;
  esac
  case "$(uname -m)" in
    x86_64 | amd64) arch=x64 ;;
    aarch64 | arm64) arch=arm64 ;;
    *) fail "there is no binary for $(uname -m); use the npm package" 7 ;;
  esac
  if [ "$os" = linux ] && [ -e /lib/ld-musl-x86_64.so.1 ] && [ ! -e /lib64/ld-linux-x86-64.so.2 ]; then
    fail "there is no binary for musl; use the npm package" 7
  fi
  echo "$os-$arch"
}

download() {
  curl --fail --silent --show-error --location --proto '=https,file' --proto-redir '=https' \
    --output "$2" "$base_url/$1" || fail "cannot download $1"
}

sha256() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum "$1" | cut -d ' ' -f 1
  else shasum -a 256 "$1" | cut -d ' ' -f 1; fi
}

verify_signature() {
  {
    echo '-----BEGIN PUBLIC KEY-----'
    # The header of an Ed25519 key (RFC 8410); it ends on a base64 boundary.
    echo "MCowBQYDK2VwAyEA$release_key"
    echo '-----END PUBLIC KEY-----'
  } >"$work/release.pem"
  openssl base64 -d -A -in "$work/SHA256SUMS.sig" -out "$work/signature" ||
    fail "the signature of the checksums is damaged"
  openssl pkeyutl -verify -pubin -inkey "$work/release.pem" -rawin \
    -in "$work/SHA256SUMS" -sigfile "$work/signature" >/dev/null 2>&1 ||
    fail "the checksums are not signed by the release key (or openssl is too old for Ed25519)"
}

verify_checksum() {
  expected=$(awk -v name="$1" '$2 == name && NF == 2 { print $1 }' "$work/SHA256SUMS")
  [ -n "$expected" ] || fail "the release has no $1"
  [ "$(sha256 "$work/$1")" = "$expected" ] || fail "$1 is damaged: its checksum is not the signed one"
}

main() {
  [ -n "$release_key" ] || fail "this installer carries no release key and verifies nothing; get it from a release"
  [ -n "$base_url" ] || fail "set GAIT_BASE_URL to where the files of the release are"
  case "$base_url" in
    https://* | file://*) ;;
    *) fail "GAIT_BASE_URL must begin with https://" 6 ;;
  esac
  need curl
  need openssl
  need awk
  file="gait-$version-$(target)"
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  trap 'exit 1' HUP INT TERM
  for name in SHA256SUMS SHA256SUMS.sig; do download "$name" "$work/$name"; done
  verify_signature
  download "$file" "$work/$file"
  verify_checksum "$file"
  mkdir -p "$install_dir"
  [ ! -d "$install_dir/gait" ] || fail "$install_dir/gait is a directory"
  # Into the directory first, so that the name changes in one step.
  cp "$work/$file" "$install_dir/.gait.$$"
  chmod 755 "$install_dir/.gait.$$"
  mv -f "$install_dir/.gait.$$" "$install_dir/gait"
  "$install_dir/gait" version || fail "the program is installed but does not run"
  echo "gait install: $install_dir/gait"
}

# The last line, so that a download that breaks off runs nothing.
main "$@"
