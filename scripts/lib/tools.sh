# shellcheck shell=bash
# Puts the programs of .venv and node_modules first on the PATH.

PATH="$PWD/.venv/bin:$PWD/node_modules/.bin:$PATH"
export PATH

# Package managers and browsers write to the home directory. Without a usable one they fail with
# misleading errors.
if [ -z "${HOME:-}" ]; then
  unset HOME
  HOME=~ # the home directory in the system's user database
fi
if [ ! -d "$HOME" ] || [ ! -w "$HOME" ]; then
  HOME="$PWD/build/home"
  mkdir -p "$HOME"
fi
export HOME

# Prints the path of an installed browser that the tests can control. The headless shell comes first:
# it has the same engine without windows, and needs half the processor time. Ubuntu's chromium does not
# qualify: it is a snap, which cannot read a profile outside of its own folder and refuses root.
system_browser() {
  local name path
  for name in chromium-headless-shell chromium chromium-browser google-chrome-stable google-chrome; do
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
