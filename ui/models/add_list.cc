#include "ui/models/add_list.h"

#include <algorithm>

#include "ui/models/utf8.h"

namespace wayside::models {
namespace {

/// Whether every word of `query` (in small letters) stands somewhere in `text`.
bool holds(std::string_view text, std::string_view query) {
  const std::string in = lower_ascii(text);
  while (!(query = trimmed(query)).empty()) {
    const auto word = query.substr(0, query.find(' '));
    if (in.find(word) == std::string::npos) return false;
    query.remove_prefix(word.size());
  }
  return true;
}

}  // namespace

void AddList::take(const pb::Case& news) {
  if (news.types_size() == 0) return;
  const bool first = offers_.empty();
  offers_.assign(news.types().begin(), news.types().end());
  const int stood = row_;
  arrange();
  if (!first) row_ = std::clamp(stood, 0, std::max(0, static_cast<int>(rows_.size()) - 1));
}

void AddList::begin() {
  query_.clear();
  fresh_ = true;
  arrange();
}

void AddList::typed() { arrange(); }

void AddList::arrange() {
  const std::string query = lower_ascii(query_.text());
  rows_.clear();
  row_ = 0;
  std::string_view group;
  for (const pb::TypeOffer& offer : offers_) {
    if (!holds(offer.label(), query)) continue;
    rows_.push_back({&offer, offer.group() == group ? std::string() : offer.group()});
    group = offer.group();
  }
  bool first = true;
  for (const pb::TypeOffer& offer : offers_) {
    if (holds(offer.label(), query) || !holds(offer.label() + " " + offer.group() + " " + offer.help(), query)) continue;
    const std::string heading = rows_.empty() ? "What mentions it" : "What mentions it as well";
    rows_.push_back({&offer, first ? heading : std::string()});
    first = false;
  }
}

void AddList::move(int by) { row_ = std::clamp(row_ + by, 0, std::max(0, static_cast<int>(rows_.size()) - 1)); }

const pb::TypeOffer* AddList::here() const {
  return rows_.empty() ? nullptr : rows_[static_cast<std::size_t>(row_)].offer;
}

}  // namespace wayside::models
