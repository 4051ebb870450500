#pragma once

#include "ui/desktop/views/form_view.h"

namespace wayside::desktop {

/// One field of a form. A head (label, help, what is wrong or changed) and a body (boxes), measured apart so that
/// two fields side by side have their boxes on one line.
class FieldView {
 public:
  FieldView(const Ui& ui, models::FormModel& form, models::FieldModel& field, FormUi& state, Asked& asked)
      : ui_(ui), form_(form), field_(field), state_(state), asked_(asked) {}

  /// True for what reads badly in half a form: long texts, lists, several values.
  [[nodiscard]] bool whole_width(float half_width) const;
  [[nodiscard]] float head_height(float width) const;
  void draw_head(float x, float y, float width) const;
  float draw_body(float x, float y, float width);  ///< its height

 private:
  float two_values(float x, float y, float width);
  float older_entries(float x, float y, float width) const;
  float read_only(float x, float y, float width) const;
  float editor(float x, float y, float width);
  float text(float x, float y, float width);
  float flag(float x, float y, float width);
  float code(float x, float y, float width);
  float list(float x, float y, float width);
  float none_here(float x, float y, float width) const;
  [[nodiscard]] bool nothing_to_choose() const;  ///< a reference, and no record that it could point to
  void touched();
  [[nodiscard]] bool take_focus() const;
  [[nodiscard]] std::vector<std::string> option_labels() const;
  [[nodiscard]] bool as_segments(float width) const;

  const Ui& ui_;
  models::FormModel& form_;
  models::FieldModel& field_;
  FormUi& state_;
  Asked& asked_;
};

}  // namespace wayside::desktop
