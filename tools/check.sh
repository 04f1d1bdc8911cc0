#!/usr/bin/env bash
# The gate: style, types, imports, tests.  Runs all of it, then names what failed.
#
#   tools/check.sh         everything
#   tools/check.sh lint    all but the tests
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export QT_QPA_PLATFORM=offscreen

cores="$(nproc)"
workers=$((cores > 4 ? 4 : cores))

failed=()
step() {
    local name="$1"
    shift
    printf '== %s\n' "$name"
    "$@" || failed+=("$name")
}

step "ruff check" .venv/bin/ruff check .
step "ruff format" .venv/bin/ruff format --check .
step "mypy" .venv/bin/mypy
step "lint-imports" .venv/bin/lint-imports --no-logo
if [ "${1:-all}" != lint ]; then
    # By file, so that what a file sets up once is set up once.
    step "pytest" .venv/bin/python -m pytest --numprocesses "$workers" --dist loadfile
fi

if [ "${#failed[@]}" -gt 0 ]; then
    printf '== failed: %s\n' "$(IFS=, && printf '%s' "${failed[*]}")"
    exit 1
fi
printf '== all good\n'
