#pragma once

#include <string>
#include <vector>

#include "core/base/ids.h"
#include "platform/env.h"

namespace wayside::attachments {

/// Sealed chunks as files: HOME/blobs/AA/ADDRESS, both in hex, AA its first byte. No key is in here, and no name. The
/// office keeps its own in the same form, beside its store.
class Blobs {
 public:
  Blobs(platform::Files& files, const platform::Path& home) : files_(files), folder_(home / "blobs") {}

  /// Durable when it returns. Errors of the disk; nothing is left then but, after a crash, ADDRESS.new.
  Result<Digest> put(BytesView chunk);
  /// One that is read at once and then removed, whose address was compared: a power failure may spoil it, which `get` notices.
  Result<void> put_for_now(const Digest& address, BytesView chunk);
  /// Errc::not_found when it is not on this device, Errc::corrupt when it is not what its address says.
  Result<Bytes> get(const Digest& address);
  [[nodiscard]] bool has(const Digest& address) { return files_.exists(path_of(address)); }
  Result<void> remove(const Digest& address) { return files_.remove(path_of(address)); }

  struct Names {
    std::vector<Digest> whole;           ///< by address
    std::vector<platform::Path> others;  ///< what a crash left half written, and what is not ours
  };
  Result<Names> list();
  [[nodiscard]] platform::Path path_of(const Digest& address) const;

 private:
  platform::Files& files_;
  platform::Path folder_;
};

}  // namespace wayside::attachments
