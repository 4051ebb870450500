#include "tests/simulation/law.h"

#include <algorithm>

#include "tests/simulation/machine.h"

namespace wayside::simulation {

Law::Written Law::read(BytesView sealed) {
  const auto envelope = need(ledger::parse_envelope(sealed));
  const ledger::Header& header = envelope.header;
  constexpr std::size_t kPieceBytes = 24;
  return {envelope.id, header.device, header.incarnation, header.ledger, header.seq, header.membership_head,
          Bytes(envelope.ciphertext.substr(0, kPieceBytes))};
}

void Law::take(BytesView signed_entry) {
  const auto entry = need(membership::parse_entry(signed_entry));
  const std::uint64_t number = entry.entry.number;
  if (number != size()) throw std::logic_error("an entry of the membership log was left out");
  numbers_[entry.hash] = number;
  newest_ = entry.hash;
  const membership::EntryKind& kind = entry.entry.kind;
  if (const auto* device = std::get_if<membership::DeviceEntry>(&kind)) {
    holders_[device->device] = device->user;
    if (device->ticket) tickets_[*device->ticket] = device->device;
  }
  if (const auto* ticket = std::get_if<membership::TicketEntry>(&kind)) made_.insert(ticket->ticket);
  if (const auto* removal = std::get_if<membership::Removal>(&kind)) {
    cuts_.push_back({number, removal->device, removal->user, need(membership::decode_pin(removal->pin))});
    if (removal->device) removed_devices_.try_emplace(*removal->device, number);
    if (removal->user) removed_users_.try_emplace(*removal->user, number);
  }
  if (const auto* role = std::get_if<membership::RoleEntry>(&kind)) {
    if (!role->pin.empty()) cuts_.push_back({number, std::nullopt, role->user, need(membership::decode_pin(role->pin))});
    if (role->leaves) left_.try_emplace(role->user, number);
  }
  if (const auto* decided = std::get_if<membership::Countersign>(&kind)) {
    for (const EnvelopeId& id : decided->envelopes) accepted_[id] = decided->accept;
  }
  if (const auto* erase = std::get_if<membership::Erase>(&kind)) erased_.insert(erase->ledger);
  if (const auto* branch = std::get_if<membership::Branch>(&kind)) refused_[branch->refused] = numbers_.at(branch->kept) - 1;
}

bool Law::concerns(const Cut& cut, const DeviceId& device) const {
  const auto holder = holders_.find(device);
  return cut.device == device || (cut.user && holder != holders_.end() && *cut.user == holder->second);
}

bool Law::counts(const Written& written) const {
  const auto head = number_of(written.head);
  bool pinned = false;
  bool late = false;
  for (const Cut& cut : cuts_) {
    if (!concerns(cut, written.device)) continue;
    const auto author = cut.pin.find({written.device, written.incarnation});
    if (author != cut.pin.end()) {
      const auto place = author->second.find(written.ledger);
      const bool stands = place != author->second.end() &&
                          (place->second.seq > written.seq || (place->second.seq == written.seq && place->second.id == written.id));
      pinned = pinned || stands;
    }
    late = late || (head && *head < cut.number && !pinned);
  }
  if (!late) return true;
  const auto word = accepted_.find(written.id);
  return word != accepted_.end() && word->second;
}

std::optional<std::uint64_t> Law::removed(const DeviceId& device) const {
  if (const auto found = removed_devices_.find(device); found != removed_devices_.end()) return found->second;
  const auto holder = holders_.find(device);
  if (holder == holders_.end()) return std::nullopt;
  const auto found = removed_users_.find(holder->second);
  return found == removed_users_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::uint64_t> Law::left(const DeviceId& device) const {
  const auto holder = holders_.find(device);
  if (holder == holders_.end()) return std::nullopt;
  const auto found = left_.find(holder->second);
  return found == left_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<DeviceId> Law::joined_with(const TicketId& ticket) const {
  const auto found = tickets_.find(ticket);
  return found == tickets_.end() ? std::nullopt : std::optional(found->second);
}

bool Law::is_gone(const UserId& user) const { return removed_users_.contains(user); }

std::optional<std::uint64_t> Law::number_of(const EntryHash& head) const {
  if (const auto found = numbers_.find(head); found != numbers_.end()) return found->second;
  const auto found = refused_.find(head);
  return found == refused_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace wayside::simulation
