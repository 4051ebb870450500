#!/usr/bin/env python3
"""Checks what our programs load: with a plain SQLite in the process, SQLCipher's names may resolve to it, and a vault
is silently written in clear.

    check_links.py FILE…

No file may load libsqlite3, directly or through another library. A file that calls SQLite must get it from
libsqlcipher, and at least one file must, or else this looked at the wrong files.
"""
import re
import subprocess
import sys


def libraries_of(ldd_output):
    """Names of the libraries in what ldd prints, those that were not found included."""
    return set(re.findall(r"^\s*(?:\S*/)?(lib[^\s/]+?\.so[^\s]*)", ldd_output, re.MULTILINE))


def loads_sqlcipher(libraries):
    return any(library.startswith("libsqlcipher.") for library in libraries)


def problems_of(name, libraries, calls_sqlite):
    found = [f"{name} loads {library}" for library in sorted(libraries) if library.startswith("libsqlite3.")]
    if calls_sqlite and not loads_sqlcipher(libraries):
        found.append(f"{name} calls SQLite and does not load libsqlcipher")
    return found


def output_of(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def main(files):
    found = []
    encrypted = 0
    for file in files:
        try:
            libraries = libraries_of(output_of("ldd", file))
            calls_sqlite = " sqlite3_" in output_of("nm", "--dynamic", "--undefined-only", file)
        except (RuntimeError, OSError) as failure:
            found.append(str(failure))
            continue
        encrypted += loads_sqlcipher(libraries)
        found += problems_of(file, libraries, calls_sqlite)
    if encrypted == 0:
        found.append("none of these files loads libsqlcipher")
    for problem in found:
        print(problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
