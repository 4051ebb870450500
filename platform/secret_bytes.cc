#include "platform/secret_bytes.h"

#include <sodium.h>

#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace wayside {
namespace {

unsigned char* guarded(std::size_t size) {
  // libsodium picks its page size and its canary here; without that, sodium_malloc must not be used.
  static const bool ready = sodium_init() >= 0;
  if (!ready) std::abort();
  auto* memory = static_cast<unsigned char*>(sodium_malloc(size));
  if (memory == nullptr) throw std::bad_alloc();
  std::memset(memory, 0, size);
  return memory;
}

}  // namespace

SecretBytes::SecretBytes(std::size_t size) : data_(size == 0 ? nullptr : guarded(size)), size_(size) {}

SecretBytes SecretBytes::take(std::span<std::byte> from) {
  SecretBytes secret(from.size());
  if (!from.empty()) {
    std::memcpy(secret.data_, from.data(), from.size());
    sodium_memzero(from.data(), from.size());
  }
  return secret;
}

SecretBytes::~SecretBytes() { wipe(); }

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  if (this != &other) {
    wipe();
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

SecretBytes SecretBytes::clone() const {
  SecretBytes copy(size_);
  if (size_ != 0) std::memcpy(copy.data_, data_, size_);
  return copy;
}

bool SecretBytes::equals(const SecretBytes& other) const {
  if (size_ != other.size_) return false;
  return size_ == 0 || sodium_memcmp(data_, other.data_, size_) == 0;
}

void SecretBytes::wipe() {
  if (data_ != nullptr) sodium_free(data_);  // wipes first
  data_ = nullptr;
  size_ = 0;
}

SecretString::SecretString() : memory_(kCapacity) {}

SecretString::SecretString(SecretString&& other) noexcept
    : memory_(std::move(other.memory_)), size_(std::exchange(other.size_, 0)) {}

SecretString& SecretString::operator=(SecretString&& other) noexcept {
  if (this != &other) {
    memory_ = std::move(other.memory_);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

bool SecretString::append(BytesView utf8) {
  if (utf8.size() > memory_.size() - size_) return false;
  if (!utf8.empty()) std::memcpy(memory_.data() + size_, utf8.data(), utf8.size());
  size_ += utf8.size();
  return true;
}

void SecretString::pop_back_code_point() {
  bool more = size_ > 0;
  while (more) {
    unsigned char& last = memory_.data()[--size_];
    more = size_ > 0 && (last & 0xC0) == 0x80;  // a continuation byte: its lead comes before it
    last = 0;
  }
}

void SecretString::clear() {
  if (!memory_.empty()) sodium_memzero(memory_.data(), memory_.size());
  size_ = 0;
}

SecretString SecretString::clone() const {
  SecretString copy;
  copy.append(view());
  return copy;
}

}  // namespace wayside
