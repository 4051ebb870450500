#include "ui/models/places.h"

#include <algorithm>

namespace wayside::models {
namespace {

/// Every word of `query` stands somewhere in `text`; ASCII letters of either case.
bool holds_words(std::string_view text, std::string_view query) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  while (!query.empty()) {
    const auto end = std::min(query.find(' '), query.size());
    const std::string_view word = query.substr(0, end);
    const auto found = std::ranges::search(text, word, {}, lower, lower);
    if (!word.empty() && found.empty()) return false;
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return true;
}

bool fits(const pb::PlaceRow& row, std::string_view query) {
  std::string all = row.name() + " " + row.vacancy();
  for (const auto& reason : row.reasons()) all += " " + reason.text();
  return holds_words(all, query);
}

}  // namespace

void PlacesModel::take(const pb::Places& news) {
  shown_ = news;
  if (!open_id_.empty() && known() && opened() == nullptr) open_id_.clear();
}

void PlacesModel::show(std::string_view case_id, Commands& out) {
  if (case_id != case_id_) {
    query_.clear();
    open_id_.clear();
    if (shown_.case_id() != case_id) shown_.Clear();
  }
  case_id_ = case_id;
  if (has_case()) out.show_places(case_id_);
}

void PlacesModel::leave(Commands& out) {
  if (has_case()) out.show_places({});
}

std::vector<const pb::PlaceRow*> PlacesModel::rows(pb::Answer answer) const {
  std::vector<const pb::PlaceRow*> out;
  for (const auto& row : shown_.rows()) {
    if (row.answer() == answer && fits(row, query_.text())) out.push_back(&row);
  }
  return out;
}

std::size_t PlacesModel::count(pb::Answer answer) const {
  return static_cast<std::size_t>(std::ranges::count(shown_.rows(), answer, &pb::PlaceRow::answer));
}

bool PlacesModel::nothing_fits() const {
  return std::ranges::none_of(shown_.rows(), [&](const pb::PlaceRow& row) { return fits(row, query_.text()); });
}

void PlacesModel::open(std::string_view service_id, Commands& out) {
  open_id_ = service_id;
  out.open_service(service_id);
}

void PlacesModel::close(Commands& out) {
  open_id_.clear();
  out.open_service({});
}

const pb::PlaceRow* PlacesModel::opened() const {
  if (open_id_.empty()) return nullptr;
  const auto row = std::ranges::find(shown_.rows(), open_id_, &pb::PlaceRow::service_id);
  return row == shown_.rows().end() ? nullptr : &*row;
}

void PlacesModel::refer(std::string_view service_id, Commands& out) const { out.new_referral(case_id_, service_id); }

}  // namespace wayside::models
