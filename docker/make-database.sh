#!/usr/bin/env bash
# Creates Frontline's three roles, the database and its extensions. The database image runs this
# once, when its volume is empty. app/database/embedded/provision.py does the same for a private
# cluster.
set -euo pipefail

: "${FRONTLINE_OWNER_PASSWORD:?}" "${FRONTLINE_APP_PASSWORD:?}" "${FRONTLINE_PUBLIC_PASSWORD:?}"

# psql reads the passwords from the environment: its command line is visible to the whole machine.
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\getenv owner_password FRONTLINE_OWNER_PASSWORD
\getenv app_password FRONTLINE_APP_PASSWORD
\getenv public_password FRONTLINE_PUBLIC_PASSWORD

CREATE ROLE frontline_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE frontline_app LOGIN PASSWORD :'app_password';
CREATE ROLE frontline_public LOGIN PASSWORD :'public_password';
GRANT frontline_public TO frontline_app;

CREATE DATABASE frontline OWNER frontline_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE frontline FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE frontline TO frontline_app;
GRANT CONNECT ON DATABASE frontline TO frontline_public;

\connect frontline
CREATE EXTENSION postgis SCHEMA public;
CREATE EXTENSION pg_trgm SCHEMA public;
CREATE EXTENSION unaccent SCHEMA public;
CREATE EXTENSION btree_gist SCHEMA public;
SQL
