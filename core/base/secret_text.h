#pragma once

#include <cstring>

#include "platform/secret_bytes.h"

namespace wayside {

/// Writes bytes one after another into guarded memory of a size that its user has computed.
class SecretWriter {
 public:
  explicit SecretWriter(std::size_t capacity) : memory_(capacity) {}
  SecretWriter& add(BytesView part) {
    const std::size_t fits = part.size() <= memory_.size() - size_ ? part.size() : memory_.size() - size_;
    if (fits > 0) std::memcpy(memory_.data() + size_, part.data(), fits);
    size_ += fits;
    return *this;
  }
  [[nodiscard]] BytesView view() const { return memory_.view().substr(0, size_); }

 private:
  SecretBytes memory_;
  std::size_t size_ = 0;
};

/// A copy of a part of a secret, guarded as the whole.
inline SecretBytes copy_secret(BytesView part) {
  SecretBytes copy(part.size());
  if (!part.empty()) std::memcpy(copy.data(), part.data(), part.size());
  return copy;
}

}  // namespace wayside
