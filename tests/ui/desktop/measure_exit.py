#!/usr/bin/env python3
"""Measures the quick exit from outside: measure_exit.py WAYSIDE_STAGE [TRIALS]

From just before a key or a button is sent to the display until the first complete frame of the neutral page stood on
the screen, by the frame log; both in the machine's monotonic milliseconds. A trial begins on an open
case. Prints one JSON document; judges nothing.
"""
import ctypes
import json
import os
import sys
import tempfile
import time

from drive_stage import Stage


class Hand:
    """Keys and buttons by XTest itself: starting a program for each takes longer than what is measured."""

    def __init__(self, stage):
        self.x11, self.xtst = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXtst.so.6")
        self.x11.XOpenDisplay.restype = ctypes.c_void_p
        self.display = ctypes.c_void_p(self.x11.XOpenDisplay(stage.env["DISPLAY"].encode()))
        self.x11.XKeysymToKeycode.argtypes = [ctypes.c_void_p, ctypes.c_ulong]
        self.shifts = [self.x11.XKeysymToKeycode(self.display, keysym) & 0xFF for keysym in (0xFFE1, 0xFFE2)]

    def key(self, down, right=False):
        self.xtst.XTestFakeKeyEvent(self.display, ctypes.c_uint(self.shifts[right]), int(down), ctypes.c_ulong(0))
        self.x11.XFlush(self.display)

    def button(self, down):
        self.xtst.XTestFakeButtonEvent(self.display, ctypes.c_uint(1), int(down), ctypes.c_ulong(0))
        self.x11.XFlush(self.display)


def first_neutral_frame(stage, after):
    """The monotonic ms of the first neutral frame behind frame number `after`; None while there is none."""
    with open(stage.frames, encoding="utf-8") as log:
        for line in log:
            number, at_ms, screen = line.rstrip("\n").split(" ", 2) if line.count(" ") >= 2 else ("0", "0", "")
            if int(number) > after and screen == "Timetable" and line.endswith("\n"):
                return int(at_ms)
    return None


def trial(stage, hand, way):
    stage.unlock()
    stage.keys("ctrl+f")
    stage.settle()
    stage.keys("Down", "Down", "Return")
    if way == "pointer":
        stage.xdotool("mousemove", "--window", stage.window, "940", "32")
    else:
        # Left, then right: the same key again at once would count as held down.
        for right in (False, True):
            hand.key(True, right)
            hand.key(False, right)
    stage.settle()
    frame = int(stage.last_frame().split()[0])
    act = hand.button if way == "pointer" else hand.key
    begun_ms = time.monotonic() * 1000
    act(True)
    stage.wait_for(lambda: first_neutral_frame(stage, frame) is not None, "the neutral page")
    took_ms = first_neutral_frame(stage, frame) - begun_ms
    act(False)
    stage.settle()
    return max(0.0, took_ms)


def main():
    trials = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(folder)
        try:
            stage.start([sys.argv[1], stage.commands, stage.frames, "1024x600"])
            hand = Hand(stage)
            result = {"trials": trials, "load": os.getloadavg()[0]}
            for way in ("pointer", "shift"):
                took = sorted(trial(stage, hand, way) for _ in range(trials))
                result[way + "_ms"] = {"p50": round(took[len(took) // 2], 1),
                                       "p99": round(took[min(len(took) - 1, int(len(took) * 0.99))], 1),
                                       "max": round(took[-1], 1)}
            print(json.dumps(result))
        finally:
            stage.end()


if __name__ == "__main__":
    main()
