# shellcheck shell=bash
# System packages: Python, PostgreSQL with PostGIS and, for the tests, a browser.

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

# Prints the folders of installed PostgreSQL servers. The application checks them again in detail.
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

# Prints the major version of the PostgreSQL in a folder.
postgresql_major() {
  "$1/initdb" --version 2>/dev/null | sed -n 's/^initdb (PostgreSQL) \([0-9]*\).*/\1/p'
}

# Prints the extension folder of the PostgreSQL in a folder.
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

# Debian has the headless shell as a package of its own. Chromium does as well, only slower, so
# nothing depends on this.
prefer_headless_shell() {
  if [ -n "${CHROMIUM:-}" ] || command -v chromium-headless-shell >/dev/null || [ "$(id -u)" -ne 0 ] ||
    [ -z "$(candidate chromium-headless-shell)" ]; then
    return 0
  fi
  info "Installing chromium-headless-shell, in which the tests take half as long as in Chromium …"
  apt_install chromium-headless-shell >/dev/null ||
    info "It could not be installed; the tests use Chromium."
}

# Installs missing packages: python, postgis (unless DATABASE_URL is set), for the tests a browser.
need_system() {
  local purpose="$1" missing=()
  if [ ! -x .venv/bin/python ] || ! environment_works; then
    find_python >/dev/null || missing+=(python)
  fi
  if [ "$purpose" = test ] || [ -z "${DATABASE_URL:-}" ]; then
    have_postgis || missing+=(postgis)
  fi
  # On Ubuntu chromium is a snap; scripts/setup installs Playwright's browser there.
  if [ "$purpose" = test ] && ! system_is ubuntu; then
    have_browser || missing+=(browser)
  fi
  if [ "${#missing[@]}" -ne 0 ]; then
    if system_is debian && command -v apt-get >/dev/null; then
      install_on_debian "${missing[@]}"
    else
      fail "$(what_to_install "${missing[@]}")"
    fi
  fi
  if [ "$purpose" = test ] && system_is debian && ! system_is ubuntu; then
    prefer_headless_shell
  fi
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
    install --no-install-recommends "$@"
}

install_on_debian() {
  local kind found packages=() why=()
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    fail "$(what_to_install "$@")

This user is not root and there is no sudo. Run the same command as root to install it."
  fi
  info "Some system packages are missing ($*). Updating the package lists …"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 update ||
    info "The package lists could not be updated; continuing with the existing ones."
  for kind in "$@"; do
    case "$kind" in
      python)
        found="$(debian_python)" || exit 1
        packages+=("$found")
        why+=("Python, the language of Frontline")
        ;;
      postgis)
        found="$(debian_postgis)" || exit 1
        # shellcheck disable=SC2206 # two names of packages
        packages+=($found)
        why+=("PostgreSQL with PostGIS, the database")
        ;;
      browser)
        if [ -n "$(candidate chromium-headless-shell)" ]; then
          packages+=(chromium-headless-shell fonts-dejavu-core)
        else
          packages+=(chromium fonts-dejavu-core)
        fi
        why+=("a browser, for the tests")
        ;;
    esac
  done
  info "Installing ${packages[*]}:"
  printf '  - %s\n' "${why[@]}"
  forbid_a_cluster
  apt_install "${packages[@]}" ||
    fail "The packages could not be installed; the reason is above. Fix it, then run the same command again."
  allow_a_cluster
}

# Debian's package starts a server on port 5432 when it is first installed. This prevents it.
forbid_a_cluster() {
  if compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || [ -e "$NO_CLUSTER" ]; then
    return 0
  fi
  info "  (Debian's own PostgreSQL server is not started: Frontline runs a private one.)"
  as_root mkdir -p "$(dirname "$NO_CLUSTER")"
  printf '# Written by Frontline while it installs PostgreSQL.\ncreate_main_cluster = false\n' |
    as_root tee "$NO_CLUSTER" >/dev/null
}

# Restores Debian's default, for PostgreSQL packages that are installed later.
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
  fail "Frontline needs Python 3.11 or later, and $(system_name) has $(candidate python3).
Upgrade to Debian 12 or Ubuntu 24.04 or later. Or install a newer Python yourself and name it:
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
  fail "Frontline needs PostgreSQL $OLDEST_POSTGRESQL or later with PostGIS 3.3 or later, and $(system_name) has PostgreSQL
${major:-nothing} with PostGIS ${offered:-nothing}. Upgrade to Debian 12 or Ubuntu 24.04 or later; or add the PostgreSQL
project's own packages (the script in /usr/share/postgresql-common/pgdg, of the package postgresql-common) and
install postgresql-17 postgresql-17-postgis-3; or set DATABASE_URL to a PostGIS server elsewhere."
}

what_to_install() {
  local kind
  printf 'Frontline needs these packages, and this machine (%s) does not have them:\n' "$(system_name)"
  for kind in "$@"; do
    case "$kind" in
      python) printf '  - Python 3.11 or later, with its module venv\n' ;;
      postgis) printf '  - PostgreSQL %s or later, with its contrib extensions and PostGIS 3.3 or later\n' "$OLDEST_POSTGRESQL" ;;
      browser) printf '  - Chromium, for the tests (CHROMIUM=/path/to/it names one that is not on the PATH)\n' ;;
    esac
  done
  printf 'Install them, then run the same command again:\n'
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
    printf '  (with the package manager of your system)\n'
  fi
  printf 'Instead of installing PostgreSQL, you can set DATABASE_URL to a PostGIS server (not for the tests).\n'
}
