#include "ui/app/form_save.h"

#include <algorithm>
#include <array>
#include <map>

#include "core/casework/writing.h"
#include "core/schema/validate.h"
#include "ui/app/sentences.h"
#include "ui/app/typed.h"
#include "ui/app/words.h"

namespace wayside::app {
namespace {

using casework::FieldChange;
using Boxes = std::vector<std::string>;
using Field = OpenForm::Field;
using schema::Policy;

/// What a person is asked when a save lowers protection.
struct Question {
  std::string_view type, field, words;
};
constexpr std::array kQuestions{
    Question{"risk_assessment", "level", "Why is the risk lower now?"},
    Question{"person", "safe_contact", "Why is less care enough now when making contact?"},
};

std::string question_for(const Field& field) {
  for (const Question& each : kQuestions) {
    if (each.type == field.type->name && each.field == field.field->name) return std::string(each.words);
  }
  return "Why is less protection enough now for “" + field.field->label + "”?";
}

/// Reads the boxes of one field; what is wrong goes beside it.
std::optional<std::vector<Value>> read_boxes(Field& field, const Boxes& boxes, std::int64_t now_ms) {
  std::vector<Value> values;
  for (const std::string& box : boxes) {
    if (trimmed(box).empty()) continue;
    auto value = read_typed(*field.field, box, now_ms);
    if (!value) {
      field.error = value.error();
      return std::nullopt;
    }
    if (std::ranges::find(values, *value) == values.end()) values.push_back(*std::move(value));
  }
  if (values.size() > 1 && !field.is_list()) {
    field.error = "Write one answer here.";
    return std::nullopt;
  }
  return values;
}

bool same_values(const std::vector<Value>& a, const std::vector<Value>& b) {
  return a.size() == b.size() &&
         std::ranges::all_of(a, [&](const Value& value) { return std::ranges::find(b, value) != b.end(); });
}

std::vector<Value> without(const std::vector<Value>& from, const std::vector<Value>& taken) {
  std::vector<Value> out;
  std::ranges::copy_if(from, std::back_inserter(out),
                       [&](const Value& value) { return std::ranges::find(taken, value) == taken.end(); });
  return out;
}

/// Nothing when the record holds it already.
std::optional<FieldChange> change_of(const Field& field, std::vector<Value> values, bool new_record) {
  FieldChange change;
  change.field = field.field;
  if (!new_record) change.shown = field.shown;
  const bool append = field.field->policy == Policy::append;
  if (append && values.empty()) return std::nullopt;
  if (!field.two_values && !field.is_entries(new_record) && same_values(values, field.held)) return std::nullopt;
  if (field.field->policy == Policy::union_set) {
    change.add = without(values, field.held);
    change.remove = without(field.held, values);
    return change;
  }
  change.sets = true;
  change.set = std::move(values);
  return change;
}

/// The boxes of every field: as typed, else as they stood.
std::map<std::uint32_t, Boxes> boxes_of(OpenForm& form, const pb::Save& save) {
  std::map<std::uint32_t, Boxes> out;
  for (const Field& field : form.fields()) {
    if (field.restored || form.is_new()) out[field.key] = field.boxes();
  }
  for (const pb::FieldText& text : save.fields()) out[text.field()] = {text.items().begin(), text.items().end()};
  return out;
}

struct Changes {
  std::map<const schema::RecordType*, std::vector<FieldChange>> by_type;
  bool valid = true;
};

Changes read_changes(OpenForm& form, const std::map<std::uint32_t, Boxes>& boxes, std::int64_t now_ms) {
  Changes out;
  for (Field& field : form.fields()) {
    field.error.clear();
    const auto typed = boxes.find(field.key);
    if (typed == boxes.end() || field.field == nullptr) continue;
    auto values = read_boxes(field, typed->second, now_ms);
    if (!values) {
      out.valid = false;
      continue;
    }
    const bool cleared = values->empty() && !field.is_entries(form.is_new());
    if (cleared && field.field->required == schema::Required::to_save) {
      field.error = needed_sentence(*field.field);
      out.valid = false;
      continue;
    }
    auto change = change_of(field, *std::move(values), form.is_new());
    if (change && (!form.is_new() || !change->set.empty() || !change->add.empty()))
      out.by_type[field.type].push_back(*std::move(change));
  }
  return out;
}

bool asks_for_reason(OpenForm& form, const Changes& changes) {
  for (const auto& [type, all] : changes.by_type) {
    for (const FieldChange& change : all) {
      const ledger::FieldState* state = form.live() ? form.live()->row.state.field(change.field->id) : nullptr;
      if (!casework::needs_reason(change, state)) continue;
      form.reason_question = question_for(*form.find(change.field->name));
      return true;
    }
  }
  return false;
}

Result<SaveEnd> save_new(vault::Vault& vault, OpenForm& form, Changes changes,
                         const std::map<std::uint32_t, Boxes>& boxes) {
  if (changes.by_type.empty()) return SaveEnd::unchanged;
  std::optional<TeamId> team;
  if (Field* which = form.find(OpenForm::kTeamKey)) {
    const auto chosen = boxes.find(OpenForm::kTeamKey);
    team = form.team(chosen == boxes.end() ? Boxes{} : chosen->second);
    if (!team) {
      which->error = "Choose the team that this case belongs to.";
      return SaveEnd::not_valid;
    }
  }
  std::vector<casework::NewRecordRequest> records;
  for (auto& [type, fields] : changes.by_type) {
    casework::NewRecordRequest request;
    if (type == &form.type()) request.id = form.record();
    request.type = type;
    request.fields = std::move(fields);
    records.push_back(std::move(request));
  }
  WAYSIDE_OK(casework::put(vault, form.case_id(), team, records, form.type().name));
  return SaveEnd::saved;
}

Result<SaveEnd> save_changes(vault::Vault& vault, OpenForm& form, Changes changes, const std::string& reason) {
  if (changes.by_type.empty()) return SaveEnd::unchanged;
  if (reason.empty() && asks_for_reason(form, changes)) return SaveEnd::needs_reason;
  WAYSIDE_OK(casework::edit(vault, form.record(), changes.by_type.begin()->second, reason, form.type().name));
  return SaveEnd::saved;
}

/// A complaint of the casebook that names a field stands beside that field.
bool put_beside_field(OpenForm& form, const Error& error) {
  if (error.code != Errc::bad_input && error.code != Errc::too_large && error.code != Errc::unknown_code) return false;
  const auto colon = error.detail.find(": ");
  Field* field = colon == std::string::npos ? nullptr : form.find(std::string_view(error.detail).substr(0, colon));
  if (field == nullptr) return false;
  field->error = field->field->label + " " + error.detail.substr(colon + 2) + ".";
  return true;
}

}  // namespace

Result<SaveEnd> save_form(vault::Vault& vault, OpenForm& form, const pb::Save& save, std::int64_t now_ms) {
  form.notice.Clear();
  form.reason_question.clear();
  WAYSIDE_OK(form.look_again(vault));
  const auto boxes = boxes_of(form, save);
  Changes changes = read_changes(form, boxes, now_ms);
  if (!changes.valid) return SaveEnd::not_valid;
  const std::string reason(trimmed(save.reason()));
  auto end = form.is_new() ? save_new(vault, form, std::move(changes), boxes)
                           : save_changes(vault, form, std::move(changes), reason);
  if (!end && put_beside_field(form, end.error())) return SaveEnd::not_valid;
  return end;
}

std::string draft_lost_sentence(const Error& error) {
  const bool full = error.code == Errc::disk_full;
  return std::string(full ? "The disk is full, so your draft could not be kept."
                          : "Your draft could not be written.") +
         " What you typed is on this screen only. " +
         (full ? "Free some space, then go on." : "Check the disk, then go on.");
}

std::string save_failed_sentence(const OpenForm& form, const Error& error, bool draft_is_safe) {
  const std::string what = in_sentence(form.type().label);
  const std::string safe =
      draft_is_safe ? "Your " + what + " is still a draft." : "Your " + what + " is on this screen only.";
  switch (error.code) {
    case Errc::disk_full: return "The disk is full. " + safe + " Free some space, then save.";
    case Errc::too_large:
      return "This is more than one save can hold. " + safe + " Shorten it, or split it in two, then save.";
    case Errc::read_only:
    case Errc::io: return "It could not be written. " + safe + " Check the disk, then save.";
    default: return sentence(error) + " " + safe;
  }
}

}  // namespace wayside::app
