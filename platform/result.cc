#include "platform/result.h"

namespace wayside {

std::string_view name_of(Errc code) {
  switch (code) {
    case Errc::io: return "io";
    case Errc::not_found: return "not_found";
    case Errc::already_exists: return "already_exists";
    case Errc::disk_full: return "disk_full";
    case Errc::read_only: return "read_only";
    case Errc::busy: return "busy";
    case Errc::out_of_memory: return "out_of_memory";
    case Errc::wrong_passphrase: return "wrong_passphrase";
    case Errc::no_device_secret: return "no_device_secret";
    case Errc::not_a_vault: return "not_a_vault";
    case Errc::newer_format: return "newer_format";
    case Errc::corrupt: return "corrupt";
    case Errc::weak_parameters: return "weak_parameters";
    case Errc::no_cipher: return "no_cipher";
    case Errc::locked: return "locked";
    case Errc::bad_input: return "bad_input";
    case Errc::unknown_type: return "unknown_type";
    case Errc::unknown_field: return "unknown_field";
    case Errc::unknown_code: return "unknown_code";
    case Errc::too_large: return "too_large";
    case Errc::differs: return "differs";
    case Errc::usage: return "usage";
    case Errc::bad_signature: return "bad_signature";
    case Errc::not_a_member: return "not_a_member";
    case Errc::not_permitted: return "not_permitted";
    case Errc::no_key: return "no_key";
    case Errc::stale_head: return "stale_head";
    case Errc::fork: return "fork";
    case Errc::ticket_used: return "ticket_used";
    case Errc::ticket_expired: return "ticket_expired";
    case Errc::ticket_unknown: return "ticket_unknown";
    case Errc::unreachable: return "unreachable";
    case Errc::wrong_office: return "wrong_office";
    case Errc::refused: return "refused";
    case Errc::later: return "later";
    case Errc::erased: return "erased";
    case Errc::removed: return "removed";
    case Errc::office_restored: return "office_restored";
    case Errc::office_waits: return "office_waits";
    case Errc::not_carried: return "not_carried";
    case Errc::withdrawn: return "withdrawn";
    case Errc::not_recorded: return "not_recorded";
    case Errc::lease_spent: return "lease_spent";
    case Errc::restricted: return "restricted";
    case Errc::stick: return "stick";
  }
  return "unknown";
}

}  // namespace wayside
