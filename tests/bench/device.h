#pragma once

#include <string>

namespace wayside::bench {

/// One device as a process of its own: reads commands as JSON lines on stdin, answers each with one on stdout.
///   {"do": "open", "home", "passphrase_file"}        {"do": "read_cases", "cases": FILE}
///   {"do": "create", "count"}: so many more of them   {"do": "index"}: after the last
///   {"do": "import", "at_once"}: all of them, so many in one transaction, and their index
///   {"do": "sync", "office", "pages": 0, "no_snapshot": false}: so many pages at most
///   {"do": "publish"}: a snapshot                    {"do": "open_case", "tries"}: lists cases, opens so many
///   {"do": "edit", "edits": FILE, "device": "A"}
///   {"do": "search", "queries": FILE, "kind"}        {"do": "kept", "edits": FILE}
///   {"do": "standing"}                               {"do": "peak"}
/// Each answer carries `seconds`, taken here and without opening. Ends with its input.
int run_device();

/// The same rows in a bare SQLCipher file, one commit a case, driven in the same way:
///   {"do": "open", "cases": FILE, "folder", "fts"}   {"do": "create", "count"}
///   {"do": "update", "count"}: the first row of so many cases, one commit each
int run_baseline();

}  // namespace wayside::bench
