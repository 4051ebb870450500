#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ui/models/commands.h"
#include "ui/models/text_edit.h"

namespace wayside::models {

/// Every service against the household of the open case, narrowed by what is typed.
class PlacesModel {
 public:
  void take(const pb::Places& news);
  void drop() { *this = PlacesModel(); }

  /// The screen comes to the front with that case, or goes: then the worker forgets it too.
  void show(std::string_view case_id, Commands& out);
  void leave(Commands& out);
  [[nodiscard]] bool has_case() const { return !case_id_.empty(); }
  [[nodiscard]] bool known() const { return has_case() && shown_.case_id() == case_id_; }

  TextEdit& query() { return query_; }
  [[nodiscard]] const pb::Places& shown() const { return shown_; }
  /// Rows of one answer that hold every typed word in their name or reasons.
  [[nodiscard]] std::vector<const pb::PlaceRow*> rows(pb::Answer answer) const;
  [[nodiscard]] std::size_t count(pb::Answer answer) const;  ///< whatever is typed
  [[nodiscard]] bool nothing_fits() const;

  void open(std::string_view service_id, Commands& out);
  void close(Commands& out);
  /// The place that is open; null when none is.
  [[nodiscard]] const pb::PlaceRow* opened() const;
  [[nodiscard]] bool details_known() const { return shown_.detail().service_id() == open_id_; }
  void refer(std::string_view service_id, Commands& out) const;

 private:
  pb::Places shown_;
  std::string case_id_, open_id_;
  TextEdit query_{TextEdit::Shape::one_line};
};

}  // namespace wayside::models
