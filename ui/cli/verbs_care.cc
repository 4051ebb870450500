#include <ostream>

#include "core/casework/casebook.h"
#include "core/search/search.h"
#include "core/vault/verify.h"
#include "core/vault/weekly_check.h"
#include "ui/cli/amounts.h"
#include "ui/cli/command_line.h"
#include "ui/cli/progress.h"
#include "ui/cli/shapes.h"
#include "ui/cli/verb.h"

// digest, verify

namespace wayside::cli {
namespace {

using nlohmann::json;

Result<Exit> digest(Context& context) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto standing, casework::standing(*vault));
  if (context.json()) {
    context.print({{"digest", to_text(standing.digest)},
                   {"ledgers", standing.ledgers},
                   {"records", standing.records},
                   {"open_reviews", standing.open_reviews}});
  } else {
    context.say(to_text(standing.digest));
  }
  return Exit::done;
}

Result<Exit> tell_faults(Context& context, const std::vector<std::string>& faults) {
  if (faults.empty()) return Exit::done;
  for (const auto& fault : faults) context.err() << "Fault: " << fault << ".\n";
  context.err() << "Nothing was changed. Keep a copy of the folder and tell your administrator before you go on.\n";
  return Exit::failed;
}

/// Goes on with the round under way for about so long; the next slice goes on from there.
constexpr std::int64_t kSlice_ms = 2'000;

Result<Exit> verify_slice(Context& context) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto check, vault::WeeklyCheck::open(*vault));
  WAYSIDE_TRY(const bool more, check->step(kSlice_ms));
  if (more) WAYSIDE_OK(check->keep());
  WAYSIDE_TRY(const auto standing, vault::check_standing(*vault));
  const json last = standing.ended_ms == 0 ? json() : json(iso_time(standing.ended_ms));
  if (context.json()) {
    context.print({{"ok", standing.faults.empty()}, {"faults", standing.faults}, {"more", more}, {"checked_ledgers", standing.done},
                   {"ledgers", standing.total}, {"last_whole", last}});
  } else {
    if (more) {
      context.say(std::to_string(standing.done) + " of " + count_of(standing.total, "ledger", "ledgers") + " of this round " +
                  (standing.done == 1 ? "is" : "are") + " checked.");
    }
    context.say(last.is_null() ? std::string("Not everything was checked on this device yet.")
                               : "Everything was last checked " + last.get<std::string>() + ".");
  }
  return tell_faults(context, standing.faults);
}

Result<Exit> verify(Context& context) {
  WAYSIDE_TRY(auto* vault, context.vault());
  Progress progress(context.err(), context.surroundings().err_is_terminal, "Checking");
  WAYSIDE_OK(search::catch_up_all(*vault));
  WAYSIDE_TRY(const auto found,
              vault::verify(*vault, [&](std::uint64_t done, std::uint64_t total) { progress.at(done, total); }));
  (void)vault::note_whole_check(*vault, found.faults);   // a store that cannot be written may still be checked
  if (context.json()) {
    json answer = {{"ok", found.faults.empty()},
                   {"envelopes", found.envelopes},
                   {"records", found.records},
                   {"ledgers", found.ledgers},
                   {"pending", found.pending},
                   {"quarantined", found.quarantined},
                   {"erased_ledgers", found.erased},
                   {"faults", found.faults},
                   {"notes", found.notes}};
    if (found.unverified > 0) answer["unverified_ledgers"] = found.unverified;
    context.print(answer);
  } else if (found.faults.empty()) {
    context.say("All is well: " + count_of(found.envelopes, "change", "changes") + " and " + count_of(found.records, "record", "records") +
                " fit their signatures.");
    for (const auto& note : found.notes) context.say("Of note: " + note + ".");
    if (found.unverified > 0) {
      context.say("Besides, " + count_of(found.unverified, "case is", "cases are") +
                  " shown as a colleague's snapshot says, until `sync` has fetched the changes themselves.");
    }
  }
  return tell_faults(context, found.faults);
}

}  // namespace

Action declare_digest(CLI::App&) { return digest; }

Action declare_verify(CLI::App& app) {
  const auto slice = std::make_shared<bool>(false);
  app.add_flag("--slice", *slice, "go on for two seconds with the weekly check, where it left off, when it is time for one");
  return [slice](Context& context) { return *slice ? verify_slice(context) : verify(context); };
}

}  // namespace wayside::cli
