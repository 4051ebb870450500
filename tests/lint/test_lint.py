#!/usr/bin/env python3
"""The lints themselves: each rule finds what it is there to find, and lets pass what is right."""
import pathlib
import tempfile
import unittest

import check_layers
import check_links
import check_top_level


def sentences(path, text):
    return [sentence for _, sentence in check_layers.check_file(path, text)]


class Arrows(unittest.TestCase):
    def test_every_arrow_points_one_way(self):
        for a, below in enumerate(check_layers.LAYERS):
            for b, above in enumerate(check_layers.LAYERS):
                found = sentences(f"{below}/x/x.cc", f'#include "{above}/y/y.h"\n')
                self.assertEqual(bool(found), b > a, f"{below} includes {above}")

    def test_angle_brackets_are_no_way_around(self):
        self.assertTrue(sentences("core/x.cc", "  #  include <ui/app/messages.h>\n"))

    def test_only_tests_include_tests(self):
        self.assertTrue(sentences("ui/cli/main.cc", '#include "tests/support/fake_env.h"\n'))
        self.assertFalse(sentences("tests/core/test_x.cc", '#include "tests/support/fake_env.h"\n'))

    def test_libraries_stay_at_home(self):
        self.assertTrue(sentences("ui/models/x.cc", "#include <imgui.h>\n"))
        self.assertTrue(sentences("core/vault/x.cc", "#include <sqlite3.h>\n"))
        self.assertTrue(sentences("sync/courier/x.cc", "#include <curl/curl.h>\n"))
        self.assertFalse(sentences("ui/desktop/widgets/x.cc", "#include <imgui_internal.h>\n"))
        self.assertFalse(sentences("core/store/x.cc", "#include <sqlite3.h>\n"))
        self.assertTrue(sentences("core/storehouse/x.cc", "#include <sqlite3.h>\n"))

    def test_the_line_is_named(self):
        found = check_layers.check_file("core/x.cc", '\n\n#include "sync/y.h"\n')
        self.assertEqual([number for number, _ in found], [3])


class Forbidden(unittest.TestCase):
    def test_secrets_are_no_strings(self):
        for line in ["std::string passphrase;", "void open(const std::string& passphrase);",
                     "bool f(std::string_view new_passphrase, int n)", "std::string password = ask();"]:
            self.assertTrue(sentences("ui/cli/x.cc", line), line)
        for line in ["SecretString passphrase;", "std::string passphrase_file;", "std::string passphrase_advice(const SecretString& p);",
                     'say("std::string passphrase;");']:
            self.assertFalse(sentences("ui/cli/x.cc", line), line)

    def test_tests_do_not_sleep(self):
        for line in ["std::this_thread::sleep_for(1s);", "usleep(10);", "  ::sleep(1);"]:
            self.assertTrue(sentences("tests/core/test_x.cc", line), line)
        self.assertTrue(sentences("tests/e2e/x.py", "    time.sleep(0.1)"))
        self.assertTrue(sentences("tests/e2e/x.sh", "  sleep 1"))
        self.assertFalse(sentences("tests/core/test_x.cc", "// asleep (well)"))
        self.assertFalse(sentences("tests/core/test_x.cc", "clock.advance(5);"))
        self.assertFalse(sentences("tests/bench/x.cc", "std::this_thread::sleep_for(1s);"))

    def test_core_takes_the_world_from_env(self):
        for line in ["auto t = std::chrono::system_clock::now();", "std::ifstream in(path);", "std::getenv(name)",
                     "std::mt19937 dice;"]:
            self.assertTrue(sentences("core/vault/x.cc", line), line)
        self.assertFalse(sentences("core/vault/x.cc", "env.clock.wall_ms(); parse_iso_time(text); date_time(ms);"))

    def test_unfinished_work_is_named(self):
        self.assertTrue(sentences("core/x.cc", "// TO" + "DO: later"))

    def test_headers_are_included_once_and_names_are_snake_case(self):
        self.assertTrue(sentences("core/x.h", "int x;\n"))
        self.assertFalse(sentences("core/x.h", "#pragma once\n"))
        self.assertTrue(sentences("core/KeySlots.cc", ""))


class WholeTree(unittest.TestCase):
    def test_a_violation_anywhere_fails_the_run(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "core", "deep", "er", "x.cc")
            file.parent.mkdir(parents=True)
            file.write_text('#include "core/deep/y.h"\n', encoding="utf-8")
            self.assertEqual(check_layers.main(folder), 0)
            file.write_text('#include "ui/app/y.h"\n', encoding="utf-8")
            self.assertEqual(check_layers.main(folder), 1)

    def test_a_stranger_at_the_top_is_named(self):
        self.assertEqual(check_top_level.strangers({"core", "README.md", ".ci", "notes.txt"}), ["notes.txt"])


class Links(unittest.TestCase):
    LDD = """\tlinux-vdso.so.1 (0x00007ffd)
\tlibsqlcipher.so.1 => /lib/x86_64-linux-gnu/libsqlcipher.so.1 (0x00007f1)
\tlibfoo.so => not found
\t/lib64/ld-linux-x86-64.so.2 (0x00007f2)
"""

    def test_what_ldd_prints_is_understood(self):
        self.assertLessEqual({"libsqlcipher.so.1", "libfoo.so"}, check_links.libraries_of(self.LDD))

    def test_plain_sqlite_is_found_and_sqlcipher_is_missed(self):
        libraries = check_links.libraries_of(self.LDD)
        self.assertEqual(check_links.problems_of("p", libraries, True), [])
        self.assertTrue(check_links.problems_of("p", libraries | {"libsqlite3.so.0"}, False))
        self.assertTrue(check_links.problems_of("p", {"libc.so.6"}, True))
        self.assertFalse(check_links.problems_of("p", {"libc.so.6"}, False))

    def test_a_program_that_is_not_there_fails(self):
        self.assertEqual(check_links.main(["/nowhere/program"]), 1)

    def test_looking_at_the_wrong_files_fails(self):
        self.assertEqual(check_links.main([]), 1)


if __name__ == "__main__":
    unittest.main()
