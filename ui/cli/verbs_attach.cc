#include <ostream>

#include "core/attachments/attachments.h"
#include "core/attachments/media.h"
#include "core/attachments/sealed_file.h"
#include "core/vault/audit.h"
#include "platform/atomic_file.h"
#include "sync/reconcile/attachments.h"
#include "ui/app/plain_copy.h"
#include "ui/cli/amounts.h"
#include "ui/cli/command_line.h"
#include "ui/cli/progress.h"
#include "ui/cli/verb.h"
#include "ui/cli/words.h"

// attach add, list, fetch, export, check

namespace wayside::cli {
namespace {

using attachments::Attached;
using nlohmann::json;

struct AttachWords {
  std::string case_id, id, file, kind, name, about, taken_at, out;
  bool keep_metadata = false, remove = false;
};

json attached_json(const Attached& each) {
  return {{"id", to_text(each.id)},         {"name", each.name},           {"kind", each.kind},
          {"media_type", each.media_type},  {"bytes", each.bytes},         {"digest", each.digest},
          {"stripped", each.stripped},      {"archived", each.archived},   {"parts", each.parts},
          {"parts_here", each.parts_here}};
}

std::string line_of(const Attached& each) {
  std::string line = to_text(each.id) + "  " + each.name + "  (" + each.kind + ", " + count_of(each.bytes, "byte", "bytes");
  if (each.stripped) line += ", place and device taken out";
  if (each.parts > 0 && each.parts_here == 0) line += ", not on this device";
  else if (each.parts_here < each.parts) line += ", not all of it on this device";
  if (each.archived) line += ", put away";
  return line + ")";
}

// ---- add ----

Result<attachments::NewAttachment> wanted(vault::Vault& vault, const AttachWords& words) {
  attachments::NewAttachment what;
  WAYSIDE_TRY(what.case_id, known_case(vault, words.case_id));
  what.file_name = platform::Path(words.file).filename().string();
  what.name = words.name.empty() ? what.file_name : words.name;
  what.kind = words.kind;
  what.keep_metadata = words.keep_metadata;
  if (!words.about.empty()) {
    WAYSIDE_TRY(const auto record, shown_record(vault, words.about));
    what.about = record.row.id;
  }
  if (!words.taken_at.empty()) {
    WAYSIDE_TRY(what.taken_at_ms, parse_iso_time(words.taken_at));
  }
  return what;
}

Result<Exit> add(Context& context, const AttachWords& words) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto what, wanted(*vault, words));
  WAYSIDE_TRY(Bytes file, platform::read_all(context.env().files, words.file, attachments::kMaxFileBytes));
  if (file.empty()) return fail(Errc::bad_input, words.file + " is empty; there is nothing to keep");
  const bool has_metadata = attachments::media_of(file, what.file_name).stripping != attachments::Stripping::nothing_to_do;
  auto added = attachments::add(*vault, what, std::move(file));
  if (!added) {
    Error error = std::move(added).error();
    if (error.code == Errc::bad_input && has_metadata && !words.keep_metadata) {
      error.detail += "; add --keep-metadata to keep it untouched, with whatever place and device stand in it";
    }
    return std::unexpected(std::move(error));
  }
  if (context.json()) {
    context.print(attached_json(*added));
    return Exit::done;
  }
  context.say("Attached: " + line_of(*added));
  if (words.keep_metadata && has_metadata) context.say("Place and device were left in it, as you asked.");
  context.say("The file you named is where it was, not encrypted. Delete it there if nobody should find it.");
  return Exit::done;
}

// ---- list ----

Result<Exit> list_attached(Context& context, const AttachWords& words) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const RecordId id, known_case(*vault, words.case_id));
  WAYSIDE_TRY(const auto all, attachments::list(*vault, id));
  WAYSIDE_OK(vault::note_opened(*vault, id, id));
  if (context.json()) {
    auto out = json::array();
    for (const Attached& each : all) out.push_back(attached_json(each));
    context.print(out);
    return Exit::done;
  }
  if (all.empty()) context.say("Nothing is attached to this case.");
  for (const Attached& each : all) context.say(line_of(each));
  return Exit::done;
}

// ---- fetch ----

/// Asks the office for what is not here. True when all of it is here afterwards; else it has said on stderr why not.
Result<bool> bring_here(Context& context, vault::Vault& vault, const std::vector<Digest>& missing) {
  if (missing.empty()) return true;
  WAYSIDE_TRY(const auto office, vault.office());
  if (!office) return fail(Errc::not_found, "a part of the attachment is not on this device, and this vault has no office");
  Progress progress(context.err(), context.surroundings().err_is_terminal, "Fetching from the office");
  reconcile::Options options;
  options.courier_program = context.surroundings().program;
  options.office_address = context.common().office;
  options.progress = [&progress](const reconcile::Progress& at) { progress.at(at.done, at.total); };
  auto fetched = reconcile::fetch_parts(vault, missing, options);
  if (!fetched) {
    Error error = std::move(fetched).error();
    if (error.code == Errc::unreachable) error.detail = "and not all of this file is on this device";
    return std::unexpected(std::move(error));
  }
  if (fetched->not_there == 0 && !fetched->stopped_early) return true;
  context.err() << "Not all of this file is on this device, and the office does not have the rest yet. Files are sent last: try "
                   "again when the colleague who added it has synced.\n";
  return false;
}

Result<Exit> fetch(Context& context, const AttachWords& words) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto record, shown_record(*vault, words.id));
  WAYSIDE_OK(note_shown(*vault, record));
  std::vector<RecordId> ids;
  if (record.type != nullptr && record.type->name == attachments::kTypeName) {
    ids.push_back(record.row.id);
  } else {
    WAYSIDE_TRY(const RecordId case_id, known_case(*vault, words.id));
    WAYSIDE_TRY(const auto all, attachments::list(*vault, case_id));
    for (const Attached& each : all) ids.push_back(each.id);
  }
  std::vector<Digest> missing;
  for (const RecordId& id : ids) {
    WAYSIDE_TRY(const auto parts, attachments::missing_parts(*vault, id));
    missing.insert(missing.end(), parts.begin(), parts.end());
  }
  WAYSIDE_TRY(const bool all_here, bring_here(context, *vault, missing));
  auto out = json::array();
  for (const RecordId& id : ids) {
    WAYSIDE_TRY(const Attached each, attachments::get(*vault, id));
    if (context.json()) out.push_back(attached_json(each));
    else context.say(line_of(each));
  }
  if (context.json()) context.print(out);
  return all_here ? Exit::done : Exit::failed;
}

// ---- export ----

Result<Exit> export_file(Context& context, const AttachWords& words) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto record, shown_record(*vault, words.id));
  WAYSIDE_TRY(const Attached about, attachments::get(*vault, record.row.id));
  if (context.env().files.exists(words.out)) return fail(Errc::already_exists, words.out);
  WAYSIDE_TRY(const auto missing, attachments::missing_parts(*vault, about.id));
  WAYSIDE_TRY(const bool all_here, bring_here(context, *vault, missing));
  if (!all_here) return Exit::failed;
  WAYSIDE_TRY(const Bytes file, attachments::open(*vault, about.id));
  WAYSIDE_OK(vault::note(*vault, {.what = vault::AuditWhat::file_copied, .case_id = record.case_id, .record = about.id}));
  WAYSIDE_OK(app::write_plain_copy(context.env().files, words.out, file));
  if (context.json()) {
    json out = attached_json(about);
    out["file"] = words.out;
    context.print(out);
  } else {
    context.say("Wrote " + words.out + ": " + about.name + ", " + count_of(file.size(), "byte", "bytes") + ", " + about.digest);
  }
  context.err() << printable(words.out, kLongestMessage) << " is not encrypted. Delete it when it has served.\n";
  if (!about.stripped) context.err() << "Place and device were not taken out of it. Look at it before you pass it on.\n";
  return Exit::done;
}

// ---- check ----

json faults_json(const std::vector<attachments::Sweep::Fault>& faults) {
  auto out = json::array();
  for (const auto& each : faults) out.push_back({{"attachment", to_text(each.attachment)}, {"part", to_text(each.part)}});
  return out;
}

void say_sweep(Context& context, const attachments::Sweep& found) {
  context.say(count_of(found.attachments, "attachment", "attachments") + ", " + count_of(found.parts, "part", "parts") + ".");
  for (const auto& each : found.missing) context.say("Not on this device: a part of " + to_text(each.attachment));
  for (const auto& each : found.damaged) context.say("Damaged: a part of " + to_text(each.attachment));
  for (const auto& each : found.unreadable) context.say("Not to be read by this version: " + to_text(each));
  for (const auto& each : found.orphans) context.say("Belongs to no attachment: " + each.string());
  if (found.removed > 0) context.say(count_of(found.removed, "of them was", "of them were") + " removed.");
  if (found.kept) context.say("None was removed: something that waits or cannot be read may need them.");
}

Result<Exit> check(Context& context, const AttachWords& words) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto found, attachments::sweep(*vault, words.remove));
  if (context.json()) {
    auto unreadable = json::array(), orphans = json::array();
    for (const auto& each : found.unreadable) unreadable.push_back(to_text(each));
    for (const auto& each : found.orphans) orphans.push_back(each.string());
    context.print({{"attachments", found.attachments}, {"parts", found.parts}, {"missing", faults_json(found.missing)},
                   {"damaged", faults_json(found.damaged)}, {"unreadable", unreadable}, {"orphans", orphans},
                   {"removed", found.removed}, {"kept", found.kept}});
  } else {
    say_sweep(context, found);
  }
  return found.damaged.empty() ? Exit::done : Exit::failed;
}

}  // namespace

Action declare_attach(CLI::App& app) {
  const auto words = std::make_shared<AttachWords>();
  app.require_subcommand(1);
  CLI::App* const add_verb = app.add_subcommand("add", "keep a file with a case, without the place and device it names");
  add_verb->add_option("case", words->case_id, "the case")->required()->type_name("ID");
  add_verb->add_option("file", words->file, "up to 100 MB")->required()->type_name("FILE");
  add_verb->add_option("--kind", words->kind, "a code of attachment_kind, as `types attachment` lists them")->required()->type_name("KIND");
  add_verb->add_option("--name", words->name, "what to call it; the file's name unless told")->type_name("NAME");
  add_verb->add_option("--about", words->about, "the record that it belongs to")->type_name("ID");
  add_verb->add_option("--taken-at", words->taken_at, "when, ISO 8601 with its zone")->type_name("TIME");
  add_verb->add_flag("--keep-metadata", words->keep_metadata, "keep it byte for byte: for evidence, or what cannot be read");
  CLI::App* const list_verb = app.add_subcommand("list", "the files of a case");
  list_verb->add_option("case", words->case_id, "the case")->required()->type_name("ID");
  CLI::App* const fetch_verb = app.add_subcommand("fetch", "bring files here from the office, to read them where there is no line");
  fetch_verb->add_option("id", words->id, "an attachment, or a case with all of its own")->required()->type_name("ID");
  CLI::App* const export_verb = app.add_subcommand("export", "write a file, not encrypted; asks the office for what is not here");
  export_verb->add_option("id", words->id, "the attachment")->required()->type_name("ID");
  export_verb->add_option("--out", words->out, "a file that is not there yet")->required()->type_name("FILE");
  CLI::App* const check_verb = app.add_subcommand("check", "whether every part is there and whole");
  check_verb->add_flag("--remove", words->remove, "remove parts that belong to no attachment");
  return [words, add_verb, list_verb, fetch_verb, export_verb](Context& context) {
    if (add_verb->parsed()) return add(context, *words);
    if (fetch_verb->parsed()) return fetch(context, *words);
    if (list_verb->parsed()) return list_attached(context, *words);
    return export_verb->parsed() ? export_file(context, *words) : check(context, *words);
  };
}

}  // namespace wayside::cli
