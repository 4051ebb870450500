#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "platform/bytes.h"

namespace wayside {

/// A secret of a fixed length: in guarded, locked memory (libsodium), wiped when it ends.
/// Not copyable, not printable, not comparable: a copy is made only by `clone`, on purpose.
/// Throws std::bad_alloc when no guarded memory can be had.
class SecretBytes {
 public:
  SecretBytes() = default;                            ///< empty
  explicit SecretBytes(std::size_t size);             ///< zeroed
  static SecretBytes take(std::span<std::byte> from); ///< copies, then wipes `from`
  ~SecretBytes();
  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;

  [[nodiscard]] SecretBytes clone() const;
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] unsigned char* data() { return data_; }
  [[nodiscard]] const unsigned char* data() const { return data_; }
  /// The bytes for one call into a library. Never keep the view, never build a std::string from it.
  [[nodiscard]] BytesView view() const { return {reinterpret_cast<const char*>(data_), size_}; }
  /// Constant time in the length of the secrets.
  [[nodiscard]] bool equals(const SecretBytes& other) const;
  void wipe();                                        ///< frees; empty afterwards

 private:
  unsigned char* data_ = nullptr;
  std::size_t size_ = 0;
};

/// A secret that a person types: grows up to a fixed capacity, in the same guarded memory.
class SecretString {
 public:
  static constexpr std::size_t kCapacity = 1024;      ///< bytes of UTF-8; longer passphrases are refused

  SecretString();
  SecretString(SecretString&& other) noexcept;        ///< `other` is then empty and takes no more text
  SecretString& operator=(SecretString&& other) noexcept;
  SecretString(const SecretString&) = delete;
  SecretString& operator=(const SecretString&) = delete;

  /// False (and unchanged) when it does not fit.
  bool append(BytesView utf8);
  void pop_back_code_point();
  void clear();                                       ///< wipes, keeps the memory
  [[nodiscard]] SecretString clone() const;
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] BytesView view() const { return {reinterpret_cast<const char*>(memory_.data()), size_}; }

 private:
  SecretBytes memory_;
  std::size_t size_ = 0;
};

}  // namespace wayside
