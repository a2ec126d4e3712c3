# shellcheck shell=bash
# What the operating system has to bring: Python, PostgreSQL with PostGIS and, for the tests, a browser.

OLDEST_POSTGRESQL=15
NO_CLUSTER=/etc/postgresql-common/createcluster.d/frontline.conf

system_is() {
  (
    ID='' ID_LIKE=''
    # shellcheck source=/dev/null
    [ -r /etc/os-release ] && . /etc/os-release
    case " $ID $ID_LIKE " in *" $1 "*) true ;; *) false ;; esac
  )
}

system_name() {
  (
    PRETTY_NAME="$(uname -s)"
    # shellcheck source=/dev/null
    [ -r /etc/os-release ] && . /etc/os-release
    printf '%s\n' "$PRETTY_NAME"
  )
}

# Print the folders of the PostgreSQL servers that are installed. The application looks again, and more closely.
postgresql_folders() {
  local folder
  for folder in "$(pg_config --bindir 2>/dev/null)" /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/lib/postgresql*/bin \
    /usr/libexec/postgresql* /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin \
    "$(dirname "$(command -v initdb 2>/dev/null || echo /nowhere/initdb)")"; do
    if [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ]; then
      printf '%s\n' "$folder"
    fi
  done
}

# Print the major version of the PostgreSQL in a folder.
postgresql_major() {
  "$1/initdb" --version 2>/dev/null | sed -n 's/^initdb (PostgreSQL) \([0-9]*\).*/\1/p'
}

# Print the folder of extensions of the PostgreSQL in a folder.
extension_folder() {
  local major
  major="$(postgresql_major "$1")"
  if [ -d "/usr/share/postgresql/$major/extension" ]; then
    printf '%s\n' "/usr/share/postgresql/$major/extension"
  elif [ -x "$1/pg_config" ]; then
    printf '%s/extension\n' "$("$1/pg_config" --sharedir)"
  else
    printf '%s\n' "${1%/bin}/share/extension"
  fi
}

have_postgis() {
  local folder name extensions
  while IFS= read -r folder; do
    [ "$(postgresql_major "$folder")" -ge "$OLDEST_POSTGRESQL" ] || continue
    extensions="$(extension_folder "$folder")"
    for name in postgis pg_trgm unaccent btree_gist; do
      [ -e "$extensions/$name.control" ] || continue 2
    done
    return 0
  done < <(postgresql_folders)
  return 1
}

have_browser() {
  [ -n "${CHROMIUM:-}" ] || system_browser >/dev/null
}

# Install what is missing of: python, postgis (unless DATABASE_URL names a server), and for the tests a browser.
need_system() {
  local purpose="$1" missing=()
  if [ ! -x .venv/bin/python ] || ! environment_works; then
    find_python >/dev/null || missing+=(python)
  fi
  if [ "$purpose" = test ] || [ -z "${DATABASE_URL:-}" ]; then
    have_postgis || missing+=(postgis)
  fi
  # Where chromium is a snap, Playwright's own browser is brought later.
  if [ "$purpose" = test ] && ! system_is ubuntu; then
    have_browser || missing+=(browser)
  fi
  if [ "${#missing[@]}" -eq 0 ]; then
    return 0
  fi
  if system_is debian && command -v apt-get >/dev/null; then
    install_on_debian "${missing[@]}"
  else
    fail "$(what_to_install "${missing[@]}")"
  fi
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

install_on_debian() {
  local kind found packages=() why=()
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    fail "$(what_to_install "$@")

This user is not root and there is no sudo. As root, the same command installs it."
  fi
  tell "This machine lacks what Frontline needs of the system ($*); asking the package lists for it …"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 update ||
    tell "The package lists could not be renewed; going on with those there are."
  for kind in "$@"; do
    case "$kind" in
      python)
        found="$(debian_python)" || exit 1
        packages+=("$found")
        why+=("Python, which Frontline is written in")
        ;;
      postgis)
        found="$(debian_postgis)" || exit 1
        # shellcheck disable=SC2206 # two names of packages
        packages+=($found)
        why+=("PostgreSQL with PostGIS, which keeps the map")
        ;;
      browser)
        packages+=(chromium fonts-dejavu-core)
        why+=("a browser, which the pages are tested in")
        ;;
    esac
  done
  tell "Installing ${packages[*]}:"
  printf '  - %s\n' "${why[@]}"
  forbid_a_cluster
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
    install --no-install-recommends "${packages[@]}" ||
    fail "The packages could not be installed: the reason is above. Once it is mended, the same command goes on."
  allow_a_cluster
}

# Debian's package starts a server of its own on port 5432 when it is first installed. Nobody asked for that.
forbid_a_cluster() {
  if compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || [ -e "$NO_CLUSTER" ]; then
    return 0
  fi
  tell "  (PostgreSQL is told not to start a server of its own: Frontline runs a private one.)"
  as_root mkdir -p "$(dirname "$NO_CLUSTER")"
  printf '# Put here by Frontline while it installs PostgreSQL.\ncreate_main_cluster = false\n' |
    as_root tee "$NO_CLUSTER" >/dev/null
}

# PostgreSQL that somebody installs later for other work is to behave as usual.
allow_a_cluster() {
  if [ -e "$NO_CLUSTER" ]; then
    as_root rm -f "$NO_CLUSTER"
  fi
}

candidate() {
  apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: \([^(]*\)$/\1/p'
}

debian_python() {
  local minor
  if dpkg --compare-versions "$(candidate python3)" ge 3.11 2>/dev/null; then
    printf 'python3-venv\n'
    return 0
  fi
  for minor in 14 13 12 11; do
    if [ -n "$(candidate "python3.$minor-venv")" ]; then
      printf 'python3.%s-venv\n' "$minor"
      return 0
    fi
  done
  fail "Frontline needs Python 3.11 or later, and $(system_name) brings $(candidate python3).
Upgrade to Debian 12 or Ubuntu 24.04 or later. Or bring a newer Python yourself and name it:
  Ubuntu:      sudo add-apt-repository ppa:deadsnakes/ppa && sudo apt install python3.13-venv
  anywhere:    uv python install 3.13
then         make run PYTHON=python3.13"
}

debian_postgis() {
  local folder major=0 one offered
  while IFS= read -r folder; do
    one="$(postgresql_major "$folder")"
    if [ "$one" -gt "$major" ]; then
      major="$one"
    fi
  done < <(postgresql_folders)
  if [ "$major" -lt "$OLDEST_POSTGRESQL" ]; then
    major="$(candidate postgresql)"
    major="${major%%[!0-9]*}"
  fi
  offered="$(candidate "postgresql-$major-postgis-3")"
  if [ "${major:-0}" -ge "$OLDEST_POSTGRESQL" ] && dpkg --compare-versions "${offered:-0}" ge 3.3; then
    printf 'postgresql-%s postgresql-%s-postgis-3\n' "$major" "$major"
    return 0
  fi
  fail "Frontline needs PostgreSQL $OLDEST_POSTGRESQL or later with PostGIS 3.3 or later, and $(system_name) brings PostgreSQL
${major:-nothing} with PostGIS ${offered:-nothing}. Upgrade to Debian 12 or Ubuntu 24.04 or later; or add the PostgreSQL
project's own packages (the script in /usr/share/postgresql-common/pgdg, of the package postgresql-common) and
install postgresql-17 postgresql-17-postgis-3; or set DATABASE_URL to a PostGIS server elsewhere."
}

what_to_install() {
  local kind
  printf 'Frontline needs, and this machine (%s) lacks:\n' "$(system_name)"
  for kind in "$@"; do
    case "$kind" in
      python) printf '  - Python 3.11 or later, with its module venv\n' ;;
      postgis) printf '  - PostgreSQL %s or later, with its contrib extensions and PostGIS 3.3 or later\n' "$OLDEST_POSTGRESQL" ;;
      browser) printf '  - Chromium, for the tests (CHROMIUM=/path/to/it names one that is not on the PATH)\n' ;;
    esac
  done
  printf 'Install it, and start the same command again:\n'
  if system_is debian; then
    printf '  apt install python3-venv postgresql postgresql-postgis chromium\n'
  elif system_is fedora || system_is rhel; then
    printf '  sudo dnf install python3 postgresql-server postgresql-contrib postgis chromium\n'
  elif system_is suse || system_is opensuse; then
    printf '  sudo zypper install python313 postgresql17-server postgresql17-contrib postgresql17-postgis chromium\n'
  elif system_is arch; then
    printf '  sudo pacman -S python postgresql postgis chromium\n'
  elif system_is alpine; then
    printf '  sudo apk add python3 postgresql17 postgresql17-contrib postgis chromium\n'
  elif [ "$(uname -s)" = Darwin ]; then
    printf '  brew install python postgresql@17 postgis && brew install --cask chromium\n'
  else
    printf '  (by the package manager of your system)\n'
  fi
  printf 'Setting DATABASE_URL to a PostGIS server elsewhere does instead of PostgreSQL, except for the tests.\n'
}
