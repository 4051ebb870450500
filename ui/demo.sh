#!/usr/bin/env bash
# One day with Wayside, played on real parts: an office on loopback TLS, three devices, 200 cases, two people who write
# apart, a reconcile that is cut. Then the desktop on Amina's vault, or pictures of it where there is no display.
#
#   bash ui/demo.sh              everything lands in build/demo; a second run starts clean
#   bash ui/demo.sh --no-window  pictures even where there is a display
#
# The people and cases are made up by a generator. Every step uses the programs as a user would.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly BIN=$PWD/build/release/bin
readonly DEMO=$PWD/build/demo
readonly PICTURES=$DEMO/pictures

window=auto
if [ "${1:-}" = --no-window ]; then window=never; fi

# ---- Words on the screen ----

title() { printf '\n\033[1m%s\033[0m\n' "$*"; }
tell() { printf '  %s\n' "$*"; }
stop() { printf '\nThe demo stopped: %s\n' "$*" >&2; exit 1; }

# ---- Programs ----

office_pid=""
clean_up() {
  if [ -n "$office_pid" ]; then kill "$office_pid" 2>/dev/null || true; wait "$office_pid" 2>/dev/null || true; fi
}
trap clean_up EXIT

as() {  # NAME verb …: one verb on NAME's device
  local name=$1
  shift
  "$BIN/wayside-cli" --home "$DEMO/$name" --passphrase-file "$DEMO/passphrase" --office "$office" "$@" 2>>"$DEMO/log"
}
reconcile() {  # NAME; an exit of 4 only says that something waits for a person
  local result code=0
  result=$(as "$1" sync --json) || code=$?
  [ "$code" -eq 0 ] || [ "$code" -eq 4 ] || stop "$1 could not reconcile (exit $code); see $DEMO/log"
  printf '%s' "$result" | python3 -c '
import json, sys
r = json.load(sys.stdin)
def count(n, one, many): return "%d %s" % (n, one if n == 1 else many)
print("  %-6s sent %d, received %s in %s; %s for a decision"
      % (sys.argv[1], r["pushed"]["envelopes"], count(r["pulled"]["envelopes"], "envelope", "envelopes"),
         count(r["round_trips"], "round trip", "round trips"), count(r["open_reviews"], "waits", "wait")))' "$1"
}
value_of() { python3 -c 'import json, sys; v = json.load(sys.stdin)
for key in sys.argv[1:]: v = v[int(key)] if isinstance(v, list) else v[key]
print(v)' "$@"; }

# ---- Build ----

title "Installing what is missing, and building"
bash platform/debian/install-deps.sh
[ -f build/release/build.ninja ] || cmake --preset release >/dev/null
cmake --build --preset release --target wayside wayside-cli wayside-office wayside-caseload | tail -n 1

rm -rf "$DEMO"
mkdir -p "$DEMO"
chmod 700 "$DEMO"
export WAYSIDE_KEYS=$DEMO/keys   # so that the demo leaves the machine's own key store alone
(umask 077; printf 'seven grey herons cross the water meadow\n' >"$DEMO/passphrase")

# ---- 1. An office and three devices ----

title "1. An office, and tickets for Amina, Ben and the desk"
(umask 077; "$BIN/wayside-office" init --data "$DEMO/office" --org "Riverside Advocacy" --admin Amina --address 127.0.0.1:7443 \
  --recovery-out "$DEMO/recovery-page.txt" >"$DEMO/ticket-amina" 2>>"$DEMO/log")
"$BIN/wayside-office" serve --data "$DEMO/office" --listen 127.0.0.1:0 --port-file "$DEMO/port" 2>>"$DEMO/log" &
office_pid=$!
for _ in $(seq 200); do [ -s "$DEMO/port" ] && break; sleep 0.05; done
[ -s "$DEMO/port" ] || stop "the office did not come up; see $DEMO/log"
office=127.0.0.1:$(cat "$DEMO/port")
tell "The office listens on $office. It holds no key that opens a case."

as amina join "$DEMO/ticket-amina" --device-name "Amina's laptop" >/dev/null
as amina invite --role advocate --user Ben --out "$DEMO/ticket-ben" >/dev/null
as amina invite --role desk --user "The desk" --out "$DEMO/ticket-desk" >/dev/null
as ben join "$DEMO/ticket-ben" --device-name "Ben's tablet" >/dev/null
as desk join "$DEMO/ticket-desk" --device-name "Desk computer" >/dev/null
tell "Three devices have joined; each ticket worked once and is gone."

# ---- 2. A morning's data ----

title "2. Ten services of a city's table, and 200 cases"
"$BIN/wayside-caseload" --n 200 --out "$DEMO/caseload" >/dev/null
as desk import tests/data/leicester_services.csv --map leicester --json >/dev/null
as amina import "$DEMO/caseload/cases.ndjson" --map standard --json >"$DEMO/imported.json"
tell "The desk imported the services, Amina 200 cases with 2,600 records."
reconcile amina
reconcile desk

# ---- 3. Ben's first reconcile is cut ----

title "3. Ben's reconcile is cut in the middle, and goes on"
setsid "$BIN/wayside-cli" --home "$DEMO/ben" --passphrase-file "$DEMO/passphrase" --office "$office" sync >/dev/null 2>>"$DEMO/log" &
cut_pid=$!
for _ in $(seq 400); do
  [ "$(find "$DEMO/ben/spool/inbox" -name '*.seg' -size +300k 2>/dev/null | wc -l)" -gt 0 ] && break
  sleep 0.01
done
kill -KILL -- "-$cut_pid" 2>/dev/null || true
wait "$cut_pid" 2>/dev/null || true
tell "The process was killed outright; $(du -sh --apparent-size "$DEMO/ben/spool" | cut -f1) lie sealed in its spool."
reconcile ben
reconcile ben

# ---- 4. Apart ----

title "4. Amina and Ben visit the same people, with no signal"
python3 ui/demo/edits.py "$DEMO/caseload/cases.ndjson" "$DEMO"
office_address=$office
office=127.0.0.1:9   # nobody is there
code=0
as ben sync >/dev/null || code=$?
[ "$code" -eq 5 ] || stop "an unreachable office gave exit $code, not 5"
tell "No office in reach: 'sync' says so and keeps everything (exit 5)."
as amina batch "$DEMO/amina.batch" --json >/dev/null
as ben batch "$DEMO/ben.batch" --json >/dev/null
office=$office_address
tell "Each wrote the same address and goal of three people differently, and fields of their own besides."

# ---- 5. Together ----

title "5. At night all reconcile"
for round in 1 2; do for name in amina ben desk; do reconcile "$name"; done; done
python3 ui/demo/kept.py "$DEMO" "$BIN/wayside-cli" "$office"

# ---- 6. A person decides ----

title "6. One review is decided by a person, with a reason"
as amina review list --json >"$DEMO/reviews.json" || true
python3 ui/demo/decide.py "$DEMO" "$BIN/wayside-cli" "$office"
for name in amina ben desk; do reconcile "$name"; done

# ---- 7. Proof ----

title "7. The same on every device"
for name in amina ben desk; do tell "$(printf '%-6s' "$name") $(as "$name" digest --json)"; done
digests=$(for name in amina ben desk; do as "$name" digest --json | value_of digest; done | sort -u | wc -l)
[ "$digests" -eq 1 ] || stop "the digests differ"
tell "Equal digests."
tell "Ben searches 'orch': $(as ben find orch --json | python3 -c 'import json,sys; d=json.load(sys.stdin); r=d if isinstance(d,list) else d.get("hits", d.get("results", [])); print(len(r), "found")')"
for name in amina ben desk; do as "$name" verify >/dev/null || stop "verify failed on $name"; done
tell "'verify' recomputed every record of every device from its signed ledgers: all is well."

# ---- 8. The desktop ----

title "8. The desktop"
if [ "$window" = auto ] && [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  tell "Opening it on Amina's vault. It starts as a timetable: type w a y, then the passphrase:"
  tell "  $(cat "$DEMO/passphrase")"
  WAYSIDE_OFFICE=$office "$BIN/wayside" --home "$DEMO/amina"
else
  tell "There is no display here, so it is drawn off screen and photographed."
  env PICTURES="$PICTURES" DEMO="$DEMO" BIN="$BIN" WAYSIDE_OFFICE="$office" bash ui/demo/pictures.sh
  tell "The pictures are in ${PICTURES#"$PWD"/}:"
  for picture in "$PICTURES"/*.png; do tell "  ${picture#"$PWD"/}"; done
fi
