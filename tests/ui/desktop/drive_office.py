#!/usr/bin/env python3
"""The real window against a real office: drive_office.py WAYSIDE WAYSIDE_CLI WAYSIDE_OFFICE [FOLDER-FOR-PICTURES]

An office on loopback, Amina's vault and Ben's, as anybody would make them; then the desktop program itself on Amina's
vault, on a display of its own: unlock, reconcile by keyboard, and stillness afterwards. What she had written waits in
her vault before, and lies in Ben's afterwards.
"""
import contextlib
import json
import os
import subprocess
import sys
import tempfile

from drive_stage import Stage, check, idleness_draws_nothing

PASSPHRASE = "seven grey herons cross the water meadow"


class Office:
    """An office and the devices of two people, all real programs in one folder."""

    def __init__(self, folder, cli, program):
        self.folder, self.cli, self.program = folder, cli, program
        self.env = dict(os.environ, WAYSIDE_KEYS=self.at("keys"), XDG_STATE_HOME=self.at("state"))
        with open(os.open(self.at("passphrase"), os.O_CREAT | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            file.write(PASSPHRASE + "\n")
        os.umask(0o077)
        first = self.run([program, "init", "--data", self.at("office"), "--org", "Riverside Advocacy", "--admin", "Amina",
                          "--address", "127.0.0.1:7443", "--recovery-out", self.at("recovery")])
        with open(self.at("ticket-amina"), "w", encoding="utf-8") as file:
            file.write(first)
        self.server = subprocess.Popen([program, "serve", "--data", self.at("office"), "--listen", "127.0.0.1:0",
                                        "--port-file", self.at("port")], env=self.env, stderr=subprocess.DEVNULL)
        self.address = None

    def at(self, name):
        return os.path.join(self.folder, name)

    def run(self, words, codes=(0,)):
        done = subprocess.run(words, env=self.env, capture_output=True, text=True, check=False)
        if done.returncode not in codes:
            raise SystemExit(f"{' '.join(words)} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def listens(self):
        try:
            with open(self.at("port"), encoding="utf-8") as file:
                port = file.read().strip()
        except FileNotFoundError:
            return False
        self.address = "127.0.0.1:" + port
        return port != ""

    def ask(self, who, *verb):
        answer = self.run([self.cli, "--home", self.at(who), "--passphrase-file", self.at("passphrase"), "--office",
                           self.address, *verb, "--json"], codes=(0, 4))
        return json.loads(answer.strip().splitlines()[-1]) if answer.strip() else {}

    def end(self):
        self.server.terminate()
        self.server.wait()


def two_devices(office):
    office.ask("amina", "join", office.at("ticket-amina"), "--device-name", "Amina's laptop")
    office.ask("amina", "invite", "--role", "advocate", "--user", "Ben", "--out", office.at("ticket-ben"))
    office.ask("ben", "join", office.at("ticket-ben"), "--device-name", "Ben's tablet")
    office.ask("amina", "sync")
    # Written with nobody in reach, so that it waits.
    case = office.ask("amina", "put", "case", "--set", "reference=C-0001", "status=open")["ids"][0]
    office.ask("amina", "put", "person", "--case", case, "--set", "forename=Nora", "surname=Quill", "town=Leicester")


def ben_finds_her(office):
    office.ask("ben", "sync")
    return office.ask("ben", "find", "Quill")["count"] > 0


class Desktop(Stage):
    """The stage's display and keys, with the real program on it."""

    def open(self, office, program):
        self.env.update(WAYSIDE_KEYS=office.env["WAYSIDE_KEYS"], XDG_STATE_HOME=office.env["XDG_STATE_HOME"])
        self.start([program, "--home", office.at("amina"), "--office", office.address, "--frame-log", self.frames,
                    "--size", "1024x600"])

    def picture(self, folder, name):
        if folder:
            subprocess.run(["import", "-window", "root", os.path.join(folder, name + ".png")], env=self.env, check=True)


@contextlib.contextmanager
def office_and_window(cli, program):
    """An office that listens, and a display for the real window. Both end with it, however that comes."""
    with tempfile.TemporaryDirectory() as folder:
        office = Office(folder, cli, program)
        window = Desktop(folder)
        try:
            window.wait_for(office.listens, "the office")
            yield office, window
        finally:
            window.end()
            office.end()


def main():
    wayside, cli, program = sys.argv[1:4]
    pictures = sys.argv[4] if len(sys.argv) > 4 else ""
    with office_and_window(cli, program) as (office, window):
        two_devices(office)
        window.open(office, wayside)
        window.picture(pictures, "1-neutral")
        window.unlock(PASSPHRASE)
        window.picture(pictures, "2-cases")
        check(True, "the real window opens a vault enrolled at a real office")
        for key, name in (("ctrl+1", "Today"), ("ctrl+3", "Places")):
            window.go(key, name)
            window.settle()
            window.picture(pictures, "2-" + name.lower())
        check(True, "Today and Places answer from a real vault")
        window.keys("ctrl+5")
        window.expect_screen("Reconcile")
        window.settle()
        window.picture(pictures, "3-before")
        check(not ben_finds_her(office), "what Amina wrote is not with Ben yet")
        frames = window.last_frame()
        window.keys("F6", "F6")  # the navigation, then the only button of the page
        window.keys("Return")
        window.wait_for(lambda: window.last_frame() != frames, "the reconcile to show")
        window.settle()
        window.picture(pictures, "4-pressed")
        window.wait_for(lambda: ben_finds_her(office), "what Amina wrote, at Ben's")
        window.settle()
        check(True, "what Amina wrote reached Ben through the office")
        idleness_draws_nothing(window, "Reconcile, after one")
        window.picture(pictures, "5-after")
        window.program.terminate()
        check(window.program.wait() == 0, "the window ends in good order")
        window.program = None
        check(office.ask("amina", "sync")["pushed"]["envelopes"] == 0, "nothing waits any more")


if __name__ == "__main__":
    main()
