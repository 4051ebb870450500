#include <ostream>

#include "core/casework/casebook.h"
#include "core/search/search.h"
#include "core/vault/verify.h"
#include "ui/cli/progress.h"
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

Result<Exit> verify(Context& context) {
  WAYSIDE_TRY(auto* vault, context.vault());
  Progress progress(context.err(), context.surroundings().err_is_terminal, "Checking");
  WAYSIDE_OK(search::catch_up_all(*vault));
  WAYSIDE_TRY(const auto found,
              vault::verify(*vault, [&](std::uint64_t done, std::uint64_t total) { progress.at(done, total); }));
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
    context.say("All is well: " + std::to_string(found.envelopes) + " changes and " + std::to_string(found.records) +
                " records fit their signatures.");
    for (const auto& note : found.notes) context.say("Of note: " + note + ".");
    if (found.unverified > 0) {
      context.say("Besides, " + std::to_string(found.unverified) +
                  " cases are shown as a colleague's snapshot says, until `sync` has fetched the changes themselves.");
    }
  }
  if (found.faults.empty()) return Exit::done;
  for (const auto& fault : found.faults) context.err() << "Fault: " << fault << ".\n";
  context.err() << "Nothing was changed. Keep a copy of the folder and tell your administrator before you go on.\n";
  return Exit::failed;
}

}  // namespace

Action declare_digest(CLI::App&) { return digest; }

Action declare_verify(CLI::App&) { return verify; }

}  // namespace wayside::cli
