#!/bin/sh
# Runs once, when the PostgreSQL volume is new. The factory's own user owns its database and is no superuser: a superuser
# walks past the triggers that keep the ledger from being changed.
set -eu
psql --no-psqlrc --set=ON_ERROR_STOP=1 --set=password="$WORKBENCH_DB_PASSWORD" --username="$POSTGRES_USER" --dbname=postgres <<'SQL'
CREATE ROLE workbench LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE workbench OWNER workbench;
SQL
