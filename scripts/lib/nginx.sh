# shellcheck shell=bash
# nginx for the test of deploy/nginx.conf. The test starts it itself, as a child process.

# Puts nginx into .venv, unless this machine has nginx. Debian's package is only unpacked there:
# installing it would start a web server on port 80, now and at every boot.
need_nginx() {
  local folder="$PWD/.venv/nginx" nginx
  for nginx in nginx /usr/sbin/nginx /usr/local/sbin/nginx; do
    if "$nginx" -v >/dev/null 2>&1; then
      return 0
    fi
  done
  if ! system_is debian || ! command -v apt-get >/dev/null; then
    fail "The tests need nginx, and this machine ($(system_name)) does not have it. Install it with the package manager
of your system (it need not run), then run the same command again."
  fi
  info "Unpacking nginx into .venv for the tests (it is not installed, and no service is started) …"
  mkdir -p "$folder"
  (
    cd "$folder"
    apt-get -qq download nginx 2>/dev/null ||
      { as_root apt-get -qq -o DPkg::Lock::Timeout=300 update && apt-get -qq download nginx; }
    dpkg-deb --extract nginx_*.deb .
    rm -f nginx_*.deb
  ) || fail "The nginx package could not be downloaded; the reason is above. Fix it, then run the same command again."
  ln -sf ../nginx/usr/sbin/nginx .venv/bin/nginx
  nginx -v 2>/dev/null || fail "The nginx of $(system_name) does not start without being installed. Install it:
  apt install nginx && systemctl disable --now nginx"
}
