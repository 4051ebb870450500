#include "sync/office/admission.h"

#include <algorithm>
#include <array>

namespace wayside::office {
namespace {

bool claims_known_key(const membership::Log& log, const membership::DeviceEntry& claim) {
  const std::array wanted{claim.sign_public, claim.box_public, claim.courier_public};
  const auto is_wanted = [&wanted](const PublicKey& key) {
    return std::find(wanted.begin(), wanted.end(), key) != wanted.end();
  };
  const bool held_by_device = std::any_of(log.devices().begin(), log.devices().end(), [&](const auto& known) {
    const membership::DeviceEntry& entry = known.second.entry;
    return is_wanted(entry.sign_public) || is_wanted(entry.box_public) || is_wanted(entry.courier_public);
  });
  return held_by_device || log.ticket_by_key(claim.courier_public) != nullptr;
}

/// What holds whoever brings it and whenever.
Result<void> check_entry(const membership::Log& log, const membership::SignedEntry& entry) {
  if (log.has_unknown_kind() || std::holds_alternative<membership::UnknownKind>(entry.entry.kind)) {
    return fail(Errc::newer_format, "membership log");
  }
  const auto* device = std::get_if<membership::DeviceEntry>(&entry.entry.kind);
  if (device != nullptr && claims_known_key(log, *device)) return fail(Errc::already_exists, "a key of another device");
  return {};
}

/// The ticket with which the entry admits a device.
const membership::TicketInfo* ticket_of(const membership::Log& log, const membership::SignedEntry& entry) {
  const auto* device = std::get_if<membership::DeviceEntry>(&entry.entry.kind);
  if (device == nullptr || !device->ticket) return nullptr;
  const auto found = log.tickets().find(*device->ticket);
  return found == log.tickets().end() ? nullptr : &found->second;
}

}  // namespace

Caller admit(const membership::Log& log, const PublicKey& tls_key, std::int64_t now_ms) {
  Caller caller;
  if (const membership::DeviceInfo* device = log.device_by_courier(tls_key)) {
    caller.standing = device->removed ? Standing::removed_device : Standing::device;
    caller.device = device->entry.device;
  } else if (const membership::TicketInfo* ticket = log.ticket_by_key(tls_key)) {
    if (ticket->used) {
      caller.refusal = Errc::ticket_used;
    } else if (now_ms > ticket->entry.expires_ms) {
      caller.refusal = Errc::ticket_expired;
    } else {
      caller.standing = Standing::ticket;
      caller.ticket = ticket->entry.ticket;
    }
  }
  return caller;
}

Result<void> may_append(const membership::Log& log, const Caller& caller, const membership::SignedEntry& entry,
                        std::int64_t now_ms) {
  const auto* device = std::get_if<membership::DeviceEntry>(&entry.entry.kind);
  if (caller.standing == Standing::ticket && (device == nullptr || device->ticket != caller.ticket)) {
    return fail(Errc::not_permitted, "a ticket admits one device and nothing else");
  }
  WAYSIDE_OK(check_entry(log, entry));
  const auto* ticket = ticket_of(log, entry);
  if (ticket != nullptr && now_ms > ticket->entry.expires_ms) return fail(Errc::ticket_expired, "ticket");
  return {};
}

Result<void> may_give_back(const membership::Log& log, const membership::SignedEntry& entry, std::int64_t backup_ms) {
  WAYSIDE_OK(check_entry(log, entry));
  const auto* ticket = ticket_of(log, entry);
  if (ticket != nullptr && std::max(backup_ms, entry.entry.time_ms) > ticket->entry.expires_ms) {
    return fail(Errc::ticket_expired, "ticket");
  }
  return {};
}

bool speaks_of_the_entry(Errc code) {
  switch (code) {
    case Errc::stale_head:
    case Errc::bad_signature:
    case Errc::not_a_member:
    case Errc::not_permitted:
    case Errc::ticket_used:
    case Errc::ticket_expired:
    case Errc::ticket_unknown:
    case Errc::bad_input:
    case Errc::already_exists:
    case Errc::newer_format:
    case Errc::office_waits: return true;
    default: return false;
  }
}

std::vector<TeamId> reading_teams(const membership::Log& log, const UserId& user) {
  if (log.role_at(user, log.size()) == membership::Role::none) return {};
  return log.teams_of(user);
}

}  // namespace wayside::office
