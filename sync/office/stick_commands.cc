#include <cstdio>
#include <nlohmann/json.hpp>

#include "sync/office/commands.h"
#include "sync/office/data_folder.h"
#include "sync/office/sentences.h"
#include "sync/office/stick_desk.h"
#include "sync/office/stick_visit.h"
#include "sync/office/tuning.h"

namespace wayside::office {
namespace {

unsigned long long number(std::uint64_t value) { return value; }

void tell(const StickFacts& facts, const platform::Path& folder) {
  const auto say = [](const char* words) { std::fprintf(stderr, "%s\n", words); };
  if (facts.devices == 0) {
    std::fprintf(stderr, "%s holds no question for this office that can be read. On the device: `wayside-cli sync --courier folder`.\n",
                 folder.c_str());
  } else {
    std::fprintf(stderr,
                 "Answered %llu questions of %llu devices: took %llu envelopes and %llu parts of attachments, wrote %llu files (%llu bytes).\n",
                 number(facts.questions), number(facts.devices), number(facts.envelopes), number(facts.parts), number(facts.files),
                 number(facts.bytes));
  }
  if (facts.refused > 0) std::fprintf(stderr, "%llu answers are refusals: the devices say why when they read them.\n", number(facts.refused));
  if (facts.later > 0)
    say("Some questions wait, since one device asked too much at once or the disk is full. Run this again in a few minutes.");
  if (facts.spoilt > 0) {
    std::fprintf(stderr, "%llu files could not be read to their end and were removed: the devices write them again.\n",
                 number(facts.spoilt));
  }
  if (facts.full) say("The stick is full: not every answer fitted. Free some space on it; the devices ask for the rest when they next write.");
  if (facts.more) say("There are more files than are looked at in one visit. Use another folder.");
}

/// The office itself answers, under the shares and rates of a `serve` that is told nothing.
Result<StickFacts> visit_with(platform::Env& env, const DataFolder& data, stick::Folder& folder) {
  WAYSIDE_TRY(OfficeKeys keys, load_keys(env.files, data.keys()));
  const SecretBytes sign_seed = keys.sign_seed.clone();
  WAYSIDE_TRY(const auto store, LedgerStore::open(env, data.store()));
  store->set_envelope_share(kEnvelopeShareBytes, kEnvelopeDayShareBytes);
  Service service(env.clock, *store, std::move(keys));
  WAYSIDE_TRY(const Roster roster, roster_of(store->log()));
  return visit_stick(env, folder, roster, sign_seed, [&service](const PublicKey& courier, std::string_view path, BytesView body) -> Result<Reply> {
    return service.answer(courier, path, body);
  });
}

/// Another program serves it, and answers.
Result<StickFacts> visit_served(const StickCommand& command, platform::Env& env, stick::Folder& folder) {
  WAYSIDE_TRY(const OfficeKeys keys, load_keys(env.files, DataFolder::keys_in(command.data)));
  WAYSIDE_TRY(ServedOffice office, ServedOffice::reach(env, command.data));
  WAYSIDE_TRY(const Roster roster, office.roster());
  return visit_stick(env, folder, roster, keys.sign_seed, [&office](const PublicKey& courier, std::string_view path, BytesView body) {
    return office.ask(courier, path, body);
  });
}

Result<StickFacts> visit(const StickCommand& command, platform::Env& env) {
  const auto data = DataFolder::use(env.files, command.data);
  const bool served = !data && data.error().code == Errc::busy;
  if (!data && !served) return std::unexpected(data.error());
  WAYSIDE_TRY(stick::Folder folder, stick::Folder::open(env.files, command.path));
  return served ? visit_served(command, env, folder) : visit_with(env, *data, folder);
}

void print_json(const StickFacts& facts) {
  const nlohmann::ordered_json json{{"devices", facts.devices}, {"questions", facts.questions}, {"envelopes", facts.envelopes},
                                    {"parts", facts.parts},     {"refused", facts.refused},     {"files", facts.files},
                                    {"bytes", facts.bytes},     {"left", facts.left},           {"later", facts.later},
                                    {"spoilt", facts.spoilt},   {"foreign", facts.foreign},     {"unfetched", facts.unfetched},
                                    {"full", facts.full},       {"more", facts.more}};
  std::printf("%s\n", json.dump().c_str());
}

}  // namespace

int run_stick(const StickCommand& command, platform::Env& env) {
  const auto facts = visit(command, env);
  if (!facts) return report(Doing::stick, facts.error());
  if (command.json) print_json(*facts);
  tell(*facts, command.path);
  const bool printed = std::fflush(stdout) == 0;
  return !printed || facts->full || facts->later > 0 ? kFailed : kDone;
}

}  // namespace wayside::office
