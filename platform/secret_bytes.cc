#include "platform/secret_bytes.h"

#include <sodium.h>

#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

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

/// Keys and seeds share guarded regions: a region of its own costs 40 µs, three mappings and a locked page, and a
/// device that carries thousands of cases would run out of locked memory, after which libsodium silently locks none.
class SmallSecrets {
 public:
  /// Never destroyed, since a secret with static storage may end after everything else.
  static SmallSecrets& shared() {
    static auto& shared = *new SmallSecrets;
    return shared;
  }
  /// Zeroed.
  unsigned char* take() {
    const std::lock_guard guard(mutex_);
    if (free_.empty()) add_region();
    unsigned char* slot = free_.back();
    free_.pop_back();
    return slot;
  }
  void give_back(unsigned char* slot) {
    sodium_memzero(slot, kSlotBytes);
    const std::lock_guard guard(mutex_);
    free_.push_back(slot);  // cannot grow: add_region has reserved for every slot
  }

  static constexpr std::size_t kSlotBytes = 64;  // an Ed25519 secret key; most are 32

 private:
  static constexpr std::size_t kSlotsPerRegion = 256;

  void add_region() {
    slots_ += kSlotsPerRegion;
    free_.reserve(slots_);
    unsigned char* region = guarded(kSlotBytes * kSlotsPerRegion);
    for (std::size_t i = 0; i < kSlotsPerRegion; ++i) free_.push_back(region + i * kSlotBytes);
  }

  std::mutex mutex_;
  std::vector<unsigned char*> free_;
  std::size_t slots_ = 0;
};

bool is_small(std::size_t size) {
#ifdef WAYSIDE_SANITIZED
  (void)size;
  return false;  // each in a region of its own, so that every overrun is found
#else
  return size <= SmallSecrets::kSlotBytes;
#endif
}

unsigned char* allocate(std::size_t size) {
  if (size == 0) return nullptr;
  return is_small(size) ? SmallSecrets::shared().take() : guarded(size);
}

}  // namespace

SecretBytes::SecretBytes(std::size_t size) : data_(allocate(size)), size_(size) {}

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
  if (data_ != nullptr) {
    if (is_small(size_)) SmallSecrets::shared().give_back(data_);
    else sodium_free(data_);  // wipes first
  }
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
