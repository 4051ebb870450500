#pragma once

#include <string>

namespace wayside::bench {

/// One device as a process of its own: reads commands as JSON lines on stdin, answers each with one on stdout.
///   {"do": "open", "home", "passphrase_file"}        {"do": "create", "cases": FILE}
///   {"do": "sync", "office"}                         {"do": "edit", "edits": FILE, "device": "A"}
///   {"do": "search", "queries": FILE, "kind"}        {"do": "kept", "edits": FILE}
///   {"do": "standing"}                               {"do": "peak"}
/// Each answer carries `seconds`, taken here and without opening. Ends with its input.
int run_device();

/// Stores the same rows in a bare SQLCipher file, one commit a case; prints seconds as JSON.
int run_baseline(const std::string& cases_file, const std::string& folder, bool with_fts);

}  // namespace wayside::bench
