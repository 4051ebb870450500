#include "sync/stick/sealed_letter.h"

#include <algorithm>

#include "core/ledger/envelope.h"
#include "sync/stick/tuning.h"

namespace wayside::stick {
namespace {

constexpr unsigned char kVersion = 1;
constexpr std::size_t kPlainHeadBytes = 48;
static_assert(kHeadBytes == crypto::kNonceBytes + kPlainHeadBytes + crypto::kTagBytes);

void add_number(Bytes& out, std::uint64_t number, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) out += static_cast<char>(number >> (8 * i));
}

std::uint64_t number_at(BytesView bytes, std::size_t at, unsigned size) {
  std::uint64_t number = 0;
  for (unsigned i = 0; i < size; ++i) number |= std::uint64_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
  return number;
}

crypto::Key direction_key(const SecretBytes& agreed, std::string_view domain, const Pair& pair) {
  return crypto::derive_committed(agreed.view(), domain,
                                  {pair.organisation.view(), pair.device.view(), pair.office.view(), pair.courier.view()})
      .key;
}

crypto::Key file_key(const crypto::Key& outer, BytesView nonce) {
  return crypto::derive_committed(outer.view(), "wayside/stick-file/1", {nonce}).key;
}

std::uint64_t random_up_to(std::uint64_t most, platform::Random& random) {
  return number_at(crypto::random_bytes(random, 8), 0, 8) % (most + 1);   // of 2^64: the bias is nothing
}

std::uint32_t padding_for(std::size_t length, platform::Random& random) {
  const std::size_t padded = ledger::padded_size(std::max(length, kLeastPadded));
  return static_cast<std::uint32_t>(padded - length + random_up_to(std::max(padded / 8, kLeastBlur), random));
}

}  // namespace

std::uint64_t Head::file_bytes() const { return kHeadBytes + std::uint64_t{length} + padding + crypto::kTagBytes; }

Result<Seals> Seals::between(const Pair& pair, const SecretBytes& own_seed) {
  const bool is_office = crypto::sign_public(own_seed) == pair.office;
  WAYSIDE_TRY(const SecretBytes agreed, crypto::agree(own_seed, is_office ? pair.courier : pair.office));
  return Seals(pair, direction_key(agreed, "wayside/stick-to-office/1", pair), direction_key(agreed, "wayside/stick-to-device/1", pair));
}

Result<Bytes> Seals::seal(Direction direction, const Label& label, BytesView message, platform::Random& random) const {
  if (message.size() > wire::kMaxStickMessageBytes) return fail(Errc::too_large, "a message for a stick");
  Bytes head;
  head.reserve(kPlainHeadBytes);
  head += static_cast<char>(kVersion);
  head += static_cast<char>(label.kind);
  add_number(head, 0, 2);
  add_number(head, label.number, 4);
  head += label.about.view();
  const std::uint32_t padding = padding_for(message.size(), random);
  add_number(head, message.size(), 4);
  add_number(head, padding, 4);
  const Bytes nonce = crypto::random_bytes(random, crypto::kNonceBytes);
  const crypto::Key& outer = direction == Direction::to_office ? to_office_ : to_device_;
  const Bytes sealed_head = crypto::aead_seal(outer.view(), nonce, {}, head);
  Bytes padded(message.size() + padding, '\0');
  std::ranges::copy(message, padded.begin());
  return nonce + sealed_head + crypto::aead_seal(file_key(outer, nonce).view(), nonce, sealed_head, padded);
}

std::optional<Head> Seals::open_head(Direction direction, BytesView first) const {
  if (first.size() < kHeadBytes) return std::nullopt;
  const BytesView nonce = first.substr(0, crypto::kNonceBytes);
  const crypto::Key& outer = direction == Direction::to_office ? to_office_ : to_device_;
  const auto plain = crypto::aead_open(outer.view(), nonce, {}, first.substr(crypto::kNonceBytes, kHeadBytes - crypto::kNonceBytes));
  if (!plain) return std::nullopt;
  const BytesView bytes = *plain;
  Head head;
  head.label.kind = static_cast<std::uint8_t>(bytes[1]);
  head.label.number = static_cast<std::uint32_t>(number_at(bytes, 4, 4));
  head.label.about = *Digest::from(bytes.substr(8, Digest::size_bytes));
  head.length = static_cast<std::uint32_t>(number_at(bytes, 40, 4));
  head.padding = static_cast<std::uint32_t>(number_at(bytes, 44, 4));
  const bool possible = head.length <= wire::kMaxStickMessageBytes && head.file_bytes() <= kMostFileBytes;
  if (static_cast<unsigned char>(bytes[0]) != kVersion || !possible) return std::nullopt;
  head.key = file_key(outer, nonce);
  return head;
}

Result<Bytes> open_message(const Head& head, BytesView file) {
  if (file.size() != head.file_bytes()) return fail(Errc::corrupt, "a file on the stick is not whole");
  const BytesView nonce = file.substr(0, crypto::kNonceBytes);
  const BytesView sealed_head = file.substr(crypto::kNonceBytes, kHeadBytes - crypto::kNonceBytes);
  WAYSIDE_TRY(Bytes padded, crypto::aead_open(head.key.view(), nonce, sealed_head, file.substr(kHeadBytes)));
  padded.resize(head.length);
  return padded;
}

}  // namespace wayside::stick
