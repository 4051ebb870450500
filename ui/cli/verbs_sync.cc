#include <algorithm>
#include <ostream>

#include "core/attachments/attachments.h"
#include "core/vault/branches.h"
#include "core/vault/sharing.h"
#include "core/vault/snapshot.h"
#include "core/vault/weekly_check.h"
#include "sync/courier/courier.h"
#include "sync/enrol/taking_away.h"
#include "sync/reconcile/attachments.h"
#include "sync/reconcile/locked.h"
#include "ui/app/contradiction_sentence.h"
#include "ui/app/copy_sentence.h"
#include "ui/cli/amounts.h"
#include "ui/cli/office_line.h"
#include "ui/cli/progress.h"
#include "ui/cli/stick_words.h"
#include "ui/cli/verb.h"
#include "ui/cli/words.h"

#include <unistd.h>

// sync, and the courier that it starts

namespace wayside::cli {
namespace {

using nlohmann::json;

struct SyncWords {
  std::string courier = "https", path;
  bool locked = false, unwatched = false, attachments = false, no_snapshot = false;
  std::uint64_t pages = 0, kilobytes_per_s = 0;
  [[nodiscard]] bool over_folder() const { return courier == "folder"; }
};

json moved_json(std::uint64_t envelopes, std::uint64_t bytes) { return {{"envelopes", envelopes}, {"bytes", bytes}}; }

// ---- With the vault open ----

std::string_view doing(reconcile::Progress::Phase phase) {
  using Phase = reconcile::Progress::Phase;
  switch (phase) {
    case Phase::preparing: return "Getting ready";
    case Phase::sending: return "Sending your changes";
    case Phase::fetching: return "Fetching your colleagues' changes";
    case Phase::folding: return "Taking them in";
    case Phase::sending_files: return "Sending attachments";
    case Phase::fetching_files: return "Fetching attachments";
  }
  return "";
}

json parts_json(std::uint64_t parts, std::uint64_t bytes) { return {{"parts", parts}, {"bytes", bytes}}; }

/// Of attachments, where any were sent or wait.
void add_sent(json& answer, std::uint64_t parts, std::uint64_t bytes, std::uint64_t waiting) {
  if (parts + waiting == 0) return;
  answer["attachments"]["sent"] = parts_json(parts, bytes);
  answer["attachments"]["waiting"] = waiting;
}

void add_fetched(json& answer, const reconcile::Fetched& fetched) {
  answer["attachments"]["fetched"] = parts_json(fetched.parts.envelopes, fetched.parts.bytes);
  answer["attachments"]["not_there"] = fetched.not_there;
}

json outcome_json(const reconcile::Outcome& outcome) {
  return {{"pushed", moved_json(outcome.pushed.envelopes, outcome.pushed.bytes)},
          {"pulled", moved_json(outcome.pulled.envelopes, outcome.pulled.bytes)},
          {"applied_change_sets", outcome.applied_change_sets},
          {"open_reviews", outcome.open_reviews},
          {"quarantined", outcome.quarantined},
          {"round_trips", outcome.round_trips},
          {"elapsed_ms", outcome.elapsed_ms},
          {"uncovered", {{"only_here", outcome.waiting}, {"only_here_and_office", outcome.unreceipted}}}};
}

/// What colleagues' receipts contradict, where there is anything: for whoever has to tell whose word it is.
void add_contradictions(json& answer, const vault::Vault& vault, const std::vector<vault::Contradiction>& found) {
  for (const vault::Contradiction& each : found) {
    answer["contradictions"].push_back({{"kind", app::contradiction_name(each.kind)},
                                        {"ledger", to_text(each.ledger)},
                                        {"device", to_text(each.device)},
                                        {"device_name", vault.device_name(each.device)},
                                        {"their_entry", each.theirs.lsn},
                                        {"their_head", to_text(each.theirs.head)},
                                        {"our_entry", each.ours.lsn},
                                        {"our_head", to_text(each.ours.head)}});
  }
}

/// The first few in words: an office that went back contradicts everybody about everything.
constexpr std::size_t kContradictionsInWords = 3;

void warn_of_contradictions(Context& context, const vault::Vault& vault, const std::vector<vault::Contradiction>& found) {
  const std::size_t told = std::min(kContradictionsInWords, found.size());
  for (std::size_t i = 0; i < told; ++i) context.err() << app::contradiction_sentence(vault, found[i]) << '\n';
  if (found.size() > told) {
    context.err() << "And " << count_of(found.size() - told, "more of the kind", "more of the kind") << ". `verify` lists them all.\n";
  }
}

void say_fetched(Context& context, const reconcile::Fetched& fetched) {
  if (fetched.parts.envelopes > 0) context.say("Attachments fetched: " + size_of(fetched.parts.bytes) + ".");
  if (fetched.parts.envelopes + fetched.not_there == 0 && !fetched.stopped_early)
    context.say("Every attachment is on this device.");
}

void say_outcome(Context& context, const reconcile::Outcome& outcome) {
  if (outcome.parts_sent.envelopes > 0) context.say("Files sent: " + size_of(outcome.parts_sent.bytes) + ".");
  if (outcome.stick) {
    context.say("The office has taken " + count_of(outcome.pushed.envelopes, "change", "changes") + " from an earlier letter; " +
                count_of(outcome.applied_change_sets, "change", "changes") + " of colleagues taken in.");
  } else if (outcome.pushed.envelopes + outcome.applied_change_sets + outcome.from_snapshot == 0) {
    context.say("Nothing new, here or at the office.");
  } else {
    context.say(count_of(outcome.pushed.envelopes, "change", "changes") + " sent, " +
                count_of(outcome.applied_change_sets, "change", "changes") + " of colleagues taken in.");
  }
  if (outcome.published > 0) {
    context.say("A snapshot of " + count_of(outcome.published, "case", "cases") + " went to the office, for whom you invited to begin with.");
  }
  if (outcome.from_snapshot > 0) {
    context.say(count_of(outcome.from_snapshot, "case", "cases") + " came with a colleague's snapshot. You can work with them now.");
  }
  if (outcome.unverified > 0) {
    context.say(count_of(outcome.unverified, "case is", "cases are") +
                " not verified yet: the next `sync` fetches the changes themselves and compares.");
  }
  if (outcome.stopped_early && !outcome.stick) context.say("It stopped early. What came is kept, and the next `sync` goes on from here.");
  if (outcome.open_reviews > 0) {
    context.say(count_of(outcome.open_reviews, "decision waits", "decisions wait") +
                " for a person. `review list` shows what.");
  }
  if (outcome.quarantined > 0) {
    context.say(count_of(outcome.quarantined, "change", "changes") +
                " could not be checked and stay apart until the desk has looked.");
  }
  if (outcome.unreceipted > 0) {
    context.say(count_of(outcome.unreceipted, "change is", "changes are") +
                " on this device and at the office, and not yet with enough colleagues to outlive both.");
  }
}

/// What stands outside the answer that scripts read, and that somebody should look at.
void warn(Context& context, const reconcile::Outcome& outcome) {
  // That it was put back was said on opening.
  if (outcome.copied.how != vault::Copy::none && outcome.copied.how != vault::Copy::put_back)
    context.err() << app::copy_sentence(outcome.copied) << '\n';
  if (outcome.no_room > 0) {
    context.err() << "The office takes no more from this device for now: its share there, of the day or in all, is full. "
                  << count_of(outcome.waiting, "change is", "changes are")
                  << " kept here and go with a later `sync`. If that stays so tomorrow, ask your administrator for a larger share "
                     "(`wayside-office serve --envelopes-per-device`).\n";
  } else if (outcome.waiting > 0 && !outcome.stopped_early && !outcome.stick) {
    context.err() << count_of(outcome.waiting, "change was", "changes were")
                  << " not taken by the office. They are kept here. Tell your administrator.\n";
  }
  if (outcome.parts_no_room > 0) {
    context.err() << "The office takes no more attachments from this device: its share there is full. They are kept here. "
                     "Ask your administrator for a larger one (`wayside-office serve --attachments-per-device`).\n";
  } else if (outcome.parts_waiting > 0 && !outcome.stopped_early && !outcome.stick) {
    context.err() << "Not every attachment was taken by the office. They are kept here, and the next `sync` tries again.\n";
  }
  if (outcome.missing_ledgers > 0) {
    context.err() << "Colleagues tell of " << count_of(outcome.missing_ledgers, "case", "cases")
                  << " that the office has not handed on. Sync again; if that stays so, tell your administrator.\n";
  }
}

/// Once, on this device.
Result<void> tell_withdrawals(Context& context, vault::Vault& vault) {
  WAYSIDE_TRY(const auto lost, vault::untold_losses(vault));
  if (lost.empty()) return {};
  for (const auto& each : lost) context.err() << vault::sentence_of(vault, each) << '\n';
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(vault::note_losses_told(vault, writing));
  return std::move(writing).commit();
}

/// Once, on this device; `verify` goes on to tell it.
Result<void> tell_branches(Context& context, vault::Vault& vault) {
  WAYSIDE_TRY(const auto branches, vault::untold_branches(vault));
  if (branches.empty()) return {};
  for (const vault::Branching& each : branches) context.err() << vault::sentence_of(vault, each) << '\n';
  WAYSIDE_TRY(auto writing, vault.begin());
  WAYSIDE_OK(vault::note_branches_told(vault, writing));
  return std::move(writing).commit();
}

/// What the office does not have lies with a colleague who has not synced yet.
void warn_not_there(Context& context, const reconcile::Fetched& fetched) {
  if (fetched.not_there == 0) return;
  context.err() << "The office does not have every attachment yet: files are sent last. Sync again when the colleagues "
                   "who added them have synced.\n";
}

/// Once it has turned out false each sync says so, until somebody has looked into it.
Result<void> warn_false_snapshot(Context& context, vault::Vault& vault) {
  WAYSIDE_TRY(const auto use, vault::snapshot_use(vault));
  if (!use || use->trust != vault::Trust::false_) return {};
  context.err() << "The snapshot that " << vault.device_name(use->publisher)
                << " published is not what the changes themselves say. It was discarded. Tell your administrator.\n";
  return {};
}

/// A little of the weekly check, when it is time for one.
Result<void> go_on_checking(vault::Vault& vault) {
  constexpr std::int64_t kNoLonger_ms = 300;
  WAYSIDE_TRY(const auto check, vault::WeeklyCheck::open(vault));
  if (!check->due()) return {};
  WAYSIDE_TRY(const bool more, check->step(kNoLonger_ms));
  return more ? check->keep() : Result<void>{};
}

reconcile::Options options_of(Context& context, const SyncWords& words) {
  reconcile::Options options;
  options.courier_program = context.surroundings().program;
  options.office_address = context.common().office;
  options.folder = words.path;
  options.stop_after_pages = words.pages;
  options.bytes_per_s = words.kilobytes_per_s * 1024;
  options.no_snapshot = words.no_snapshot;
  return options;
}

/// Who joined with a ticket from before a team's key was renewed lacks the new one. Hardly ever: then one more question.
Result<void> renew_epochs(Context& context, vault::Vault& vault) {
  WAYSIDE_TRY(const auto line, line_to_office(context, vault));
  const auto renewed = enrol::renew_epochs(vault, *line);
  // A restored office takes no change of members for now: a later sync asks again.
  return renewed || renewed.error().code == Errc::office_waits ? Result<void>{} : std::unexpected(renewed.error());
}

json answer_json(const vault::Vault& vault, const reconcile::Outcome& outcome, const std::optional<reconcile::Fetched>& fetched) {
  json answer = outcome_json(outcome);
  if (outcome.published > 0) answer["published"] = {{"ledgers", outcome.published}};
  if (outcome.from_snapshot + outcome.unverified > 0) {
    answer["snapshot"] = {{"ledgers", outcome.from_snapshot}, {"unverified_ledgers", outcome.unverified}};
  }
  add_sent(answer, outcome.parts_sent.envelopes, outcome.parts_sent.bytes, outcome.parts_waiting);
  if (outcome.copied.how != vault::Copy::none) {
    answer["copy"] = {{"noticed", app::copy_name(outcome.copied.how)}, {"written_anew", outcome.copied.written_anew}};
  }
  if (fetched) add_fetched(answer, *fetched);
  if (outcome.stick) answer["stick"] = stick_json(*outcome.stick);
  add_contradictions(answer, vault, outcome.contradictions);
  return answer;
}

Result<Exit> sync_open(Context& context, const SyncWords& words) {
  WAYSIDE_TRY(auto* vault, context.vault(Context::Inbox::left));
  WAYSIDE_TRY(const auto office, vault->office());
  if (!office) return fail(Errc::not_found, "an office: this vault was made with `solo` and reconciles with nobody");
  Progress progress(context.err(), context.surroundings().err_is_terminal, "");
  reconcile::Options options = options_of(context, words);
  options.progress = [&progress](const reconcile::Progress& at) {
    progress.now(doing(at.phase));
    progress.at(at.done, at.total);
  };
  if (words.over_folder() && words.attachments) options.wanted = [vault] { return attachments::all_missing_parts(*vault); };
  const auto reconciled = reconcile::reconcile(*vault, options);
  WAYSIDE_OK(tell_branches(context, *vault));
  if (!reconciled) return std::unexpected(reconciled.error());
  const reconcile::Outcome& outcome = *reconciled;
  if (!words.over_folder()) WAYSIDE_OK(renew_epochs(context, *vault));   // a stick brings no answer while one waits
  warn(context, outcome);
  if (outcome.stick) warn_stick(context, *outcome.stick);
  warn_of_contradictions(context, *vault, outcome.contradictions);
  WAYSIDE_OK(tell_withdrawals(context, *vault));
  std::optional<reconcile::Fetched> fetched;
  if (words.attachments && !words.over_folder() && !outcome.stopped_early) {
    WAYSIDE_TRY(const auto missing, attachments::all_missing_parts(*vault));
    WAYSIDE_TRY(fetched, reconcile::fetch_parts(*vault, missing, options));
    warn_not_there(context, *fetched);
  }
  WAYSIDE_OK(warn_false_snapshot(context, *vault));
  if (!outcome.stopped_early) WAYSIDE_OK(go_on_checking(*vault));
  if (context.json()) {
    context.print(answer_json(*vault, outcome, fetched));
  } else {
    if (outcome.stick) say_stick(context, *outcome.stick);
    say_outcome(context, outcome);
    if (fetched) say_fetched(context, *fetched);
  }
  if (!outcome.contradictions.empty() || (outcome.stick && outcome.stick->full)) return Exit::failed;
  return outcome.open_reviews + outcome.quarantined > 0 ? Exit::waits : Exit::done;
}

// ---- While it is locked ----

Result<Exit> sync_locked(Context& context, const SyncWords& words) {
  reconcile::Options options = options_of(context, words);
  Progress progress(context.err(), context.surroundings().err_is_terminal, "Carrying sealed envelopes");
  options.progress = [&](const reconcile::Progress& at) { progress.at(at.done, at.total); };
  WAYSIDE_TRY(const auto done, reconcile::carry_locked(context.common().home, options, words.unwatched));
  const auto stick = words.over_folder() ? std::optional(reconcile::stick_of(done)) : std::nullopt;
  if (stick) warn_stick(context, *stick);
  const Exit exit = stick && stick->full ? Exit::failed : Exit::done;
  if (!context.json()) {
    if (stick) say_stick(context, *stick);
    context.say(count_of(done.pushed_envelopes(), "envelope", "envelopes") + (stick ? " taken by the office, " : " sent, ") +
                count_of(done.pulled_envelopes(), "envelope", "envelopes") +
                " fetched. They are opened at the next unlock.");
    return exit;
  }
  // Nobody can know of reviews while the vault is locked.
  json answer{{"pushed", moved_json(done.pushed_envelopes(), done.pushed_bytes())},
              {"pulled", moved_json(done.pulled_envelopes(), done.pulled_bytes())},
              {"applied_change_sets", 0},
              {"open_reviews", nullptr},
              {"quarantined", nullptr},
              {"round_trips", done.round_trips()},
              {"elapsed_ms", done.elapsed_ms()},
              {"uncovered", nullptr}};
  add_sent(answer, done.parts_sent(), done.parts_sent_bytes(), done.parts_waiting());
  if (stick) answer["stick"] = stick_json(*stick);
  context.print(answer);
  return exit;
}

Result<Exit> sync(Context& context, const SyncWords& words) {
  if (words.over_folder() && words.path.empty()) return fail(Errc::usage, "Say which folder with --path: one on the stick");
  if (!words.over_folder() && !words.path.empty()) return fail(Errc::usage, "--path goes with --courier folder");
  if (words.over_folder() && (words.unwatched || words.kilobytes_per_s > 0)) {
    return fail(Errc::usage, "--unwatched and --limit-rate are for a line. Leave them out with --courier folder");
  }
  if (words.unwatched && !words.locked) return fail(Errc::usage, "--unwatched goes with --locked");
  if (words.locked && words.attachments) {
    return fail(Errc::usage, "While the vault is locked nobody knows which attachments are missing. Leave --locked or --attachments out");
  }
  return words.locked ? sync_locked(context, words) : sync_open(context, words);
}

}  // namespace

Action declare_sync(CLI::App& app) {
  const auto words = std::make_shared<SyncWords>();
  app.add_option("--courier", words->courier, "https: over a line; folder: in files, as on a USB stick")
      ->type_name("NAME")
      ->check(CLI::IsMember({"https", "folder"}));
  app.add_option("--path", words->path, "with --courier folder: the folder on the stick")->type_name("DIR");
  app.add_flag("--locked", words->locked, "move sealed envelopes only; needs no passphrase");
  app.add_flag("--attachments", words->attachments, "fetch every attachment that is not on this device, too");
  app.add_option("--pages", words->pages, "stop after so many pages; the next sync goes on")->type_name("N");
  app.add_flag("--no-snapshot", words->no_snapshot, "the first time: take in every change itself, though a colleague published a snapshot");
  app.add_flag("--unwatched", words->unwatched, "with --locked: how it ended is told at the next unlock");
  app.add_option("--limit-rate", words->kilobytes_per_s, "at most so many kilobytes a second each way")
      ->type_name("KB/S")
      ->check(CLI::Range(kSlowestKilobytes, kFastestKilobytes));
  return [words](Context& context) { return sync(context, *words); };
}

Action declare_courier(CLI::App& app) {
  app.description("started by this program: carries between a spool and the office");
  return [](Context& context) -> Result<Exit> {
    return courier::courier_main(context.env(), STDIN_FILENO, STDOUT_FILENO) == 0 ? Exit::done : Exit::failed;
  };
}

}  // namespace wayside::cli
