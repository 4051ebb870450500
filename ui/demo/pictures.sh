#!/usr/bin/env bash
# Draws the real desktop on Amina's vault off screen, by real keys, and photographs the five screens at two sizes.
# Called by ui/demo.sh, which sets BIN, DEMO, PICTURES and the office.
set -euo pipefail
mkdir -p "$PICTURES"

display_pid=""
program_pid=""
clean_up() {
  for pid in $program_pid $display_pid; do kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; done
}
trap clean_up EXIT

settle() { sleep "${1:-1}"; }
on_screen() { tail -n 1 "$DEMO/frames.log" 2>/dev/null | grep -q "$1"; }
keys() { xdotool key --clearmodifiers --delay 60 "$@"; }
# A window has its name before it can take keys.
focus_window() {
  local found
  for _ in $(seq 200); do
    if found=$(xdotool search --onlyvisible --name '^Timetable$' 2>/dev/null | head -n 1) && [ -n "$found" ] &&
      xdotool windowfocus --sync "$found" 2>/dev/null; then
      return
    fi
    sleep 0.1
  done
  echo "The window did not come up within 20 seconds." >&2
  return 1
}
photograph() { import -window root "$PICTURES/$1-$size.png"; }

# Somebody whose address two people wrote differently.
surname=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[2]["name"].split()[-1])' "$DEMO/together.json")

for size in 1024x600 1440x900; do
  coproc SCREEN { exec Xvfb -displayfd 1 -noreset -screen 0 "${size}x24" 2>/dev/null; }
  display_pid=$SCREEN_PID
  read -r number <&"${SCREEN[0]}"
  export DISPLAY=:$number
  "$BIN/wayside" --home "$DEMO/amina" --size "$size" --frame-log "$DEMO/frames.log" 2>>"$DEMO/log" &
  program_pid=$!
  focus_window
  xdotool mousemove 2 590   # so that no row looks pointed at
  settle
  photograph exit
  xdotool type --delay 80 way
  settle
  photograph unlock
  xdotool type --delay 15 "$(cat "$DEMO/passphrase")"
  keys Return
  for _ in $(seq 150); do   # key derivation takes half a gigabyte and a second or more
    sleep 0.2
    on_screen Cases && break
  done
  settle 2
  photograph caseload
  keys ctrl+f
  xdotool type --delay 30 "$surname"
  settle
  photograph search
  keys Down
  keys Return
  settle
  photograph case
  keys ctrl+4
  settle
  keys Return
  settle
  photograph review
  keys Shift_L Shift_L Shift_L   # quick exit
  settle
  photograph after-quick-exit
  clean_up
  program_pid=""
  display_pid=""
done
