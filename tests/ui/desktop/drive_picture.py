#!/usr/bin/env python3
"""Looks for a photo of a case in the memory of the real program: drive_picture.py WAYSIDE WAYSIDE_CLI WAYSIDE_OFFICE

The photo is of one colour that nothing else has. While it is on the screen its pixels must be found, so that the search
is known to work; after the quick exit they are gone, from the program's own memory and from what the graphics driver
keeps there. A driver that draws in software leaves the last few pixels that it worked on, of 65,536, on the stack of its
own thread: these are let pass.
"""
import os
import struct
import sys
import zlib

from drive_office import PASSPHRASE, office_and_window
from drive_stage import check

COLOUR = bytes((0x9D, 0x3B, 0xE7))
RUN = 12       # pixels beside each other that are no accident
DRIVER = 200   # pixels
# As a picture in memory has it, and as a frame of the screen has it.
PATTERNS = [(COLOUR + b"\xff") * RUN, (COLOUR[::-1] + b"\xff") * RUN, (COLOUR[::-1] + b"\x00") * RUN]


def png_of_one_colour(path, side=256):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\x00" + COLOUR * side for _ in range(side))
    with open(path, "wb") as out:
        out.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)) +
                  chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def found_in(pid):
    """How many of the pixels stand in memory that the process may write to."""
    count = 0
    with open(f"/proc/{pid}/maps", encoding="ascii", errors="replace") as maps, open(f"/proc/{pid}/mem", "rb") as memory:
        for line in maps:
            place, rights = line.split()[:2]
            if not rights.startswith("rw") or "[v" in line:
                continue
            first, last = (int(end, 16) for end in place.split("-"))
            try:
                memory.seek(first)
                content = memory.read(last - first)
            except (OSError, ValueError, OverflowError):
                continue   # guarded pages
            count += RUN * sum(content.count(pattern) for pattern in PATTERNS)
    return count


def case_with_a_photo(office, photo):
    office.ask("amina", "join", office.at("ticket-amina"), "--device-name", "Amina's laptop")
    case = office.ask("amina", "put", "case", "--set", "reference=C-0001", "status=open")["ids"][0]
    office.ask("amina", "put", "person", "--case", case, "--set", "forename=Nora", "surname=Quill", "town=Leicester")
    office.ask("amina", "attach", "add", case, photo, "--kind", "photo")


def click(window, x, y):
    window.xdotool("mousemove", "--window", window.window, str(x), str(y))
    window.settle()
    window.xdotool("click", "1")
    window.settle()


def look_at_the_photo(window):
    window.keys("ctrl+f")
    window.settle()
    window.xdotool("type", "--delay", "30", "Quill")
    window.settle()
    window.keys("Return")
    window.settle()
    click(window, 530, 131)   # Attachments
    click(window, 300, 250)   # the only file


def main():
    if os.geteuid() != 0:
        print("skipped: the program keeps its memory from its own user, and root alone may look into it")
        sys.exit(77)
    wayside, cli, program = sys.argv[1:4]
    pictures = sys.argv[4] if len(sys.argv) > 4 else ""
    with office_and_window(cli, program) as (office, window):
        photo = office.at("photo.png")
        png_of_one_colour(photo)
        case_with_a_photo(office, photo)
        window.open(office, wayside)
        pid = window.program.pid
        window.unlock(PASSPHRASE)
        check(found_in(pid) == 0, "before the photo is opened there is nothing of it in memory")
        look_at_the_photo(window)
        window.picture(pictures, "photo")
        window.wait_for(lambda: found_in(pid) > 10_000, "the photo, in memory while it is looked at")
        window.keys("Shift_L", "Shift_R", "Shift_L")
        window.expect_screen("Timetable")
        window.wait_for(lambda: found_in(pid) <= DRIVER, "the photo, gone from memory after the quick exit")
        check(True, "a photo is in memory while it is looked at, and not after the quick exit")
        window.unlock(PASSPHRASE)
        look_at_the_photo(window)
        window.wait_for(lambda: found_in(pid) > 10_000, "the photo once more")
        window.keys("Escape")
        window.settle()
        window.wait_for(lambda: found_in(pid) <= DRIVER, "the photo, gone from memory when it is closed")
        check(True, "nor after it is closed")


if __name__ == "__main__":
    main()
