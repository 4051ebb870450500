#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ui/app/messages.pb.h"
#include "ui/models/text_edit.h"

namespace wayside::models {

namespace pb = wayside::app::pb;

/// What can be added to a case, narrowed by what is typed: types whose names hold every word stand first, group by
/// group; after them those that only mention it in their help.
class AddList {
 public:
  struct Row {
    const pb::TypeOffer* offer = nullptr;
    std::string heading;  ///< over this row; empty goes on with the last one
  };

  void take(const pb::Case& news);  ///< keeps what it knows when the news brings no list
  void begin();                     ///< opened anew: nothing is typed
  [[nodiscard]] bool known() const { return !offers_.empty(); }
  TextEdit& query() { return query_; }
  void typed();                     ///< the query has changed
  bool take_fresh() { return std::exchange(fresh_, false); }  ///< the box takes the keyboard once

  [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }
  [[nodiscard]] int row() const { return row_; }  ///< where the keyboard stands
  void move(int by);
  /// The type under the keyboard; null when nothing fits.
  [[nodiscard]] const pb::TypeOffer* here() const;

 private:
  void arrange();

  std::vector<pb::TypeOffer> offers_;
  std::vector<Row> rows_;
  TextEdit query_{TextEdit::Shape::one_line};
  int row_ = 0;
  bool fresh_ = false;
};

}  // namespace wayside::models
