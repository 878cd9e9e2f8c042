#!/bin/sh
# Makes and migrates the two databases of the Temporal server. Safe to run again: what stands is left alone.
set -eu
for part in temporal:temporal temporal_visibility:visibility; do
  database=${part%%:*}
  folder=/etc/temporal/schema/postgresql/v12/${part##*:}/versioned
  temporal-sql-tool --db "$database" create
  # A schema that stands already refuses to be set up anew.
  temporal-sql-tool --db "$database" setup-schema -v 0.0 || true
  temporal-sql-tool --db "$database" update-schema -d "$folder"
done
