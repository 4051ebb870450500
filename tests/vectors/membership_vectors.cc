#include "tests/vectors/organisation.h"

namespace wayside::vectors {
namespace {

using membership::Entry;
using membership::SignedEntry;
using membership::SignerKind;

/// An entry that must not be taken (or, of a kind nobody knows yet, must).
struct Attempt {
  std::string name, says;
  std::size_t after = 0;  ///< entries of the log before it
  Bytes bytes;
  std::string why;  ///< empty: taken
};

Bytes flipped(Bytes bytes, std::size_t at) {
  bytes[at] = static_cast<char>(bytes[at] ^ 1);
  return bytes;
}

/// The entry at `number` again, signed by somebody else or with something changed.
SignedEntry again(
    const Organisation& org, std::size_t number, const SecretBytes& seed, void (*change)(Entry&) = [](Entry&) {}) {
  Entry entry = org.entries.at(number).entry.entry;
  change(entry);
  return membership::sign_entry(entry, seed);
}

/// What entries after the whole log say, by whom.
SignedEntry next(const Organisation& org, SignerKind by, BytesView name, const SecretBytes& seed,
                 membership::EntryKind kind) {
  return membership::sign_entry(
      {org.id, org.log.size(), org.log.head(), 1'750'000'100'000, by, Bytes(name), std::move(kind)}, seed);
}

std::vector<Attempt> attempts(const Organisation& org) {
  const auto& all = org.entries;
  const std::size_t size = all.size();
  const auto at = [&all](std::string_view name) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].name == name) return i;
    }
    throw std::logic_error("no such entry");
  };
  const auto bytes_of = [&](std::string_view name) { return all[at(name)].entry.bytes; };
  const membership::RoleEntry promotion{org.ben.user, membership::Role::admin, std::nullopt, false, {}};
  const std::size_t ben = at("device of ben");
  std::vector<Attempt> out;

  out.push_back({"signature", "one bit of the signature is another", 1,
                 flipped(bytes_of("office key"), bytes_of("office key").size() - 1), "bad_signature"});
  out.push_back({"body", "one bit of a sealed name is another", 2,
                 flipped(bytes_of("team"), bytes_of("team").size() - 64 - 20), "bad_signature"});
  out.push_back({"short", "its last byte is missing", 1,
                 bytes_of("office key").substr(0, bytes_of("office key").size() - 1), "bad_input"});
  out.push_back({"long", "a byte stands behind it", 1, bytes_of("office key") + '\0', "bad_input"});
  Bytes later = bytes_of("office key");
  later[0] = 2;
  out.push_back({"version", "its version byte is 2", 1, later, "newer_format"});
  out.push_back({"again", "the same entry a second time", 2, bytes_of("office key"), "stale_head"});
  out.push_back({"gap", "the entry before it is missing", 2, bytes_of("epoch 1"), "stale_head"});
  out.push_back({"previous", "its number fits, but it follows another entry", 2,
                 again(org, 2, org.root_seed, [](Entry& entry) { entry.previous->bytes[0] ^= 1; }).bytes,
                 "stale_head"});
  out.push_back({"other organisation", "of another organisation", 2,
                 again(org, 2, org.root_seed, [](Entry& entry) { entry.organisation.bytes[0] ^= 1; }).bytes,
                 "bad_input"});
  out.push_back({"founded by a stranger", "not signed by the root that it names", 0,
                 again(org, 0, org.office_seed).bytes, "bad_signature"});
  out.push_back({"founded twice", "a second founding, signed by the root", size,
                 next(org, SignerKind::root, {}, org.root_seed, all[0].entry.entry.kind).bytes, "not_permitted"});
  out.push_back({"before founding", "the log begins with a team", 0,
                 again(org, 2, org.root_seed, [](Entry& entry) { entry.number = 0, entry.previous.reset(); }).bytes,
                 "not_permitted"});
  out.push_back({"office signs", "signed by the office's key in the root's name", size,
                 next(org, SignerKind::root, {}, org.office_seed, promotion).bytes, "bad_signature"});
  out.push_back({"advocate signs", "a device promotes itself: its user is no administrator", size,
                 next(org, SignerKind::device, org.ben.device.view(), org.ben.sign_seed, promotion).bytes,
                 "not_permitted"});
  out.push_back({"in an administrator's name", "names the administrator's device, signed by another", size,
                 next(org, SignerKind::device, org.amina.device.view(), org.ben.sign_seed, promotion).bytes,
                 "bad_signature"});
  out.push_back({"removed device signs", "signed by a device that was removed", size,
                 next(org, SignerKind::device, org.cara.device.view(), org.cara.sign_seed, promotion).bytes,
                 "not_a_member"});
  out.push_back({"ticket signs", "a ticket signs something else than a device", size,
                 next(org, SignerKind::ticket, org.ben.ticket.view(), org.ben.ticket_seed, promotion).bytes,
                 "not_permitted"});
  out.push_back(
      {"device twice", "the same device is admitted again", size,
       next(org, SignerKind::ticket, org.ben.ticket.view(), org.ben.ticket_seed, org.device_of(org.ben)).bytes,
       "already_exists"});
  Member second = member("ben's second laptop");
  second.user = org.ben.user;
  second.ticket = org.ben.ticket;
  out.push_back({"ticket twice", "another device redeems the same ticket", size,
                 next(org, SignerKind::ticket, org.ben.ticket.view(), org.ben.ticket_seed, org.device_of(second)).bytes,
                 "ticket_used"});
  Member stranger = member("stranger");
  out.push_back(
      {"unknown ticket", "a ticket that nobody issued", size,
       next(org, SignerKind::ticket, stranger.ticket.view(), stranger.ticket_seed, org.device_of(stranger)).bytes,
       "ticket_unknown"});
  out.push_back({"another user", "redeems the ticket for another user", ben,
                 again(org, ben, org.ben.ticket_seed,
                       [](Entry& entry) {
                         Organisation fresh;
                         Member other = member("ben");
                         other.user = named<UserId>("user of amina");
                         entry.kind = fresh.device_of(other);
                       })
                     .bytes,
                 "not_permitted"});
  out.push_back({"proof", "the device does not hold the key it names", ben,
                 again(org, ben, org.ben.ticket_seed,
                       [](Entry& entry) { std::get<membership::DeviceEntry>(entry.kind).proof.bytes[5] ^= 1; })
                     .bytes,
                 "bad_signature"});
  out.push_back({"without a ticket", "a device without a ticket, not signed by the root", size,
                 next(org, SignerKind::device, org.amina.device.view(), org.amina.sign_seed,
                      [&] {
                        membership::DeviceEntry entry = org.device_of(stranger);
                        entry.ticket.reset();
                        entry.proof = crypto::sign(stranger.sign_seed, membership::device_proof_message(org.id, entry));
                        return entry;
                      }())
                     .bytes,
                 "not_permitted"});
  out.push_back(
      {"unknown kind",
       "of a kind that no version here knows: kept, counted, and nothing is appended after it by this version", size,
       next(org, SignerKind::root, {}, org.root_seed, membership::UnknownKind{}).bytes, ""});
  return out;
}

}  // namespace

Json membership_vectors(Organisation& org) {
  Json out;
  out["says"] =
      "A membership log from its founding on, and entries that must not follow it. `after` counts the entries before "
      "an attempt.";
  out["organisation"] = hex(org.id.view());
  Json secrets;
  secrets["root_seed"] = hex(org.root_seed.view());
  secrets["member_key"] = hex(org.member_key.view());
  out["secrets"] = secrets;
  for (const auto& each : org.entries) {
    Json entry;
    entry["name"] = each.name;
    entry["number"] = each.entry.entry.number;
    entry["bytes"] = hex(each.entry.bytes);
    entry["hash"] = hex(each.entry.hash.view());
    out["entries"].push_back(entry);
  }
  for (const Attempt& each : attempts(org)) {
    Json attempt;
    attempt["name"] = each.name;
    attempt["says"] = each.says;
    attempt["after"] = each.after;
    attempt["bytes"] = hex(each.bytes);
    attempt["outcome"] = each.why.empty() ? "taken" : "refused";
    attempt["why"] = each.why;
    out["attempts"].push_back(attempt);
  }
  return out;
}

}  // namespace wayside::vectors
