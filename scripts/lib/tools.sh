# shellcheck shell=bash
# The project's own programs come first: those of .venv, Node among them once the tests are set up, and npm's.

PATH="$PWD/.venv/bin:$PWD/node_modules/.bin:$PATH"
export PATH

# Package managers and browsers keep things in the home directory; without a usable one they fail in odd ways.
if [ -z "${HOME:-}" ]; then
  unset HOME
  HOME=~ # what the system says of this user
fi
if [ ! -d "$HOME" ] || [ ! -w "$HOME" ]; then
  HOME="$PWD/build/home"
  mkdir -p "$HOME"
fi
export HOME

# Print the path of the system's own browser for the tests, if it has one that they can drive. Ubuntu's chromium is
# a snap, which cannot read a profile outside of its own folder and does not start for root.
system_browser() {
  local name path
  for name in chromium chromium-browser google-chrome-stable google-chrome; do
    path="$(command -v "$name" 2>/dev/null)" || continue
    case "$(readlink -f "$path")" in
      */snap | */snap/*) continue ;;
    esac
    if head -c 4096 "$path" | grep -aq '/snap/'; then
      continue
    fi
    printf '%s\n' "$path"
    return 0
  done
  return 1
}
