#include "core/membership/log.h"

#include <algorithm>

#include "core/crypto/crypto.h"

namespace wayside::membership {
namespace {

template <class Map, class Key>
const typename Map::mapped_type* look_up(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

/// Nothing: the entry has none.
BytesView pin_of(const EntryKind& kind) {
  if (const auto* removal = std::get_if<Removal>(&kind)) return removal->pin;
  if (const auto* role = std::get_if<RoleEntry>(&kind)) return role->pin;
  if (const auto* withdraw = std::get_if<Withdraw>(&kind)) return withdraw->pin;
  if (const auto* restrict = std::get_if<Restrict>(&kind)) return restrict->pin;
  return {};
}

}  // namespace

Result<void> Log::append(const SignedEntry& entry) {
  if (entry.entry.number != size() || entry.entry.previous != head()) return fail(Errc::stale_head, "membership log");
  if (size() > 0 && entry.entry.organisation != organisation_) return fail(Errc::bad_input, "another organisation");
  WAYSIDE_OK(check_signer(entry));
  if (const auto* erase = std::get_if<Erase>(&entry.entry.kind); erase != nullptr && names_ledger(erase->ledger)) {
    return fail(Errc::not_permitted, "only a case is erased");
  }
  if (const auto* withdraw = std::get_if<Withdraw>(&entry.entry.kind); withdraw != nullptr && names_ledger(withdraw->ledger)) {
    return fail(Errc::not_permitted, "only a case is withdrawn");
  }
  if (const auto* restrict = std::get_if<Restrict>(&entry.entry.kind)) WAYSIDE_OK(check_restrict(entry, *restrict));
  if (const auto* branch = std::get_if<Branch>(&entry.entry.kind)) WAYSIDE_OK(check_branch(entry, *branch));
  if (const BytesView pin = pin_of(entry.entry.kind); !pin.empty()) WAYSIDE_OK(decode_pin(pin));
  if (entry.entry.signer_kind == SignerKind::root && !devices_.empty()) root_uses_.push_back({size(), entry.entry.time_ms});
  fold(entry);
  return {};
}

bool Log::names_ledger(const LedgerId& ledger) const {
  if (found_ && found_->organisation_ledger == ledger) return true;
  return std::any_of(teams_.begin(), teams_.end(), [&](const auto& each) { return each.second.entry.ledger == ledger; });
}

/// The root may sign anything; an admin's device everything but founding; a ticket only the device that redeems it.
Result<void> Log::check_signer(const SignedEntry& entry) const {
  const Entry& body = entry.entry;
  if (const auto* found = std::get_if<Found>(&body.kind)) {
    if (size() != 0 || body.signer_kind != SignerKind::root) return fail(Errc::not_permitted, "founding");
    return signed_by(entry, found->root_public) ? Result<void>{} : fail(Errc::bad_signature, "founding");
  }
  if (!found_) return fail(Errc::not_permitted, "nothing was founded yet");
  if (const auto* device = std::get_if<DeviceEntry>(&body.kind)) return check_device(entry, *device);

  switch (body.signer_kind) {
    case SignerKind::root:
      return signed_by(entry, found_->root_public) ? Result<void>{} : fail(Errc::bad_signature, "root");
    case SignerKind::device: {
      const auto id = DeviceId::from(body.signer);
      const DeviceInfo* signer = id ? device(*id) : nullptr;
      if (signer == nullptr || signer->removed) return fail(Errc::not_a_member, "signing device");
      if (!may_sign(role_at(signer->entry.user, size()), body.kind)) return fail(Errc::not_permitted, "only an admin");
      return signed_by(entry, signer->entry.sign_public) ? Result<void>{} : fail(Errc::bad_signature, "device");
    }
    case SignerKind::ticket:
    case SignerKind::unknown:
      break;
  }
  return fail(Errc::not_permitted, "signer");
}

Result<void> Log::check_device(const SignedEntry& entry, const DeviceEntry& device) const {
  if (devices_.contains(device.device)) return fail(Errc::already_exists, "device");
  if (!crypto::verify(device.sign_public, device_proof_message(entry.entry.organisation, device), device.proof)) {
    return fail(Errc::bad_signature, "device proof");
  }
  if (!device.ticket) {
    if (entry.entry.signer_kind != SignerKind::root) return fail(Errc::not_permitted, "a device without a ticket");
    return signed_by(entry, found_->root_public) ? Result<void>{} : fail(Errc::bad_signature, "root");
  }
  const TicketInfo* ticket = look_up(tickets_, *device.ticket);
  if (ticket == nullptr || entry.entry.signer != device.ticket->view()) return fail(Errc::ticket_unknown, "ticket");
  if (entry.entry.signer_kind != SignerKind::ticket) return fail(Errc::not_permitted, "signer");
  if (ticket->used) return fail(Errc::ticket_used, "ticket");
  if (ticket->entry.user != device.user) return fail(Errc::not_permitted, "the ticket is for another user");
  return signed_by(entry, ticket->entry.public_key) ? Result<void>{} : fail(Errc::bad_signature, "ticket");
}

/// Two administrators of one organisation may each believe to be the right one: only the root decides between them.
Result<void> Log::check_branch(const SignedEntry& entry, const Branch& branch) const {
  if (entry.entry.signer_kind != SignerKind::root) return fail(Errc::not_permitted, "only the root keeps a branch");
  const std::uint64_t* kept = look_up(numbers_, branch.kept);
  if (kept == nullptr || *kept == 0) return fail(Errc::bad_input, "the branch that is kept is not this log's");
  return numbers_.contains(branch.refused) ? Result<void>(fail(Errc::bad_input, "the branch that is refused is this log's")) : Result<void>{};
}

void Log::fold(const SignedEntry& entry) {
  const std::uint64_t number = size();
  struct Folder {
    Log& log;
    std::uint64_t number;
    std::int64_t time_ms;
    std::optional<DeviceId> signer;
    void operator()(const UnknownKind&) { log.unknown_kind_ = true; }
    void operator()(const Found& found) { log.found_ = found; }
    void operator()(const Team& team) { log.teams_[team.team].entry = team; }
    void operator()(const Epoch& epoch) {
      TeamInfo& team = log.teams_[epoch.team];
      team.epochs.push_back(epoch);
      team.epoch_entries.push_back(number);
      // The first one replaces none: what is written before it is written under no team's epoch.
      if (epoch.number > 1) team.keys_since = number;
      if (epoch.number > 1 && epoch.previous_secret.empty()) {
        team.leads_back_to = epoch.number;
        team.broken_at = number;
      }
    }
    void operator()(const TicketEntry& ticket) { log.tickets_[ticket.ticket] = {ticket, number, std::nullopt, !signer}; }
    void operator()(const DeviceEntry& device) {
      log.devices_[device.device] = {device, number, std::nullopt, {}, time_ms, 0};
      UserInfo& user = log.users_[device.user];
      Role role = device.role;
      std::vector<TeamId> teams = device.teams;
      if (device.ticket) {
        TicketInfo& ticket = log.tickets_[*device.ticket];
        ticket.used = number;
        user.sealed_name = ticket.entry.sealed_name;
        // A ticket from before somebody's rights were changed gives none of them back.
        if (user.changed > ticket.issued) return;
        role = ticket.entry.role;
        teams = ticket.entry.teams;
      } else {
        user.sealed_name = device.sealed_name;
      }
      user.roles.push_back({number, role});
      for (const TeamId& team : teams) move(user, team, false);
    }
    void operator()(const RoleEntry& change) {
      UserInfo& user = log.users_[change.user];
      user.changed = number;
      const Role before = user.roles.empty() ? Role::none : user.roles.back().role;
      bool changes = false;
      if (change.leaves && change.team) {
        changes = std::ranges::find(user.teams, *change.team) != user.teams.end();
        move(user, *change.team, true);
        if (changes) log.teams_[*change.team].keys_since = number;
      } else {
        if (change.team) move(user, *change.team, false);
        user.roles.push_back({number, change.role});
        changes = change.role != before;
        if (changes && change.role == Role::none) {
          for (const TeamId& team : user.teams) log.teams_[team].keys_since = number;
        }
      }
      for (const auto& [id, device] : log.devices_) {
        if (device.entry.user == change.user) log.cut(id, change.pin, number, !changes);
      }
    }
    void operator()(const Removal& removal) {
      for (auto& [id, device] : log.devices_) {
        if (id != removal.device && device.entry.user != removal.user) continue;
        const bool again = device.removed.has_value();
        device.removed = device.removed.value_or(number);
        if (!again) device.removed_ms = time_ms;
        log.cut(id, removal.pin, number, again);
        if (again) continue;
        for (const TeamId& team : log.users_[device.entry.user].teams) log.teams_[team].keys_since = number;
      }
      // A ticket that still lies in a drawer brings nobody back.
      for (auto& [id, ticket] : log.tickets_) {
        if (ticket.entry.user == removal.user) ticket.used = ticket.used.value_or(number);
      }
    }
    void operator()(const Countersign& sign) {
      for (const EnvelopeId& id : sign.envelopes) log.decisions_[id] = {number, sign.accept, signer, sign.sealed_reason};
    }
    void operator()(const Branch& branch) { log.refused_.try_emplace(branch.refused, log.numbers_.at(branch.kept) - 1); }
    // Signed twice, the first certificate stands.
    void operator()(const Erase& erase) { log.erasures_.try_emplace(erase.ledger, ErasureInfo{number, time_ms, signer, erase.sealed_reason}); }
    void operator()(const OfficeKey& office) { log.office_ = office; }
    void operator()(const Pack& pack) { log.packs_.push_back({pack, number, signer}); }
    void operator()(const Withdraw& withdraw) {
      WithdrawalInfo& info = log.withdrawals_[{withdraw.ledger, withdraw.team}];
      std::vector<std::uint64_t> numbers = std::move(info.numbers);
      numbers.push_back(number);
      info = {number, time_ms, signer, withdraw.sealed_reason, withdraw.readers, std::move(numbers)};
      const auto reads_on = [&](const TeamId& team) { return std::ranges::find(withdraw.readers, team) != withdraw.readers.end(); };
      for (const auto& [id, device] : log.devices_) {
        const std::vector<TeamId>& teams = log.users_[device.entry.user].teams;
        if (std::ranges::find(teams, withdraw.team) == teams.end() || std::ranges::any_of(teams, reads_on)) continue;
        log.cut(id, withdraw.pin, number, false, withdraw.ledger);
      }
    }
    void operator()(const Restrict& restrict) { log.restrict_to(restrict, {number, time_ms, signer, restrict.sealed_reason, restrict.users}); }
    void move(UserInfo& user, const TeamId& team, bool leaves) const {
      user.moves.push_back({number, team, leaves});
      const bool in = std::find(user.teams.begin(), user.teams.end(), team) != user.teams.end();
      if (leaves) std::erase(user.teams, team);
      else if (!in) user.teams.push_back(team);
    }
  };
  if (number == 0) organisation_ = entry.entry.organisation;
  heads_.push_back(entry.hash);
  numbers_[entry.hash] = number;
  std::optional<DeviceId> signer;
  if (entry.entry.signer_kind == SignerKind::device) signer = DeviceId::from(entry.entry.signer);
  std::visit(Folder{*this, number, entry.entry.time_ms, signer}, entry.entry.kind);
}

/// An entry that takes the same right once more has what its pin could not hold the first time.
void Log::cut(const DeviceId& device, BytesView pin, std::uint64_t number, bool goes_on, std::optional<LedgerId> ledger) {
  const auto pinned = pin.empty() ? Result<Pin>(Pin{}) : decode_pin(pin);
  if (pin.empty() || !pinned) return;
  std::vector<Cut>& cuts = devices_[device].cuts;
  // What goes on after another kind of cut begins one of its own.
  if (!goes_on || cuts.empty() || cuts.back().ledger != ledger) cuts.push_back({number, {}, ledger});
  for (const auto& [author, places] : *pinned) {
    if (author.first != device) continue;
    for (const auto& [ledger, place] : places) cuts.back().pin[author][ledger] = place;
  }
}

std::optional<EntryHash> Log::head() const {
  if (heads_.empty()) return std::nullopt;
  return heads_.back();
}

std::optional<std::uint64_t> Log::number_of(const EntryHash& head) const {
  const std::uint64_t* number = look_up(numbers_, head);
  if (number == nullptr) number = look_up(refused_, head);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

bool Log::admitted_by_recovery(const DeviceInfo& device) const {
  const TicketInfo* ticket = device.entry.ticket ? look_up(tickets_, *device.entry.ticket) : nullptr;
  if (ticket == nullptr || !ticket->by_root) return false;
  return std::ranges::any_of(ticket->entry.teams, [&](const TeamId& team) {
    const TeamInfo* info = look_up(teams_, team);
    return info != nullptr && info->broken_at > 0 && info->broken_at < ticket->issued;
  });
}

const DeviceInfo* Log::device(const DeviceId& id) const { return look_up(devices_, id); }

const DeviceInfo* Log::device_by_courier(const PublicKey& courier) const {
  for (const auto& [id, device] : devices_) {
    if (device.entry.courier_public == courier) return &device;
  }
  return nullptr;
}

const TicketInfo* Log::ticket_by_key(const PublicKey& key) const {
  for (const auto& [id, ticket] : tickets_) {
    if (ticket.entry.public_key == key) return &ticket;
  }
  return nullptr;
}

Role Log::role_at(const UserId& user, std::uint64_t number) const {
  const UserInfo* info = look_up(users_, user);
  Role role = Role::none;
  if (info == nullptr) return role;
  for (const UserInfo::Change& change : info->roles) {
    if (change.number <= number) role = change.role;
  }
  return role;
}

bool Log::member_at(const DeviceId& id, std::uint64_t number) const {
  const DeviceInfo* info = device(id);
  return info != nullptr && info->admitted <= number && (!info->removed || *info->removed > number);
}

std::vector<TeamId> Log::teams_of(const UserId& user) const {
  const UserInfo* info = look_up(users_, user);
  return info == nullptr ? std::vector<TeamId>{} : info->teams;
}

std::vector<TeamId> Log::teams_at(const UserId& user, std::uint64_t number) const {
  std::vector<TeamId> out;
  const UserInfo* info = look_up(users_, user);
  if (info == nullptr) return out;
  for (const UserInfo::Move& each : info->moves) {
    if (each.number > number) break;
    std::erase(out, each.team);
    if (!each.leaves) out.push_back(each.team);
  }
  return out;
}

bool Log::holds_newest_epoch(const DeviceId& id, const TeamId& team) const {
  const Epoch* epoch = newest_epoch(team);
  const DeviceInfo* info = device(id);
  if (epoch == nullptr || info == nullptr) return false;
  for (const DeviceWrap& wrap : epoch->wraps) {
    if (wrap.device == id) return true;
  }
  const TicketInfo* ticket = info->entry.ticket ? look_up(tickets_, *info->entry.ticket) : nullptr;
  if (ticket == nullptr || std::ranges::find(ticket->entry.teams, team) == ticket->entry.teams.end()) return false;
  const TeamInfo& of = teams_.at(team);
  return ticket->issued > of.epoch_entries[static_cast<std::size_t>(epoch - of.epochs.data())];
}

bool Log::epoch_is_clean(const TeamId& team) const {
  return std::ranges::none_of(devices_, [&](const auto& each) {
    const UserId& user = each.second.entry.user;
    const std::vector<TeamId> teams = teams_of(user);
    const bool reads = !each.second.removed && role_at(user, size()) != Role::none && std::ranges::find(teams, team) != teams.end();
    return !reads && holds_newest_epoch(each.first, team);
  });
}

std::optional<Errc> Log::objection(const EnvelopePlace& place, std::uint64_t head) const {
  if (!member_at(place.device, head)) return Errc::not_a_member;
  const auto fits = [&place](const Cut& cut) {
    const auto* places = look_up(cut.pin, PinAuthor(place.device, place.incarnation));
    const PinnedPlace* pinned = places == nullptr ? nullptr : look_up(*places, place.ledger);
    return pinned != nullptr && (place.seq < pinned->seq || (place.seq == pinned->seq && place.id == pinned->id));
  };
  // What an earlier cut had pinned in a ledger stays so, whatever the next administrator can see of that ledger.
  bool pinned = false;
  bool late = false;
  for (const Cut& cut : device(place.device)->cuts) {
    if (cut.ledger && *cut.ledger != place.ledger) continue;
    pinned = pinned || fits(cut);
    late = late || (head < cut.number && !pinned);
  }
  if (!late) return std::nullopt;
  const Decision* decided = decision(place.id);
  return decided != nullptr && decided->accept ? std::nullopt : std::optional(Errc::removed);
}

std::uint64_t Log::withdrawn_at(const LedgerId& ledger) const {
  std::uint64_t out = 0;
  for (auto each = withdrawals_.lower_bound({ledger, TeamId{}}); each != withdrawals_.end() && each->first.first == ledger; ++each) {
    out = std::max(out, each->second.number);
  }
  return out;
}

bool Log::counts(const Grant& grant, std::uint64_t head) const {
  const DeviceInfo* reader = nullptr;
  if (const auto id = DeviceId::from(grant.reader); id && grant.reader_kind == ReaderKind::device) reader = device(*id);
  for (auto each = withdrawals_.lower_bound({grant.ledger, TeamId{}}); each != withdrawals_.end() && each->first.first == grant.ledger; ++each) {
    const TeamId& team = each->first.second;
    if (each->second.number <= head) continue;
    if (grant.reader_kind == ReaderKind::team_epoch && grant.reader == team.view()) return false;
    if (reader == nullptr) continue;
    const auto teams = teams_at(reader->entry.user, each->second.number);
    const auto& on = each->second.readers;
    const bool reads_on = std::ranges::any_of(teams, [&on](const TeamId& mine) { return std::ranges::find(on, mine) != on.end(); });
    if (!reads_on && std::ranges::find(teams, team) != teams.end()) return false;
  }
  return true;
}

const Decision* Log::decision(const EnvelopeId& envelope) const { return look_up(decisions_, envelope); }

const Epoch* Log::newest_epoch(const TeamId& team) const {
  const TeamInfo* info = look_up(teams_, team);
  if (info == nullptr || info->epochs.empty()) return nullptr;
  return &*std::max_element(info->epochs.begin(), info->epochs.end(),
                            [](const Epoch& a, const Epoch& b) { return a.number < b.number; });
}

}  // namespace wayside::membership
