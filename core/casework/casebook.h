#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/casework/imported.h"
#include "core/ledger/apply.h"
#include "core/ledger/view.h"
#include "core/vault/clock_check.h"
#include "core/vault/save.h"
#include "core/vault/vault.h"

/// What a person does with a casebook, whatever she does it through: the command line, the window, an import.
/// Every function works on one open vault, in its own transaction.
namespace wayside::casework {

using ledger::Dot;
using vault::Vault;

/// One value for one field, as it is to be written. Several for a `union` field, or a desk field of several values.
struct FieldChange {
  const schema::Field* field = nullptr;
  std::vector<Value> set;                      ///< what the field holds afterwards; empty clears it
  std::vector<Value> add;                      ///< union: items added, the others stay
  std::vector<Value> remove;                   ///< union: items taken away
  bool sets = false;                           ///< true: `set` counts, even when empty
  /// What was on the screen when the form opened. Nothing: what the vault shows now.
  std::optional<std::vector<Dot>> shown;
  /// append: the entry that this one corrects. Nothing: the newest shown, when there is one.
  std::optional<Dot> corrects;
};

struct NewRecordRequest {
  std::optional<RecordId> id;                  ///< nothing: made here
  const schema::RecordType* type = nullptr;
  std::vector<FieldChange> fields;
};

/// One field of one record, with everything a screen or a script needs to show it.
struct ShownField {
  const schema::Field* field = nullptr;        ///< nullptr: unknown to this version
  std::uint32_t id = 0;
  ledger::FieldView view;
};

/// Its views point into the values of `row`: it moves (map nodes and vectors keep their places) but is not copied.
struct ShownRecord {
  ShownRecord() = default;
  ShownRecord(ShownRecord&&) = default;
  ShownRecord& operator=(ShownRecord&&) = default;
  ShownRecord(const ShownRecord&) = delete;
  ShownRecord& operator=(const ShownRecord&) = delete;

  ledger::RecordRow row;
  const schema::RecordType* type = nullptr;    ///< nullptr: unknown to this version
  std::optional<RecordId> case_id;             ///< nothing: in the organisation's ledger
  std::vector<ShownField> fields;              ///< by the schema's order; fields that hold something
  ledger::ArchivedView archived;

  [[nodiscard]] const ShownField* find(std::string_view field_name) const;
  /// The first current value as a person reads it; empty when there is none.
  [[nodiscard]] std::string text(std::string_view field_name) const;
};

Result<ShownRecord> show(Vault& vault, ledger::RecordRow row);
Result<ShownRecord> get(Vault& vault, const RecordId& id);                 ///< Errc::not_found
Result<std::vector<ShownRecord>> records_of_case(Vault& vault, const RecordId& case_id);
Result<std::vector<ShownRecord>> list(Vault& vault, const schema::RecordType& type);
/// The case a record stands in (its own id for a case), if it stands in one.
Result<std::optional<RecordId>> case_of(Vault& vault, const ledger::RecordRow& row);

/// Saves new records of one case (or of the organisation) as one change-set. A record of type `case` makes the case: it
/// carries `case_id`, or its own id when that is nothing. `named`: who alone reads a new case, besides this worker (core/vault/restricting.h).
/// Errors: bad_input (a field that is needed is missing, a value that may not be saved, a record outside of where its
/// type belongs), not_found (no such case), already_exists, too_large …
Result<std::vector<RecordId>> put(Vault& vault, std::optional<RecordId> case_id, std::optional<TeamId> team,
                                  const std::vector<NewRecordRequest>& records, std::string form, std::vector<UserId> named = {});

/// Changes fields of one record as one change-set. Each write supersedes what `shown` names.
/// Errors: not_found, not_permitted (archived: bring it back first), bad_input (lowering protection without a reason) …
Result<void> edit(Vault& vault, const RecordId& id, const std::vector<FieldChange>& changes, std::string reason, std::string form);

/// Puts a record away, or brings it back. Needs a reason.
Result<void> archive(Vault& vault, const RecordId& id, bool undo, std::string reason);

// ---- Reviews ----

enum class ReviewKind { values, archived_edit, quarantined };
struct ReviewItem {
  Bytes id;                                    ///< 16 (values, archived) or 32 (quarantined)
  ReviewKind kind = ReviewKind::values;
  RecordId record;                             ///< not for quarantined
  std::uint32_t field = 0;
  std::int64_t since_ms = 0;
  Errc why{};                                  ///< quarantined: what did not fit
  std::optional<DeviceId> device;              ///< quarantined: whom it names as its author
};
Result<std::vector<ReviewItem>> reviews(Vault& vault);
Result<std::uint64_t> open_reviews(Vault& vault);
/// Supersedes every value on show by one: the value of `keep`, or `value`; of a list or of entries only those that do
/// not fit. Needs a reason. Errc::not_permitted where only a desk decides.
Result<void> resolve_keep(Vault& vault, BytesView review, const Dot& keep, std::string reason);
Result<void> resolve_set(Vault& vault, BytesView review, const Value& value, std::string reason);

// ---- History ----

struct HistoryEntry {
  ledger::Dot dot;
  const schema::Field* field = nullptr;
  std::uint32_t field_id = 0;
  std::optional<Value> value;                  ///< nothing: superseded without a new value
  std::vector<Dot> supersedes;
  ledger::Author author;
  std::string form, reason;
  vault::ClockQuality clock = vault::ClockQuality::unknown;   ///< how far its time can be believed
};
/// Every write of a record, oldest first, read from its ledger. `field` 0: of all fields.
Result<std::vector<HistoryEntry>> history(Vault& vault, const RecordId& id, std::uint32_t field);

// ---- Import ----

struct ImportOutcome {
  std::vector<RecordId> ids;                   ///< of the records written, in the order of the file
  std::size_t cases = 0, records = 0, skipped = 0;
  std::vector<ImportProblem> problems;         ///< not empty: nothing was imported
};
/// One transaction: all of it or nothing. An id that exists is skipped when equal, else it is a problem.
/// `progress` (done, total) may be empty.
Result<ImportOutcome> import_all(Vault& vault, const std::vector<NewCase>& cases, std::optional<TeamId> team,
                                 const std::function<void(std::size_t, std::size_t)>& progress);

// ---- Standing of the whole casebook ----

struct Standing { Digest digest; std::uint64_t ledgers = 0, records = 0, open_reviews = 0; };
/// Equal on devices that folded the same: records with dots and archived flags, in order of their ids.
Result<Standing> standing(Vault& vault);

}  // namespace wayside::casework
