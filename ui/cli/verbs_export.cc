#include <algorithm>
#include <ostream>

#include "core/vault/audit.h"
#include "platform/atomic_folder.h"
#include "ui/cli/amounts.h"
#include "ui/cli/command_line.h"
#include "ui/cli/export_recipient.h"
#include "ui/cli/export_rows.h"
#include "ui/cli/verb.h"
#include "ui/cli/words.h"

// export

namespace wayside::cli {
namespace {

using casework::ShownRecord;
using nlohmann::json;

struct ExportWords {
  std::string out, case_id, recipient, format = "ndjson";
  std::vector<std::string> fields;
};

/// Of everything, what a recipient outside may have is cases: the directory is the organisation's own.
Result<std::vector<ShownRecord>> chosen_records(vault::Vault& vault, const ExportWords& words) {
  if (!words.case_id.empty()) {
    WAYSIDE_TRY(const RecordId id, known_case(vault, words.case_id));
    return casework::records_of_case(vault, id);
  }
  std::vector<ShownRecord> all;
  for (const auto& type : schema::current().types()) {
    if (!words.recipient.empty() && !type.in_case) continue;
    WAYSIDE_TRY(auto records, casework::list(vault, type));
    std::ranges::move(records, std::back_inserter(all));
  }
  return all;
}

std::vector<RecordId> cases_of(const std::vector<ShownRecord>& records) {
  std::vector<RecordId> out;
  for (const ShownRecord& record : records) {
    if (record.case_id) out.push_back(*record.case_id);
  }
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Exit refuse(Context& context, const std::vector<Obstacle>& found) {
  for (const Obstacle& each : found) context.err() << printable(each.sentence, each.sentence.size()) << '\n';
  context.err() << "Nothing was written. Choose another recipient, or name with --case a case that is not listed here; where a record is "
                   "wrong, correct it first.\n";
  return Exit::failed;
}

void tell(Context& context, const ExportFiles& out) {
  std::ostream& err = context.err();
  err << "These files are not encrypted. Delete them once they have done their work.\n";
  if (!out.left_out.empty()) {
    err << "Left out, since it could put somebody in danger:";
    for (const auto& [type, fields] : out.left_out) {
      for (const auto& field : fields) err << ' ' << type << '.' << field;
    }
    err << ". Name what you need with --fields.\n";
  }
  if (out.undecided > 0) err << out.undecided << " values wait for a decision; they stand in others.\n";
}

/// Ids and numbers: never the folder, which somebody typed.
vault::AuditEntry entry_of(const ExportWords& words, const ExportChoice& choice, const ExportFiles& out) {
  vault::AuditEntry entry{.what = vault::AuditWhat::exported, .case_id = id_from_text<RecordId>(words.case_id), .count = out.records};
  for (const schema::RecordType* type : out.types) {
    entry.types.push_back(type->id);
    for (const schema::Field& field : type->fields) {
      if (field.sensitivity >= schema::Sensitivity::s3 && choice.wanted.includes(type, &field)) entry.fields.insert(entry.fields.end(), {type->id, field.id});
    }
  }
  entry.to = id_from_text<RecordId>(words.recipient);
  return entry;
}

Result<Exit> run_export(Context& context, const ExportWords& words) {
  WAYSIDE_TRY(auto* vault, context.vault());  // before anything is looked up: its packs add to the schema
  ExportChoice choice;
  WAYSIDE_TRY(choice.wanted, WantedFields::read(words.fields));
  choice.ndjson = words.format != "csv";
  choice.csv = words.format != "ndjson";
  choice.for_recipient = !words.recipient.empty();
  WAYSIDE_TRY(auto records, chosen_records(*vault, words));
  if (choice.for_recipient) {
    WAYSIDE_TRY(const auto found, obstacles(*vault, words.recipient, cases_of(records)));
    if (!found.empty()) return refuse(context, found);
  }
  std::ranges::sort(records, {}, [](const ShownRecord& record) { return record.row.id.view(); });
  ExportFiles out = export_files(*vault, records, choice);
  add_dictionary(choice, out);
  WAYSIDE_OK(vault::note(*vault, entry_of(words, choice, out)));
  WAYSIDE_OK(platform::write_folder(context.env().files, words.out, out.files));
  tell(context, out);
  if (!context.json()) {
    context.say(count_of(out.records, "record", "records") + " written to " + words.out + ".");
    return Exit::done;
  }
  auto names = json::array();
  for (const auto& [name, content] : out.files) names.push_back(name);
  context.print({{"out", words.out}, {"records", out.records}, {"files", std::move(names)}, {"left_out", out.left_out}});
  return Exit::done;
}

}  // namespace

Action declare_export(CLI::App& app) {
  const auto words = std::make_shared<ExportWords>();
  app.add_option("--out", words->out, "a new folder, or an empty one")->required()->type_name("DIR");
  app.add_option("--case", words->case_id, "only this case")->type_name("ID");
  app.add_option("--recipient", words->recipient,
                 "who is to have it: an organisation, or landlord for the landlord of each case. Refused where the person who causes "
                 "harm is linked to it")
      ->type_name("ID|landlord");
  app.add_option("--format", words->format, "ndjson, csv or both")->check(CLI::IsMember({"ndjson", "csv", "both"}))->capture_default_str();
  app.add_option("--fields", words->fields,
                 "safety-critical fields to include by name: address, person.address, or all")
      ->type_name("NAME");
  return [words](Context& context) { return run_export(context, *words); };
}

}  // namespace wayside::cli
