#include "tests/sync/hostile/hostile_case.h"

namespace wayside::hostile {

using support::need;

namespace {

std::uint64_t count(vault::Vault& vault, const char* table) {
  store::Query query = vault.store().database().query(std::string("SELECT count(*) FROM ") + table);
  need(query.next());
  return static_cast<std::uint64_t>(query.integer(0));
}

std::string sentence(const Error& error) { return std::string(name_of(error.code)) + ": " + error.detail; }

/// The same office, honest from now on; when it had gone back a day, the one of today.
void heal_case(World& world, Machine& machine, Mischief& mischief, Verdict& verdict) {
  std::unique_ptr<Office> today;
  if (mischief.rolled_back()) today = world.office_of_today();
  Office& office = today ? *today : mischief.office();
  machine.take_answers();
  machine.fill_outbox();
  const auto done = machine.carry([&](const platform::HttpCall& call) -> Result<platform::HttpAnswer> {
    return office.answer(world.ben_courier, call);
  });
  const auto folded = machine.fold();
  vault::Vault& vault = machine.vault();
  for (std::string& fault : world.faults_of(vault)) verdict.faults.push_back("afterwards " + fault);
  const bool same = need(casework::standing(vault)).digest == world.honest_digest;
  const bool says = done.error() != 0 || !folded || count(vault, "quarantine") + count(vault, "pending") > 0;
  verdict.after = same ? Verdict::After::same : says ? Verdict::After::told_apart : Verdict::After::silently_apart;
  if (!folded) verdict.detail = sentence(folded.error());
  else if (done.error() != 0) verdict.detail = sentence({static_cast<Errc>(done.error()), done.detail()});
  else if (says) verdict.detail = "quarantined or waiting";
}

}  // namespace

Verdict run_case(World& world, std::uint64_t number, bool heal) {
  Verdict verdict;
  Mischief mischief(world, number);
  auto machine = world.bens_machine();
  const auto done = machine->carry([&](const platform::HttpCall& call) { return mischief.pass(call); });
  verdict.told = done.error() != 0;
  verdict.faults = mischief.faults();
  verdict.altered = mischief.altered() > 0;
  verdict.story = mischief.story();
  if (mischief.altered_requests()) {
    for (std::string& fault : world.faults_of(mischief.office())) verdict.faults.push_back(std::move(fault));
  }
  // What the courier kept nothing of cannot have reached the vault: it has no key to its store.
  verdict.folded = machine->has_news();
  if (verdict.folded || heal) {
    const auto folded = machine->fold();
    verdict.told = verdict.told || !folded;
    if (verdict.folded) {
      for (std::string& fault : world.faults_of(machine->vault())) verdict.faults.push_back(std::move(fault));
    }
  }
  if (heal) heal_case(world, *machine, mischief, verdict);
  return verdict;
}

}  // namespace wayside::hostile
