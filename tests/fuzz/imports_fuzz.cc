#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <unordered_set>

#include "core/casework/import_leicester.h"
#include "core/casework/import_source.h"
#include "core/casework/import_standard.h"
#include "core/casework/import_table.h"
#include "core/schema/validate.h"

/// Every file that `import` reads: tables as CSV and NDJSON, nested cases, the service table, a map of columns. The first
/// byte chooses which; what the corpus holds is read as each of them.
namespace {

using namespace wayside;
using casework::Imported;

void must(bool holds) {
  if (!holds) std::abort();
}

/// The bytes as a file that only reads.
class Text : public platform::File {
 public:
  explicit Text(BytesView text) : text_(text) {}
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) override {
    if (offset >= text_.size()) return std::size_t{0};
    return text_.substr(static_cast<std::size_t>(offset)).copy(out.data(), out.size());
  }
  Result<void> write_at(std::uint64_t, BytesView) override { return fail(Errc::read_only); }
  Result<void> truncate(std::uint64_t) override { return fail(Errc::read_only); }
  Result<std::uint64_t> size() override { return text_.size(); }
  Result<void> sync() override { return {}; }

 private:
  BytesView text_;
};

casework::MakeId counting_ids() {
  return [count = std::uint32_t{0}]() mutable {
    RecordId made;
    ++count;
    for (int i = 0; i < 4; ++i) made.bytes[static_cast<std::size_t>(i)] = static_cast<char>(count >> (8 * i));
    made.bytes[15] = 'm';
    return made;
  };
}

/// Either everything is fit to be saved, or everything that is not has a place and a remedy, and holds nothing unclean.
void judge(const Imported& imported, std::size_t bytes) {
  if (!imported) {
    const auto& problems = imported.error();
    must(!problems.empty() && problems.size() <= casework::kProblemLimit + 1);
    for (const auto& each : problems) {
      must(!each.what.empty() && each.what.size() < 500);
      must(is_clean_utf8(each.field) && is_clean_utf8(each.what) && each.line <= bytes + 1);
    }
    return;
  }
  std::unordered_set<RecordId> seen;
  for (const auto& one : *imported) {
    must(!one.records.empty());
    for (const auto& record : one.records) {
      must(seen.insert(record.id).second && record.line > 0);
      const auto* type = schema::current().type(record.type);
      must(type != nullptr && (type->in_case == one.case_id.has_value()));
      for (const auto& made : record.fields) {
        const auto* field = type->field(made.field);
        must(field != nullptr && !made.values.empty() && (field->several || made.values.size() == 1));
        for (const auto& value : made.values) must(schema::check(*field, value).has_value());
      }
    }
  }
}

const schema::RecordType& type(std::string_view name) { return *schema::current().type(name); }

void csv(std::string_view of, BytesView bytes) {
  const casework::ColumnMap map{{{"First name", "forename"}, {"Shoe", ""}}, {}};
  Text file(bytes);
  judge(casework::import_csv(type(of), map, file, counting_ids()), bytes.size());
}
void ndjson(std::string_view of, BytesView bytes) {
  Text file(bytes);
  judge(casework::import_ndjson(type(of), {}, file, counting_ids()), bytes.size());
}

void people(BytesView bytes) { csv("person", bytes); }
void stays(BytesView bytes) { csv("stay", bytes); }
void people_as_json(BytesView bytes) { ndjson("person", bytes); }
void services_as_json(BytesView bytes) { ndjson("service", bytes); }
void standard(BytesView bytes) {
  Text file(bytes);
  judge(casework::import_standard(schema::current(), file), bytes.size());
}
void leicester(BytesView bytes) {
  Text file(bytes);
  judge(casework::import_leicester(schema::current(), file), bytes.size());
}
void map(BytesView bytes) {
  const auto parsed = casework::parse_column_map(bytes);
  if (!parsed) return must(parsed.error().detail.starts_with("line "));
  for (const auto& fault : casework::faults_of(*parsed, type("person"))) must(fault.line > 0 && !fault.what.empty());
}

using Read = void (*)(BytesView);
constexpr Read kReads[] = {people, stays, people_as_json, services_as_json, standard, leicester, map};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool kLoaded = schema::load_builtin().has_value();
  must(kLoaded);
  if (size == 0 || data[0] >= std::size(kReads)) return 0;
  kReads[data[0]](BytesView(reinterpret_cast<const char*>(data + 1), size - 1));
  return 0;
}
