#pragma once

#include <map>
#include <optional>

#include "core/vault/vault.h"

/// One vault that lives twice: its folder was copied to a second machine, or put back from a backup. Both write under one
/// device's name, and one place in its sequences is taken twice. Whoever notices goes on as a new incarnation: with
/// sequences of its own, in which everything that the office is not known to hold is written anew, with the dots it had. So
/// nothing that anybody was shown or superseded changes, and work of which the office turns out to hold the first writing
/// after all is there once. No order of arrival loses anything, so it does not matter which of the two notices first.
namespace wayside::vault {

/// How it was noticed.
enum class Copy : std::int64_t {
  none = 0,
  put_back = 1,     ///< the store is older than its header
  twin = 2,         ///< something else wrote in this incarnation's sequences
  elsewhere = 3,    ///< something else writes for this device in an incarnation of its own: it has noticed already
};

/// An envelope with a good signature of this device's key has arrived that was not written here: noted, for
/// `twin_noted`, when it stands in the present incarnation. Nothing for envelopes of other devices. This is the only proof:
/// an office that says "fork" may lie, and an honest one that says so sends the envelope which holds the place.
Result<void> heed_own_key(Vault& vault, Vault::Writing& writing, const ledger::Header& header);
Result<bool> twin_noted(Vault& vault);

/// Begins a new incarnation, in a transaction of its own. Safe in an open vault: forms and drafts name dots, and those stay.
/// Errors: those of the store; then nothing has changed.
Result<void> begin_incarnation(Vault& vault, Copy how);

struct Copied { Copy how = Copy::none; std::int64_t noticed_ms = 0; std::uint64_t written_anew = 0; };
/// The last time that it was noticed; `Copy::none`: never.
Result<Copied> last_copy(Vault& vault);
/// The same while its owner was not told, after a reconcile that went well.
Result<Copied> untold_copy(Vault& vault);
Result<void> note_told(Vault& vault, Vault::Writing& writing);

/// Meta number: 1 from when a store was put back until the office has been asked for everything.
inline constexpr std::string_view kStorePutBack = "store_put_back";

/// Devices of the organisation of which more than one copy has written, as far as is known here, with how many.
Result<std::map<DeviceId, std::uint64_t>> copies_by_device(Vault& vault);

/// Author of rows whose content was written anew: no device has this id.
inline const DeviceId kNobody{};
/// Author of rows whose content is at the office alone (core/vault/carrying.h): no device has this id either.
inline const DeviceId kElsewhere = *DeviceId::from(Bytes(DeviceId::size_bytes, '\xff'));

}  // namespace wayside::vault
