#include <ostream>

#include "core/casework/rules/risk.h"
#include "core/packs/in_force.h"
#include "core/packs/sealed.h"
#include "platform/atomic_file.h"
#include "sync/enrol/install_pack.h"
#include "ui/cli/office_line.h"
#include "ui/cli/verb.h"

// pack

namespace wayside::cli {
namespace {

using nlohmann::json;
using packs::Listed;

/// A signed pack that travels has at most 62 KiB; more is read only to say what is wrong with it.
constexpr std::uint64_t kFileLimitBytes = 1 << 20;

Result<void> check_questionnaire(std::string_view toml) {
  WAYSIDE_OK(casework::rules::parse_questionnaire(toml));
  return {};
}

json pack_json(const packs::Pack& pack) {
  return {{"name", pack.name}, {"version", pack.version}, {"title", pack.title}};
}

std::string named(const packs::Pack& pack) { return pack.name + ", version " + std::to_string(pack.version); }

// ---- sign ----

Result<Exit> sign(Context& context, const std::string& folder, const std::string& out) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto made, enrol::sign_pack(*vault, folder, check_questionnaire));
  if (context.env().files.exists(out)) return fail(Errc::already_exists, out);
  WAYSIDE_OK(platform::write_atomically(context.env().files, out, made.bytes));
  json answer = pack_json(made.pack);
  answer["file"] = out;
  answer["bytes"] = made.bytes.size();
  if (context.json()) context.print(answer);
  else context.say("Signed " + named(made.pack) + ". `pack install` brings it to every device of your organisation.");
  return Exit::done;
}

// ---- install ----

Result<Exit> install(Context& context, const std::string& file) {
  WAYSIDE_TRY(const Bytes bytes, platform::read_all(context.env().files, file, kFileLimitBytes));
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto line, line_to_office(context, *vault));
  WAYSIDE_TRY(const auto pack, enrol::install_pack(*vault, bytes, check_questionnaire, line.get()));
  if (context.json()) context.print(pack_json(pack));
  else context.say("Installed " + named(pack) + (line ? ". Other devices have it after their next `sync`." : "."));
  return Exit::done;
}

// ---- list ----

std::string_view state_name(Listed::State state) {
  switch (state) {
    case Listed::State::in_force: return "in_force";
    case Listed::State::replaced: return "replaced";
    case Listed::State::not_usable: return "not_usable";
  }
  return "";
}

json adds_json(const packs::Pack& pack) {
  auto files = json::array();
  for (const auto& file : pack.files) files.push_back(file.path);
  return files;
}

Result<Exit> list(Context& context) {
  WAYSIDE_TRY(auto* vault, context.vault());
  auto all = json::array();
  for (const Listed& each : vault->packs()) {
    const membership::DeviceInfo* const device = each.signer ? vault->membership().device(*each.signer) : nullptr;
    const std::string signer = device == nullptr ? "" : vault->user_name(device->entry.user);
    json item = pack_json(each.pack);
    item["state"] = state_name(each.state);
    item["entry"] = each.number;
    item["installed_by"] = signer;
    item["files"] = adds_json(each.pack);
    if (!each.fault.empty()) item["fault"] = each.fault;
    if (!context.json()) {
      context.say((each.pack.name.empty() ? std::string("a pack that does not open") : named(each.pack)) + "   " +
                  each.pack.title + "   " + std::string(state_name(each.state)) +
                  (signer.empty() ? "" : ", installed by " + signer) + (each.fault.empty() ? "" : ": " + each.fault));
    }
    all.push_back(std::move(item));
  }
  auto questionnaires = json::array();
  for (const auto& each : packs::questionnaires(vault->packs())) questionnaires.push_back(each.name);
  if (context.json()) context.print({{"packs", std::move(all)}, {"questionnaires", std::move(questionnaires)}});
  else if (all.empty()) context.say("There are no packs. docs/PACKS.md says how to write one.");
  return Exit::done;
}

}  // namespace

Action declare_pack(CLI::App& app) {
  struct Words {
    std::string folder, out, file;
  };
  const auto words = std::make_shared<Words>();
  app.require_subcommand(1);
  CLI::App* const sign_app = app.add_subcommand("sign", "check a folder and make a signed file of it");
  sign_app->add_option("folder", words->folder, "the pack: pack.toml and what it adds")->required()->type_name("FOLDER");
  sign_app->add_option("--out", words->out, "file for the signed pack")->required()->type_name("FILE");
  CLI::App* const install_app = app.add_subcommand("install", "give a signed pack to every device (online)");
  install_app->add_option("file", words->file, "what `pack sign` made")->required()->type_name("FILE");
  app.add_subcommand("list", "the packs of your organisation");
  return [words, sign_app, install_app](Context& context) {
    if (sign_app->parsed()) return sign(context, words->folder, words->out);
    if (install_app->parsed()) return install(context, words->file);
    return list(context);
  };
}

}  // namespace wayside::cli
