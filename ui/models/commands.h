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
  void add_file(std::string_view case_id, std::string_view path, std::string_view kind, std::string_view name, bool keep_as_is) {
    auto& file = *add().mutable_add_file();
    file.set_case_id(std::string(case_id));
    file.set_path(std::string(path));
    file.set_kind(std::string(kind));
    file.set_name(std::string(name));
    file.set_keep_metadata(keep_as_is);
  }
  void open_file(std::string_view id) { add().mutable_open_file()->set_file_id(std::string(id)); }
  void export_file(std::string_view id, std::string_view path) {
    auto& file = *add().mutable_export_file();
    file.set_file_id(std::string(id));
    file.set_path(std::string(path));
  }
  void fetch_file(std::string_view id) { add().mutable_fetch_file()->set_file_id(std::string(id)); }
  void stop_fetch() { add().mutable_stop_fetch(); }
  void show_standing(bool shown) { add().mutable_show_standing()->set_shown(shown); }
  void show_places(std::string_view case_id) { add().mutable_show_places()->set_case_id(std::string(case_id)); }
  void open_service(std::string_view id) { add().mutable_open_service()->set_service_id(std::string(id)); }
  void new_referral(std::string_view case_id, std::string_view service_id) {
    auto& referral = *add().mutable_new_referral();
    referral.set_case_id(std::string(case_id));
    referral.set_service_id(std::string(service_id));
  }
  void show_today(bool shown) { add().mutable_show_today()->set_shown(shown); }
  void reconcile() { add().mutable_reconcile(); }
  void stop_reconcile() { add().mutable_stop_reconcile(); }
  void lock(bool quick_exit) { add().mutable_lock()->set_quick_exit(quick_exit); }

 private:
  pb::Command& add() { return queued_.emplace_back(); }
  std::vector<pb::Command> queued_;
};

}  // namespace wayside::models
