# shellcheck shell=bash
# What the scripts say, and how they give up.

tell() {
  printf '%s\n' "$*"
}

fail() {
  printf '\n%s\n' "$*" >&2
  exit 1
}
