#include <ostream>

#include "core/casework/closing.h"
#include "ui/cli/amounts.h"
#include "ui/cli/case_words.h"
#include "ui/cli/words.h"

// close, hold

namespace wayside::cli {
namespace {

namespace rules = casework::rules;
using nlohmann::json;

// ---- close ----

struct CloseWords {
  std::string case_id, reason, on;
  bool anyway = false, dry_run = false;
};

json gaps_json(const std::vector<casework::Gap>& gaps) {
  auto out = json::array();
  for (const auto& gap : gaps) out.push_back({{"record", to_text(gap.record)}, {"type", gap.type->name}, {"field", gap.field->name}});
  return out;
}

Result<Exit> may_close(Context& context, const CloseWords& words, rules::Day on) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto facts, case_facts(*vault, words.case_id));
  WAYSIDE_TRY(const auto found, casework::may_close(*vault, facts, words.reason, on));
  if (context.json()) {
    json out{{"case", to_text(facts.id())}, {"closed", false}, {"missing", gaps_json(found.gaps)}};
    out.update(verdict_json(found.verdict.answer, found.verdict.reasons));
    context.print(out);
    return Exit::done;
  }
  context.say(found.verdict.answer == rules::Answer::yes ? "It may be closed." : "Before it is closed:");
  say_reasons(context, found.verdict.reasons);
  return Exit::done;
}

Result<Exit> close(Context& context, const CloseWords& words) {
  if (words.reason.empty()) return fail(Errc::usage, "Say why the case is closed, with --reason TEXT");
  WAYSIDE_OK(check_text("--reason", words.reason));
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto on, day_word(*vault, words.on));
  if (words.dry_run) return may_close(context, words, on);
  WAYSIDE_TRY(const RecordId id, known_case(*vault, words.case_id));
  const auto done = casework::close_case(*vault, id, {words.reason, on, words.anyway});
  if (!done) return about_records(context, std::unexpected(done.error()));
  const auto& closed = *done;
  if (context.json()) {
    context.print({{"case", to_text(id)}, {"closed", true}, {"on", rules::iso(on)}, {"follow_ups", ids_json(closed.follow_ups)},
                   {"reasons", sentences_json(closed.verdict.reasons)}});
    return Exit::done;
  }
  context.say("Closed on " + rules::iso(on) + ". " +
              (closed.follow_ups.empty() ? "Nobody will follow up."
                                         : count_of(closed.follow_ups.size(), "follow-up was", "follow-ups were") + " put on the list."));
  return Exit::done;
}

// ---- hold ----

struct HoldWords {
  std::string case_id, reason, asked_by;
  bool lift = false;
};

Result<Exit> answer_hold(Context& context, vault::Vault& vault, const RecordId& id) {
  constexpr std::string_view kStates[] = {"open", "kept", "due_soon", "due", "held"};
  WAYSIDE_TRY(const auto standing, casework::hold_standing(vault, id, casework::today(vault)));
  const auto& kept = standing.retention;
  if (context.json()) {
    context.print({{"case", to_text(id)},
                   {"held", standing.held},
                   {"holds", ids_json(standing.holds)},
                   {"retention", {{"state", kStates[static_cast<std::size_t>(kept.state)]},
                                  {"keep_until", day_json(kept.keep_until)},
                                  {"may_erase", rules::name_of(kept.may_erase)},
                                  {"reasons", sentences_json(kept.reasons)}}}});
    return Exit::done;
  }
  context.say(standing.held ? "Held: nothing of this case may be erased." : "Not held.");
  say_reasons(context, kept.reasons);
  return Exit::done;
}

Result<Exit> hold(Context& context, const HoldWords& words) {
  if (words.lift && words.reason.empty()) return fail(Errc::usage, "Say why the hold is lifted, with --reason TEXT");
  if (words.reason.empty() && !words.asked_by.empty()) return fail(Errc::usage, "Say why the case is held, with --reason TEXT");
  WAYSIDE_OK(check_text("--reason", words.reason));
  WAYSIDE_OK(check_text("--asked-by", words.asked_by));
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const RecordId id, known_case(*vault, words.case_id));
  if (words.lift) {
    const auto lifted = casework::lift_holds(*vault, id, words.reason);
    if (!lifted) return about_records(context, std::unexpected(lifted.error()));
  } else if (!words.reason.empty()) {
    WAYSIDE_OK(casework::hold_case(*vault, id, words.reason, words.asked_by, casework::today(*vault)));
  }
  return answer_hold(context, *vault, id);
}

}  // namespace

Action declare_close(CLI::App& app) {
  const auto words = std::make_shared<CloseWords>();
  app.add_option("case", words->case_id, "the case")->required()->type_name("ID");
  app.add_option("--reason", words->reason, "why it is closed")->required()->type_name("TEXT");
  app.add_option("--on", words->on, "the day; today unless told")->type_name("DATE");
  app.add_flag("--anyway", words->anyway, "having read what asks for a second thought");
  app.add_flag("--dry-run", words->dry_run, "only say what stands in the way");
  return [words](Context& context) { return close(context, *words); };
}

Action declare_hold(CLI::App& app) {
  const auto words = std::make_shared<HoldWords>();
  app.add_option("case", words->case_id, "the case")->required()->type_name("ID");
  app.add_option("--reason", words->reason, "why it is held, or lifted; without it only the standing is shown")->type_name("TEXT");
  app.add_option("--asked-by", words->asked_by, "who asked for the hold")->type_name("NAME");
  app.add_flag("--lift", words->lift, "end every hold of the case");
  return [words](Context& context) { return hold(context, *words); };
}

}  // namespace wayside::cli
