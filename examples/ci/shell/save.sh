#!/bin/sh
# Saves a plan for apply.sh: `save.sh plan.json`. Without CONVERGE_PLAN_KEY the file would be as secret as the values, and no
# CI keeps its artifacts that secret: nothing is saved then, exit 64.
set -eu

if [ -z "${CONVERGE_PLAN_KEY:-}" ]; then
  echo 'save.sh: set CONVERGE_PLAN_KEY, the same here and where the plan is applied' >&2
  exit 64
fi
converge plan --allow-unresolved --out "$1" --report markdown=plan.md
