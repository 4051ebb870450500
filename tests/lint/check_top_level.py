#!/usr/bin/env python3
"""Checks that the top of the tree holds the entries of its layout and nothing else.

    check_top_level.py ROOT     prints what does not belong there; exit 1 when there is something
"""
import pathlib
import subprocess
import sys

ALLOWED = {
    "CMakeLists.txt", "core", "sync", "ui", "platform", "tests", "docs",
    "README.md", "CONTRIBUTING.md", "LICENSE", "CMakePresets.json", "vcpkg.json",
}
BUILT = {"build"}


def entries_of(root):
    """What git has, or, where there is no git (a source archive), what lies there."""
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], capture_output=True, text=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        return {name.split("/")[0] for name in listed.stdout.split("\0") if name}
    return {entry.name for entry in pathlib.Path(root).iterdir()} - BUILT


def strangers(entries):
    return sorted(name for name in entries if name not in ALLOWED and not name.startswith("."))


def main(root):
    found = strangers(entries_of(root))
    for name in found:
        print(f"{name}: not an entry of the layout")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
