#include "core/casework/import_leicester.h"

#include <algorithm>
#include <array>
#include <sodium.h>
#include <span>

#include "core/casework/import_source.h"
#include "core/schema/csv.h"
#include "core/schema/validate.h"

namespace wayside::casework {
namespace {

using schema::CsvRow;
using schema::RecordType;

constexpr std::string_view kIdDomain = "wayside.service.leicester.v1";

/// How a column becomes fields.
enum class Means {
  as_it_stands,     ///< the cell is the field's text
  kind,             ///< accommodation, or what else the ambiguous cells call it
  sons_age,         ///< a number, or "none": no limit
  men,              ///< yes: any sex; no: women
  pets,             ///< together with how many units take them
  standards,        ///< several, joined by "&"
  printed,          ///< kept among the printed words where the table calls the cell ambiguous
  ambiguous_cells,
};

struct Column {
  std::string_view head;
  std::string_view field;   ///< for `printed`: the name that ambiguous_cells calls it by
  Means means;
};

constexpr std::array kColumns{
    Column{"service_name", "name", Means::as_it_stands},
    Column{"da_support_provider", "provider", Means::as_it_stands},
    Column{"commissioner_funding", "funder", Means::as_it_stands},
    Column{"specialism", "specialism", Means::as_it_stands},
    Column{"is_accommodation", "kind", Means::kind},
    Column{"units", "units", Means::as_it_stands},
    Column{"unit_type", "unit_type", Means::as_it_stands},
    Column{"wheelchair_units", "wheelchair_units", Means::as_it_stands},
    Column{"largest_family_size", "largest_family_size", Means::as_it_stands},
    Column{"boys_limit_raw", "boys_limit", Means::printed},
    Column{"boys_limit_certain", "sons_max_age_certain", Means::sons_age},
    Column{"boys_limit_possible", "sons_max_age_possible", Means::sons_age},
    Column{"nrpf_raw", "nrpf", Means::printed},
    Column{"nrpf_norm", "nrpf", Means::as_it_stands},
    Column{"male_victims", "accepts_sex", Means::men},
    Column{"pets_raw", "pets", Means::printed},
    Column{"pets_norm", "pets", Means::pets},
    Column{"pets_units_max", "pets_units", Means::as_it_stands},
    Column{"overnight_security", "overnight_security", Means::as_it_stands},
    Column{"quality_standards", "quality_standards", Means::standards},
    Column{"ambiguous_cells", "printed_words", Means::ambiguous_cells},
};

constexpr std::string_view kNoLimit = "99";       ///< how the record type writes "no limit" of an age

struct Mend {
  std::string_view spoiled;
  std::string_view meant;
};
/// Cyrillic capitals that look like Latin ones, and the capital I of Imkaan read as a small l.
constexpr std::array kMends{Mend{"А", "A"}, Mend{"В", "B"}, Mend{"Е", "E"}, Mend{"К", "K"}, Mend{"М", "M"},
                            Mend{"Н", "H"}, Mend{"О", "O"}, Mend{"Р", "P"}, Mend{"С", "C"}, Mend{"Т", "T"},
                            Mend{"Х", "X"}, Mend{"lmkaan", "Imkaan"}};

std::string mended(std::string text) {
  for (const auto& mend : kMends) {
    for (auto at = text.find(mend.spoiled); at != std::string::npos; at = text.find(mend.spoiled, at)) {
      text.replace(at, mend.spoiled.size(), mend.meant);
      at += mend.meant.size();
    }
  }
  return text;
}

/// The codes that a cell's words name, or nothing when part of it is not known.
std::vector<std::string> standards_in(std::string_view cell) {
  constexpr std::array kKnown{std::pair{"WAFE", "WAFE"}, std::pair{"SafeLives high/medium risk services", "SAFELIVES"},
                              std::pair{"SafeLives", "SAFELIVES"}, std::pair{"Imkaan", "IMKAAN"}};
  std::vector<std::string> codes;
  for (std::size_t begin = 0; begin <= cell.size();) {
    const auto end = std::min(cell.find('&', begin), cell.size());
    auto part = cell.substr(begin, end - begin);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    const auto known = std::ranges::find(kKnown, part, [](const auto& entry) { return std::string_view(entry.first); });
    if (known == kKnown.end()) return {};
    codes.emplace_back(known->second);
    begin = end + 1;
  }
  return codes;
}

/// Reads the rows of one table, one after the other.
class Reader {
 public:
  explicit Reader(const schema::Schema& schema) : service_(*schema.type("service")) {}

  Imported read(platform::File& file) {
    NewCase made;
    const auto rows = read_table(file, problems_);
    if (rows && read_heads(rows->front())) {
      for (const auto& row : std::span(*rows).subspan(1)) read_row(row, made);
    }
    if (!problems_.none()) return std::unexpected(std::move(problems_).take());
    if (made.records.empty()) return std::vector<NewCase>();
    return std::vector{std::move(made)};
  }

 private:
  bool read_heads(const CsvRow& row) {
    for (const auto& column : kColumns) {
      const auto found = std::ranges::find(row.cells, column.head);
      if (found == row.cells.end()) problems_.add(row.line, std::string(column.head), "is missing; the table needs it");
      places_.push_back(static_cast<std::size_t>(found - row.cells.begin()));
    }
    for (const auto& head : row.cells) {
      if (std::ranges::find(kColumns, head, &Column::head) == kColumns.end()) {
        problems_.add(row.line, short_name(head), "is no column of the Leicester table; remove it");
      }
    }
    refuse_double_heads(row, problems_);
    return problems_.none();
  }

  void read_row(const CsvRow& row, NewCase& made) {
    row_ = &row;
    if (row.cells.size() != kColumns.size()) {
      problems_.add(row.line, {}, "needs " + std::to_string(kColumns.size()) + " cells, as many as there are heads");
      return;
    }
    const auto name = cell("service_name");
    record_ = NewRecord{leicester_service_id(name), service_.id, {}, row.line};
    if (name.empty()) {
      problems_.add(row.line, "service_name", "is empty; every service needs its name");
    } else if (!names_.insert(record_.id).second) {
      problems_.add(row.line, "service_name", "stands in two rows; give each service its own name");
    }
    for (const auto& column : kColumns) {
      if (auto text = cell(column.head); !text.empty()) read_cell(column, text);
    }
    made.records.push_back(std::move(record_));
  }

  std::string cell(std::string_view head) const {
    const auto column = std::ranges::find(kColumns, head, &Column::head);
    return mended(row_->cells[places_[static_cast<std::size_t>(column - kColumns.begin())]]);
  }

  void read_cell(const Column& column, const std::string& text) {
    switch (column.means) {
      case Means::as_it_stands: return set(column, {text});
      case Means::kind: return set_kind(column, text);
      case Means::sons_age: return set(column, {text == "none" ? std::string(kNoLimit) : text});
      case Means::men: return set_yes_no(column, text, "any", "female");
      case Means::pets: return set_yes_no(column, text, some_units() ? "some" : "yes", "no");
      case Means::standards: return set_standards(column, text);
      case Means::printed: return;
      case Means::ambiguous_cells: return set(column, {text + printed_words(text)});
    }
  }

  void set(const Column& column, const std::vector<std::string>& texts) {
    const auto& field = *service_.field(column.field);
    NewField made{field.id, {}};
    for (const auto& text : texts) {
      auto value = schema::parse_field(field, std::string_view(text));
      if (value) made.values.push_back(*std::move(value));
      else problems_.add(row_->line, std::string(column.head), value.error().what);
    }
    if (!made.values.empty()) record_.fields.push_back(std::move(made));
  }

  void set_yes_no(const Column& column, const std::string& text, std::string_view yes, std::string_view no) {
    if (text == "yes" || text == "no") return set(column, {std::string(text == "yes" ? yes : no)});
    problems_.add(row_->line, std::string(column.head), "needs yes or no");
  }

  /// The table prints one entry that is no accommodation: a target-hardening service.
  void set_kind(const Column& column, const std::string& text) {
    const bool hardening = cell("ambiguous_cells").find("target-hardening") != std::string::npos;
    set_yes_no(column, text, "accommodation", hardening ? "sanctuary" : "support");
  }

  void set_standards(const Column& column, const std::string& text) {
    const auto codes = standards_in(text);
    if (!codes.empty()) return set(column, codes);
    problems_.add(row_->line, std::string(column.head), "needs WAFE, SafeLives or Imkaan, several joined by &");
  }

  /// Whether only some of the units take pets.
  bool some_units() const {
    const auto pets_units = cell("pets_units_max");
    return !pets_units.empty() && pets_units != cell("units");
  }

  /// What the table prints in the cells that it calls ambiguous.
  std::string printed_words(std::string_view ambiguous) const {
    std::string words;
    for (const auto& column : kColumns) {
      if (column.means != Means::printed || ambiguous.find(std::string(column.field) + ":") == std::string_view::npos)
        continue;
      if (const auto text = cell(column.head); !text.empty())
        words += "\n" + std::string(column.field) + " as printed: " + text;
    }
    return words;
  }

  const RecordType& service_;
  std::vector<std::size_t> places_;      // of each of kColumns in a row
  const CsvRow* row_ = nullptr;
  NewRecord record_;
  std::unordered_set<RecordId> names_;
  Problems problems_;
};

}  // namespace

RecordId leicester_service_id(std::string_view service_name) {
  RecordId id;
  auto* out = reinterpret_cast<unsigned char*>(id.bytes.data());
  crypto_generichash(out, RecordId::size_bytes, as_uchar(service_name), service_name.size(), as_uchar(kIdDomain),
                     kIdDomain.size());
  out[6] = static_cast<unsigned char>((out[6] & 0x0F) | 0x80);   // UUID version 8: made by a rule of our own
  out[8] = static_cast<unsigned char>((out[8] & 0x3F) | 0x80);
  return id;
}

Imported import_leicester(const schema::Schema& schema, platform::File& file) { return Reader(schema).read(file); }

}  // namespace wayside::casework
