#include "ui/app/open_form.h"

#include <algorithm>
#include <array>

#include "core/membership/role.h"
#include "core/schema/display.h"
#include "ui/app/case_page.h"
#include "ui/app/people.h"
#include "ui/app/references.h"
#include "ui/app/tuning.h"
#include "ui/app/typed.h"
#include "ui/app/words.h"

namespace wayside::app {
namespace {

using casework::ShownField;
using schema::FieldKind;
using schema::Policy;
using schema::RecordType;

/// In the form of a new case, the person's fields stand beside the case's own; their keys are apart.
constexpr std::uint32_t kPersonKeys = 1u << 16;

/// How a new record begins, where something is known before anybody has typed.
enum class First { now, today, me, reference, open };
struct FirstAnswer {
  std::string_view type, field;
  First first;
};
constexpr std::array kFirstAnswers{
    FirstAnswer{"note", "at", First::now},
    FirstAnswer{"note", "author", First::me},
    FirstAnswer{"support_plan", "worker", First::me},
    FirstAnswer{"referral", "asked_on", First::today},
    FirstAnswer{"case", "reference", First::reference},
    FirstAnswer{"case", "status", First::open},
    FirstAnswer{"case", "opened", First::today},
};

std::vector<std::string> first_answer(const RecordType& type, const schema::Field& field,
                                      const OpenForm::Defaults& defaults) {
  const auto found = std::ranges::find_if(
      kFirstAnswers, [&](const FirstAnswer& each) { return each.type == type.name && each.field == field.name; });
  if (found == kFirstAnswers.end()) return {};
  switch (found->first) {
    case First::now: return {typed_text(field, Instant{defaults.now_ms})};
    case First::today: return {typed_text(field, Date{iso_day(defaults.now_ms)})};
    case First::me: return {defaults.me};
    case First::reference: return {defaults.reference};
    case First::open: return {"open"};
  }
  return {};
}

pb::FormField::Kind kind_of(const OpenForm::Field& field, bool new_record) {
  if (field.field == nullptr) return pb::FormField::text;
  if (field.is_list()) return pb::FormField::list;
  if (field.is_entries(new_record)) return pb::FormField::entries;
  switch (field.field->kind) {
    case FieldKind::text: return pb::FormField::text;
    case FieldKind::long_text: return pb::FormField::long_text;
    case FieldKind::integer: return pb::FormField::integer;
    case FieldKind::pence: return pb::FormField::pence;
    case FieldKind::flag: return pb::FormField::flag;
    case FieldKind::date: return pb::FormField::date;
    case FieldKind::time: return pb::FormField::time;
    case FieldKind::code: return pb::FormField::code;
    case FieldKind::reference: return pb::FormField::reference;
  }
  return pb::FormField::text;
}

std::string requests_sentence(const ledger::FieldView& view, const schema::Field& field) {
  std::string asked;
  for (std::size_t i = view.values.size() - view.requests; i < view.values.size(); ++i) {
    asked += (asked.empty() ? "" : ", ") + schema::display(field, view.values[i].value);
  }
  return " Asked for: " + asked + ". The desk has not decided yet.";
}

}  // namespace

bool OpenForm::Field::is_list() const {
  return field != nullptr && (field->policy == Policy::union_set || field->several);
}

bool OpenForm::Field::is_entries(bool new_record) const {
  return field != nullptr && !new_record && field->policy == Policy::append && field->kind == FieldKind::long_text;
}

OpenForm::Field* OpenForm::find(std::uint32_t key) {
  const auto found = std::ranges::find(fields_, key, &Field::key);
  return found == fields_.end() ? nullptr : &*found;
}

OpenForm::Field* OpenForm::find(std::string_view name) {
  const auto found = std::ranges::find_if(
      fields_, [&](const Field& each) { return each.field != nullptr && each.field->name == name; });
  return found == fields_.end() ? nullptr : &*found;
}

const ShownField* OpenForm::live_field(const Field& field) const {
  if (!live_ || live_->type != field.type) return nullptr;
  const auto found = std::ranges::find(live_->fields, field.id, &ShownField::id);
  return found == live_->fields.end() ? nullptr : &*found;
}

/// Boxes, values and dots from what the record shows.
void OpenForm::fill(Field& field, const ledger::FieldView* view) const {
  field.held.clear();
  field.opened.clear();
  field.shown.clear();
  field.typed.clear();
  field.restored = field.two_values = false;
  if (view == nullptr || view->values.empty() || field.field == nullptr) return;
  field.shown = view->dots();
  const bool append = field.field->policy == Policy::append;
  const std::size_t first = append ? view->values.size() - 1 : 0;
  const std::size_t count =
      field.is_list() ? view->values.size() - view->requests : std::min<std::size_t>(1, view->current);
  for (std::size_t i = first; i < first + count; ++i) field.held.push_back(view->values[i].value);
  const bool may_decide = field.field->policy != Policy::desk || may_decide_desk_;
  field.two_values = view->needs_review && view->values.size() > 1 && may_decide;
  if (field.two_values || field.is_entries(is_new_)) return;  // nothing is chosen beforehand; an entry is written anew
  for (const Value& value : field.held) field.opened.push_back(typed_text(*field.field, value));
}

void OpenForm::add_fields(const RecordType& type, std::uint32_t key_base, const Defaults* defaults) {
  for (const schema::Field& each : type.fields) {
    if (each.rows == 0) continue;   // the program's own
    Field field;
    field.key = key_base + each.id;
    field.type = &type;
    field.field = &each;
    field.id = each.id;
    if (defaults != nullptr) field.opened = first_answer(type, each, *defaults);
    const ShownField* live = defaults == nullptr ? live_field(field) : nullptr;
    if (defaults == nullptr) fill(field, live == nullptr ? nullptr : &live->view);
    fields_.push_back(std::move(field));
  }
  if (defaults != nullptr || !live_) return;
  for (const ShownField& shown : live_->fields) {
    if (shown.field != nullptr) continue;
    Field unknown;
    unknown.key = unknown.id = shown.id;
    unknown.type = &type;
    fields_.push_back(std::move(unknown));
  }
}

void OpenForm::restore(const vault::Draft& draft) {
  id_ = draft.form;
  draft_kept = clock_time(draft.time_ms);
  for (const vault::Draft::Field& kept : draft.fields) {
    if (kept.field == kReasonKey && !kept.items.empty()) reason = kept.items.front();
    Field* field = find(kept.field);
    if (field == nullptr || (field->field == nullptr && field->key != kTeamKey)) continue;
    field->typed = kept.items;
    field->restored = true;
    const auto shown = std::ranges::find(draft.shown, kept.field, &vault::Draft::Shown::field);
    field->shown = shown == draft.shown.end() ? std::vector<ledger::Dot>{} : shown->dots;
  }
}

Result<OpenForm> OpenForm::of_record(vault::Vault& vault, const RecordId& record, const vault::Draft* draft) {
  OpenForm form;
  WAYSIDE_TRY(form.live_, casework::get(vault, record));
  if (form.live_->type == nullptr) return fail(Errc::unknown_type, "of a newer version");
  form.id_ = vault::FormId::random(vault.env().random);
  form.record_ = record;
  form.case_id_ = form.live_->case_id;
  form.type_ = form.live_->type;
  form.archived_ = form.live_->archived.archived;
  form.may_decide_desk_ = membership::writes_desk_fields(vault.role());
  form.add_fields(*form.type_, 0, nullptr);
  if (draft != nullptr) form.restore(*draft);
  if (form.archived_) {
    form.notice.set_tone(pb::Notice::information);
    form.notice.set_text("This was put away. It can be read, and changed again once it is brought back.");
  }
  return form;
}

OpenForm OpenForm::of_new_record(vault::Vault& vault, const RecordId& case_id, const RecordType& type,
                                 const Defaults& defaults, const vault::Draft* draft) {
  OpenForm form;
  form.id_ = vault::FormId::random(vault.env().random);
  form.record_ = draft != nullptr ? draft->record : new_record_id(vault.env().random, vault.env().clock);
  form.case_id_ = case_id;
  form.type_ = &type;
  form.is_new_ = true;
  form.may_decide_desk_ = membership::writes_desk_fields(vault.role());
  form.add_fields(type, 0, &defaults);
  if (draft != nullptr) form.restore(*draft);
  return form;
}

OpenForm OpenForm::of_new_case(vault::Vault& vault, const Defaults& defaults, const vault::Draft* draft) {
  const RecordType& type = *schema::current().type("case");
  const RecordType& person = *schema::current().type("person");
  OpenForm form;
  form.id_ = vault::FormId::random(vault.env().random);
  form.record_ = draft != nullptr ? draft->record : new_record_id(vault.env().random, vault.env().clock);
  form.case_id_ = form.record_;
  form.type_ = &type;
  form.is_new_ = true;
  form.may_decide_desk_ = membership::writes_desk_fields(vault.role());
  form.add_fields(person, kPersonKeys, &defaults);
  form.add_fields(type, 0, &defaults);
  const auto teams = vault.membership().teams_of(vault.identity().user);
  if (teams.size() > 1) {
    for (const TeamId& team : teams) form.teams_.emplace_back(team, vault.team_name(team));
    Field which;
    which.key = kTeamKey;
    form.fields_.push_back(std::move(which));
  }
  if (draft != nullptr) form.restore(*draft);
  return form;
}

Result<void> OpenForm::look_again(vault::Vault& vault) {
  if (is_new_) return {};
  WAYSIDE_TRY(live_, casework::get(vault, record_));
  return {};
}

void OpenForm::begin_with(std::string_view name, std::vector<std::string> boxes) {
  if (Field* field = find(name); is_new_ && field != nullptr) field->opened = std::move(boxes);
}

Result<void> OpenForm::saved(vault::Vault& vault) {
  WAYSIDE_TRY(OpenForm again, of_record(vault, record_, nullptr));
  again.id_ = id_;
  again.saved_count = saved_count + 1;
  *this = std::move(again);
  return {};
}

Result<void> OpenForm::decided(vault::Vault& vault, std::uint32_t id) {
  WAYSIDE_OK(look_again(vault));
  for (Field& field : fields_) {
    if (field.id != id || field.field == nullptr) continue;
    const ShownField* live = live_field(field);
    fill(field, live == nullptr ? nullptr : &live->view);
  }
  ++saved_count;  // untouched boxes take what is there now
  return {};
}

void OpenForm::forget_draft() {
  draft_kept.clear();
  reason.clear();
  for (Field& field : fields_) {
    if (!field.restored) continue;
    const ShownField* live = live_field(field);
    if (is_new_) {
      field.restored = false;
      field.typed.clear();
    } else {
      fill(field, live == nullptr ? nullptr : &live->view);
    }
  }
}

vault::Draft OpenForm::draft(const google::protobuf::RepeatedPtrField<pb::FieldText>& typed,
                             const std::string& why, std::int64_t now_ms) const {
  vault::Draft out;
  out.form = id_;
  out.record = record_;
  out.case_id = case_id_;
  out.type = type_->name;
  out.is_new = is_new_;
  out.time_ms = now_ms;
  for (const pb::FieldText& text : typed)
    out.fields.push_back({text.field(), {text.items().begin(), text.items().end()}});
  if (!why.empty()) out.fields.push_back({kReasonKey, {why}});
  for (const Field& field : fields_) {
    if (!field.shown.empty()) out.shown.push_back({field.key, field.shown});
  }
  return out;
}

std::optional<TeamId> OpenForm::team(const std::vector<std::string>& boxes) const {
  for (const auto& [id, name] : teams_) {
    if (!boxes.empty() && to_text(id) == boxes.front()) return id;
  }
  return std::nullopt;
}

void OpenForm::describe(vault::Vault& vault, const Field& field, std::int64_t now_ms, pb::FormField& out) const {
  out.set_field(field.key);
  out.set_error(field.error);
  for (const std::string& item : field.boxes()) out.add_items(item);
  if (field.key == kTeamKey) {
    out.set_label("Team");
    out.set_help("Everybody in this team can read the case.");
    out.set_kind(pb::FormField::code);
    for (const auto& [id, name] : teams_) {
      pb::Option& option = *out.add_options();
      option.set_code(to_text(id));
      option.set_label(name);
    }
    return;
  }
  out.set_kind(kind_of(field, is_new_));
  out.set_two_values(field.two_values);
  out.set_from_draft(field.restored);
  out.set_read_only(archived_ || field.field == nullptr);
  const ShownField* live = live_field(field);
  for (std::size_t i = 0; live != nullptr && i < live->view.values.size(); ++i) {
    pb::HeldValue& value = *out.add_values();
    value = held_value(vault, field.field, live->view.values[i], now_ms);
    value.set_shown_first(i == 0);
  }
  if (field.field == nullptr) {
    out.set_label("Field " + std::to_string(field.id));
    out.set_help("A newer Wayside wrote this. It is kept as it is.");
    for (const pb::HeldValue& value : out.values()) out.add_items(value.text());
    return;
  }
  out.set_name(field.field->name);
  out.set_label(field.field->label);
  out.set_help(field.field->help);
  out.set_unit(field.field->unit);
  out.set_sensitive(field.field->sensitivity >= schema::Sensitivity::s3);
  if (field.field->list != nullptr) {
    for (const schema::CodeEntry& entry : field.field->list->entries) {
      pb::Option& option = *out.add_options();
      option.set_code(entry.code);
      option.set_label(entry.label);
    }
  }
  out.set_needed(needed_words(*field.type, *field.field));
  if (field.field->kind == FieldKind::reference) offer_records(vault, field, now_ms, out);
  if (live == nullptr) return;
  if (field.two_values) out.set_review_id(ledger::review_id(record_, field.id).str());
  else out.set_changed_by(changed_by(vault, live->view, field.shown, now_ms));
  if (live->view.sealed > 0) out.set_help(out.help() + " Something is recorded here that this device has no key to.");
  if (live->view.requests > 0 && !may_decide_desk_)
    out.set_help(out.help() + requests_sentence(live->view, *field.field));
}

/// Read once for many snapshots, until the case changes.
void OpenForm::look_for_choices(vault::Vault& vault, std::int64_t now_ms) {
  if (choices_known_) return;
  choices_known_ = true;
  choices_.clear();
  for (const Field& field : fields_) {
    if (field.field == nullptr || field.field->kind != FieldKind::reference) continue;
    auto found = choices_for(vault, case_id_, *field.field, now_ms);
    if (!found) continue;  // what is held still shows, and says that it is not here
    std::erase_if(*found, [&](const Choice& each) {
      return each.id == record_ || (each.put_away && std::ranges::find(field.held, Value(each.id)) == field.held.end());
    });
    choices_[field.key] = *std::move(found);
  }
}

void OpenForm::offer_records(vault::Vault& vault, const Field& field, std::int64_t now_ms, pb::FormField& out) const {
  const auto add = [&](const RecordId& id, std::string title) {
    pb::Option& option = *out.add_options();
    option.set_code(to_text(id));
    option.set_label(std::move(title));
  };
  const auto found = choices_.find(field.key);
  const std::vector<Choice> none;
  const std::vector<Choice>& all = found == choices_.end() ? none : found->second;
  for (const Choice& each : all) {
    if (out.options_size() < static_cast<int>(kReferenceChoices)) add(each.id, each.title);
  }
  if (all.empty()) out.set_none_here(none_here_words(*field.field));
  // What is held has its words too, whether it is among the choices or not.
  for (const std::string& box : field.boxes()) {
    const auto listed = std::ranges::find(out.options(), box, [](const pb::Option& option) { return option.code(); });
    const auto id = id_from_text<RecordId>(box);
    if (id && listed == out.options().end()) add(*id, reference_words(vault, *field.field, *id, now_ms));
  }
}

pb::Form OpenForm::message(vault::Vault& vault, std::int64_t now_ms) {
  look_for_choices(vault, now_ms);
  pb::Form out;
  out.set_form_id(id_.str());
  if (!is_new_) out.set_record_id(record_.str());
  out.set_type(type_->name);
  out.set_title(is_new_ ? verb_with("New", *type_) : type_->label);
  out.set_save_label(verb_with("Save", *type_));
  out.set_is_new(is_new_);
  out.set_draft_kept(draft_kept);
  out.set_restored_draft(std::ranges::any_of(fields_, &Field::restored));
  *out.mutable_notice() = notice;
  out.set_saved_count(saved_count);
  out.set_reason_question(reason_question);
  out.set_reason(reason);
  std::string section;
  for (const Field& field : fields_) {
    pb::FormField& each = *out.add_fields();
    describe(vault, field, now_ms, each);
    const std::string& own = field.field != nullptr ? field.field->section : std::string();
    if (!own.empty() && own != section) each.set_section(own);
    if (!own.empty()) section = own;
  }
  return out;
}

}  // namespace wayside::app
