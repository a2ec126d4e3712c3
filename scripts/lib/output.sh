# shellcheck shell=bash
# Messages of the scripts.

info() {
  printf '%s\n' "$*"
}

fail() {
  printf '\n%s\n' "$*" >&2
  exit 1
}
