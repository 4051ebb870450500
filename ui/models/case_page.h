#pragma once

#include <string>
#include <string_view>

#include "ui/models/add_list.h"
#include "ui/models/commands.h"

namespace wayside::models {

/// The open case: which tab is in front, and whether it shows a form, a list of records, its files, where things stand, the
/// timeline, or what can be added.
class CaseModel {
 public:
  enum class Pane { form, records, files, standing, timeline, adding };

  void take(const pb::Case& news);
  void drop() { *this = CaseModel(); }

  [[nodiscard]] bool open() const { return !shown_.case_id().empty() || is_new(); }
  [[nodiscard]] bool is_new() const { return shown_.case_id().empty() && shown_.has_form(); }
  [[nodiscard]] const pb::Case& shown() const { return shown_; }
  [[nodiscard]] Pane pane() const { return pane_; }
  /// Index among shown().tabs(); tabs_size() for the timeline, which narrow screens show as one more tab; -1 for none.
  [[nodiscard]] int chosen_tab() const {
    if (pane_ == Pane::timeline) return shown_.tabs_size();
    const bool no_part_yet = pane_ == Pane::form && shown_.form().is_new() && part(shown_.form().type()) == nullptr;
    return pane_ == Pane::adding || no_part_yet ? -1 : tab_;
  }
  [[nodiscard]] const pb::CaseTab* tab() const { return tab_ < shown_.tabs_size() ? &shown_.tabs(tab_) : nullptr; }

  void choose_tab(int tab, Commands& out);
  void open_record(std::string_view record_id, Commands& out);
  void add(std::string_view type, Commands& out);

  void show_files(Commands& out);    ///< the files come to the front
  /// The window goes elsewhere: what was made for the screen alone is wiped. The pane stays as it is.
  void leave_pane(Commands& out) const;
  void come_back(Commands& out) const;  ///< the case is on the screen again: what its pane needs is asked for anew

  void begin_adding(Commands& out);  ///< the list of what can be added comes to the front
  void stop_adding();                ///< back to what was in front
  AddList& adding() { return adding_; }
  /// Adds a record of that type, or opens the one that a case has once.
  void choose_type(std::string_view type, Commands& out);
  /// The part of that type; null when the case has none.
  [[nodiscard]] const pb::CaseTab* part(std::string_view type) const;

  /// A wide screen has the timeline beside the form: there it is no tab.
  void timeline_is_beside() {
    if (pane_ == Pane::timeline) pane_ = Pane::form;
  }

 private:
  void go_to(Pane pane, Commands& out);
  void to_tab_of(std::string_view type);
  pb::Case shown_;
  Pane pane_ = Pane::form;
  Pane before_adding_ = Pane::form;
  AddList adding_;
  int tab_ = 0;
};

}  // namespace wayside::models
