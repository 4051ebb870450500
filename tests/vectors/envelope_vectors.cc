#include <zstd.h>

#include "core/base/value.h"
#include "core/ledger/sealed_values.h"
#include "tests/support/fleet.h"
#include "tests/vectors/sealing.h"

namespace wayside::vectors {
namespace {

using ledger::ChangeSet;
using ledger::Dot;
using ledger::Header;
using ledger::RecordWrites;
using ledger::Write;
using support::need;
using vault::Parcel;

constexpr std::uint32_t kCase = 1, kPerson = 2, kPerpetrator = 48;  // docs/records.md
constexpr std::uint32_t kLocation = 2;                             // a compartment
constexpr std::string_view kDesk = "ben at the desk", kNewest = "removal of cara";

Write write(std::uint32_t field, const Value& value, std::vector<Dot> supersedes = {}) {
  return {field, encode(value), std::move(supersedes), {}, {}, false, {}};
}

Dot dot(const Member& author, const EnvelopeId& envelope, std::uint32_t index) {
  return {author.device, ledger::stem_of(envelope), index};
}

ChangeSet change_by(const Member& author, std::uint64_t minute, std::string form, std::vector<RecordWrites> records) {
  ChangeSet change;
  change.author = author.user;
  change.time = (1'750'000'000'000 + minute * 60'000) << 16;
  change.schema_version = 1;
  change.form = std::move(form);
  change.records = std::move(records);
  return change;
}

/// One case's ledger with three envelopes of Amina's and one of Ben's, and a compartment of it.
struct Story {
  explicit Story(Organisation& organisation) : org(organisation), sealing(organisation) {
    amina_1 = sealing.seal(at(1, std::nullopt, kDesk), first(), org.amina,
                           {sealing.team_grant(ledger), sealing.recovery_grant(ledger)});
    amina_2 = sealing.seal(at(2, id_of(amina_1)), second(), org.amina);
    amina_3 = sealing.seal(at(3, id_of(amina_2)), third(), org.amina);
    fields_1 = sealing.seal(sealing.header(org.amina, fields, 1, {}, kNewest), of_fields(), org.amina,
                            {sealing.team_grant(fields), sealing.recovery_grant(fields)});
    ben_1 = sealing.seal(sealing.header(org.ben, ledger, 1, {}, kNewest), answer(), org.ben);
    apart_1 = sealing.seal(sealing.header(org.amina, compartment, 1, {}, kNewest), of_compartment(), org.amina,
                           {sealing.device_grant(compartment, org.amina), sealing.device_grant(compartment, org.ben),
                            sealing.recovery_grant(compartment)});
  }

  [[nodiscard]] Header at(std::uint64_t seq, const std::optional<EnvelopeId>& prev,
                          std::string_view head = kNewest) const {
    return sealing.header(org.amina, ledger, seq, prev, head);
  }

  [[nodiscard]] ChangeSet first() const {
    ChangeSet change = change_by(
        org.amina, 0, "put",
        {{case_id, kCase, {write(16, Text{"ML-4711"}), write(17, Code{"open"}), write(18, Date{"2026-06-10"})}},
         {person, kPerson, {write(16, Text{"Zarqa"}), write(34, false), write(39, std::int64_t{-1})}}});
    change.opening = ledger::Opening{ledger::LedgerKind::case_ledger, case_id.str(), std::nullopt, org.team};
    return change;
  }
  [[nodiscard]] ChangeSet second() const {
    return change_by(org.amina, 5, "edit",
                     {{person,
                       kPerson,
                       {write(16, Text{"Zarqa ਜ਼ਰਕਾ"}, {dot(org.amina, id_of(amina_1), 3)}),
                        write(40, Instant{1'750'000'123'456})}}});
  }
  /// A long one: it is padded to more than 512 bytes, and has one of everything that a write may carry.
  [[nodiscard]] ChangeSet third() const {
    Bytes words;
    for (int i = 0; i < 40; ++i) words += hex(secret("words " + std::to_string(i)).view()) + " ";
    Write cleared{17, {}, {dot(org.amina, id_of(amina_1), 1)}, {}, {}, false, {}};
    Write wish = write(20, Text{"Amina"});
    wish.request = true;
    Write corrected = write(41, Text{words});
    corrected.corrects = dot(org.amina, id_of(amina_2), 1);
    Write archived = write(1, true);
    archived.covers = {dot(org.amina, id_of(amina_1), 4), dot(org.amina, id_of(amina_2), 0)};
    Write once_more = write(42, person);
    once_more.original = dot(org.amina, id_of(amina_1), 5);
    ChangeSet change =
        change_by(org.amina, 10, "edit",
                  {{case_id, kCase, {cleared, wish}}, {person, kPerson, {corrected, archived, once_more}}});
    change.reason = "she rang";
    change.compartments = {{compartment, 1}};
    return change;
  }
  [[nodiscard]] ChangeSet answer() const {
    ChangeSet change = change_by(org.ben, 12, "edit",
                                 {{case_id, kCase, {write(16, Text{"ML-4712"}, {dot(org.amina, id_of(amina_1), 0)})}},
                                  {person, kPerson, {write(22, Text{"1 Invented Row"}), write(16, Text{"Zarqa"}), write(24, Text{"ZZ1 1ZZ"})}}});
    change.deps = {id_of(amina_3)};
    ledger::seal_values(change, ledger, kLocation, {1, 3}, generation_of(fields), case_key(fields).view(), org.random);
    return change;
  }
  /// Makes the key under which the team's addresses stand.
  [[nodiscard]] ChangeSet of_fields() const {
    ChangeSet change = change_by(org.amina, 9, "compartment", {});
    change.opening = ledger::Opening{ledger::LedgerKind::compartment, org.team.str(), std::nullopt, org.team};
    change.compartments = {{fields, kLocation}};
    return change;
  }
  [[nodiscard]] ChangeSet of_compartment() const {
    ChangeSet change = change_by(org.amina, 10, "edit",
                                 {{named<RecordId>("perpetrator"), kPerpetrator, {write(16, Text{"Invented"})}}});
    change.opening = ledger::Opening{ledger::LedgerKind::compartment, case_id.str(), ledger, org.team};
    change.compartments = {{compartment, 1}};
    return change;
  }

  Organisation& org;
  mutable Sealing sealing;
  LedgerId ledger = named<LedgerId>("ledger"), compartment = named<LedgerId>("compartment");
  LedgerId fields = named<LedgerId>("fields");
  RecordId case_id = named<RecordId>("case"), person = named<RecordId>("person");
  Parcel amina_1, amina_2, amina_3, ben_1, apart_1, fields_1;
};

// ---- What is wrong with them
// -----------------------------------------------------------------------------------------

Parcel changed(Parcel parcel, std::size_t at, char by = 1) {
  parcel.envelope[at] = static_cast<char>(parcel.envelope[at] ^ by);
  return parcel;
}

Bytes u32(std::size_t value) {
  Bytes out;
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift & 0xff);
  return out;
}

/// How long the frame within the plaintext is.
std::size_t frame_length(BytesView plain) {
  return static_cast<unsigned char>(plain[0]) + (std::size_t{static_cast<unsigned char>(plain[1])} << 8);
}

/// A frame that unpacks to `bytes` zeros, and says so only when `named`.
Bytes frame_of_zeros(std::size_t bytes, bool says_its_size) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, says_its_size ? 1 : 0);
  const Bytes zeros(bytes, '\0');
  Bytes frame(ZSTD_compressBound(bytes), '\0');
  frame.resize(ZSTD_compress2(context, frame.data(), frame.size(), zeros.data(), zeros.size()));
  ZSTD_freeCCtx(context);
  return frame;
}

/// The signature's second half, S, plus the order of the group: another S that fits the same equation.
Parcel with_larger_s(Parcel parcel) {
  static constexpr std::array<unsigned char, 32> kOrder{
      0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
      0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
  unsigned carry = 0;
  for (std::size_t i = 0; i < kOrder.size(); ++i) {
    char& byte = parcel.envelope[parcel.envelope.size() - 32 + i];
    carry += static_cast<unsigned char>(byte) + kOrder[i];
    byte = static_cast<char>(carry);
    carry >>= 8;
  }
  return parcel;
}

void outer_faults(const Story& story, std::vector<Case>& out) {
  const Parcel& good = story.amina_1;
  const std::size_t size = good.envelope.size();
  const auto bad = [&](std::string name, std::string says, Parcel parcel, std::string why) {
    out.push_back({std::move(name), std::move(says), std::move(parcel), {}, "quarantined", std::move(why)});
  };
  bad("nothing", "no byte at all", {"", {}}, "bad_input");
  bad("truncated", "its last byte is missing", {good.envelope.substr(0, size - 1), good.grants}, "bad_input");
  bad("extended", "a byte stands behind it", {good.envelope + '\0', good.grants}, "bad_input");
  bad("version", "its version byte is 2", changed(good, 0, 3), "newer_format");
  bad("header length", "the header's length goes beyond the end", changed(good, 4, '\x7f'), "bad_input");
  bad("too large", "one byte more than 1 MiB", {Bytes((std::size_t{1} << 20) + 1, '\1'), {}}, "too_large");
  bad("signature", "one bit of the signature is another", changed(good, size - 64), "bad_signature");
  bad("signature, larger S", "the group's order was added to S", with_larger_s(good), "bad_signature");
  bad("header", "one bit of the nonce is another; not signed anew",
      changed(good, 5 + need(ledger::parse_envelope(good.envelope)).header_bytes.size() - 40), "bad_signature");
  bad("ciphertext", "one bit of the ciphertext is another; not signed anew", changed(good, size - 64 - 100),
      "bad_signature");
  const Bytes& envelope = good.envelope;
  const std::vector<Bytes>& grants = good.grants;
  bad("grant missing", "one of the grants that its header names is missing", {envelope, {grants[0]}}, "no_key");
  bad("grant added", "a grant more than its header names", {envelope, {grants[0], grants[1], grants[1]}}, "no_key");
  Bytes other = grants[0];
  other.back() = static_cast<char>(other.back() ^ 1);
  bad("grant changed", "one bit of a grant is another", {envelope, {other, grants[1]}}, "no_key");
}

void header_faults(Story& story, std::vector<Case>& out) {
  Sealing& sealing = story.sealing;
  const Organisation& org = story.org;
  const auto bad = [&](std::string name, std::string says, Parcel parcel, std::string why) {
    out.push_back({std::move(name), std::move(says), std::move(parcel), {}, "quarantined", std::move(why)});
  };
  const auto grants = story.amina_1.grants;
  const auto sealed = [&](const Header& header, const Member& author) {
    return sealing.seal(header, story.first(), author, grants);
  };
  Header header = story.at(1, std::nullopt);
  header.suite = 2;
  bad("suite", "of another suite", sealed(header, org.amina), "newer_format");
  bad("seq 0", "at place 0", sealed(story.at(0, std::nullopt), org.amina), "bad_input");
  bad("seq 1 with prev", "at place 1, and names one before it", sealed(story.at(1, id_of(story.amina_2)), org.amina),
      "bad_input");
  bad("seq 2 without prev", "at place 2, and names none before it", sealed(story.at(2, std::nullopt), org.amina),
      "bad_input");
  bad("commit not last", "a field stands behind the commit",
      Sealing::with_header(
          story.amina_1, [](Bytes&) {}, org.amina, BytesView("\xa0\x06\x01", 3)),
      "bad_input");
  bad("nonce not before commit", "a field stands between nonce and commit",
      Sealing::with_header(
          story.amina_1, [](Bytes& bytes) { bytes.append("\xa0\x06\x01", 3); }, org.amina),
      "bad_input");
  header = story.at(1, std::nullopt);
  header.organisation.bytes[0] = static_cast<char>(header.organisation.bytes[0] ^ 1);
  bad("another organisation", "of another organisation", sealed(header, org.amina), "bad_input");
  bad("signed by another", "in Amina's name, signed by Ben's device", sealed(story.at(1, std::nullopt), org.ben),
      "bad_signature");
  bad("not yet a member", "its membership head is older than its device",
      sealed(story.at(1, std::nullopt, "ticket of amina"), org.amina), "not_a_member");
  bad("a member no more", "by a removed device, under a head that knows of the removal",
      sealed(sealing.header(org.cara, story.ledger, 1, {}, kNewest), org.cara), "not_a_member");
  header = story.at(1, std::nullopt);
  header.device = named<DeviceId>("nobody's device");
  bad("unknown device", "by a device that nobody admitted", sealed(header, org.amina), "not_a_member");
  header = story.at(1, std::nullopt);
  header.membership_head = named<EntryHash>("an entry of tomorrow");
  out.push_back({"membership head",
                 "its membership head is not in the log",
                 sealed(header, org.amina),
                 {},
                 "pending",
                 "membership"});
  out.push_back(
      {"unknown field",
       "a field of a newer version stands before the nonce: skipped",
       Sealing::with_header(
           story.amina_1, [](Bytes& bytes) { bytes.insert(bytes.size() - 26, "\xa0\x06\x01", 3); }, org.amina),
       {},
       "applied",
       ""});
  out.push_back({"grants in another order",
                 "the grants that its header names, in another order",
                 {story.amina_1.envelope, {grants[1], grants[0]}},
                 {},
                 "applied",
                 ""});
}

void inner_faults(Story& story, std::vector<Case>& out) {
  Sealing& sealing = story.sealing;
  const Organisation& org = story.org;
  const Parcel& good = story.amina_1;
  const auto bad = [&](std::string name, std::string says, Parcel parcel, std::string why) {
    out.push_back({std::move(name), std::move(says), std::move(parcel), {}, "quarantined", std::move(why)});
  };
  const Header header = story.at(1, std::nullopt);
  const Bytes encoded = ledger::encode(story.first());
  bad("commitment", "sealed under another key than the one that was granted",
      sealing.seal_plain(header, encoded, secret("another key").view(), org.amina, good.grants), "no_key");
  bad("tag", "one bit of the ciphertext is another, and signed anew",
      Sealing::with_ciphertext(
          good, [](Bytes& bytes) { bytes[7] = static_cast<char>(bytes[7] ^ 1); }, org.amina),
      "corrupt");
  const auto padded = [&](const Bytes& bytes) { return Sealing::with_padded(good, bytes, org.amina); };
  const Bytes plain = Sealing::padded_of(good);
  bad("padding", "the length inside goes beyond the plaintext", padded(u32(plain.size() - 3) + plain.substr(4)),
      "corrupt");
  bad("no length", "three bytes of plaintext", padded(Bytes(3, '\0')), "corrupt");
  bad("frame", "what is inside is no zstd frame", padded(u32(100) + Bytes(508, 'z')), "corrupt");
  bad("frame cut short", "the frame's last byte is not within its length",
      padded(u32(frame_length(plain) - 1) + plain.substr(4)), "corrupt");
  const Bytes bomb = frame_of_zeros(std::size_t{3} << 20, true);
  bad("bomb", "a frame that says it unpacks to 3 MiB",
      padded(u32(bomb.size()) + bomb + Bytes(512 - bomb.size() % 512, '\0')), "corrupt");
  const Bytes silent = frame_of_zeros(1000, false);
  bad("no content size", "a frame that does not name its content size",
      padded(u32(silent.size()) + silent + Bytes(400, '\0')), "corrupt");
  out.push_back({"padding not zero",
                 "ones in place of zeros behind the frame: not looked at",
                 padded(plain.substr(0, 4 + frame_length(plain)) + Bytes(plain.size() - 4 - frame_length(plain), '\1')),
                 {},
                 "applied",
                 ""});
  bad("no change-set", "what is inside is no message",
      sealing.seal_plain(header, "\x0a\x05short", case_key(story.ledger).view(), org.amina, good.grants), "bad_input");
  ChangeSet change = story.first();
  bad("short id", "a record id of 15 bytes",
      sealing.seal_plain(header,
                         BytesView("\x0a\x10"
                                   "0123456789abcdef"
                                   "\x3a\x11\x0a\x0f"
                                   "0123456789abcde"),
                         case_key(story.ledger).view(), org.amina, good.grants),
      "bad_input");
  change.author = org.ben.user;
  bad("author", "its author is not the device's user", sealing.seal(header, change, org.amina, good.grants),
      "not_permitted");
  const LedgerId elsewhere = named<LedgerId>("another ledger");
  out.push_back({"grant of another ledger",
                 "the only grant is of another ledger: it gives no key",
                 sealing.seal(header, story.first(), org.amina, {sealing.team_grant(elsewhere)}),
                 {},
                 "pending",
                 "key"});
  out.push_back({"grant to others",
                 "granted to the recovery key alone: not for this reader",
                 sealing.seal(header, story.first(), org.amina, {sealing.recovery_grant(story.ledger)}),
                 {},
                 "pending",
                 "key"});
}

void chain_faults(Story& story, std::vector<Case>& out) {
  const Organisation& org = story.org;
  const std::vector<std::string> one{"case, 1"}, two{"case, 1", "case, 2"}, three{"case, 1", "case, 2", "case, 3"};
  const auto sealed = [&](const Header& header) {
    return story.sealing.seal(header, change_by(org.amina, 20, "edit", {}), org.amina);
  };
  out.push_back({"known", "the same one again", story.amina_2, two, "known", ""});
  out.push_back({"gap", "the one before it has not come", story.amina_3, one, "pending", "previous"});
  out.push_back({"fork", "another envelope holds its place", sealed(story.at(2, id_of(story.amina_1))), two,
                 "quarantined", "fork"});
  out.push_back({"wrong prev", "names one that does not stand before it", sealed(story.at(3, id_of(story.amina_1))),
                 two, "quarantined", "fork"});
  out.push_back({"prev of nobody", "names one that nobody knows, where another stands",
                 sealed(story.at(3, EnvelopeId{})), two, "quarantined", "fork"});
  out.push_back({"prev too far back", "names the right one from a place further on",
                 sealed(story.at(4, id_of(story.amina_2))), two, "quarantined", "fork"});
  out.push_back({"stale head", "its membership head is older than that of the one before it",
                 sealed(story.at(2, id_of(story.amina_1), "device of ben")), one, "quarantined", "stale_head"});
  out.push_back({"dependency", "builds on one that has not come", story.ben_1, two, "pending", "dependency"});
  out.push_back({"fork after the end", "a second one at the last place", sealed(story.at(3, id_of(story.amina_2))),
                 three, "quarantined", "fork"});
}

Json grants_of(const Parcel& parcel) {
  Json out = Json::array();
  for (const Bytes& grant : parcel.grants) out.push_back(hex(grant));
  return out;
}

Json good_one(const std::string& name, const Parcel& parcel, const LedgerId& fields) {
  const auto parsed = need(ledger::parse_envelope(parcel.envelope));
  const Bytes plain = need(ledger::open_envelope(parsed, case_key(parsed.header.ledger).view()));
  Json out;
  out["name"] = name;
  out["envelope"] = hex(parcel.envelope);
  out["grants"] = grants_of(parcel);
  out["id"] = hex(parsed.id.view());
  out["ledger"] = hex(parsed.header.ledger.view());
  out["seq"] = parsed.header.seq;
  out["prev"] = parsed.header.prev ? hex(parsed.header.prev->view()) : "";
  out["commit"] = hex(parsed.commit.view());
  out["case_key"] = hex(case_key(parsed.header.ledger).view());
  out["padded_bytes"] = parsed.ciphertext.size() - crypto::kTagBytes;
  out["change_set"] = hex(plain);
  ledger::ChangeSet change = need(ledger::decode_change_set(plain, parsed.header.device));
  for (const ledger::SealedValues& block : change.sealed) {
    if (!ledger::open_values(change, block, parsed.header.ledger, case_key(fields).view())) throw std::runtime_error("sealed values");
  }
  out["operations"] = operations(change, parsed.header.device, parsed.id);
  return out;
}

}  // namespace

Json envelope_vectors(Organisation& org) {
  Story story(org);
  Json out;
  out["says"] =
      "Envelopes that Ben's device takes in, in this order, and attempts: each is delivered to a fresh reader after "
      "those that `after` "
      "names. The membership log is the whole one of membership.json.";
  out["organisation"] = hex(org.id.view());
  Json reader;
  reader["user"] = hex(org.ben.user.view());
  reader["device"] = hex(org.ben.device.view());
  reader["box_secret"] = hex(org.ben.box_secret.view());
  reader["epochs"] =
      Json::array({{{"team", hex(org.team.view())}, {"number", 1}, {"secret", hex(org.epoch_secret.view())}}});
  out["reader"] = reader;
  out["recovery_secret"] = hex(org.recovery_secret.view());
  out["zstd"] = ZSTD_versionString();
  out["envelopes"].push_back(good_one("case, 1", story.amina_1, story.fields));
  out["envelopes"].push_back(good_one("case, 2", story.amina_2, story.fields));
  out["envelopes"].push_back(good_one("case, 3", story.amina_3, story.fields));
  out["envelopes"].push_back(good_one("key of addresses", story.fields_1, story.fields));
  out["envelopes"].push_back(good_one("case, by Ben", story.ben_1, story.fields));
  out["envelopes"].push_back(good_one("compartment, 1", story.apart_1, story.fields));
  std::vector<Case> cases;
  outer_faults(story, cases);
  header_faults(story, cases);
  inner_faults(story, cases);
  chain_faults(story, cases);
  for (const Case& each : cases) {
    Json attempt;
    attempt["name"] = each.name;
    attempt["says"] = each.says;
    attempt["after"] = each.after;
    // A megabyte of ones need not be printed.
    if (each.why == "too_large") attempt["envelope_is"] = {{"byte", 1}, {"times", each.parcel.envelope.size()}};
    else attempt["envelope"] = hex(each.parcel.envelope);
    attempt["grants"] = grants_of(each.parcel);
    attempt["outcome"] = each.outcome;
    attempt["why"] = each.why;
    out["attempts"].push_back(attempt);
  }
  return out;
}

}  // namespace wayside::vectors
