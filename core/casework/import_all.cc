#include <algorithm>
#include <map>

#include "core/casework/casebook.h"
#include "core/casework/import_trial.h"
#include "core/casework/save_rules.h"
#include "core/casework/writing.h"

namespace wayside::casework {
namespace {

FieldChange change_of(const schema::Field& field, const std::vector<Value>& values) {
  FieldChange change;
  change.field = &field;
  change.set = values;
  change.sets = true;
  return change;
}

/// Nothing: a field or type that this version does not know.
std::optional<ledger::RecordWrites> writes_of(const NewRecord& record, Error& error) {
  const schema::RecordType* type = schema::current().type(record.type);
  if (type == nullptr) return error = {Errc::unknown_type, "record type"}, std::nullopt;
  ledger::RecordWrites out{record.id, record.type, {}};
  out.writes.reserve(record.fields.size());
  for (const NewField& each : record.fields) {
    const schema::Field* field = type->field(each.field);
    if (field == nullptr) return error = {Errc::unknown_field, "field"}, std::nullopt;
    auto writes = writes_for(change_of(*field, each.values), nullptr);
    if (!writes) return error = writes.error(), std::nullopt;
    std::move(writes->begin(), writes->end(), std::back_inserter(out.writes));
  }
  return out;
}

/// As saving them would leave them: empty text is no value, and equal values collapse, but for entries.
std::vector<Bytes> sorted_values(const schema::Field& field, const std::vector<Value>& values) {
  std::vector<Bytes> out;
  for (const Value& value : values) {
    if (value != Value(Text{})) out.push_back(encode(value));
  }
  std::sort(out.begin(), out.end());
  if (field.policy != schema::Policy::append) out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

/// Whether the vault shows exactly the values that the file brings, for every field that the file names.
bool shows_the_same(const ledger::RecordState& state, const NewRecord& record) {
  const schema::RecordType* type = schema::current().type(record.type);
  if (type == nullptr || state.type != record.type) return false;
  for (const NewField& each : record.fields) {
    const schema::Field* field = type->field(each.field);
    const ledger::FieldState* held = state.field(each.field);
    if (field == nullptr) return false;
    const std::vector<Bytes> brought = sorted_values(*field, each.values);
    if (held == nullptr) {
      if (!brought.empty()) return false;
      continue;
    }
    std::vector<Bytes> shown;
    for (const ledger::Shown& value : ledger::view(field, *held).values) shown.push_back(encode(value.value));
    std::sort(shown.begin(), shown.end());
    if (shown != brought) return false;
  }
  return true;
}

class Importer {
 public:
  /// `notes`: where it is told of each record, unless it is nullptr.
  Importer(Vault& vault, vault::Vault::Writing& writing, std::optional<TeamId> team, const std::vector<NewCase>& all,
           std::vector<WouldImport>* notes)
      : vault_(vault), writing_(writing), team_(team), all_(all), notes_(notes) {}

  Result<void> take(const NewCase& each) {
    if (each.case_id) WAYSIDE_OK(check_case(each));
    vault::Save save;
    save.case_id = each.case_id;
    save.team = team_;
    save.form = "import";
    for (const NewRecord& record : each.records) {
      std::optional<ledger::RecordRow> known;
      WAYSIDE_TRY(const bool is_there, vault_.store().has_record(record.id));
      if (is_there) {
        WAYSIDE_TRY(known, vault_.store().record(record.id));
      }
      if (known && !shows_the_same(known->state, record)) {
        problem(record, "a record with this id exists and differs. Take the line out, or edit the record instead");
      } else if (known) {
        ++outcome_.skipped;
        note(record, each.case_id, false);
      } else if (Error error; auto writes = writes_of(record, error)) {
        WAYSIDE_TRY(const bool fits, may_be_saved(record, *writes, each.case_id));
        if (!fits) continue;
        save.records.push_back(*std::move(writes));
        outcome_.ids.push_back(record.id);
        note(record, each.case_id, true);
      } else {
        problem(record, error.detail);
      }
    }
    // After the first problem nothing will be kept; going on only names the others.
    if (save.records.empty() || !outcome_.problems.empty()) return {};
    outcome_.records += save.records.size();
    outcome_.cases += each.case_id ? 1 : 0;
    const auto saved = vault::save(vault_, writing_, save);
    if (!saved && saved.error().code == Errc::too_large) {
      outcome_.problems.push_back({each.records.front().line, "", "this line makes a save over 1 MiB. Shorten its longest texts"});
      return {};
    }
    if (!saved) return std::unexpected(saved.error());
    return {};
  }
  ImportOutcome& outcome() { return outcome_; }

 private:
  /// Otherwise a mistyped id would make a case that nobody can find.
  Result<void> check_case(const NewCase& each) {
    const schema::RecordType* type = schema::current().type("case");
    for (const NewRecord& record : each.records) {
      if (record.type == type->id && record.id == *each.case_id) return {};
    }
    WAYSIDE_TRY(const auto known, vault_.store().ledger_of(ledger::LedgerKind::case_ledger, each.case_id->view()));
    if (!known && !each.records.empty()) problem(each.records.front(), "its case is not on this device. Import or `sync` that case first");
    return {};
  }

  /// The rules of a save by hand. False: what does not fit has been named.
  Result<bool> may_be_saved(const NewRecord& record, const ledger::RecordWrites& writes, const std::optional<RecordId>& case_id) {
    const schema::RecordType& type = *schema::current().type(record.type);
    const auto needs = unmet_needs(content_of(type, writes.writes));
    for (const Need& need : needs) problem(record, need.what, need.field->name);
    const auto found = check_references(vault_, writes, case_id, [this](const RecordId& id) { return place_in_file(id); },
                                        Missing::taken);
    if (found) return needs.empty();
    if (found.error().code != Errc::bad_input) return std::unexpected(found.error());
    const auto& detail = found.error().detail;
    const auto colon = std::min(detail.find(": "), detail.size());
    problem(record, detail.substr(std::min(colon + 2, detail.size())), detail.substr(0, colon));
    return false;
  }

  /// A record may point to one that stands further down.
  std::optional<Place> place_in_file(const RecordId& id) {
    if (!has_places_) {
      for (const NewCase& each : all_) {
        for (const NewRecord& record : each.records) places_.emplace(record.id.str(), Place{record.type, each.case_id});
      }
      has_places_ = true;
    }
    const auto found = places_.find(id.str());
    return found == places_.end() ? std::nullopt : std::optional(found->second);
  }

  void note(const NewRecord& record, const std::optional<RecordId>& case_id, bool is_new) {
    if (notes_ == nullptr) return;
    WouldImport& made = notes_->emplace_back(WouldImport{record.line, record.type, case_id, is_new, {}});
    for (const NewField& field : record.fields) made.fields.push_back(field.field);
  }

  void problem(const NewRecord& record, std::string what, std::string_view field = "id") {
    const schema::RecordType* type = schema::current().type(record.type);
    outcome_.problems.push_back({record.line, type == nullptr ? "id" : type->name + "." + std::string(field), std::move(what)});
  }

  Vault& vault_;
  vault::Vault::Writing& writing_;
  std::optional<TeamId> team_;
  const std::vector<NewCase>& all_;
  std::vector<WouldImport>* notes_;
  std::map<Bytes, Place> places_;   ///< filled with the first reference of the file
  bool has_places_ = false;
  ImportOutcome outcome_;
};

/// `notes` given: it is a trial, and nothing is kept.
Result<ImportOutcome> run(Vault& vault, const std::vector<NewCase>& cases, std::optional<TeamId> team,
                          const std::function<void(std::size_t, std::size_t)>& progress, std::vector<WouldImport>* notes) {
  WAYSIDE_TRY(auto writing, vault.begin());
  Importer importer(vault, writing, team, cases, notes);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    WAYSIDE_OK(importer.take(cases[i]));
    if (progress) progress(i + 1, cases.size());
  }
  if (!importer.outcome().problems.empty()) {
    ImportOutcome refused;
    refused.problems = std::move(importer.outcome().problems);
    return refused;   // the transaction rolls back as it ends
  }
  if (notes == nullptr) WAYSIDE_OK(std::move(writing).commit());
  return std::move(importer.outcome());
}

}  // namespace

Result<ImportOutcome> import_all(Vault& vault, const std::vector<NewCase>& cases, std::optional<TeamId> team,
                                 const std::function<void(std::size_t, std::size_t)>& progress) {
  return run(vault, cases, team, progress, nullptr);
}

Result<ImportTrial> try_import(Vault& vault, const std::vector<NewCase>& cases, std::optional<TeamId> team,
                               const std::function<void(std::size_t, std::size_t)>& progress) {
  ImportTrial trial;
  WAYSIDE_TRY(trial.outcome, run(vault, cases, team, progress, &trial.records));
  if (!trial.outcome.problems.empty()) trial.records.clear();
  return trial;
}

}  // namespace wayside::casework
