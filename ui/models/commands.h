#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ui/app/messages.pb.h"

namespace wayside::models {

namespace pb = wayside::app::pb;

/// What a frame asked for. Views push while they draw; the shell sends when the frame is done.
class Commands {
 public:
  void push(pb::Command command) { queued_.push_back(std::move(command)); }
  [[nodiscard]] std::vector<pb::Command> take() { return std::exchange(queued_, {}); }

  void search(std::string_view text, std::string_view filter) {
    auto& search = *add().mutable_search();
    search.set_text(std::string(text));
    search.set_filter(std::string(filter));
  }
  void open_case(std::string_view case_id) { add().mutable_open_case()->set_case_id(std::string(case_id)); }
  void new_case() { add().mutable_new_case(); }
  void open_record(std::string_view id) { add().mutable_open_record()->set_record_id(std::string(id)); }
  void new_record(std::string_view case_id, std::string_view type) {
    auto& record = *add().mutable_new_record();
    record.set_case_id(std::string(case_id));
    record.set_type(std::string(type));
  }
  void list_types() { add().mutable_list_types(); }
  void close_form() { add().mutable_close_form(); }
  void open_review(std::string_view id) { add().mutable_open_review()->set_review_id(std::string(id)); }
  void open_history(std::string_view record_id, unsigned field) {
    auto& history = *add().mutable_open_history();
    history.set_record_id(std::string(record_id));
    history.set_field(field);
  }
  void reconcile() { add().mutable_reconcile(); }
  void stop_reconcile() { add().mutable_stop_reconcile(); }
  void lock(bool quick_exit) { add().mutable_lock()->set_quick_exit(quick_exit); }

 private:
  pb::Command& add() { return queued_.emplace_back(); }
  std::vector<pb::Command> queued_;
};

}  // namespace wayside::models
