#include "tests/support/fake_env.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace wayside::support {

FakeRandom::FakeRandom(std::uint64_t seed) {
  for (std::size_t i = 0; i < sizeof(seed); ++i) key_[i] = static_cast<unsigned char>(seed >> (8 * i));
}

void FakeRandom::fill(std::span<unsigned char> out) {
  static constexpr std::array<unsigned char, crypto_stream_chacha20_NONCEBYTES> kNonce{};
  static constexpr std::array<unsigned char, 64> kZeros{};
  while (!out.empty()) {
    if (rest_size_ == 0) {
      crypto_stream_chacha20_xor_ic(rest_.data(), kZeros.data(), rest_.size(), kNonce.data(), block_++, key_.data());
      rest_size_ = rest_.size();
    }
    const std::size_t count = std::min(out.size(), rest_size_);
    std::memcpy(out.data(), rest_.data() + rest_.size() - rest_size_, count);
    rest_size_ -= count;
    out = out.subspan(count);
  }
}

std::uint64_t FakeRandom::below(std::uint64_t bound) {
  if (bound == 0) throw std::logic_error("below(0)");
  std::array<unsigned char, 8> bytes{};
  fill(bytes);
  std::uint64_t number = 0;
  for (const unsigned char byte : bytes) number = number << 8 | byte;
  return number % bound;  // a bias of 2^-32 and less matters to no test
}

Result<SecretBytes> FakeKeyStore::load(std::string_view name) {
  if (failure_) return fail(*failure_, "key store");
  const auto found = secrets_.find(name);
  if (found == secrets_.end()) return fail(Errc::not_found, "key store");
  return found->second.clone();
}

Result<void> FakeKeyStore::save(std::string_view name, const SecretBytes& secret) {
  if (failure_) return fail(*failure_, "key store");
  secrets_.insert_or_assign(std::string(name), secret.clone());
  return {};
}

Result<void> FakeKeyStore::remove(std::string_view name) {
  if (failure_) return fail(*failure_, "key store");
  if (const auto found = secrets_.find(name); found != secrets_.end()) secrets_.erase(found);
  return {};
}

void FakeKeyStore::take_from(const FakeKeyStore& other) {
  for (const auto& [name, secret] : other.secrets_) secrets_.insert_or_assign(name, secret.clone());
}

Result<platform::HttpAnswer> FakeNetwork::post(const platform::HttpCall& call) {
  ++calls_;
  if (!handler_) return fail(Errc::unreachable, call.address);
  return handler_(call);
}

}  // namespace wayside::support
