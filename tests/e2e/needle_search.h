#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "platform/bytes.h"

namespace wayside::e2e {

/// Looks for many needles at once, in every dress in which a careless program might leave them behind: as they are, in
/// small letters, as UTF-16 of either byte order, as hex digits, and within base64 at each of the three alignments.
class NeedleSearch {
 public:
  struct Hit {
    std::string needle;
    std::string dress;  ///< "raw", "base64+1" …
    std::size_t offset = 0;
  };

  /// At least 8 bytes. `name` says what was found.
  void add(const std::string& name, BytesView needle);
  /// The text is its own name.
  void add(const std::string& text) { add(text, text); }

  [[nodiscard]] std::vector<Hit> in(BytesView bytes) const;
  /// In the bytes and the name of every file under `folder`: a sentence a hit.
  [[nodiscard]] std::vector<std::string> in_folder(const std::filesystem::path& folder) const;
  /// What in_folder and in have looked through since this was made.
  [[nodiscard]] std::uint64_t looked_at_bytes() const { return looked_at_; }

 private:
  struct Pattern {
    std::uint64_t head = 0;  ///< its first 8 bytes
    Bytes bytes;
    std::string name, dress;
    bool operator<(const Pattern& other) const { return head < other.head; }
  };
  void add_pattern(const std::string& name, const char* dress, Bytes bytes);
  void prepare() const;

  static constexpr unsigned kFilterBits = 20;
  mutable std::vector<Pattern> patterns_;  ///< sorted by head once prepared
  mutable std::vector<bool> filter_;       ///< which hashes of heads there are
  mutable bool prepared_ = false;
  mutable std::uint64_t looked_at_ = 0;
};

/// Each way in which NeedleSearch must find a needle, as bytes that hold it between others: for a positive control.
std::vector<std::pair<std::string, Bytes>> dressed(BytesView needle);

}  // namespace wayside::e2e
