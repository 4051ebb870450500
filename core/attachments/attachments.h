#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/attachments/picture.h"
#include "core/casework/casebook.h"

/// Files kept with a case: sealed chunks beside the vault, and a record in the case that says what the file is and, in a
/// field that nobody sees, how it is opened. Nothing of a file is ever written in clear but by whoever calls `open`.
///
/// A file costs memory: itself once, and a second time where metadata is taken out of it.
namespace wayside::attachments {

using vault::Vault;

struct NewAttachment {
  RecordId case_id;
  std::string name;                        ///< for people
  std::string kind;                        ///< of the code list attachment_kind
  std::optional<RecordId> about;
  std::optional<std::int64_t> taken_at_ms;
  /// Kept as it is, byte for byte, and recorded as not stripped. For evidence that a court wants untouched, and for a
  /// damaged picture that would be lost otherwise: a person decides that, never the program.
  bool keep_metadata = false;
  std::string file_name;                   ///< as it was called; its ending is held against what it is. Empty: `name`
};

struct Attached {
  RecordId id;
  std::string name, kind, media_type, digest;
  std::uint64_t bytes = 0;
  bool stripped = false;                   ///< place and device were taken out
  bool archived = false;
  std::size_t parts = 0, parts_here = 0;   ///< sealed chunks, and how many of them are on this device
};

/// Takes metadata out, seals, writes the chunks durably, then saves the record: whoever sees the record has the file.
/// Errors: too_large (over 100 MB, or a picture of too many pixels), bad_input (a picture or PDF that cannot be read, or
/// whose metadata cannot be taken out, unless `keep_metadata`; what `put` refuses), unknown_code, not_found (the case),
/// disk_full. After an error there is no record; chunks that could not be removed are orphans, which `sweep` finds.
Result<Attached> add(Vault& vault, const NewAttachment& what, Bytes file);

/// Parts of it that are not on this device, in their order: a colleague's file comes when it is asked for.
/// Errc::not_found unless it is an attachment.
Result<std::vector<Digest>> missing_parts(Vault& vault, const RecordId& id);
/// The same of every attachment that this device holds the record of, put away ones too.
Result<std::vector<Digest>> all_missing_parts(Vault& vault);

/// In the order of the case's records.
Result<std::vector<Attached>> list(Vault& vault, const RecordId& case_id);
/// Errc::not_found unless it is an attachment.
Result<Attached> get(Vault& vault, const RecordId& id);

/// The file, all of it authentic and with the fingerprint that the record names. Errors: not_found (no such attachment,
/// or a part that is not on this device), corrupt (a part that was changed, or parts that do not make one file).
Result<Bytes> open(Vault& vault, const RecordId& id);

/// A small picture of it, made from the opened bytes in memory and kept nowhere.
Result<Picture> preview_of(Vault& vault, const RecordId& id, unsigned max_side = kPreviewSide);

struct Sweep {
  std::uint64_t attachments = 0, parts = 0;
  struct Fault { RecordId attachment; Digest part; };
  std::vector<Fault> missing, damaged;
  std::vector<RecordId> unreadable;        ///< attachments whose key and parts this version cannot read
  std::vector<platform::Path> orphans;     ///< files in HOME/blobs that no record names
  std::size_t removed = 0;
  bool kept = false;                       ///< `remove` was asked for, but something unread may name them
};

/// Compares HOME/blobs with all records, put away ones too. `remove`: removes the orphans.
Result<Sweep> sweep(Vault& vault, bool remove);

}  // namespace wayside::attachments
