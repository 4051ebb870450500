#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/base/ids.h"

namespace wayside::e2e {

/// What somebody would do who has stolen a folder: try every 32 bytes that stand in it, wherever they begin, as a key.
/// Bytes are taken as they are, as hex digits and as base64 at any alignment; the values of SQLite tables also by
/// themselves, since a page boundary may cut them in the file.
class WindowAttack {
 public:
  /// A 32-byte window whose X25519 public key is this one opens what was sealed to it.
  void box_reader(const std::string& name, const PublicKey& reader) { box_readers_[reader.str()] = name; }
  /// A window that is the seed of this Ed25519 key can sign for it.
  void signer(const std::string& name, const PublicKey& signer) { signers_[signer.str()] = name; }
  /// A sealed box of a session (core/crypto): its shared key may stand somewhere too.
  void sealed(const std::string& name, BytesView box) { boxes_.emplace_back(name, Bytes(box)); }

  /// A sentence for each key that was found in the files below.
  std::vector<std::string> on(const std::filesystem::path& folder);
  std::vector<std::string> on(const std::string& where, BytesView bytes);
  [[nodiscard]] std::size_t windows_tried() const { return tried_.size(); }

 private:
  void slide(const std::string& where, BytesView bytes, std::vector<std::string>& found);
  void try_window(const std::string& where, BytesView window, std::vector<std::string>& found) const;

  std::map<Bytes, std::string> box_readers_, signers_;
  std::vector<std::pair<std::string, Bytes>> boxes_;
  std::unordered_set<std::string> tried_;
};

}  // namespace wayside::e2e
