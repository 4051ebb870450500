#include "core/membership/ticket.h"

#include <sodium.h>

#include <cstring>

#include "core/crypto/crypto.h"

namespace wayside::membership {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kBoxDomain = "wayside/ticket-box/1";
constexpr std::string_view kFirstLine = "WAYSIDE TICKET 1\n";
constexpr std::string_view kLastLine = "END\n";
constexpr std::size_t kLineChars = 64;
constexpr std::size_t kMaxTextBytes = 8192;
constexpr std::size_t kMaxTeams = 16;

/// Writes into guarded memory of a fixed size; the caller has computed the size.
class SecretWriter {
 public:
  explicit SecretWriter(std::size_t size) : out_(size) {}
  void bytes(BytesView part) {
    std::memcpy(out_.data() + at_, part.data(), part.size());
    at_ += part.size();
  }
  void number(std::uint64_t value, int width) {
    for (int i = 0; i < width; ++i) out_.data()[at_++] = static_cast<unsigned char>(value >> (8 * i));
  }
  [[nodiscard]] SecretBytes finish() && { return std::move(out_); }

 private:
  SecretBytes out_;
  std::size_t at_ = 0;
};

class SecretReader {
 public:
  explicit SecretReader(const SecretBytes& in) : rest_(in.view()) {}
  BytesView bytes(std::size_t size) {
    if (rest_.size() < size) {
      good_ = false;
      return {};
    }
    const BytesView part = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return part;
  }
  template <class IdType>
  IdType id() {
    return IdType::from(bytes(IdType::size_bytes)).value_or(IdType{});
  }
  std::uint64_t number(int width) {
    const BytesView part = bytes(static_cast<std::size_t>(width));
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < part.size(); ++i) value |= std::uint64_t{static_cast<unsigned char>(part[i])} << (8 * i);
    return value;
  }
  [[nodiscard]] bool finished_well() const { return good_ && rest_.empty(); }
  [[nodiscard]] bool good() const { return good_; }

 private:
  BytesView rest_;
  bool good_ = true;
};

/// The X25519 key of a ticket, made from its seed: only the seed has to be kept.
crypto::BoxPair box_pair(const SecretBytes& seed) {
  const Digest secret = crypto::keyed_hash(seed.view(), kBoxDomain, {});
  crypto::BoxPair pair{{}, SecretBytes(crypto::kKeyBytes)};
  std::memcpy(pair.secret.data(), secret.bytes.data(), crypto::kKeyBytes);
  pair.public_key = crypto::box_public(pair.secret);
  return pair;
}

/// Where the line "END" begins. The letters may well stand inside the base64; a line of them alone cannot, since its
/// lines are multiples of four letters long.
std::size_t line_that_says_end(BytesView text, std::size_t from) {
  for (std::size_t at = text.find("END", from); at != BytesView::npos; at = text.find("END", at + 1)) {
    const std::size_t before = text.find_last_not_of(" \t", at - 1);
    const std::size_t after = text.find_first_not_of(" \t\r", at + 3);
    const bool starts_a_line = before != BytesView::npos && text[before] == '\n';
    if (starts_a_line && (after == BytesView::npos || text[after] == '\n')) return at;
  }
  return BytesView::npos;
}

SecretBytes to_bytes(const Ticket& ticket) {
  const std::size_t size = 1 + 16 + 32 + 16 + 16 + 32 + 32 + 8 + 1 + ticket.teams.size() * 20 + 2 +
                           ticket.office_address.size() + 2 + ticket.sealed.size();
  SecretWriter out(size);
  out.number(kVersion, 1);
  out.bytes(ticket.organisation.view());
  out.bytes(ticket.root_public.view());
  out.bytes(ticket.ticket.view());
  out.bytes(ticket.user.view());
  out.bytes(ticket.seed.view());
  out.bytes(ticket.office_pin.view());
  out.number(static_cast<std::uint64_t>(ticket.expires_ms), 8);
  out.number(ticket.teams.size(), 1);
  for (const TicketTeam& team : ticket.teams) {
    out.bytes(team.team.view());
    out.number(team.epoch, 4);
  }
  out.number(ticket.office_address.size(), 2);
  out.bytes(ticket.office_address);
  out.number(ticket.sealed.size(), 2);
  out.bytes(ticket.sealed);
  return std::move(out).finish();
}

Result<Ticket> from_bytes(const SecretBytes& bytes) {
  SecretReader in(bytes);
  const auto version = in.number(1);
  if (!in.good()) return fail(Errc::bad_input, "ticket is empty");
  if (version != kVersion) return fail(Errc::newer_format, "ticket version");
  Ticket out;
  out.organisation = in.id<OrganisationId>();
  out.root_public = in.id<PublicKey>();
  out.ticket = in.id<TicketId>();
  out.user = in.id<UserId>();
  const BytesView seed = in.bytes(crypto::kKeyBytes);
  if (!in.good()) return fail(Errc::bad_input, "ticket is truncated");
  out.seed = SecretBytes(crypto::kKeyBytes);
  std::memcpy(out.seed.data(), seed.data(), seed.size());
  out.office_pin = in.id<Digest>();
  out.expires_ms = static_cast<std::int64_t>(in.number(8));
  const auto teams = in.number(1);
  if (teams > kMaxTeams) return fail(Errc::bad_input, "ticket teams");
  for (std::uint64_t i = 0; i < teams; ++i) {
    const TeamId team = in.id<TeamId>();
    out.teams.push_back({team, static_cast<std::uint32_t>(in.number(4))});
  }
  out.office_address = Bytes(in.bytes(in.number(2)));
  out.sealed = Bytes(in.bytes(in.number(2)));
  if (!in.finished_well()) return fail(Errc::bad_input, "ticket length");
  return out;
}

}  // namespace

Bytes seal_ticket_secrets(const SecretBytes& seed, const TicketSecrets& secrets) {
  SecretWriter plain((1 + secrets.epoch_secrets.size()) * crypto::kKeyBytes);
  plain.bytes(secrets.member_key.view());
  for (const SecretBytes& epoch : secrets.epoch_secrets) plain.bytes(epoch.view());
  const SecretBytes all = std::move(plain).finish();
  return crypto::seal_to(box_pair(seed).public_key, all.view());
}

Result<TicketSecrets> open_ticket_secrets(const Ticket& ticket) {
  const crypto::BoxPair pair = box_pair(ticket.seed);
  WAYSIDE_TRY(const SecretBytes plain, crypto::open_sealed(pair.public_key, pair.secret, ticket.sealed));
  if (plain.size() != (1 + ticket.teams.size()) * crypto::kKeyBytes) return fail(Errc::bad_input, "ticket secrets");
  const auto part = [&plain](std::size_t index) {
    SecretBytes out(crypto::kKeyBytes);
    std::memcpy(out.data(), plain.data() + index * crypto::kKeyBytes, crypto::kKeyBytes);
    return out;
  };
  TicketSecrets out{part(0), {}};
  for (std::size_t i = 0; i < ticket.teams.size(); ++i) out.epoch_secrets.push_back(part(1 + i));
  return out;
}

SecretBytes ticket_text(const Ticket& ticket) {
  const SecretBytes bytes = to_bytes(ticket);
  const std::size_t encoded = sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL);  // with NUL
  SecretBytes base64(encoded);
  sodium_bin2base64(reinterpret_cast<char*>(base64.data()), encoded, bytes.data(), bytes.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  const std::size_t chars = encoded - 1;
  const std::size_t lines = (chars + kLineChars - 1) / kLineChars;
  SecretWriter text(kFirstLine.size() + chars + lines + kLastLine.size());
  text.bytes(kFirstLine);
  for (std::size_t at = 0; at < chars; at += kLineChars) {
    text.bytes(base64.view().substr(at, std::min(kLineChars, chars - at)));
    text.bytes("\n");
  }
  text.bytes(kLastLine);
  return std::move(text).finish();
}

Result<Ticket> parse_ticket(const SecretBytes& text) {
  const BytesView whole = text.view();
  if (whole.size() > kMaxTextBytes) return fail(Errc::bad_input, "a ticket is never this long");
  const std::size_t begin = whole.find("WAYSIDE TICKET ");
  if (begin == BytesView::npos) return fail(Errc::bad_input, "this file is not a ticket");
  const std::size_t line_end = whole.find('\n', begin);
  const std::size_t end = line_that_says_end(whole, begin);
  if (line_end == BytesView::npos || end == BytesView::npos || end < line_end) return fail(Errc::bad_input, "the ticket is cut short");
  const BytesView body = whole.substr(line_end, end - line_end);
  SecretBytes decoded(body.size() + 1);
  std::size_t length = 0;
  if (sodium_base642bin(decoded.data(), decoded.size(), body.data(), body.size(), " \r\n\t", &length, nullptr,
                        sodium_base64_VARIANT_ORIGINAL) != 0) {
    return fail(Errc::bad_input, "the ticket has a wrong character");
  }
  if (length == 0) return fail(Errc::bad_input, "the ticket is empty");
  SecretBytes exact(length);
  std::memcpy(exact.data(), decoded.data(), length);
  return from_bytes(exact);
}

}  // namespace wayside::membership
