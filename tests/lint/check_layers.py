#!/usr/bin/env python3
"""Checks what a compiler does not: which folder may include which, and a few things that nobody may write.

    check_layers.py ROOT     prints each violation as file:line: sentence; exit 1 when there is one

Arrows (docs/ARCHITECTURE.md): ui -> sync -> core -> platform. A folder includes itself and what stands to its right;
tests may include everything, and nothing includes tests. Some libraries belong to some folders only.
"""
import pathlib
import re
import sys

LAYERS = ["platform", "core", "sync", "ui"]  # each may include itself and those before it

# Libraries, by how their headers begin, and the only folders that may see them.
HOMES = {
    "imgui": ["ui/desktop", "ui/safe_mode"],
    "GLFW/": ["platform/window", "ui/desktop"],
    "sqlite3.h": ["core/store", "sync/office"],
    "curl/": ["platform"],
    "libsecret/": ["platform"],
    "spdlog/": ["platform"],
    "boost/asio": ["sync/office"],
    "boost/beast": ["sync/office"],
    "sys/socket.h": ["platform", "sync/office"],
    "netinet/": ["platform", "sync/office"],
}

INCLUDE = re.compile(r'^\s*#\s*include\s*["<]([^">]+)[">]')

# Name, what it looks like, and why not. Looked for in C++ outside of tests.
FORBIDDEN = [
    (re.compile(r"\b(TODO|FIXME|XXX)\b"), "unfinished work belongs in an issue, not in the source"),
    (re.compile(r"\bstd::string(_view)?\s*&?\s+\w*(passphrase|password|private_key|secret_key)\s*[;,)={(]"),
     "a secret lives in SecretBytes or SecretString"),
    (re.compile(r"\bstd::rand\b|\bsrand\(|\brandom_device\b|\bmt19937\b"), "randomness comes from Env.random"),
]
# Looked for in tests.
FORBIDDEN_IN_TESTS = [
    (re.compile(r"\bsleep_(for|until)\b|\b(u|nano)?sleep\s*\(|\btime\.sleep\b|^\s*sleep\s+[\d\"$]"),
     "a test waits for what it waits for, never for time to pass"),
    (re.compile(r"\b(TODO|FIXME|XXX)\b"), "unfinished work belongs in an issue, not in the source"),
]
# May wait: a program that measures, which is no test; and the driver of a real window, whose subject is what a screen
# does in time (it asks again until what it expects is there, and proves that idleness draws nothing).
MEASURES = ["tests/bench", "tests/ui/desktop/drive_stage.py"]
# Time and files are the outside world, which comes in as Env.
OUTSIDE_WORLD = [
    (re.compile(r"\bsystem_clock::now\b|\bsteady_clock::now\b|\bstd::time\(|(?<![\w:])::time\(|\bgettimeofday\b"),
     "time comes from Env.clock"),
    (re.compile(r"\bstd::(i|o)?fstream\b|\bfopen\("), "files come from Env.files"),
    (re.compile(r"\bgetenv\("), "the environment is read in platform/paths"),
]
ENV_ONLY = ["core"]


def is_within(path, folders):
    return any(path == folder or path.startswith(folder + "/") for folder in folders)


def check_include(path, header):
    """Why this file may not include that header, or None."""
    top = path.split("/")[0]
    target = header.split("/")[0]
    if top in LAYERS:
        if target == "tests":
            return f"{top} includes tests"
        if target in LAYERS and LAYERS.index(target) > LAYERS.index(top):
            return f"{top} includes {target}: arrows go {' <- '.join(LAYERS)}"
    if top != "tests":
        for prefix, folders in HOMES.items():
            if header.startswith(prefix) and not is_within(path, folders):
                return f"{header} belongs to {', '.join(folders)}"
    return None


def without_strings(line):
    return re.sub(r'"(\\.|[^"\\])*"', '""', line)


def check_file(path, text):
    """All violations in one file, as (line number, sentence)."""
    found = []
    is_cpp = path.endswith((".h", ".cc"))
    in_tests = is_within(path, ["tests"])
    rules = list(FORBIDDEN_IN_TESTS if in_tests else FORBIDDEN if is_cpp else [])
    if is_within(path, MEASURES):
        rules = FORBIDDEN_IN_TESTS[1:]
    if is_within(path, ENV_ONLY) and is_cpp:
        rules += OUTSIDE_WORLD
    for number, line in enumerate(text.splitlines(), 1):
        include = INCLUDE.match(line) if is_cpp else None
        if include:
            problem = check_include(path, include.group(1))
            if problem:
                found.append((number, problem))
            continue
        looked_at = without_strings(line) if is_cpp else line
        found += [(number, why) for pattern, why in rules if pattern.search(looked_at)]
    if path.endswith(".h") and "#pragma once" not in text:
        found.append((1, "a header begins with #pragma once"))
    if is_cpp and not re.fullmatch(r"[a-z0-9_]+\.(h|cc)", path.split("/")[-1]):
        found.append((1, "file names are snake_case"))
    return found


def files_of(root):
    for top in LAYERS + ["tests"]:
        for file in sorted((root / top).rglob("*")):
            path = file.relative_to(root).as_posix()
            if file.suffix in (".h", ".cc", ".py", ".sh") and not path.startswith("tests/lint/"):
                yield path, file.read_text(encoding="utf-8")


def main(root):
    problems = 0
    for path, text in files_of(pathlib.Path(root)):
        for number, sentence in check_file(path, text):
            print(f"{path}:{number}: {sentence}")
            problems += 1
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
