#pragma once

#include <functional>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/casework/casebook.h"
#include "ui/app/messages.pb.h"

namespace wayside::app {

/// What a row of the caseload and the heading of a case need, of one case.
struct CaseSummary {
  RecordId id;
  std::int64_t ledger = 0;  ///< row
  Bytes heads;              ///< of its ledger: differ when anything was added
  std::string name;         ///< empty: nobody has given one
  std::string town, reference, status;
  bool closed = false;            ///< or put away
  bool two_values = false;        ///< some value waits for a person
  pb::Risk risk = pb::risk_none;  ///< the highest there is
  std::string plan_review;        ///< ISO day of the earliest open plan; may be empty
  std::int64_t last_note_ms = 0;  ///< 0: none

  /// "Priya Shah", or "No name yet, C-0012".
  [[nodiscard]] std::string shown_name() const;
  ~CaseSummary();  ///< wipes its texts
  CaseSummary() = default;
  CaseSummary(CaseSummary&&) = default;
  CaseSummary& operator=(CaseSummary&&) = default;
};

/// Every case that this device carries, in short, kept in memory while the vault is open: drawing the list and typing
/// a search read no records. Whoever changes a case says so by `refresh`.
class CaseList {
 public:
  /// Reads all cases. `go_on` is asked between them; false ends it early with Errc::locked.
  Result<void> load(vault::Vault& vault, const std::function<bool()>& go_on);
  /// Reads one case again, or for the first time. A case that is not there is forgotten.
  Result<void> refresh(vault::Vault& vault, const RecordId& case_id);
  /// Reads again the cases whose ledgers have grown, and new ones: after a reconcile.
  Result<void> refresh_changed(vault::Vault& vault, const std::function<bool()>& go_on);

  [[nodiscard]] std::size_t size() const { return cases_.size(); }
  [[nodiscard]] const CaseSummary* find(const RecordId& case_id) const;
  /// The case that a record stands in, with its type; nothing for records outside of cases.
  struct Place {
    const CaseSummary* in = nullptr;
    schema::TypeId type = 0;
  };
  [[nodiscard]] Place place_of(const RecordId& record) const;
  /// "C-0001": a reference that no case here has.
  [[nodiscard]] std::string free_reference() const;

  struct Asked {
    std::string_view filter;  ///< "", "high", "two_values", "closed"
    /// Cases to choose from, in order; nothing: all, in the order of urgency.
    const std::vector<RecordId>* among = nullptr;
    const std::unordered_set<RecordId>* drafts = nullptr;  ///< cases with an unsaved draft
    std::int64_t now_ms = 0;
  };
  /// Rows and counts. Order: overdue reviews, high risk, then by the plan's review and by name; closed ones last.
  [[nodiscard]] pb::Caseload rows(const Asked& asked) const;

 private:
  Result<CaseSummary> read(vault::Vault& vault, const RecordId& case_id, std::int64_t ledger, Bytes heads);

  std::vector<CaseSummary> cases_;
  std::unordered_map<RecordId, std::uint32_t> by_id_;
  struct Spot {
    std::uint32_t at = 0;
    schema::TypeId type = 0;
  };
  std::unordered_map<RecordId, Spot> records_;
};

}  // namespace wayside::app
