#!/bin/sh
# A change is checked: is the document right, and what would it do? For any CI; needs a token that reads.
# Leaves plan.md for people and plan.json for programs. 0: fine, with or without changes; else converge's own code.
set -eu

converge validate

code=0
converge plan --allow-unresolved --detailed-exitcode --report markdown=plan.md --report json=plan.json || code=$?
case $code in
  0) echo 'converge: no changes' >&2 ;;
  2) echo 'converge: changes, see plan.md' >&2 ;;
  3) echo 'converge: apply would refuse this plan, see plan.md' >&2; exit 3 ;;
  *) exit "$code" ;;
esac
