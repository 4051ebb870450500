#include <chrono>
#include <set>

#include "core/casework/casebook.h"
#include "core/casework/rules/dates.h"
#include "core/schema/display.h"
#include "core/vault/audit.h"
#include "ui/app/words.h"
#include "ui/cli/command_line.h"
#include "ui/cli/shapes.h"
#include "ui/cli/verb.h"
#include "ui/cli/words.h"

// audit list

namespace wayside::cli {
namespace {

using nlohmann::json;
using vault::AuditEntry;
using vault::AuditLine;
using vault::AuditWhat;
using vault::Vault;

struct AuditWords { std::string case_id, by, since; };

struct Wanted {
  std::optional<RecordId> case_id;
  std::set<UserId> by;              ///< empty: everybody
  std::int64_t since_ms = INT64_MIN;

  [[nodiscard]] bool takes(const AuditLine& line) const {
    const bool of_case = !case_id || line.entry.case_id == case_id;
    return of_case && (by.empty() || by.contains(line.user)) && line.time_ms >= since_ms;
  }
};

Result<Wanted> wanted(const Vault& vault, const AuditWords& words) {
  Wanted out;
  if (!words.case_id.empty()) {
    WAYSIDE_TRY(out.case_id, record_id(words.case_id));   // it may be erased, or never have been here
  }
  for (const auto& [id, user] : vault.membership().users()) {
    if (!words.by.empty() && (vault.user_name(id) == words.by || to_text(id) == words.by)) out.by.insert(id);
  }
  if (!words.by.empty() && out.by.empty()) {
    return fail(Errc::usage, "Nobody here is called " + as_typed(words.by) + ". `devices list` names the members");
  }
  if (!words.since.empty()) {
    const auto day = casework::rules::day_of(words.since);
    if (!day) return fail(Errc::usage, "--since needs a day such as 2026-06-10, from 1900 to 2199");
    out.since_ms = std::chrono::duration_cast<std::chrono::milliseconds>(day->time_since_epoch()).count();
  }
  return out;
}

/// What colleagues call a case; its id where it is not on this device.
std::string called(Vault& vault, const RecordId& case_id) {
  const auto record = casework::get(vault, case_id);
  const std::string reference = record ? record->text("reference") : std::string();
  return reference.empty() ? to_text(case_id) : reference + " (" + to_text(case_id) + ")";
}

std::string types_of(const AuditEntry& entry) {
  std::string out;
  for (const std::uint32_t id : entry.types) {
    const auto* type = schema::current().type(id);
    out += (out.empty() ? "" : ", ") + (type == nullptr ? "type " + std::to_string(id) : type->label);
  }
  return out;
}

/// "person.address", or the numbers of what this version does not know.
std::vector<std::string> field_names(const AuditEntry& entry) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i + 1 < entry.fields.size(); i += 2) {
    const auto* type = schema::current().type(entry.fields[i]);
    const auto* field = type == nullptr ? nullptr : type->field(entry.fields[i + 1]);
    out.push_back(field == nullptr ? std::to_string(entry.fields[i]) + "." + std::to_string(entry.fields[i + 1]) : type->name + "." + field->name);
  }
  return out;
}

std::string exported(Vault& vault, const AuditEntry& entry) {
  std::string out = "exported " + app::counted(entry.count, "record", "records") + ": " + types_of(entry);
  if (entry.case_id) out += "; of case " + called(vault, *entry.case_id);
  if (entry.to) out += "; for the organisation " + to_text(*entry.to);
  std::string fields;
  for (const std::string& each : field_names(entry)) fields += (fields.empty() ? "" : ", ") + each;
  return out + (fields.empty() ? "; without safety-critical fields" : "; with " + fields);
}

std::string sentence_of(Vault& vault, const AuditEntry& entry) {
  const std::string of_case = entry.case_id ? " " + called(vault, *entry.case_id) : "";
  const std::string record = entry.record ? " " + to_text(*entry.record) : "";
  switch (entry.what) {
    case AuditWhat::unlocked: return "unlocked";
    case AuditWhat::refused: return std::to_string(entry.count) + (entry.count == 1 ? " passphrase" : " passphrases") + " did not match before that";
    case AuditWhat::listed:
      return entry.types.empty() ? "looked through lists of cases" : "listed " + app::counted(entry.count, "record", "records") + ": " + types_of(entry);
    case AuditWhat::opened: return entry.case_id ? "opened case" + of_case : "opened" + record;
    case AuditWhat::file_shown: return "looked at the file" + record + " of case" + of_case;
    case AuditWhat::file_copied: return "copied out the file" + record + " of case" + of_case;
    case AuditWhat::exported: return exported(vault, entry);
    case AuditWhat::snapshot_published: return "published a snapshot of " + app::counted(entry.count, "record", "records");
    case AuditWhat::kit_used: return "opened the casebook with a recovery kit";
    case AuditWhat::pages_used: return "opened cases with the organisation's recovery pages";
    case AuditWhat::dropped: return "took case" + of_case + " off the device";
    case AuditWhat::log_read: return "read the log of reads";
  }
  return "did what a newer version tells";
}

template <class T>
json id_json(const std::optional<T>& id) { return id ? json(to_text(*id)) : json(); }

json line_json(const Vault& vault, const AuditLine& line) {
  const AuditEntry& entry = line.entry;
  auto types = json::array();
  for (const std::uint32_t id : entry.types) {
    const auto* type = schema::current().type(id);
    types.push_back(type == nullptr ? json(id) : json(type->name));
  }
  return {{"time", iso_time(line.time_ms)},      {"what", vault::name_of(entry.what)},  {"user", vault.user_name(line.user)},
          {"user_id", to_text(line.user)},       {"device", vault.device_name(line.device)}, {"device_id", to_text(line.device)},
          {"number", line.number},               {"case", id_json(entry.case_id)},      {"record", id_json(entry.record)},
          {"count", entry.count},                {"types", std::move(types)},           {"fields", field_names(entry)},
          {"to", id_json(entry.to)},             {"sealed", line.sealed}};
}

/// What is missing matters whatever was asked for: it may be the very entry.
json gaps_json(const Vault& vault, const vault::AuditLog& log) {
  auto out = json::array();
  for (const auto& gap : log.gaps) {
    out.push_back({{"device", vault.device_name(gap.device)}, {"device_id", to_text(gap.device)}, {"first", gap.first}, {"last", gap.last}});
  }
  return out;
}

Result<Exit> list_entries(Context& context, const AuditWords& words) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const Wanted choice, wanted(*vault, words));
  WAYSIDE_OK(vault::note(*vault, {.what = AuditWhat::log_read, .case_id = choice.case_id}));
  WAYSIDE_TRY(const vault::AuditLog log, vault::read_audit(*vault));
  auto all = json::array();
  std::size_t shown = 0;
  for (const AuditLine& line : log.lines) {
    if (!choice.takes(line)) continue;
    ++shown;
    if (context.json()) all.push_back(line_json(*vault, line));
    else context.say(schema::display_time(line.time_ms) + "   " + vault->user_name(line.user) + " (" + vault->device_name(line.device) + ")   " +
                     sentence_of(*vault, line.entry));
  }
  if (context.json()) {
    context.print({{"count", shown}, {"entries", std::move(all)}, {"missing", gaps_json(*vault, log)}});
    return Exit::done;
  }
  if (shown == 0) context.say("Nothing of the kind is recorded.");
  for (const auto& gap : log.gaps) {
    context.say("Entries " + std::to_string(gap.first) + " to " + std::to_string(gap.last) + " of " + vault->device_name(gap.device) +
                " are not here. They may be on their way: if they are missing after the next `sync` of both, somebody took them out.");
  }
  return Exit::done;
}

}  // namespace

Action declare_audit(CLI::App& app) {
  const auto words = std::make_shared<AuditWords>();
  app.require_subcommand(1);
  CLI::App* const list = app.add_subcommand("list", "your own entries, and those of colleagues whose log you may read");
  list->add_option("--case", words->case_id, "only what concerns this case")->type_name("ID");
  list->add_option("--by", words->by, "only of this member, by name or id")->type_name("USER");
  list->add_option("--since", words->since, "from that day on")->type_name("DATE");
  return [words](Context& context) { return list_entries(context, *words); };
}

}  // namespace wayside::cli
