#include "core/attachments/sealed_file.h"

#include <sodium.h>

#include <algorithm>

#include "core/attachments/limits.h"
#include "core/ledger/envelope.h"

namespace wayside::attachments {
namespace {

constexpr std::string_view kDomain = "wayside/attachment/1";            // associated data of every chunk
constexpr std::string_view kAddressDomain = "wayside/attachment-chunk/1";
constexpr std::size_t kHeadBytes = crypto_secretstream_xchacha20poly1305_HEADERBYTES;
constexpr std::size_t kOverheadBytes = crypto_secretstream_xchacha20poly1305_ABYTES;
constexpr std::size_t kLengthBytes = 8;
constexpr std::string_view kVersion = "1:";

static_assert(crypto_secretstream_xchacha20poly1305_KEYBYTES == crypto::kKeyBytes);

/// Its state holds a key: wiped when it ends.
struct Stream {
  crypto_secretstream_xchacha20poly1305_state state{};
  Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() { sodium_memzero(&state, sizeof state); }
};

const unsigned char* domain() { return reinterpret_cast<const unsigned char*>(kDomain.data()); }

/// Byte `at` onwards of length ‖ file ‖ zeros, without making the whole of it.
void fill_plain(Bytes& out, BytesView file, std::uint64_t at, std::size_t size) {
  out.assign(size, '\0');
  for (std::size_t i = 0; i < size && at + i < kLengthBytes; ++i) {
    out[i] = static_cast<char>(static_cast<std::uint64_t>(file.size()) >> (8 * (at + i)) & 0xFF);
  }
  const std::size_t skip = at < kLengthBytes ? static_cast<std::size_t>(kLengthBytes - at) : 0;
  const std::uint64_t from = at + skip - kLengthBytes;
  if (skip >= size || from >= file.size()) return;
  const std::size_t count = std::min<std::size_t>(size - skip, file.size() - static_cast<std::size_t>(from));
  std::copy_n(file.data() + from, count, out.data() + skip);
}

}  // namespace

std::string content_text(const Content& content) {
  Bytes raw(content.key.view());
  for (const Digest& each : content.chunks) raw.append(each.view());
  std::string text = std::string(kVersion) + to_hex(raw);
  sodium_memzero(raw.data(), raw.size());
  return text;
}

Result<Content> parse_content(BytesView text) {
  if (!text.starts_with(kVersion)) {
    const bool newer = text.find(':') != BytesView::npos;
    return fail(newer ? Errc::newer_format : Errc::corrupt, "attachment: its key and parts");
  }
  Bytes raw = from_hex(text.substr(kVersion.size()));
  constexpr std::size_t kDigestBytes = Digest::size_bytes;
  const bool fits = raw.size() >= crypto::kKeyBytes + kDigestBytes && (raw.size() - crypto::kKeyBytes) % kDigestBytes == 0 &&
                    raw.size() <= crypto::kKeyBytes + kMaxChunks * kDigestBytes;
  if (!fits) return fail(Errc::corrupt, "attachment: its key and parts");
  WAYSIDE_TRY(crypto::Key key, crypto::Key::from(BytesView(raw).substr(0, crypto::kKeyBytes)));
  Content content{std::move(key), {}};
  for (std::size_t at = crypto::kKeyBytes; at < raw.size(); at += kDigestBytes) {
    content.chunks.push_back(*Digest::from(BytesView(raw).substr(at, kDigestBytes)));
  }
  sodium_memzero(raw.data(), raw.size());
  return content;
}

std::uint64_t padded_bytes(std::uint64_t file_bytes) {
  return std::max<std::uint64_t>(kLeastPaddedBytes, ledger::padded_size(static_cast<std::size_t>(file_bytes + kLengthBytes)));
}

Digest address_of(BytesView chunk) { return crypto::hash(kAddressDomain, {chunk}); }

Result<void> seal_file(const crypto::Key& key, BytesView file, const std::function<Result<void>(BytesView)>& take) {
  if (file.size() > kMaxFileBytes) return fail(Errc::too_large, "attachment: more than 100 MB");
  const std::uint64_t total = padded_bytes(file.size());
  Stream stream;
  Bytes head(kHeadBytes, '\0');
  crypto_secretstream_xchacha20poly1305_init_push(&stream.state, as_uchar(head), key.data());
  Bytes plain, sealed;
  for (std::uint64_t at = 0; at < total; at += kChunkBytes) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(kChunkBytes, total - at));
    const bool last = at + size == total;
    fill_plain(plain, file, at, size);
    sealed = at == 0 ? head : Bytes();
    const std::size_t begin = sealed.size();
    sealed.resize(begin + size + kOverheadBytes);
    crypto_secretstream_xchacha20poly1305_push(&stream.state, as_uchar(sealed) + begin, nullptr, as_uchar(plain), size, domain(),
                                               kDomain.size(), last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
    sodium_memzero(plain.data(), plain.size());
    WAYSIDE_OK(take(sealed));
  }
  return {};
}

Result<Bytes> open_file(const Content& content, const std::function<Result<Bytes>(const Digest&)>& next) {
  const auto damaged = [] { return fail(Errc::corrupt, "attachment: its parts do not make one file"); };
  Stream stream;
  Bytes plain;
  for (std::size_t i = 0; i < content.chunks.size(); ++i) {
    WAYSIDE_TRY(const Bytes chunk, next(content.chunks[i]));
    BytesView sealed = chunk;
    if (i == 0) {
      if (sealed.size() < kHeadBytes) return damaged();
      if (crypto_secretstream_xchacha20poly1305_init_pull(&stream.state, as_uchar(sealed), content.key.data()) != 0) return damaged();
      sealed.remove_prefix(kHeadBytes);
    }
    if (sealed.size() < kOverheadBytes || sealed.size() > kChunkBytes + kOverheadBytes) return damaged();
    const std::size_t begin = plain.size();
    plain.resize(begin + sealed.size() - kOverheadBytes);
    unsigned char tag = 0;
    if (crypto_secretstream_xchacha20poly1305_pull(&stream.state, as_uchar(plain) + begin, nullptr, &tag, as_uchar(sealed), sealed.size(),
                                                   domain(), kDomain.size()) != 0) {
      return damaged();
    }
    const bool last = i + 1 == content.chunks.size();
    if ((tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL) != last) return damaged();
  }
  if (plain.size() < kLengthBytes) return damaged();
  std::uint64_t length = 0;
  for (std::size_t i = kLengthBytes; i-- > 0;) length = length << 8 | static_cast<unsigned char>(plain[i]);
  if (length > plain.size() - kLengthBytes) return damaged();
  plain.erase(0, kLengthBytes);
  plain.resize(static_cast<std::size_t>(length));
  return plain;
}

}  // namespace wayside::attachments
