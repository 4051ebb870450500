#include <algorithm>
#include <map>
#include <ostream>
#include <set>

#include "core/schema/display.h"
#include "platform/atomic_file.h"
#include "ui/cli/assignments.h"
#include "ui/cli/shapes.h"
#include "ui/cli/verb.h"
#include "ui/cli/words.h"

// export

namespace wayside::cli {
namespace {

using casework::ShownField;
using casework::ShownRecord;
using nlohmann::json;

// TYPE.ndjson holds what `import` takes back: flat records, sorted by id, keys sorted. What has no place in a flat
// record stands beside it: put away records in TYPE.archived.ndjson, and in others.ndjson every other live value, so
// that nothing is dropped.

constexpr std::string_view kOthers = "others.ndjson";

struct ExportWords {
  std::string out, case_id;
  std::vector<std::string> fields;
};

/// Which safety-critical and criminal data somebody asked for by name.
class Wanted {
 public:
  static Result<Wanted> read(const std::vector<std::string>& names) {
    Wanted wanted;
    for (const auto& name : names) {
      wanted.all_ = wanted.all_ || name == "all";
      if (name != "all") WAYSIDE_OK(wanted.add(name));
    }
    return wanted;
  }

  [[nodiscard]] bool includes(const schema::RecordType* type, const schema::Field* field) const {
    if (all_) return true;
    if (type == nullptr || field == nullptr) return false;  // nobody knows how sensitive it is
    return field->sensitivity < schema::Sensitivity::s3 || named_.contains({type->id, field->id});
  }

 private:
  /// "address", or "person.address".
  Result<void> add(const std::string& name) {
    const auto dot = name.find('.');
    const std::string field_name = dot == std::string::npos ? name : name.substr(dot + 1);
    bool found = false;
    for (const auto& type : schema::current().types()) {
      if (dot != std::string::npos && type.name != name.substr(0, dot)) continue;
      const auto* field = type.field(field_name);
      if (field != nullptr) named_.insert({type.id, field->id});
      found = found || field != nullptr;
    }
    return found ? Result<void>{} : fail(Errc::unknown_field, "\"" + name + "\"");
  }

  bool all_ = false;
  std::set<std::pair<schema::TypeId, schema::FieldId>> named_;
};

struct Export {
  std::map<std::string, std::vector<std::string>> files;  ///< name → lines
  std::map<std::string, std::set<std::string>> left_out;  ///< type → fields
  std::size_t records = 0, undecided = 0;
};

json other_value(const vault::Vault& vault, const ShownRecord& record, const ShownField& field,
                 const ledger::Shown& value, std::string_view standing) {
  return {{"record", to_text(record.row.id)},
          {"type", type_name(record)},
          {"field", name_of(field)},
          {"value", schema::to_json(value.value)},
          {"standing", standing},
          {"author", vault.user_name(value.held->author.user)},
          {"dot", ledger::to_text(value.held->dot)},
          {"time", time_text(value.held->author.time)}};
}

/// The values beside the one that the flat record shows.
void add_others(const vault::Vault& vault, const ShownRecord& record, const ShownField& field, Export& out) {
  const auto& values = field.view.values;
  const bool append = field.field != nullptr && field.field->policy == schema::Policy::append;
  const std::size_t shown = append ? values.size() - 1 : 0;
  const std::size_t flat = shows_array(field.field) ? field.view.current : 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool request = values[i].held->request || (!append && i >= field.view.current && field.view.requests > 0);
    if (i < flat || (flat == 0 && field.view.current > 0 && i == shown)) continue;
    const std::string_view standing = request ? "request" : append ? "earlier" : "concurrent";
    if (standing == "concurrent") ++out.undecided;
    out.files[std::string(kOthers)].push_back(other_value(vault, record, field, values[i], standing).dump());
  }
}

void add_record(const vault::Vault& vault, const ShownRecord& record, const Wanted& wanted, Export& out) {
  const std::string type = type_name(record);
  json flat{{"id", to_text(record.row.id)}};
  if (record.case_id && *record.case_id != record.row.id) flat["case"] = to_text(*record.case_id);
  for (const ShownField& field : record.fields) {
    if (field.id == ledger::kArchivedFieldId) continue;
    if (!wanted.includes(record.type, field.field)) {
      out.left_out[type].insert(name_of(field));
      continue;
    }
    if (json shown = shown_json(field); !shown.is_null()) flat[name_of(field)] = std::move(shown);
    add_others(vault, record, field, out);
  }
  out.files[type + (record.archived.archived ? ".archived.ndjson" : ".ndjson")].push_back(flat.dump());
  ++out.records;
}

Result<std::vector<ShownRecord>> chosen_records(vault::Vault& vault, const std::string& case_word) {
  if (!case_word.empty()) {
    WAYSIDE_TRY(const RecordId id, known_case(vault, case_word));
    return casework::records_of_case(vault, id);
  }
  std::vector<ShownRecord> all;
  for (const auto& type : schema::current().types()) {
    WAYSIDE_TRY(auto records, casework::list(vault, type));
    std::ranges::move(records, std::back_inserter(all));
  }
  return all;
}

Result<json> write_files(platform::Files& files, const platform::Path& folder, const Export& out) {
  WAYSIDE_OK(files.make_folders(folder));
  WAYSIDE_TRY(const auto there, files.list(folder));
  if (!there.empty()) return fail(Errc::already_exists, folder.string() + " is not empty");
  auto names = json::array();
  for (const auto& [name, lines] : out.files) {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    WAYSIDE_OK(platform::write_atomically(files, folder / name, text));
    names.push_back(name);
  }
  return names;
}

void tell(Context& context, const Export& out) {
  std::ostream& err = context.err();
  err << "These files are not encrypted. Delete them once they have done their work.\n";
  if (!out.left_out.empty()) {
    err << "Left out, since it could put somebody in danger:";
    for (const auto& [type, fields] : out.left_out) {
      for (const auto& field : fields) err << ' ' << type << '.' << field;
    }
    err << ". Name what you need with --fields.\n";
  }
  if (out.undecided > 0) err << out.undecided << " values wait for a decision; they stand in " << kOthers << ".\n";
}

Result<Exit> run_export(Context& context, const ExportWords& words) {
  WAYSIDE_TRY(auto* vault, context.vault());  // before anything is looked up: its packs add to the schema
  WAYSIDE_TRY(const Wanted wanted, Wanted::read(words.fields));
  WAYSIDE_TRY(auto records, chosen_records(*vault, words.case_id));
  std::ranges::sort(records, {}, [](const ShownRecord& record) { return record.row.id.view(); });
  Export out;
  for (const ShownRecord& record : records) add_record(*vault, record, wanted, out);
  WAYSIDE_TRY(json names, write_files(context.env().files, words.out, out));
  tell(context, out);
  if (context.json()) {
    context.print(
        {{"out", words.out}, {"records", out.records}, {"files", std::move(names)}, {"left_out", out.left_out}});
  } else {
    context.say(std::to_string(out.records) + " records written to " + words.out + ".");
  }
  return Exit::done;
}

}  // namespace

Action declare_export(CLI::App& app) {
  const auto words = std::make_shared<ExportWords>();
  app.add_option("--out", words->out, "a new folder, or an empty one")->required()->type_name("DIR");
  app.add_option("--case", words->case_id, "only this case")->type_name("ID");
  app.add_option("--fields", words->fields,
                 "safety-critical fields to include by name: address, person.address, or all")
      ->type_name("NAME");
  return [words](Context& context) { return run_export(context, *words); };
}

}  // namespace wayside::cli
