#include "ui/cli/export_recipient.h"

#include <algorithm>

#include "core/casework/recipient_of_case.h"
#include "ui/cli/words.h"

namespace wayside::cli {
namespace {

using casework::CaseFacts;
using casework::Fact;
using casework::ShownRecord;

constexpr std::string_view kLandlord = "landlord";
constexpr std::string_view kOrganisation = "organisation";

/// Its facts point into the record, which stays where it is.
struct Recipient {
  ShownRecord record;
  [[nodiscard]] Fact fact() const { return {record.row.id, {}, casework::rules::RecordFields(record), &record}; }
};

class Check {
 public:
  Check(vault::Vault& vault, const std::string& recipient) : vault_(vault), word_(recipient), on_(casework::today(vault)) {}

  Result<std::vector<Obstacle>> run(const std::vector<RecordId>& cases) {
    if (word_ != kLandlord) WAYSIDE_OK(organisation(word_));   // a wrong word is told whatever the cases
    for (const RecordId& id : cases) {
      WAYSIDE_TRY(const CaseFacts facts, CaseFacts::read(vault_, id));
      WAYSIDE_OK(word_ == kLandlord ? check_landlords(facts) : check(facts, word_, {}));
    }
    return std::move(out_);
  }

 private:
  Result<const Recipient*> organisation(const std::string& id) {
    for (const auto& each : known_) {
      if (each->record.row.id == id_from_text<RecordId>(id)) return each.get();
    }
    WAYSIDE_TRY(ShownRecord record, shown_record(vault_, id));
    if (record.type == nullptr || record.type->name != kOrganisation) {
      return fail(Errc::usage, "A recipient is an organisation: its id, as `list organisation` shows it, or the word landlord");
    }
    known_.push_back(std::make_unique<Recipient>(Recipient{std::move(record)}));
    return known_.back().get();
  }

  Result<void> check_landlords(const CaseFacts& facts) {
    const auto landlords = casework::landlords_of(facts);
    if (landlords.empty()) {
      add(facts, "its landlord", "Nobody has named the landlord, so nobody can say whether the person who causes harm is linked "
                                 "to it. Name it in the household's field landlord_organisation.");
    }
    for (const RecordId& id : landlords) WAYSIDE_OK(check(facts, to_text(id), kLandlord));
    return {};
  }

  Result<void> check(const CaseFacts& facts, const std::string& id, std::string_view also_called) {
    WAYSIDE_TRY(const Recipient* to, organisation(id));
    for (const auto& reason : casework::against_sharing(facts, to->fact(), also_called, on_)) {
      add(facts, to->record.text("name"), reason.sentence);
    }
    return {};
  }

  void add(const CaseFacts& facts, const std::string& to, const std::string& why) {
    const std::string reference = facts.own().text("reference");
    out_.push_back({facts.id(), "Case " + (reference.empty() ? "" : reference + " ") + "(" + to_text(facts.id()) + "), to " + to + ": " + why});
  }

  vault::Vault& vault_;
  const std::string& word_;
  casework::rules::Day on_;
  std::vector<std::unique_ptr<Recipient>> known_;
  std::vector<Obstacle> out_;
};

}  // namespace

Result<std::vector<Obstacle>> obstacles(vault::Vault& vault, const std::string& recipient, const std::vector<RecordId>& cases) {
  return Check(vault, recipient).run(cases);
}

}  // namespace wayside::cli
