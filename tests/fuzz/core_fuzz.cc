#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "core/attachments/sealed_file.h"
#include "core/base/value.h"
#include "core/crypto/crypto.h"
#include "core/ledger/bundle.h"
#include "core/ledger/change_set.h"
#include "core/ledger/dot.h"
#include "core/ledger/envelope.h"
#include "core/ledger/receipt.h"
#include "core/ledger/record_state.h"
#include "core/ledger/sealed_copy.h"
#include "core/ledger/view.h"
#include "core/membership/entry.h"
#include "core/membership/grant.h"
#include "core/membership/log.h"
#include "core/membership/names.h"
#include "core/membership/ticket.h"
#include "core/recovery/pages.h"
#include "core/recovery/typed_lines.h"
#include "core/schema/csv.h"
#include "core/vault/header.h"
#include "core/vault/snapshot_volume.h"

/// Every decoder of core. The first byte chooses which; the rest is what a disk, an office or a mail held.
namespace {

using namespace wayside;

void must(bool holds) {
  if (!holds) std::abort();
}

SecretBytes secret_of(BytesView bytes) {
  SecretBytes out(bytes.size());
  if (!bytes.empty()) std::memcpy(out.data(), bytes.data(), bytes.size());
  return out;
}

void value(BytesView bytes) {
  const Value decoded = decode_value(bytes);
  must(decode_value(encode(decoded)) == decoded);
  if (const auto* time = std::get_if<Instant>(&decoded)) (void)iso_time(time->ms);
}

void texts(BytesView bytes) {
  (void)is_clean_utf8(bytes);
  (void)parse_iso_time(bytes);
  (void)parse_date(bytes);
  (void)id_bytes_from_text(bytes);
  (void)schema::parse_csv(bytes);
  if (const auto dot = ledger::dot_from_text(bytes)) must(ledger::dot_from_text(to_text(*dot)) == dot);
}

void envelope(BytesView bytes) {
  const auto parsed = ledger::parse_envelope(bytes);
  if (!parsed) return;
  (void)ledger::signed_by(*parsed, PublicKey{});
  (void)ledger::open_envelope(*parsed, Bytes(32, 'k'));
}

Bytes u32(std::size_t value) {
  Bytes out;
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift & 0xff);
  return out;
}

/// As an envelope's author may have written them: prefix, frame and padding behind a commitment and a tag that fit.
void inside_of_envelope(BytesView bytes) {
  const Bytes key(32, 'k'), nonce(24, 'n'), header(64, 'h');
  ledger::ParsedEnvelope parsed;
  const auto committed = crypto::derive_committed(key, "wayside/envelope-key/1", {BytesView(header).substr(0, header.size() - 34)});
  const Bytes ciphertext = crypto::aead_seal(committed.key.view(), nonce, header, bytes);
  parsed.header_bytes = header;
  parsed.nonce = nonce;
  parsed.ciphertext = ciphertext;
  parsed.commit = committed.commit;
  const auto plain = ledger::open_envelope(parsed, key);
  must(plain ? plain->size() <= ledger::kMaxChangeSetBytes : plain.error().code == Errc::corrupt);
}

void change_set(BytesView bytes) {
  if (bytes.size() > ledger::kMaxChangeSetBytes) return;   // open_envelope gives out no more
  const auto change = ledger::decode_change_set(bytes, DeviceId{});
  if (!change) return;
  const Bytes once = ledger::encode(*change);
  const auto again = ledger::decode_change_set(once, DeviceId{});
  must(again && ledger::encode(*again) == once);
  ledger::RecordState state;
  std::uint32_t index = 0;
  for (const auto& record : change->records) {
    for (const auto& write : record.writes) ledger::fold(state, write, {DeviceId{}, {}, index++}, {change->author, change->time, 1});
  }
  (void)ledger::digest_of(RecordId{}, state);
}

void record_state(BytesView bytes) {
  const auto state = ledger::decode_record_state(bytes, 2);
  if (!state) return;
  const Bytes once = ledger::encode(*state);
  const auto again = ledger::decode_record_state(once, 2);
  must(again && ledger::encode(*again) == once);
  for (const auto& [id, field] : state->fields) (void)ledger::view(schema::current().field(2, id), field);
  (void)ledger::archived(*state);
}

void membership_entry(BytesView bytes) {
  const auto entry = membership::parse_entry(bytes);
  if (!entry) return;
  must(entry->bytes == bytes);
  membership::Log log;
  (void)log.append(*entry);
}

void grant(BytesView bytes) {
  if (const auto parsed = membership::parse_grant(bytes)) {
    const SecretBytes secret = secret_of(Bytes(32, 's'));
    (void)crypto::SessionBoxReader(secret).open(parsed->wrap);
  }
}

void ticket(BytesView bytes) {
  const auto parsed = membership::parse_ticket(secret_of(bytes));
  if (parsed) (void)membership::open_ticket_secrets(*parsed);
}

void vault_header(BytesView bytes) {
  if (const auto header = vault::decode_header(bytes)) must(vault::decode_header(vault::encode(*header)).has_value());
}

/// With a checksum that fits, as whoever can write the file can make one.
void inside_of_vault_header(BytesView bytes) {
  const Bytes all = Bytes("WSVAULT\0", 8) + '\1' + u32(bytes.size()) + Bytes(bytes);
  if (const auto header = vault::decode_header(all + crypto::hash("wayside/vault-header/1", {all}).str())) {
    must(vault::decode_header(vault::encode(*header)).has_value());
  }
}

/// What a record says of its file, and chunks that somebody put in their place.
void attachment(BytesView bytes) {
  if (const auto content = attachments::parse_content(bytes)) must(attachments::content_text(*content) == bytes);
  attachments::Content content;
  content.chunks.resize(1 + bytes.size() % 3);
  std::size_t at = 0;
  const auto file = attachments::open_file(content, [&](const Digest&) -> Result<Bytes> {
    const BytesView piece = bytes.substr(std::min(at, bytes.size()), 1 + bytes.size() / 2);
    at += piece.size();
    return Bytes(piece);
  });
  must(!file);
}

void name(BytesView bytes) { (void)membership::open_name(Bytes(32, 'k'), bytes); }

void recovery_page(BytesView bytes) {
  if (const auto page = recovery::parse_page(secret_of(bytes))) {
    must(recovery::parse_page(recovery::page_text(*page)).has_value());
  }
}

void recovery_share(BytesView bytes) {
  if (const auto share = recovery::parse_share(secret_of(bytes))) {
    const auto again = recovery::parse_share(recovery::share_text(*share));
    must(again && again->part.equals(share->part) && again->number == share->number);
  }
}

void recovery_kit(BytesView bytes) {
  if (const auto kit = recovery::parse_kit(secret_of(bytes))) {
    const auto again = recovery::parse_kit(recovery::kit_text(*kit, bytes, 0));
    must(again && again->code.equals(kit->code) && again->slot == kit->slot);
  }
}

/// As somebody may have written them who knows the lines' checks.
void inside_of_typed_lines(BytesView bytes) {
  const SecretBytes whole = secret_of(Bytes(bytes.substr(0, 300)) + Bytes(recovery::kLineBytes - std::min<std::size_t>(bytes.size(), 300) % recovery::kLineBytes, '\0'));
  const SecretBytes text = recovery::typed_lines(whole);
  const auto read = recovery::read_typed_lines(text.view(), whole.size() / recovery::kLineBytes);
  must(read && read->equals(whole));
  recovery_share(text.view());
  recovery_kit(text.view());
}

void receipts(BytesView bytes) {
  const auto parsed = ledger::parse_receipts(bytes);
  if (!parsed) return;
  Bytes again;
  for (const ledger::Receipt& each : *parsed) {
    again += ledger::encode_receipt(each);
    (void)ledger::signed_by(each, PublicKey{});
  }
  must(again == bytes);
}

void snapshot_volume(BytesView bytes) {
  const auto volume = vault::read_volume(bytes);
  if (!volume) return;
  for (const auto& bundle : volume->bundles()) (void)ledger::unfold_bundle(bundle.ids(), bundle.content());
}

/// The golden one opens with this office's seed.
void sealed_copy(BytesView bytes) {
  SecretBytes seed(crypto::kKeyBytes);
  for (std::size_t i = 0; i < seed.size(); ++i) seed.data()[i] = static_cast<unsigned char>(31 + i);
  (void)ledger::open_copy(seed, *OrganisationId::from(Bytes(OrganisationId::size_bytes, 'o')), bytes);
}

/// Whoever seals chooses what is inside.
void inside_of_sealed_copy(BytesView bytes) {
  const auto copied = ledger::read_copied(bytes);
  if (!copied) return;
  std::size_t size = 4 + copied->envelope.size();
  for (const Bytes& each : copied->grants) size += 4 + each.size();
  must(size == bytes.size());
}

using Check = void (*)(BytesView);
constexpr Check kChecks[] = {value, texts, envelope, change_set, record_state, membership_entry, grant, ticket, vault_header, name,
                             inside_of_envelope, inside_of_vault_header, attachment, recovery_page, recovery_share,
                             recovery_kit, inside_of_typed_lines, receipts, snapshot_volume, sealed_copy, inside_of_sealed_copy};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const google::protobuf::LogSilencer kQuiet;
  static const bool kReady = schema::load_builtin().has_value();
  must(kReady);
  if (size == 0 || data[0] >= std::size(kChecks)) return 0;
  kChecks[data[0]](BytesView(reinterpret_cast<const char*>(data + 1), size - 1));
  return 0;
}
