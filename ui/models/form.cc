#include "ui/models/form.h"

#include <algorithm>
#include <utility>

#include "ui/models/field_hints.h"
#include "ui/models/utf8.h"

namespace wayside::models {
namespace {

TextEdit::Shape shape_of(pb::FormField::Kind kind) {
  return kind == pb::FormField::long_text || kind == pb::FormField::entries ? TextEdit::Shape::many_lines
                                                                            : TextEdit::Shape::one_line;
}

std::vector<std::string> strings(const google::protobuf::RepeatedPtrField<std::string>& items) {
  std::vector<std::string> texts;
  for (const auto& item : items)
    if (const auto text = trimmed(item); !text.empty()) texts.emplace_back(text);
  return texts;
}

}  // namespace

std::vector<std::string> FieldModel::texts() const {
  std::vector<std::string> texts;
  for (const TextEdit& item : items)
    if (const auto text = trimmed(item.text()); !text.empty()) texts.emplace_back(text);
  // An item that was typed and not added yet is meant all the same.
  if (const auto text = trimmed(adding.text());
      is_list() && !text.empty() && std::ranges::find(texts, text) == texts.end())
    texts.emplace_back(text);
  return texts;
}

bool FieldModel::differs() const { return editable() && (shown.from_draft() || texts() != base); }

std::string FieldModel::label_of(std::string_view code) const {
  for (const auto& option : shown.options())
    if (option.code() == code) return option.label();
  return std::string(code);
}

void FormModel::take(const pb::Form& form) {
  if (form.form_id() != form_.form_id() || static_cast<std::size_t>(form.fields_size()) != fields_.size())
    return begin(form);
  const bool saved = form.saved_count() > form_.saved_count();
  for (int i = 0; i < form.fields_size(); ++i) {
    FieldModel& field = fields_[static_cast<std::size_t>(i)];
    const pb::FormField& news = form.fields(i);
    const bool untouched_since = saved && (!field.differs() || field.texts() == field.sent);
    const bool draft_discarded = field.shown.from_draft() && !news.from_draft();
    field.shown = news;
    if (saved || draft_discarded) field.base = strings(news.items());
    if (untouched_since || (draft_discarded && !saved)) fill(field, news);
    if (!news.two_values()) field.writing_another = false;
    if (!news.error().empty()) field.hint.clear();
  }
  form_ = form;
  form_.clear_fields();
  if (saved) {
    just_saved_ = true;
    reason_.clear();
    if (!differs()) pace_.sent();
  }
}

void FormModel::begin(const pb::Form& form) {
  drop();
  form_ = form;
  form_.clear_fields();
  fields_.reserve(static_cast<std::size_t>(form.fields_size()));
  for (const auto& from : form.fields()) {
    FieldModel& field = fields_.emplace_back();
    field.shown = from;
    field.base = strings(from.items());
    fill(field, from);
    // A draft that held a third value goes on being written.
    field.writing_another = from.two_values() && from.from_draft();
  }
  reason_.set_text(form.reason());
}

void FormModel::fill(FieldModel& field, const pb::FormField& from) {
  const TextEdit::Shape shape = shape_of(from.kind());
  field.items.clear();
  field.adding.clear();
  field.hint.clear();
  for (const auto& item : from.items()) field.items.emplace_back(shape, item);
  if (!field.is_list()) field.items.resize(1);
  if (field.items.size() == 1 && from.items_size() == 0 && !field.is_list()) field.items[0] = TextEdit(shape);
}

void FormModel::drop() {
  form_.Clear();
  fields_.clear();
  reason_.clear();
  pace_.sent();
  look_at_errors_ = just_saved_ = false;
}

void FormModel::edited(FieldModel& field, std::int64_t now_ms) {
  pace_.edited(now_ms);
  just_saved_ = false;
  field.answered = field.shown.error();
  if (!field.hint.empty()) left(field);
}

void FormModel::left(FieldModel& field) {
  field.hint = field.items.empty() ? std::string() : hint_for(field.shown.kind(), field.items[0].text());
}

void FormModel::set_single(FieldModel& field, std::string_view item, std::int64_t now_ms) {
  if (field.items[0].text() == item) return;
  field.items[0].set_text(item);
  edited(field, now_ms);
}

void FormModel::add_item(FieldModel& field, std::string_view item, std::int64_t now_ms) {
  const auto text = trimmed(item);
  const bool there =
      std::ranges::any_of(field.items, [&](const TextEdit& held) { return trimmed(held.text()) == text; });
  if (!text.empty() && !there) field.items.emplace_back(TextEdit::Shape::one_line, text);
  field.adding.clear();
  edited(field, now_ms);
}

void FormModel::remove_item(FieldModel& field, std::size_t index, std::int64_t now_ms) {
  if (index >= field.items.size()) return;
  field.items.erase(field.items.begin() + static_cast<std::ptrdiff_t>(index));
  edited(field, now_ms);
}

void FormModel::write_another(FieldModel& field) {
  field.writing_another = true;
  if (!field.is_list()) field.items[0].clear();
}

bool FormModel::differs() const {
  return std::ranges::any_of(fields_, [](const FieldModel& field) { return field.differs(); });
}

void FormModel::add_differing(google::protobuf::RepeatedPtrField<pb::FieldText>& out) const {
  for (const FieldModel& field : fields_) {
    if (!field.differs()) continue;
    auto& text = *out.Add();
    text.set_field(field.shown.field());
    for (auto& item : field.texts()) text.add_items(std::move(item));
  }
}

void FormModel::keep_draft(std::int64_t now_ms, bool now, Commands& out) {
  if (!open() || !pace_.pending() || (!now && now_ms < *pace_.due_ms())) return;
  pb::Command command;
  command.mutable_keep_draft()->set_form_id(form_.form_id());
  add_differing(*command.mutable_keep_draft()->mutable_fields());
  command.mutable_keep_draft()->set_reason(reason_.text());
  out.push(std::move(command));
  pace_.sent();
}

void FormModel::save(Commands& out) {
  if (!open()) return;
  keep_draft(0, true, out);  // so that a save that fails has lost nothing
  pb::Command command;
  auto& save = *command.mutable_save();
  save.set_form_id(form_.form_id());
  save.set_reason(std::string(trimmed(reason_.text())));
  add_differing(*save.mutable_fields());
  for (FieldModel& field : fields_) {
    field.sent = field.texts();
    field.answered.clear();
  }
  out.push(std::move(command));
  look_at_errors_ = true;
}

void FormModel::undo_changes(Commands& out) {
  pb::Command command;
  command.mutable_discard_draft()->set_form_id(form_.form_id());
  out.push(std::move(command));
  for (FieldModel& field : fields_) {
    pb::FormField back = field.shown;
    back.clear_items();
    for (const auto& text : field.base) back.add_items(text);
    if (!field.shown.from_draft()) fill(field, back);
    field.writing_another = false;
  }
  pace_.sent();
  reason_.clear();
}

std::string FormModel::draft_line() const {
  if (just_saved_ && !differs()) return "Saved";
  return differs() && !form_.draft_kept().empty() ? "Draft kept " + form_.draft_kept() : std::string();
}

std::optional<std::size_t> FormModel::take_first_error() {
  if (!look_at_errors_) return std::nullopt;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].shown.error().empty()) continue;
    look_at_errors_ = false;
    return i;
  }
  return std::nullopt;
}

}  // namespace wayside::models
