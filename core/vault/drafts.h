#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/ledger/dot.h"
#include "core/vault/vault.h"

namespace wayside::vault {

/// What somebody typed and has not saved. Kept as text, as typed: it need not be valid yet.
struct Draft {
  Id<struct FormTag, 16> form;                 ///< one opening of one form
  RecordId record;                             ///< also of a record that does not exist yet
  std::optional<RecordId> case_id;
  std::string type;                            ///< record type by name
  bool is_new = false;
  std::int64_t time_ms = 0;
  struct Field {
    std::uint32_t field = 0;
    std::vector<std::string> items;            ///< one, or one per item of a union
  };
  std::vector<Field> fields;                   ///< those that differ from what the form opened with
  struct Shown { std::uint32_t field = 0; std::vector<ledger::Dot> dots; };
  std::vector<Shown> shown;                    ///< what the form opened with; reopening never refreshes it
};
using FormId = decltype(Draft::form);

/// Drafts in HOME/drafts: appended entries, each sealed to the vault's draft key, so that keeping one needs no secret
/// and works while the vault is being locked. Durable when `keep` returns.
class Drafts {
 public:
  /// Reads and compacts. Entries that do not open are left out and counted; the file as it was is then kept beside, as
  /// drafts.unreadable-1, -2 …: a newer version, or a person with tools, may still open it.
  static Result<Drafts> open(Vault& vault);
  /// Replaces an earlier one of the same form. Errc::too_large over 2 MiB; on any error the earlier one stays.
  Result<void> keep(const Draft& draft);
  Result<void> discard(const FormId& form);
  /// Takes away every draft of these records, or in a case among them, and rewrites the file: of an erased case.
  Result<void> forget(const std::set<RecordId>& records);
  [[nodiscard]] const std::vector<Draft>& all() const { return drafts_; }
  [[nodiscard]] const Draft* of_record(const RecordId& record) const;
  [[nodiscard]] const Draft* find(const FormId& form) const;
  [[nodiscard]] std::size_t unreadable() const { return unreadable_; }

 private:
  Drafts(platform::Env& env, platform::Path file, PublicKey seal_to);
  Result<void> append(const Draft& draft, bool discarded);
  Result<void> compact();
  Result<void> put_aside(BytesView bytes);
  Result<void> compact_if_grown();

  platform::Env env_;
  platform::Path file_;
  PublicKey seal_to_;
  std::unique_ptr<platform::File> out_;
  std::uint64_t end_ = 0;          ///< of the last whole entry: what lies behind it is overwritten
  std::uint64_t compacted_ = 0;    ///< size after the last compaction
  std::vector<Draft> drafts_;
  std::size_t unreadable_ = 0;
};

}  // namespace wayside::vault
