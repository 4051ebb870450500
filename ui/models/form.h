#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ui/models/commands.h"
#include "ui/models/draft_pace.h"
#include "ui/models/text_edit.h"

namespace wayside::models {

/// One field of the form in front: what the worker last said of it, and what stands in its boxes.
struct FieldModel {
  pb::FormField shown;            ///< newest news; its items are those of the opening or of the last save
  std::vector<TextEdit> items;    ///< one box; a list has one for each item
  TextEdit adding;                ///< a list's box for the next item
  std::vector<std::string> base;  ///< what the boxes held when the form was opened or last saved
  std::vector<std::string> sent;  ///< what the boxes held when Save was pressed
  std::string answered;           ///< the worker's error that was there when the person went on typing
  std::string hint;               ///< our own help, while the worker has said nothing
  bool writing_another = false;   ///< two values, and the person writes a third

  [[nodiscard]] bool is_list() const { return shown.kind() == pb::FormField::list; }
  [[nodiscard]] std::vector<std::string> texts() const;  ///< trimmed, without empty ones
  [[nodiscard]] bool differs() const;
  [[nodiscard]] bool editable() const { return !shown.read_only() && (!shown.two_values() || writing_another); }
  /// The worker's error until it is answered, then our hint.
  [[nodiscard]] const std::string& complaint() const {
    return shown.error().empty() || shown.error() == answered ? hint : shown.error();
  }
  [[nodiscard]] std::string label_of(std::string_view code) const;  ///< of an option; the code itself when unknown
};

/// The form on the screen. Typed text is the person's: news never overwrites it, except what a save has made true.
class FormModel {
 public:
  /// News of the form in front. Another form_id is another opening: boxes start from its items.
  void take(const pb::Form& form);
  void drop();  ///< no form; wipes the boxes
  [[nodiscard]] bool open() const { return !form_.form_id().empty(); }

  [[nodiscard]] const pb::Form& shown() const { return form_; }  ///< without its fields
  [[nodiscard]] std::vector<FieldModel>& fields() { return fields_; }
  [[nodiscard]] const std::vector<FieldModel>& fields() const { return fields_; }
  TextEdit& reason() { return reason_; }

  // What a person does. `now_ms` is monotonic.
  void edited(FieldModel& field, std::int64_t now_ms);
  void reason_edited(std::int64_t now_ms) { pace_.edited(now_ms); }
  void left(FieldModel& field);  ///< the caret went elsewhere: time for a hint
  void set_single(FieldModel& field, std::string_view item, std::int64_t now_ms);  ///< "" clears; flag, code
  void add_item(FieldModel& field, std::string_view item, std::int64_t now_ms);    ///< twice the same is once
  void remove_item(FieldModel& field, std::size_t index, std::int64_t now_ms);
  void write_another(FieldModel& field);

  [[nodiscard]] bool differs() const;
  [[nodiscard]] std::optional<std::int64_t> draft_due_ms() const { return pace_.due_ms(); }
  /// Sends the draft when it is due, or at once when `now`. A form back at its beginning keeps an empty draft.
  void keep_draft(std::int64_t now_ms, bool now, Commands& out);
  void save(Commands& out);
  void undo_changes(Commands& out);  ///< back to what the record holds; the draft goes too
  /// "Draft kept 08:47", "Saved", or empty.
  [[nodiscard]] std::string draft_line() const;
  /// Which field the person should look at first: the first with an error. Told once after each save.
  [[nodiscard]] std::optional<std::size_t> take_first_error();

 private:
  void begin(const pb::Form& form);
  void fill(FieldModel& field, const pb::FormField& from);
  void add_differing(google::protobuf::RepeatedPtrField<pb::FieldText>& out) const;

  pb::Form form_;
  std::vector<FieldModel> fields_;
  TextEdit reason_{TextEdit::Shape::one_line};
  DraftPace pace_;
  bool look_at_errors_ = false;
  bool just_saved_ = false;
};

}  // namespace wayside::models
