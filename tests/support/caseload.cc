#include "tests/support/caseload.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <sodium.h>
#include <span>
#include <string_view>
#include <vector>

#include "platform/bytes.h"
#include "tests/support/caseload_words.h"

namespace wayside::support {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

struct Town {
  std::string name;
  std::string postcode;
};

struct Lists {
  std::vector<std::string> forenames = split(words::kForenames), surnames = split(words::kSurnames),
                           streets = split(words::kStreets), street_types = split(words::kStreetTypes),
                           kin = split(words::kKin), workers = split(words::kWorkers), flags = split(words::kFlags),
                           vocabulary = split(words::kVocabulary);
  std::vector<Town> towns{{"Leeds", "LS"},    {"Hull", "HU"},   {"Preston", "PR"}, {"Swansea", "SA"},
                          {"Derby", "DE"},    {"Exeter", "EX"}, {"Carlisle", "CA"}, {"Dundee", "DD"},
                          {"Wrexham", "LL"},  {"Norwich", "NR"}, {"Truro", "TR"},  {"Luton", "LU"}};
  std::vector<std::string> genders{"female", "male", "non-binary", "prefers not to say"};
  std::vector<std::string> ethnicities{"White British", "White Irish",     "Pakistani", "Indian",  "Bangladeshi",
                                       "Black African", "Black Caribbean", "Mixed",     "Chinese", "Not stated"};
  std::vector<std::string> languages{"English", "English", "English", "Welsh",  "Urdu",
                                     "Polish",  "Punjabi", "Arabic",  "Somali", "BSL"};
  std::vector<std::string> note_kinds{"home visit",   "phone call", "office",   "text message",
                                      "multi-agency", "court",      "hospital", "school"};
  std::vector<std::string> plan_statuses{"draft", "active", "paused", "closed"};
  std::vector<std::string> consents{"written", "verbal", "withheld"};
  std::vector<std::string> levels{"low", "medium", "high"};
};

std::string padded(std::uint32_t number, std::size_t width) {
  auto digits = std::to_string(number);
  return std::string(width - std::min(width, digits.size()), '0') + digits;
}

std::string hex(std::uint64_t number, std::size_t width) {
  std::string digits(width, '0');
  for (auto i = width; i-- > 0; number >>= 4) digits[i] = "0123456789abcdef"[number & 0xF];
  return digits;
}

std::string lower(std::string text) {
  for (auto& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

/// xoshiro128**, seeded by splitmix32.
class Generator {
 public:
  explicit Generator(std::uint32_t seed) {
    for (auto& word : state_) {
      seed += 0x9e3779b9;
      auto mixed = seed ^ (seed >> 16);
      mixed *= 0x21f0aaad;
      mixed ^= mixed >> 15;
      mixed *= 0x735a2d97;
      word = mixed ^ (mixed >> 15);
    }
  }
  std::uint32_t next() {
    const auto rotated = [](std::uint32_t x, int k) { return (x << k) | (x >> (32 - k)); };
    auto& s = state_;
    const auto result = rotated(s[1] * 5, 7) * 9;
    const auto shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotated(s[3], 11);
    return result;
  }
  /// By remainder: its bias matters to nobody, that it is the same everywhere does.
  std::uint32_t below(std::size_t bound) { return next() % static_cast<std::uint32_t>(bound); }
  template <class T>
  const T& pick(const std::vector<T>& list) { return list[below(list.size())]; }

 private:
  std::array<std::uint32_t, 4> state_{};
};

/// One run. The order in which values are drawn is the workload, so every draw stands in a statement of its own
/// wherever C++ would leave the order open.
class Maker {
 public:
  explicit Maker(const CaseloadOptions& options) : options_(options), draw_(options.seed) {}

  Caseload make() {
    for (std::uint32_t i = 0; i < options_.cases; ++i) add_case();
    add_edits();
    for (int i = 0; i < 200; ++i) {
      const auto& name = draw_.pick(lists_.surnames);
      queries_.push_back({{"kind", "prefix"}, {"q", name.substr(0, 2 + draw_.below(3))}});
    }
    for (int i = 0; i < 200; ++i) queries_.push_back({{"kind", "word"}, {"q", draw_.pick(lists_.vocabulary)}});
    Caseload made{lines(cases_), lines(edits_), lines(queries_), {}};
    made.manifest = manifest(made);
    return made;
  }

 private:
  // Values

  std::string uuid() {
    tick_ms_ += 1 + draw_.below(5);
    const auto time = hex(tick_ms_, 12);
    const auto a = draw_.next();
    const auto b = draw_.next();
    const auto c = draw_.next();
    return time.substr(0, 8) + "-" + time.substr(8) + "-7" + hex(a & 0xfff, 3) + "-" + hex(0x8000 | (b & 0x3fff), 4) +
           "-" + hex(c, 8) + hex(a >> 16, 4);
  }
  std::string day(std::uint32_t first_year, std::uint32_t years) {
    auto text = std::to_string(first_year + draw_.below(years));
    text += "-" + padded(1 + draw_.below(12), 2);
    text += "-" + padded(1 + draw_.below(28), 2);
    return text;
  }
  const std::string& word() {
    const auto a = draw_.below(lists_.vocabulary.size());
    const auto b = draw_.below(lists_.vocabulary.size());
    return lists_.vocabulary[std::min(a, b)];
  }
  std::string sentence() {
    std::string text;
    for (auto left = 7 + draw_.below(9); left > 0; --left) text += (text.empty() ? "" : " ") + word();
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text + ".";
  }
  std::string note_text() {
    std::string text;
    const auto target = 370 + draw_.below(30);
    while (text.size() < target) text += (text.empty() ? "" : " ") + sentence();
    return text;
  }
  std::string address() {
    auto text = std::to_string(1 + draw_.below(180));
    text += " " + draw_.pick(lists_.streets);
    text += " " + draw_.pick(lists_.street_types);
    return text;
  }
  std::string next_of_kin() {
    const auto& surname = draw_.pick(lists_.surnames);
    const auto& forename = draw_.pick(lists_.forenames);
    return forename + " " + surname + " (" + draw_.pick(lists_.kin) + ")";
  }
  std::string phone() { return "07700 900" + padded(draw_.below(1000), 3); }   // kept free for fiction
  std::string postcode(const Town& town) {
    auto text = town.postcode + std::to_string(1 + draw_.below(20));
    text += " " + std::to_string(1 + draw_.below(9));
    text += "ABDEFGHJ"[draw_.below(8)];
    text += "LNPQRSTU"[draw_.below(8)];
    return text;
  }

  // Cases. Edits choose among a record's fields in the order in which they were made, hence ordered_json.

  ordered_json person() {
    const auto& forename = draw_.pick(lists_.forenames);
    const auto& surname = draw_.pick(lists_.surnames);
    const auto& town = draw_.pick(lists_.towns);
    ordered_json made;
    made["id"] = uuid();
    made["forename"] = forename;
    made["surname"] = surname;
    made["dob"] = day(1935, 75);
    made["gender"] = draw_.pick(lists_.genders);
    made["ethnicity"] = draw_.pick(lists_.ethnicities);
    made["language"] = draw_.pick(lists_.languages);
    made["address"] = address();
    made["town"] = town.name;
    made["postcode"] = postcode(town);
    made["phone"] = phone();
    auto email = lower(forename + "." + surname + std::to_string(draw_.below(1000)) + "@example.org");
    if (const auto quote = email.find('\''); quote != std::string::npos) email.erase(quote, 1);
    made["email"] = email;
    made["next_of_kin"] = next_of_kin();
    return made;
  }
  ordered_json note() {
    ordered_json made;
    made["id"] = uuid();
    auto at = day(2023, 3);
    at += "T" + padded(8 + draw_.below(10), 2);
    at += ":" + padded(draw_.below(60), 2) + ":00Z";
    made["at"] = at;
    made["author"] = draw_.pick(lists_.workers);
    made["kind"] = draw_.pick(lists_.note_kinds);
    made["text"] = note_text();
    return made;
  }
  ordered_json risk() {
    ordered_json made;
    made["id"] = uuid();
    std::uint32_t count = 0;
    for (const auto& flag : lists_.flags) {
      const bool is_set = draw_.below(6) == 0;
      made[flag] = is_set;
      count += is_set ? 1 : 0;
    }
    made["score"] = count * 4 + draw_.below(5);
    made["level"] = count > 6 ? "high" : count > 3 ? "medium" : "low";
    return made;
  }
  ordered_json plan() {
    ordered_json made;
    made["id"] = uuid();
    made["goal"] = sentence();
    auto actions = sentence();
    actions += " " + sentence();
    made["actions"] = actions;
    made["outcome"] = sentence();
    made["review_date"] = day(2026, 2);
    made["worker"] = draw_.pick(lists_.workers);
    made["status"] = draw_.pick(lists_.plan_statuses);
    made["agencies"] = two_agencies();
    made["consent"] = draw_.pick(lists_.consents);
    return made;
  }
  std::string two_agencies() {
    const auto& first = draw_.pick(lists_.vocabulary);
    return first + ", " + draw_.pick(lists_.vocabulary);
  }
  void add_case() {
    ordered_json made;
    made["id"] = uuid();
    made["person"] = person();
    made["notes"] = ordered_json::array();
    for (int i = 0; i < 10; ++i) made["notes"].push_back(note());
    made["risk"] = risk();
    made["plan"] = plan();
    cases_.push_back(std::move(made));
  }

  // Edits

  /// One field of one record.
  struct Cell {
    std::string table, id, field;
    auto operator<=>(const Cell&) const = default;
  };

  static Cell cell_of(const ordered_json& made, const char* table, const char* field) {
    return {table, made[table]["id"], field};
  }
  /// A field that every device will change.
  Cell contested(const ordered_json& made) {
    switch (draw_.below(5)) {
      case 0: return cell_of(made, "person", "address");
      case 1: return cell_of(made, "person", "next_of_kin");
      case 2: return cell_of(made, "plan", "goal");
      case 3: return cell_of(made, "plan", "outcome");
      default: return {"note", made["notes"][draw_.below(10)]["id"], "text"};
    }
  }
  static std::vector<Cell> all_cells(const ordered_json& made) {
    std::vector<Cell> cells;
    for (const auto* table : {"person", "plan", "risk"}) {
      for (const auto& [field, value] : made[table].items()) {
        if (field != "id") cells.push_back({table, made[table]["id"], field});
      }
    }
    for (const auto& note : made["notes"]) cells.push_back({"note", note["id"], "text"});
    return cells;
  }
  std::string fresh_text(const std::string& device, const std::string& field) {
    const auto tag = " [" + device + padded(++serial_, 5) + "]";
    if (field == "address") return address() + tag;
    if (field == "next_of_kin") return next_of_kin() + tag;
    if (field == "text") return note_text() + tag;
    return sentence() + tag;
  }
  std::string other_than(const json& current, const std::vector<std::string>& list) {
    for (;;) {
      if (const auto& value = draw_.pick(list); value != current) return value;
    }
  }
  const std::vector<std::string>* choices(const std::string& field) const {
    if (field == "gender") return &lists_.genders;
    if (field == "ethnicity") return &lists_.ethnicities;
    if (field == "language") return &lists_.languages;
    if (field == "surname") return &lists_.surnames;
    if (field == "forename") return &lists_.forenames;
    if (field == "town") return &town_names_;
    if (field == "worker") return &lists_.workers;
    if (field == "status") return &lists_.plan_statuses;
    if (field == "consent") return &lists_.consents;
    if (field == "level") return &lists_.levels;
    return nullptr;
  }
  /// Another value of the field's own kind, so that a typed store accepts every edit.
  json fresh_value(const std::string& device, const ordered_json& made, const Cell& cell) {
    const json current = cell.table == "note" ? json() : json(made[cell.table][cell.field]);
    if (current.is_boolean()) return !current.get<bool>();
    if (current.is_number()) return current.get<std::uint32_t>() + 1 + draw_.below(9);
    if (const auto* list = choices(cell.field)) return other_than(current, *list);
    if (cell.field == "dob") return day(1935, 75);
    if (cell.field == "review_date") return day(2026, 2);
    if (cell.field == "phone") return phone();
    if (cell.field == "postcode") return postcode(draw_.pick(lists_.towns));
    if (cell.field == "email") {
      const auto& forename = draw_.pick(lists_.forenames);
      return lower(forename + "." + device + std::to_string(++serial_) + "@example.org");
    }
    if (cell.field == "agencies") {
      const auto agencies = two_agencies();
      return agencies + " " + std::to_string(++serial_);
    }
    return fresh_text(device, cell.field);
  }
  void add_edit(const std::string& device, const ordered_json& made, const Cell& cell, json value, bool conflict) {
    edits_.push_back({{"device", device}, {"case_id", made["id"]}, {"table", cell.table}, {"id", cell.id},
                      {"field", cell.field}, {"value", std::move(value)}, {"conflict", conflict}});
  }
  void edit_case(const ordered_json& made) {
    const auto shared = contested(made);
    std::set<Cell> used{shared};
    const auto cells = all_cells(made);
    for (std::uint32_t i = 0; i < options_.devices; ++i) {
      const std::string device(1, static_cast<char>('A' + i));
      add_edit(device, made, shared, fresh_text(device, shared.field), true);
      const auto* own = &draw_.pick(cells);
      while (used.contains(*own)) own = &draw_.pick(cells);
      used.insert(*own);
      add_edit(device, made, *own, fresh_value(device, made, *own), false);
    }
  }
  void add_edits() {
    std::vector<std::uint32_t> order(cases_.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    for (auto i = order.size(); i-- > 1;) std::swap(order[i], order[draw_.below(i + 1)]);
    order.resize(order.size() / 10);
    std::ranges::sort(order);
    for (const auto i : order) edit_case(cases_[i]);
  }

  // Files

  template <class Json>
  static std::string lines(const std::vector<Json>& rows) {
    std::string text;
    for (const auto& row : rows) text += json(row).dump() + "\n";   // json sorts its keys
    return rows.empty() ? "\n" : text;
  }
  static ordered_json file_entry(const std::string& text, std::size_t count) {
    Bytes sum(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256(as_uchar(sum), as_uchar(text), text.size());
    return {{"bytes", text.size()}, {"lines", count}, {"sha256", to_hex(sum)}};
  }
  std::string manifest(const Caseload& made) const {
    ordered_json files{{"cases.ndjson", file_entry(made.cases, cases_.size())},
                       {"edits.ndjson", file_entry(made.edits, edits_.size())},
                       {"queries.ndjson", file_entry(made.queries, queries_.size())}};
    auto devices = ordered_json::array();
    for (std::uint32_t i = 0; i < options_.devices; ++i) devices.push_back(std::string(1, static_cast<char>('A' + i)));
    const auto edited = cases_.size() / 10;
    const ordered_json all{{"workload", "caseload-1"},      {"seed", options_.seed},
                           {"n", cases_.size()},            {"d", options_.devices},
                           {"records", cases_.size() * 13}, {"devices", std::move(devices)},
                           {"edited_cases", edited},        {"edits", edits_.size()},
                           {"conflict_cells", edited},      {"conflict_values", edited * options_.devices},
                           {"files", std::move(files)}};
    return all.dump(1) + "\n";
  }

  static std::vector<std::string> names_of(const std::vector<Town>& towns) {
    std::vector<std::string> names;
    for (const auto& town : towns) names.push_back(town.name);
    return names;
  }

  CaseloadOptions options_;
  Generator draw_;
  Lists lists_;
  std::vector<std::string> town_names_ = names_of(lists_.towns);
  std::uint64_t tick_ms_ = 1'735'689'600'000;   // 1 January 2025
  std::uint32_t serial_ = 0;
  std::vector<ordered_json> cases_;
  std::vector<json> edits_;
  std::vector<json> queries_;
};

}  // namespace

Caseload make_caseload(const CaseloadOptions& options) { return Maker(options).make(); }

}  // namespace wayside::support
