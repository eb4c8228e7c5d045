#!/usr/bin/env bash
# A PostgreSQL of its own for tests.
#
#   eng/postgres.sh run        starts one, prints its connection string, and runs until standard input ends; nothing of it is left then;
#                              a line there ends the server as a power cut would, starts it again, and says so
#   eng/postgres.sh install    installs Debian's package where it is missing (root), or says how
#
# It has its own data folder and listens on a socket in there only, so that no other server is disturbed, whatever port that has.
set -euo pipefail
fail() { printf 'postgres: %s\n' "$*" >&2; exit 1; }

# Debian keeps the server's programs out of the path.
programs() {
  local folder
  for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) /usr/pgsql-*/bin "$(dirname "$(command -v initdb || true)")"; do
    [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] && printf '%s' "$folder" && return
  done
  return 1
}

install() {
  programs >/dev/null && return
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    printf 'postgres: PostgreSQL is not installed: the tests of stores for several machines are skipped. Debian and Ubuntu: sudo apt-get install postgresql\n'
    return
  fi
  printf 'postgres: installing PostgreSQL for the tests (apt-get install postgresql) ...\n'
  # Without recommended packages there is no more than the server.
  (apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql) >/dev/null 2>&1 ||
    printf 'postgres: it could not be installed: is the network there? Tests that need it are skipped, and fail where CI=true.\n'
}

run() {
  bin=$(programs) || fail "PostgreSQL is not installed. Debian and Ubuntu: apt-get install postgresql, or run eng/setup.sh as root."
  folder=$(mktemp -d /tmp/dmcp-postgres.XXXXXX)
  password=$(head -c 12 /dev/urandom | od -An -tx1 | tr -d ' \n')
  as=()
  if [ "$(id -u)" = 0 ]; then
    # It refuses to run as root.
    chown postgres "$folder" || fail "there is no user 'postgres' to run the server as."
    as=(runuser -u postgres --)
  fi
  trap '"${as[@]}" "$bin/pg_ctl" -D "$folder/data" -m immediate -s stop >/dev/null 2>&1 || true; rm -rf "$folder"' EXIT
  cd "$folder"
  printf '%s' "$password" >"$folder/password"
  chmod 644 "$folder/password"
  "${as[@]}" "$bin/initdb" -D "$folder/data" -U dmcp --pwfile="$folder/password" -A scram-sha-256 -E UTF8 --locale=C.UTF-8 --no-sync \
    >"$folder/log" 2>&1 || { cat "$folder/log" >&2; fail "initdb failed."; }
  # Nothing in it outlives the tests: no need to wait for the disk.
  start
  printf 'Host=%s;Database=postgres;Username=dmcp;Password=%s\n' "$folder" "$password"
  while read -r _; do
    "${as[@]}" "$bin/pg_ctl" -D "$folder/data" -m immediate -s stop </dev/null >&2
    start
    printf 'restarted\n'
  done
}

start() {
  "${as[@]}" "$bin/pg_ctl" -D "$folder/data" -w -s -l "$folder/data/log" -o "-k '$folder' -c listen_addresses= -c fsync=off" start \
    </dev/null >&2 || { cat "$folder/data/log" >&2; fail "the server does not start."; }
}

case ${1:-} in
  run | install) "$1" ;;
  *) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; exit 1 ;;
esac
