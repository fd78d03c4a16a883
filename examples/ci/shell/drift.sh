#!/bin/sh
# Has the live side moved? For a scheduled job. 0: no; 2: yes, drift.json says what and by whom; 1: it could not be read.
set -eu

code=0
converge drift --report json=drift.json || code=$?
if [ "$code" -eq 2 ]; then echo 'converge: drift, see drift.json' >&2; fi
exit "$code"
