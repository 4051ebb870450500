#include "ui/models/files.h"

#include <algorithm>

namespace wayside::models {

void FilesModel::take(const pb::Files& news, std::int64_t now_ms) {
  const bool was_working = working();
  const auto work_before = shown_.work().kind();
  const bool added = news.added_count() > shown_.added_count();
  const bool written = news.written_count() > shown_.written_count();
  shown_ = news;
  if (working() && (!was_working || work_before != shown_.work().kind())) work_since_ms_ = now_ms;
  if (added && panel_ == Panel::adding) {
    panel_ = Panel::none;
    for (TextEdit* edit : {&path_, &name_}) edit->clear();
    kind_.clear();
    dropped_sentence_.clear();
  }
  if (written && panel_ == Panel::copying) {
    panel_ = Panel::none;
    copy_to_.clear();
  }
  // A picture that was closed meanwhile does not come back with old news.
  if (shown_.opened().file_id() != open_id_) shown_.clear_opened();
  if (!open_id_.empty() && opened() == nullptr) open_id_.clear();
}

const pb::FileRow* FilesModel::opened() const {
  if (open_id_.empty()) return nullptr;
  const auto row = std::ranges::find(shown_.rows(), open_id_, &pb::FileRow::file_id);
  return row == shown_.rows().end() ? nullptr : &*row;
}

void FilesModel::open(std::string_view file_id, Commands& out) {
  open_id_ = file_id;
  shown_.clear_opened();
  shown_.clear_notice();
  panel_ = Panel::none;
  out.open_file(file_id);
}

void FilesModel::close(Commands& out) {
  if (panel_ == Panel::copying) panel_ = Panel::none;
  if (open_id_.empty()) return;
  open_id_.clear();
  shown_.clear_opened();
  shown_.clear_notice();
  out.open_file({});
}

void FilesModel::leave() {
  if (panel_ == Panel::copying) panel_ = Panel::none;
  open_id_.clear();
  shown_.clear_opened();
}

void FilesModel::fetch(Commands& out) const {
  if (!open_id_.empty()) out.fetch_file(open_id_);
}

void FilesModel::begin_adding() {
  panel_ = Panel::adding;
  fresh_ = true;
  shown_.clear_notice();
}

void FilesModel::begin_copying() {
  panel_ = Panel::copying;
  fresh_ = true;
  shown_.clear_notice();
}

std::string FilesModel::kind_label() const {
  const auto option = std::ranges::find(shown_.kinds(), kind_, &pb::Option::code);
  return option == shown_.kinds().end() ? std::string() : option->label();
}

void FilesModel::dropped(std::string_view first, std::size_t count) {
  panel_ = Panel::adding;
  fresh_ = false;
  path_.set_text(first);
  name_.clear();
  shown_.clear_notice();
  dropped_sentence_ = count > 1 ? "One file at a time: this is the first of " + std::to_string(count) + "." : "";
}

void FilesModel::add(std::string_view case_id, bool keep_as_is, Commands& out) {
  asked_path_ = path_.text();
  out.add_file(case_id, path_.text(), kind_, name_.text(), keep_as_is);
}

void FilesModel::write_copy(Commands& out) {
  if (!open_id_.empty()) out.export_file(open_id_, copy_to_.text());
}

std::optional<std::int64_t> FilesModel::bar_due_ms(std::int64_t now_ms) const {
  if (!working() || shows_bar(now_ms)) return std::nullopt;
  return work_since_ms_ + kBarAfter_ms;
}

std::string FilesModel::work_words() const {
  const std::string name = shown_.work().name().empty() ? "the file" : shown_.work().name();
  switch (shown_.work().kind()) {
    case pb::FileWork::adding: return "Taking place and device out, and encrypting " + name;
    case pb::FileWork::fetching: return "Fetching " + name + " from the office";
    case pb::FileWork::reading: return "Opening " + name;
    case pb::FileWork::writing: return "Writing a copy of " + name;
    default: return {};
  }
}

std::optional<float> FilesModel::work_share() const {
  if (shown_.work().total() == 0) return std::nullopt;
  return std::min(1.0f, static_cast<float>(shown_.work().done()) / static_cast<float>(shown_.work().total()));
}

}  // namespace wayside::models
