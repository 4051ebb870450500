#!/usr/bin/env python3
"""Checks what our programs load: with a plain SQLite in the process, SQLCipher's names may resolve to it, and a vault
is silently written in clear.

    check_links.py [--programs FILE…] [--tests FILE…]

No file may load libsqlite3, directly or through another library; each program must load libsqlcipher.
"""
import argparse
import re
import subprocess
import sys


def libraries_of(ldd_output):
    """Names of the libraries in what ldd prints, those that were not found included."""
    return set(re.findall(r"^\s*(?:\S*/)?(lib[^\s/]+?\.so[^\s]*)", ldd_output, re.MULTILINE))


def problems_of(name, libraries, needs_sqlcipher):
    found = [f"{name} loads {library}" for library in sorted(libraries) if library.startswith("libsqlite3.")]
    if needs_sqlcipher and not any(library.startswith("libsqlcipher.") for library in libraries):
        found.append(f"{name} does not load libsqlcipher")
    return found


def check(file, needs_sqlcipher):
    ldd = subprocess.run(["ldd", file], capture_output=True, text=True, check=False)
    if ldd.returncode != 0:
        return [f"{file}: ldd failed: {ldd.stderr.strip() or ldd.stdout.strip()}"]
    return problems_of(file, libraries_of(ldd.stdout), needs_sqlcipher)


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", nargs="*", default=[])
    parser.add_argument("--tests", nargs="*", default=[])
    wanted = parser.parse_args(arguments)
    found = [problem for file in wanted.programs for problem in check(file, True)]
    found += [problem for file in wanted.tests for problem in check(file, False)]
    for problem in found:
        print(problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
