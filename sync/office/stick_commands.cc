#include <cstdio>

#include "sync/office/commands.h"
#include "sync/office/data_folder.h"
#include "sync/office/sentences.h"
#include "sync/office/stick_visit.h"

namespace wayside::office {
namespace {

unsigned long long number(std::uint64_t value) { return value; }

void tell(const StickFacts& facts, const platform::Path& folder) {
  if (facts.devices == 0) {
    std::fprintf(stderr, "%s holds no question for this office that can be read. On the device: `wayside-cli sync --courier folder`.\n", folder.c_str());
  } else {
    std::fprintf(stderr, "Answered %llu questions of %llu devices: took %llu envelopes and %llu parts of attachments, wrote %llu files (%llu bytes).\n",
                 number(facts.questions), number(facts.devices), number(facts.envelopes), number(facts.parts), number(facts.files),
                 number(facts.bytes));
  }
  if (facts.refused > 0) std::fprintf(stderr, "%llu answers are refusals: the devices say why when they read them.\n", number(facts.refused));
  if (facts.later > 0) std::fprintf(stderr, "Some questions wait, since one device asked too much at once or the disk is full. Run this again in a few minutes.\n");
  if (facts.spoilt > 0)
    std::fprintf(stderr, "%llu files cannot be read to their end. They stay as they are; the devices write them again.\n", number(facts.spoilt));
  if (facts.full) std::fprintf(stderr, "The stick is full: not every answer fitted. Free some space on it; the devices ask for the rest when they next write.\n");
  if (facts.more) std::fprintf(stderr, "There are more files than are looked at in one visit. Use another folder.\n");
}

/// `of_folder`: what went wrong concerns the stick, not the office's own files.
Result<StickFacts> visit(const StickCommand& command, platform::Env& env, bool& of_folder) {
  WAYSIDE_TRY(const auto data, DataFolder::use(env.files, command.data));
  WAYSIDE_TRY(OfficeKeys keys, load_keys(env.files, data.keys()));
  const SecretBytes sign_seed = keys.sign_seed.clone();
  WAYSIDE_TRY(const auto store, LedgerStore::open(env, data.store()));
  Service service(env.clock, *store, std::move(keys));
  of_folder = true;
  WAYSIDE_TRY(stick::Folder folder, stick::Folder::open(env.files, command.path));
  return visit_stick(env, folder, store->log(), sign_seed, [&service](const PublicKey& courier, std::string_view path, BytesView body) -> Result<Reply> {
    return service.answer(courier, path, body);
  });
}

}  // namespace

int run_stick(const StickCommand& command, platform::Env& env) {
  bool of_folder = false;
  const auto facts = visit(command, env, of_folder);
  if (!facts) return report(of_folder ? Doing::stick : Doing::serve, facts.error());
  tell(*facts, command.path);
  return facts->full || facts->later > 0 ? kFailed : kDone;
}

}  // namespace wayside::office
