#include <algorithm>

#include "core/vault/audit.h"
#include "ui/app/clerk.h"
#include "ui/app/codec.h"
#include "ui/app/form_save.h"
#include "ui/app/sentences.h"
#include "ui/app/tuning.h"
#include "ui/app/words.h"

namespace wayside::app {
namespace {

void set(pb::Notice& notice, pb::Notice::Tone tone, std::string text) {
  notice.set_tone(tone);
  notice.set_text(std::move(text));
}

/// Whether a draft that is durable already has all that this save holds.
bool holds(const vault::Draft* draft, const pb::Save& save) {
  if (draft == nullptr) return save.fields().empty();
  return std::ranges::all_of(save.fields(), [&](const pb::FieldText& text) {
    const auto kept = std::ranges::find(draft->fields, text.field(), &vault::Draft::Field::field);
    return kept != draft->fields.end() && std::ranges::equal(kept->items, text.items());
  });
}

/// A draft that replaces `known` in a form that is not open any more: its dots stay.
vault::Draft with_fields(vault::Draft known, const pb::KeepDraft& command, std::int64_t now_ms) {
  known.time_ms = now_ms;
  known.fields.clear();
  for (const pb::FieldText& text : command.fields()) {
    known.fields.push_back({text.field(), {text.items().begin(), text.items().end()}});
  }
  if (!command.reason().empty()) known.fields.push_back({OpenForm::kReasonKey, {command.reason()}});
  return known;
}

}  // namespace

OpenForm::Defaults Clerk::defaults() const {
  return {vault_->user_name(vault_->identity().user), cases_.free_reference(), now_ms()};
}

const vault::Draft* Clerk::draft_of_new(const std::optional<RecordId>& case_id, std::string_view type) const {
  const auto& all = drafts_->all();
  const auto found = std::ranges::find_if(all, [&](const vault::Draft& draft) {
    return draft.is_new && draft.type == type && (!case_id || draft.case_id == case_id);
  });
  return found == all.end() ? nullptr : &*found;
}

/// A window tells what was typed last after it has seen another form come to the front: the dots must still be known.
void Clerk::put_behind() {
  if (!form_) return;
  behind_.push_back(*std::move(form_));
  form_.reset();
  if (behind_.size() > kFormsBehind) behind_.erase(behind_.begin());
}

OpenForm* Clerk::find_form(const vault::FormId& id) {
  if (form_ && form_->id() == id) return &*form_;
  const auto found = std::ranges::find(behind_, id, &OpenForm::id);
  return found == behind_.end() ? nullptr : &*found;
}

/// A draft where there is one, else the first tab's record: the person.
Result<void> Clerk::open_first_form() {
  const vault::Draft* newest = nullptr;
  for (const vault::Draft& draft : drafts_->all()) {
    if (draft.case_id == open_case_ && (newest == nullptr || draft.time_ms > newest->time_ms)) newest = &draft;
  }
  if (newest != nullptr) return open_draft(*newest);
  for (const pb::CaseTab& tab : case_.tabs()) {
    if (const auto record = RecordId::from(tab.record_id())) return open_record(*record);
  }
  return {};
}

Result<void> Clerk::open_draft(const vault::Draft& draft) {
  if (!draft.is_new) return open_record(draft.record);
  return draft.case_id ? new_record(*draft.case_id, draft.type) : Result<void>{};
}

Result<void> Clerk::open_record(const RecordId& record) {
  if (form_ && !form_->is_new() && form_->record() == record) return form_->look_again(*vault_);
  WAYSIDE_TRY(OpenForm form, OpenForm::of_record(*vault_, record, drafts_->of_record(record)));
  if (form.case_id() != open_case_) {
    if (form.case_id()) WAYSIDE_OK(vault::note_opened(*vault_, form.case_id(), record));
    open_case_ = form.case_id();
    forget_case();
    WAYSIDE_OK(show_case());
  }
  put_behind();
  form_ = std::move(form);
  return {};
}

Result<void> Clerk::new_record(const RecordId& case_id, const std::string& type_name) {
  const schema::RecordType* type = schema::current().type(type_name);
  if (type == nullptr || !type->in_case || type->name == "case") return fail(Errc::unknown_type, "record");
  if (cases_.find(case_id) == nullptr) return fail(Errc::not_found, "case");
  const vault::Draft* draft = draft_of_new(case_id, type_name);
  if (form_ && form_->is_new() && form_->case_id() == case_id && &form_->type() == type) return {};  // it is in front
  if (draft != nullptr) {
    // A crash between a save and the end of its draft: what was typed is saved, and shown as such.
    WAYSIDE_TRY(const auto saved, vault_->store().record(draft->record));
    if (saved) return open_record(draft->record);
  }
  if (open_case_ != case_id) {
    WAYSIDE_OK(vault::note_opened(*vault_, case_id, case_id));
    open_case_ = case_id;
    forget_case();
    WAYSIDE_OK(show_case());
  }
  put_behind();
  form_ = OpenForm::of_new_record(*vault_, case_id, *type, defaults(), draft);
  return {};
}

Result<void> Clerk::new_case() {
  const vault::Draft* draft = draft_of_new(std::nullopt, "case");
  if (draft != nullptr && cases_.find(draft->record) != nullptr) return open_case(draft->record);
  if (form_ && form_->is_new_case()) return {};
  open_case_.reset();
  vault_->session().shown_case.reset();
  forget_case();
  put_behind();
  form_ = OpenForm::of_new_case(*vault_, defaults(), draft);
  return {};
}

void Clerk::keep_draft(const pb::KeepDraft& command) {
  const auto id = vault::FormId::from(command.form_id());
  if (!id) return;
  OpenForm* form = find_form(*id);
  const vault::Draft* known = drafts_->find(*id);
  if (form == nullptr && known == nullptr) return;
  const bool first = known == nullptr;
  Result<void> done;
  if (command.fields().empty()) {
    done = drafts_->discard(*id);
  } else {
    done = drafts_->keep(form != nullptr ? form->draft(command.fields(), command.reason(), now_ms())
                                         : with_fields(*known, command, now_ms()));
  }
  if (form != nullptr) form->draft_kept = done && !command.fields().empty() ? clock_time(now_ms()) : std::string();
  if (!done) {
    std::string words = draft_lost_sentence(done.error());
    if (form != nullptr) set(form->notice, pb::Notice::attention, std::move(words));
    else say(pb::Notice::attention, std::move(words));
    return;
  }
  // The rows say whether a draft is kept.
  if (first != (drafts_->find(*id) == nullptr)) (void)show_caseload();
}

Result<void> Clerk::discard_draft(const pb::DiscardDraft& command) {
  const auto id = vault::FormId::from(command.form_id());
  WAYSIDE_OK(drafts_->discard(*id));
  if (form_ && form_->id() == *id) {
    WAYSIDE_OK(form_->look_again(*vault_));
    form_->forget_draft();
    form_->notice.Clear();
    form_->reason_question.clear();
    for (OpenForm::Field& field : form_->fields()) field.error.clear();
  }
  WAYSIDE_OK(show_caseload());
  return open_case_ ? show_case() : Result<void>{};
}

Result<void> Clerk::save(const pb::Save& command) {
  const auto id = vault::FormId::from(command.form_id());
  if (!form_ || form_->id() != *id) {
    say(pb::Notice::attention,
        "That form is not open any more. What you typed is kept as a draft. Open the record again, then save.");
    return {};
  }
  const auto end = save_form(*vault_, *form_, command, now_ms());
  if (!end) {
    const bool kept =
        holds(drafts_->find(*id), command) || drafts_->keep(form_->draft(command.fields(), command.reason(), now_ms())).has_value();
    form_->draft_kept = kept ? clock_time(now_ms()) : std::string();
    set(form_->notice, pb::Notice::attention, save_failed_sentence(*form_, end.error(), kept));
    return {};
  }
  switch (*end) {
    case SaveEnd::saved: return after_save();
    case SaveEnd::unchanged:
      if (!form_->is_new()) {
        WAYSIDE_OK(drafts_->discard(*id));
        WAYSIDE_OK(form_->saved(*vault_));
      }
      set(form_->notice, pb::Notice::information,
          form_->is_new() ? "There is nothing to save yet. Fill in a field first."
                          : "Nothing differs from what is saved.");
      return {};
    case SaveEnd::not_valid: {
      const auto wrong =
          std::ranges::count_if(form_->fields(), [](const OpenForm::Field& field) { return !field.error.empty(); });
      set(form_->notice, pb::Notice::danger,
          wrong == 1 ? "Nothing is saved yet. One answer needs another look."
                     : "Nothing is saved yet. " + std::to_string(wrong) + " answers need another look.");
      return {};
    }
    case SaveEnd::needs_reason:
      set(form_->notice, pb::Notice::attention,
          "Nothing is saved yet. Less protection needs a reason. Write it, then save again.");
      return {};
  }
  return {};
}

Result<void> Clerk::after_save() {
  // Committed: from here on nothing may say that it was not saved.
  const bool was_new_case = form_->is_new_case();
  const auto draft_gone = drafts_->discard(form_->id());
  if (was_new_case) {
    WAYSIDE_OK(cases_.refresh(*vault_, form_->record()));
    open_case_ = form_->case_id();
    forget_case();
  }
  WAYSIDE_OK(form_->saved(*vault_));
  if (!draft_gone)
    set(form_->notice, pb::Notice::attention,
        "It is saved. Its draft could not be cleared away and may be offered again.");
  return changed(form_->case_id());
}

}  // namespace wayside::app
