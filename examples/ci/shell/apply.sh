#!/bin/sh
# Applies what was merged: `apply.sh plan.json` with the plan that was reviewed, `apply.sh` without one. For any CI; needs a
# token that writes, and the secrets that the document names. Exit codes are converge's own.
set -eu

code=0
if [ $# -gt 0 ]; then
  converge apply --report json=apply.json --report markdown=apply.md -- "$1" || code=$?
else
  converge apply --auto-approve --report json=apply.json --report markdown=apply.md || code=$?
fi
case $code in
  0) ;;
  3) echo 'converge: refused, nothing was written' >&2 ;;
  4) echo 'converge: the plan is stale, nothing was written: plan and review again' >&2 ;;
  5) echo 'converge: applied in part, see apply.md; the next run goes on from there' >&2 ;;
  *) echo "converge: it ended with $code" >&2 ;;
esac
exit "$code"
