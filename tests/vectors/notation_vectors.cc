#include <iterator>

#include "core/base/value.h"
#include "core/ledger/envelope.h"
#include "core/ledger/receipt.h"
#include "sync/wire/frontier.h"
#include "sync/wire/heads.h"
#include "tests/support/fleet.h"
#include "tests/vectors/organisation.h"

namespace wayside::vectors {
namespace {

Json dot_text(const ledger::Dot& dot) { return ledger::to_text(dot); }

Json dots(const std::vector<ledger::Dot>& all) {
  Json out = Json::array();
  for (const ledger::Dot& each : all) out.push_back(dot_text(each));
  return out;
}

/// A value as a person reads it, with its kind; nothing for a write that only supersedes.
Json value_json(BytesView encoded) {
  if (encoded.empty()) return nullptr;
  struct Say {
    Json operator()(const Text& value) const { return {{"text", value.utf8}}; }
    Json operator()(std::int64_t value) const { return {{"integer", value}}; }
    Json operator()(bool value) const { return {{"flag", value}}; }
    Json operator()(const RecordId& value) const { return {{"record", hex(value.view())}}; }
    Json operator()(const Code& value) const { return {{"code", value.code}}; }
    Json operator()(const Date& value) const { return {{"date", value.iso}}; }
    Json operator()(const Instant& value) const { return {{"time", value.ms}}; }
    Json operator()(const RawValue& value) const { return {{"raw", hex(value.encoded)}}; }
  };
  return std::visit(Say{}, decode_value(encoded));
}

Json value_vectors() {
  const std::vector<Bytes> all{
      encode(Value(Text{""})), encode(Value(Text{"Flat 2, Mill Lane"})), encode(Value(Text{"ਪੰਜਾਬੀ"})),
      encode(Value(std::int64_t{0})), encode(Value(std::int64_t{120})), encode(Value(std::int64_t{-1})),
      encode(Value(std::int64_t{128})), encode(Value(std::int64_t{-128})), encode(Value(std::int64_t{-129})),
      encode(Value(INT64_MAX)), encode(Value(INT64_MIN)), encode(Value(true)), encode(Value(false)),
      encode(Value(named<RecordId>("record"))), encode(Value(Code{"open"})), encode(Value(Date{"2024-02-29"})),
      encode(Value(Instant{1'750'000'000'000})),
      // What does not decode:
      Bytes("\2\1\0", 3), Bytes("\2\377\377", 3), Bytes("\2", 1), Bytes("\3\2", 2), Bytes("\1\0", 2),
      Bytes("\1\xc0\x80", 3),
      Bytes("\4"
            "15 bytes of id.",
            16),
      Bytes("\6"
            "2025-02-29",
            11),
      Bytes("\6"
            "1899-12-31",
            11),
      Bytes("\5", 1),
      Bytes("\x63"
            "later",
            6)};
  Json out = Json::array();
  for (const Bytes& each : all) out.push_back({{"bytes", hex(each)}, {"value", value_json(each)}});
  return out;
}

Json hash_vectors() {
  const SecretBytes key = secret("a key");
  Json out;
  out["key"] = hex(key.view());
  out["domain"] = "wayside/envelope-id/1";
  out["parts"] = hex("header and ciphertext");
  out["H"] = hex(crypto::hash("wayside/envelope-id/1", {"header ", "and ", "ciphertext"}).view());
  out["H_keyed"] = hex(crypto::keyed_hash(key.view(), "wayside/envelope-id/1", {"header and ciphertext"}).view());
  const crypto::Committed both =
      crypto::derive_committed(key.view(), "wayside/envelope-id/1", {"header and ciphertext"});
  out["H512_keyed"] = hex(Bytes(both.key.view()) + both.commit.str());
  return out;
}

Json heads_vectors(const Organisation& org) {
  wire::Heads heads;
  heads.organisation = org.id;
  heads.generation = named<GenerationId>("generation of the office");
  heads.position = 3;
  heads.time_ms = 1'750'000'000'000;
  const EnvelopeId first = named<EnvelopeId>("first envelope"), second = named<EnvelopeId>("second envelope");
  const Digest one = ledger::next_head(Digest{}, first);
  const Digest two = ledger::next_head(one, second);
  heads.changed = {{named<LedgerId>("ledger"), 2, two},
                   {named<LedgerId>("another ledger"), 1, one},
                   *wire::membership_head(org.id, org.log.size(), org.log.head())};
  std::ranges::sort(heads.changed, {}, &wire::LedgerHead::ledger);
  heads.frontier = wire::frontier_digest(heads.changed);
  Json out;
  out["envelope_ids"] = {hex(first.view()), hex(second.view())};
  out["heads"] = {hex(one.view()), hex(two.view())};
  for (const auto& each : heads.changed) {
    out["frontier_of"].push_back(
        {{"ledger", hex(each.ledger.view())}, {"lsn", each.lsn}, {"head", hex(each.head.view())}});
  }
  out["frontier"] = hex(heads.frontier.view());
  out["office_public"] = hex(crypto::sign_public(org.office_seed).view());
  const Bytes good = wire::sign_heads(heads, org.office_seed);
  out["signed_heads"] = hex(good);
  out["signed_by_a_stranger"] = hex(wire::sign_heads(heads, org.root_seed));
  return out;
}

/// Amina's receipt of two ledgers and of the membership log; as Ben gets it, who does not read the second; and spoilt.
Json receipt_vectors(const Organisation& org) {
  const EnvelopeId first = named<EnvelopeId>("first envelope"), second = named<EnvelopeId>("second envelope");
  const Digest one = ledger::next_head(Digest{}, first);
  const wire::LedgerHead log = *wire::membership_head(org.id, org.log.size(), org.log.head());
  const std::vector<ledger::ReceiptPlace> places{{named<LedgerId>("ledger"), 2, ledger::next_head(one, second), std::nullopt},
                                                 {named<LedgerId>("another ledger"), 1, one, std::nullopt},
                                                 {log.ledger, log.lsn, log.head, std::nullopt}};
  const ledger::Receipt frame{org.id, org.amina.device, named<GenerationId>("generation of the office"),
                              hybrid_from_ms(1'750'000'000'000) + 7, {}, {}};
  const ledger::Receipt whole = ledger::sign_receipts(frame, places, crypto::Signer(org.amina.sign_seed)).at(0);
  ledger::Receipt covered = whole, altered = whole;
  covered.places[1] = ledger::cover(covered.places[1]);
  altered.places[0].lsn = 3;
  Json out;
  out["sign_public"] = hex(crypto::sign_public(org.amina.sign_seed).view());
  out["device"] = hex(frame.device.view());
  out["generation"] = hex(frame.generation.view());
  out["time"] = frame.time;
  for (const auto& each : places) out["places"].push_back({{"ledger", hex(each.ledger.view())}, {"lsn", each.lsn}, {"head", hex(each.head.view())}});
  out["receipt"] = hex(ledger::encode_receipt(whole));
  out["second_covered"] = hex(ledger::encode_receipt(covered));
  out["altered"] = hex(ledger::encode_receipt(altered));
  Bytes later = ledger::encode_receipt(whole);
  later[0] = 2;
  out["of_a_later_version"] = hex(later);
  out["two_in_a_row"] = hex(ledger::encode_receipt(whole) + ledger::encode_receipt(covered));
  return out;
}

}  // namespace

Json operations(const ledger::ChangeSet& change, const DeviceId& device, const EnvelopeId& envelope) {
  Json out = Json::array();
  std::uint32_t index = 0;
  for (const ledger::RecordWrites& record : change.records) {
    for (const ledger::Write& write : record.writes) {
      Json one;
      const ledger::Dot own{device, ledger::stem_of(envelope), index++};
      one["dot"] = dot_text(write.original && write.original->device == device ? *write.original : own);
      one["record"] = hex(record.record.view());
      one["type"] = record.type;
      one["field"] = write.field;
      one["value"] = value_json(write.value);
      one["supersedes"] = dots(write.supersedes);
      one["corrects"] = write.corrects ? dot_text(*write.corrects) : Json(nullptr);
      one["covers"] = dots(write.covers);
      one["request"] = write.request;
      out.push_back(one);
    }
  }
  return out;
}

Json notation_vectors(Organisation& org) {
  Json out;
  out["says"] = "The pieces that everything else is made of.";
  out["hash"] = hash_vectors();
  for (const std::size_t bytes :
       {std::size_t{1}, std::size_t{512}, std::size_t{513}, std::size_t{528}, std::size_t{529}, std::size_t{1000},
        std::size_t{1025}, std::size_t{65'537}, std::size_t{1'000'000}}) {
    out["padded_size"].push_back({{"bytes", bytes}, {"padded", ledger::padded_size(bytes)}});
  }
  out["values"] = value_vectors();
  const SecretBytes reader = secret("box reader");
  crypto::SessionBox box(org.random);
  const Bytes message = "a case key is thirty-two bytes..";
  out["box"] = {{"secret", hex(reader.view())},
                {"public", hex(crypto::box_public(reader).view())},
                {"message", hex(message)},
                {"boxed", hex(box.seal_to(crypto::box_public(reader), message))}};
  out["sign"] = {{"seed", hex(org.root_seed.view())},
                 {"public", hex(crypto::sign_public(org.root_seed).view())},
                 {"message", hex(message)},
                 {"signature", hex(crypto::sign(org.root_seed, message).view())}};
  out["heads"] = heads_vectors(org);
  out["receipts"] = receipt_vectors(org);
  return out;
}

}  // namespace wayside::vectors
