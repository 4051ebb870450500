#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace wayside {

/// Every way in which an operation of Wayside can fail.
/// The sentence a person reads is made at the edge (ui/app/sentences.h), from the code and the place it names.
enum class Errc {
  // The machine
  io = 1,             ///< a read or write failed for a reason that has no code of its own
  not_found,          ///< the named file, record, field, ledger … does not exist
  already_exists,     ///< creating would overwrite something
  disk_full,          ///< ENOSPC or EDQUOT; what was there before is still there
  read_only,          ///< EROFS or EACCES on a write
  busy,               ///< another process holds the vault, or another courier the spool
  out_of_memory,      ///< locked memory for a secret could not be had
  // The vault
  wrong_passphrase,   ///< may be retried
  no_device_secret,   ///< the passphrase cannot be tried: the key store or its file is missing
  not_a_vault,        ///< the header or the store is missing, truncated or not ours
  newer_format,       ///< written by a newer Wayside; an upgrade opens it
  corrupt,            ///< a checksum, a tag or a chain does not fit
  weak_parameters,    ///< key derivation below the floor or above the ceiling
  no_cipher,          ///< the SQLite in this process has no codec: never go on
  locked,             ///< an operation that needs keys was asked of a locked vault
  // Input
  bad_input,          ///< a value, a line, a message that is not what it should be
  unknown_type,       ///< no record type of that name
  unknown_field,      ///< no field of that name in the record type
  unknown_code,       ///< the code list has no such code
  too_large,          ///< over the limit that `detail` names
  differs,            ///< an id that exists already, with other content
  usage,              ///< the command was called wrongly
  // Trust
  bad_signature,      ///< not signed by whom it names
  not_a_member,       ///< the signer is not in the membership at the head it names
  not_permitted,      ///< the signer's role may not do this
  no_key,             ///< this device holds no grant that opens it
  stale_head,         ///< an append against a head that is no longer the newest
  fork,               ///< two different items claim one place in a sequence
  ticket_used,        ///< a one-time ticket that somebody has redeemed
  ticket_expired,     ///< a ticket older than its seven days
  ticket_unknown,     ///< a ticket that the organisation never issued, or for another office
  // The office
  unreachable,        ///< no connection, or it ended early; work is kept
  wrong_office,       ///< the pinned public key does not match
  refused,            ///< the office does not admit this device
  later,              ///< the office asks to come back; `detail` is the time in ms since 1970
  // Appended later: numbers are kept in stores
  erased,             ///< of a case that was lawfully erased: kept apart without its content
  removed,            ///< signed before a right was taken away, and not among what was accepted by then
  office_restored,    ///< the office began a new generation from a backup; `detail` says what it was given back
  office_waits,       ///< it takes no change of members before that is done by all administrators' devices
  not_carried,        ///< a case that this device has put down, or is still fetching
  withdrawn,          ///< a case that another team shared, and shares no more
  not_recorded,       ///< what was asked for is shown only once the log of reads says so durably, and that failed: `detail` is why
  lease_spent,        ///< this device has not reconciled for so long that cases stay closed until it has
  restricted,         ///< a case that is left to named workers, of whom this one is none
  stick,              ///< a folder that carries letters cannot be read or written: the detail says what and where
};

/// What failed. `detail` is for logs and for the place in a sentence (a path, a line, a field, a limit).
/// It never holds case data or a secret.
struct Error {
  Errc code;
  std::string detail;
};

template <class T>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(Errc code, std::string detail = {}) {
  return std::unexpected(Error{code, std::move(detail)});
}

/// Short stable name of a code ("wrong_passphrase"), for logs and for tests.
std::string_view name_of(Errc code);

}  // namespace wayside

// Propagation. GCC 12 has std::expected without its monadic members.
#define WAYSIDE_CONCAT_INNER(a, b) a##b
#define WAYSIDE_CONCAT(a, b) WAYSIDE_CONCAT_INNER(a, b)

/// WAYSIDE_TRY(const auto bytes, files.read(path)): declares `bytes`, or returns the error.
#define WAYSIDE_TRY_NAMED(result, declaration, ...)                           \
  auto result = (__VA_ARGS__);                                                \
  if (!result) return std::unexpected(std::move(result).error());             \
  declaration = *std::move(result)
#define WAYSIDE_TRY(declaration, ...) \
  WAYSIDE_TRY_NAMED(WAYSIDE_CONCAT(wayside_result_, __LINE__), declaration, __VA_ARGS__)

/// WAYSIDE_OK(expression of Result<…>): returns the error, or goes on and forgets the value.
#define WAYSIDE_OK(...)                                                                       \
  do {                                                                                        \
    if (auto wayside_result = (__VA_ARGS__); !wayside_result)                                 \
      return std::unexpected(std::move(wayside_result).error());                              \
  } while (false)
