#!/usr/bin/env bash
# Builds everything and runs every test: bash tests/run.sh [--asan] [arguments for ctest …]
#   --asan    the AddressSanitizer and UndefinedBehaviorSanitizer build in place of the release build
# For example: bash tests/run.sh -R platform
set -euo pipefail
cd "$(dirname "$0")/.."

preset=release
if [ "${1:-}" = --asan ]; then
  preset=asan
  shift
  export UBSAN_OPTIONS="print_stacktrace=1:${UBSAN_OPTIONS:-}"
fi

bash platform/debian/install-deps.sh
cmake --preset "$preset" >/dev/null
cmake --build --preset "$preset"
exec ctest --preset "$preset" --output-on-failure -j2 "$@"
