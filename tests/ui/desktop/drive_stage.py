#!/usr/bin/env python3
"""Drives a real window with real keys and a real pointer: drive_stage.py WAYSIDE_STAGE

Starts a display of its own (Xvfb), the stage on it, and xdotool. What it checks is what no unit test reaches: the
window's names, that idleness draws nothing, that every screen answers to the keyboard, and that the quick exit works
from a dialog, by key and by pointer. It waits for what it expects, never for a time, but for idleness.
"""
import os
import subprocess
import sys
import tempfile
import time

PATIENCE_S = 60
IDLE_S = 2.0


def read(path):
    try:
        with open(path, encoding="utf-8") as log:
            return log.read()
    except FileNotFoundError:
        return ""


class Stage:
    def __init__(self, folder):
        self.folder = folder
        self.commands = os.path.join(folder, "commands.log")
        self.frames = os.path.join(folder, "frames.log")
        self.program = None
        reading, write = os.pipe()
        self.display = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-noreset", "-screen", "0", "1100x700x24"],
            pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(reading) as line:
            number = line.readline().strip()   # to its end: the server dies of a pipe closed too early
        if not number:
            raise SystemExit("Xvfb did not start")
        self.env = dict(os.environ, DISPLAY=":" + number, TZ="Europe/London")

    def start(self, words):
        self.wait_for(lambda: self.xdotool("getdisplaygeometry"), "the display")
        self.program = subprocess.Popen(words, env=self.env)
        self.wait_for(lambda: self.xdotool("search", "--onlyvisible", "--name", "^Timetable$"), "the window")
        self.window = self.xdotool("search", "--onlyvisible", "--name", "^Timetable$").split()[0]
        self.xdotool("windowfocus", "--sync", self.window)
        self.wait_for(lambda: self.screen() == "Timetable", "the first frame")

    def xdotool(self, *args):
        return subprocess.run(["xdotool", *args], env=self.env, capture_output=True, text=True, check=False).stdout.strip()

    def wait_for(self, holds, what):
        end = time.monotonic() + PATIENCE_S
        while not holds():
            if self.program and self.program.poll() is not None:
                raise SystemExit(f"the program ended while waiting for {what}")
            if time.monotonic() > end:
                raise SystemExit(f"waited in vain for {what}" + (f"; screen {self.screen()!r}; commands:\n{self.said()}" if self.program else ""))
            time.sleep(0.01)

    def until(self, do, holds, what):
        """Does it again until it has its effect: a busy machine may draw slower than keys come."""
        end = time.monotonic() + PATIENCE_S
        while True:
            do()
            again = time.monotonic() + 5
            while time.monotonic() < again:
                if holds():
                    return
                time.sleep(0.02)
            if time.monotonic() > end:
                self.wait_for(holds, what)

    def said(self):
        return read(self.commands)

    def last_frame(self):
        lines = [line for line in read(self.frames).splitlines(keepends=True) if line.endswith("\n")]
        return lines[-1].strip() if lines else "0 0 none"

    def screen(self):
        return self.last_frame().split(" ", 2)[2]

    def keys(self, *names):
        for name in names:
            self.xdotool("key", name)

    def expect(self, words):
        self.wait_for(lambda: words in self.said(), words)

    def expect_screen(self, name):
        self.wait_for(lambda: self.screen() == name, f"screen {name}")

    def go(self, key, name):
        self.until(lambda: self.keys(key), lambda: self.screen() == name, f"screen {name}")

    def settle(self):
        """Until no frame has been drawn for a while: what was asked for is done."""
        seen, since = self.last_frame(), time.monotonic()
        while time.monotonic() - since < 0.3:
            time.sleep(0.02)
            if self.last_frame() != seen:
                seen, since = self.last_frame(), time.monotonic()

    def unlock(self, passphrase="any words"):
        self.xdotool("type", "--delay", "40", "way")
        self.expect_screen("Unlock Wayside")
        self.settle()
        self.xdotool("type", "--delay", "20", passphrase)
        self.keys("Return")
        self.expect_screen("Cases")
        self.settle()

    def end(self):
        if self.program:
            self.program.terminate()
            self.program.wait()
        self.display.terminate()
        self.display.wait()


def check(holds, what):
    if not holds:
        raise SystemExit("not so: " + what)
    print("ok:", what)


def names_are_neutral(stage):
    names = subprocess.run(["xprop", "-id", stage.window, "WM_NAME", "WM_CLASS", "_NET_WM_NAME"], env=stage.env,
                           capture_output=True, text=True, check=True).stdout
    check('"Timetable"' in names and '"timetable", "timetable"' in names, "title and class are a timetable's")
    check("ayside" not in names, "no name says what it is")


def idleness_draws_nothing(stage, where):
    stage.settle()
    before = stage.last_frame()
    time.sleep(IDLE_S)
    check(stage.last_frame() == before, f"idle on {where}: no frame in {IDLE_S} s")


def walk_into_the_form(stage):
    def choose_a_row():
        stage.go("ctrl+2", "Cases")
        stage.keys("ctrl+f")
        stage.settle()
        for key in ("Down", "Down", "Return"):
            stage.keys(key)
            stage.settle()

    stage.until(choose_a_row, lambda: 'open_case { case_id: "Priya Shah' in stage.said(), "a case opened by keyboard")
    stage.settle()
    # Tab walks from the navigation through tabs and what adds to the case into the form; the first box takes what is typed.
    for _ in range(15):
        stage.keys("Tab")
        stage.settle()


def the_keyboard_reaches_a_case(stage):
    walk_into_the_form(stage)
    stage.xdotool("type", "--delay", "20", "Prya")
    stage.expect('keep_draft { form_id: "form-person" fields { field: 1 items: "Prya" }')
    stage.keys("ctrl+z")
    stage.settle()
    stage.until(lambda: stage.keys("ctrl+s"), lambda: 'save { form_id: "form-person"' in stage.said(), "a save by keyboard")
    check(True, "search, choose, open, type and save by keyboard alone; the draft was kept")


def every_screen_has_its_key(stage):
    for key, name in (("ctrl+1", "Today"), ("ctrl+3", "Places"), ("ctrl+4", "Review"), ("ctrl+5", "Reconcile"),
                      ("ctrl+6", "Settings"), ("ctrl+2", "Cases")):
        stage.go(key, name)
    check(True, "Ctrl 1 to 6 show the six screens")


def regions_have_a_key(stage):
    def from_the_search_to_a_row():
        stage.go("ctrl+2", "Cases")
        stage.keys("ctrl+f")
        stage.settle()
        stage.keys("F6")
        stage.settle()
        stage.keys("Down")
        stage.settle()
        stage.keys("Return")

    seen = stage.said().count("open_case { case_id:")
    stage.until(from_the_search_to_a_row, lambda: stage.said().count("open_case { case_id:") > seen, "a case opened after F6")
    check(True, "F6 goes from the search to the rows")
    stage.keys("ctrl+2")
    stage.settle()


def exits(stage):
    stage.go("ctrl+4", "Review")
    stage.settle()
    stage.keys("F1")   # a dialog over everything
    stage.settle()
    count = stage.said().count("quick_exit: true")
    stage.keys("Shift_L", "Shift_R", "Shift_L")
    stage.expect_screen("Timetable")
    check(stage.said().count("quick_exit: true") == count + 1, "three Shifts leave a dialog, and the lock is sent")
    stage.unlock()

    stage.keys("ctrl+2")
    stage.settle()
    stage.xdotool("mousemove", "--window", stage.window, "940", "32")
    stage.xdotool("click", "1")
    stage.expect_screen("Timetable")
    check(stage.said().count("quick_exit: true") == count + 2, "the button leaves")
    stage.unlock()

    # Typing a capital and going on is no exit.
    stage.keys("ctrl+f")
    stage.settle()
    stage.xdotool("type", "--delay", "20", "ABC Shah")
    stage.settle()
    check(stage.screen() == "Cases", "capitals do not leave")


def a_signal_ends_in_good_order(stage):
    stage.unlock()
    walk_into_the_form(stage)
    before = stage.said().count("lock {")
    frame = int(stage.last_frame().split()[0])
    stage.xdotool("type", "--delay", "1", "La")
    stage.wait_for(lambda: int(stage.last_frame().split()[0]) >= frame + 3, "the letters on the screen")
    stage.program.terminate()
    check(stage.program.wait(PATIENCE_S) == 0, "SIGTERM ends the program in good order")
    said = stage.said().splitlines()
    check("lock {" in said[-1] and sum("lock {" in line for line in said) == before + 1, "the lock is the last command")
    check(any('items: "La"' in line for line in said), "what was typed last was sent before it")
    stage.program = None


def a_day(stage):
    names_are_neutral(stage)
    idleness_draws_nothing(stage, "the neutral page")
    stage.unlock()
    check(True, "three letters and a passphrase lead to the cases")
    idleness_draws_nothing(stage, "the caseload")
    the_keyboard_reaches_a_case(stage)
    every_screen_has_its_key(stage)
    regions_have_a_key(stage)
    exits(stage)


def main():
    for run in (a_day, a_signal_ends_in_good_order):
        with tempfile.TemporaryDirectory() as folder:
            stage = Stage(folder)
            try:
                stage.start([sys.argv[1], stage.commands, stage.frames, "1024x600"])
                run(stage)
            finally:
                stage.end()


if __name__ == "__main__":
    main()
