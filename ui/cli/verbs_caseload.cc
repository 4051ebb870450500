#include "core/casework/due.h"
#include "core/casework/duplicates_of_vault.h"
#include "core/casework/rules/dates.h"
#include "core/casework/waiting_list.h"
#include "core/vault/audit.h"
#include "ui/cli/case_words.h"
#include "ui/cli/link_words.h"
#include "ui/cli/words.h"

// waiting-list, duplicates, due

namespace wayside::cli {
namespace {

namespace rules = casework::rules;
using nlohmann::json;

json id_json(const std::optional<RecordId>& id) { return id ? json(to_text(*id)) : json(); }

Result<std::string> reference_of(vault::Vault& vault, const RecordId& case_id) {
  WAYSIDE_TRY(auto row, vault.store().record(case_id));
  if (!row) return std::string();
  WAYSIDE_TRY(const auto shown, casework::show(vault, *std::move(row)));
  return shown.text("reference");
}

Result<Exit> waiting_list(Context& context, const std::string& on_word) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto on, day_word(*vault, on_word));
  WAYSIDE_TRY(const auto found, casework::waiting_list(*vault, on));
  WAYSIDE_OK(vault::note_listed(*vault, 0, found.waiting.size()));
  auto all = json::array();
  for (const auto& each : found.waiting) {
    WAYSIDE_TRY(const auto reference, reference_of(*vault, each.case_id));
    all.push_back({{"referral", to_text(each.referral)}, {"case", to_text(each.case_id)}, {"reference", reference},
                   {"service", id_json(each.service)}, {"other_service", each.other_service}, {"requested_offer", each.requested_offer},
                   {"since", rules::iso(each.since)}, {"days", each.days}});
    if (context.json()) continue;
    context.say(reference + "   since " + rules::iso(each.since) + ", " + std::to_string(each.days) + (each.days == 1 ? " day" : " days"));
  }
  auto problems = json::array();
  for (const auto& [id, what] : found.problems) {
    problems.push_back({{"referral", to_text(id)}, {"what", what}});
    if (!context.json()) context.say("Check the referral " + to_text(id) + ": " + what + ".");
  }
  if (context.json()) {
    context.print({{"on", rules::iso(on)}, {"count", all.size()}, {"waiting", std::move(all)}, {"problems", std::move(problems)}});
  } else if (all.empty()) {
    context.say("Nobody waits on " + rules::iso(on) + ".");
  }
  return Exit::done;
}

// ---- duplicates ----

struct DuplicateWords {
  std::string id, name, dob, phone, postcode;
  std::string a, b, reason;   ///< of link, not-same, unlink
};

json alike_json(const casework::PeopleIndex& people, const rules::PossibleDuplicate& each, const std::optional<RecordId>& of) {
  const auto* known = people.known(each.id);
  auto reasons = json::array();
  for (const auto& reason : each.reasons) reasons.push_back(reason.sentence);
  const auto verdict = of ? people.links().verdict(*of, known->id) : casework::SamePerson::undecided;
  return {{"id", each.id}, {"type", known->type}, {"case", to_text(known->case_id)}, {"name", known->name},
          {"score", each.score}, {"reasons", std::move(reasons)}, {"in_review", verdict == casework::SamePerson::in_review}};
}

void say_alike(Context& context, const json& alike) {
  context.say(std::to_string(alike.at("score").get<int>()) + "   " + alike.at("name").get<std::string>() + "   " + alike.at("id").get<std::string>());
  for (const auto& reason : alike.at("reasons")) context.say("      " + reason.get<std::string>());
  if (alike.at("in_review").get<bool>()) context.say("      Colleagues differ on these two. `review list` shows it.");
}

Result<rules::PersonCard> card_of(const DuplicateWords& words) {
  rules::PersonCard card;
  const auto blank = words.name.rfind(' ');
  card.forename = words.name.substr(0, blank);
  if (blank != std::string::npos) card.surname = words.name.substr(blank + 1);
  if (!words.dob.empty()) {
    card.dob = rules::day_of(words.dob);
    if (!card.dob) return fail(Errc::usage, "--dob needs a day such as 1984-03-21");
  }
  if (!words.phone.empty()) card.phones = {words.phone};
  card.postcode = words.postcode;
  return card;
}

Result<Exit> all_pairs(Context& context, const casework::PeopleIndex& people) {
  auto all = json::array();
  for (const auto& pair : people.pairs()) {
    json row{{"of", pair.a}, {"name", people.known(pair.a)->name}, {"with", alike_json(people, pair.b, people.known(pair.a)->id)}};
    if (!context.json()) {
      context.say(row["name"].get<std::string>() + "   " + pair.a + "   may be");
      say_alike(context, row["with"]);
    }
    all.push_back(std::move(row));
  }
  if (context.json()) context.print({{"count", all.size()}, {"pairs", std::move(all)}});
  else if (all.empty()) context.say("No two people here are alike.");
  return Exit::done;
}

Result<Exit> duplicates(Context& context, const DuplicateWords& words) {
  const bool described = !words.name.empty() || !words.dob.empty() || !words.phone.empty() || !words.postcode.empty();
  if (described && !words.id.empty()) return fail(Errc::usage, "Name an id, or describe somebody; not both");
  for (const auto* word : {&words.name, &words.phone, &words.postcode}) {
    if (word->size() > 1'000 || !is_clean_utf8(*word)) return fail(Errc::usage, "A name or number needs clean text of at most 1,000 bytes");
  }
  WAYSIDE_TRY(auto card, card_of(words));
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto people, casework::PeopleIndex::read(*vault));
  WAYSIDE_OK(vault::note_listed(*vault, 0, 0));
  if (!described && words.id.empty()) return all_pairs(context, people);
  if (!words.id.empty()) {
    WAYSIDE_TRY(const auto record, shown_record(*vault, words.id));
    const auto* known = people.card(to_text(record.row.id));
    if (known == nullptr) return fail(Errc::usage, "That record is no person or child");
    card = *known;
  }
  auto all = json::array();
  for (const auto& each : people.find(card)) {
    all.push_back(alike_json(people, each, id_from_text<RecordId>(card.id)));
    if (!context.json()) say_alike(context, all.back());
  }
  if (context.json()) context.print({{"of", card.id.empty() ? json() : json(card.id)}, {"count", all.size()}, {"candidates", std::move(all)}});
  else if (all.empty()) context.say("Nobody here is alike.");
  return Exit::done;
}

enum class Decide { same, not_same, undo };

Result<Exit> decide(Context& context, const DuplicateWords& words, Decide what) {
  if (words.reason.empty()) return fail(Errc::usage, "Say how you know, with --reason TEXT");
  if (words.reason.size() > 1'000 || !is_clean_utf8(words.reason)) return fail(Errc::usage, "A reason needs clean text of at most 1,000 bytes");
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const RecordId a, record_id(words.a));
  WAYSIDE_TRY(const RecordId b, record_id(words.b));
  WAYSIDE_TRY(const auto link, what == Decide::undo ? casework::undo_same_person(*vault, a, b, words.reason)
                                                    : casework::decide_same_person(*vault, a, b, what == Decide::same, words.reason));
  if (context.json()) {
    json out = link_json(link, a);
    out["of"] = to_text(a);
    context.print(out);
    return Exit::done;
  }
  switch (link.verdict) {
    case casework::SamePerson::same: context.say("Linked: both are shown as one person. Both records are as they were; `duplicates unlink` takes it back."); break;
    case casework::SamePerson::not_same: context.say("Kept apart: nobody is asked about these two again. `duplicates unlink` takes it back."); break;
    default: context.say("Taken back: it is as if nobody had decided."); break;
  }
  return Exit::done;
}

// ---- due ----

struct DueWords {
  std::string on;
  int days = 7;
};

Result<Exit> due(Context& context, const DueWords& words) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto on, day_word(*vault, words.on));
  WAYSIDE_TRY(const auto found, casework::due_list(*vault, on, words.days));
  WAYSIDE_OK(vault::note_listed(*vault, 0, found.items.size()));
  auto all = json::array();
  for (const auto& item : found.items) {
    const bool overdue = !item.due || *item.due < on;
    WAYSIDE_TRY(const auto reference, reference_of(*vault, item.case_id));
    if (!context.json()) {
      context.say((item.due ? rules::iso(*item.due) : "now       ") + (overdue ? "!  " : "   ") + reference + "   " + item.sentence);
    }
    all.push_back({{"kind", item.kind}, {"id", to_text(item.record)}, {"case", to_text(item.case_id)}, {"reference", reference},
                   {"due", day_json(item.due)}, {"days_left", item.due ? json(rules::days_between(on, *item.due)) : json()}, {"overdue", overdue}, {"what", item.sentence}});
  }
  if (context.json()) context.print({{"on", rules::iso(on)}, {"days", words.days}, {"count", all.size()}, {"items", std::move(all)}});
  else if (all.empty()) context.say("Nothing is due until " + rules::iso(on + std::chrono::days(words.days)) + ".");
  return Exit::done;
}

}  // namespace

Action declare_waiting_list(CLI::App& app) {
  const auto on = std::make_shared<std::string>();
  app.add_option("--on", *on, "at the end of that day; today unless told")->type_name("DATE");
  return [on](Context& context) { return waiting_list(context, *on); };
}

Action declare_duplicates(CLI::App& app) {
  const auto words = std::make_shared<DuplicateWords>();
  app.add_option("id", words->id, "a person or child; without it everybody is compared");
  app.add_option("--name", words->name, "somebody who is not here yet")->type_name("NAME");
  app.add_option("--dob", words->dob, "day of birth")->type_name("DATE");
  app.add_option("--phone", words->phone, "a number")->type_name("NUMBER");
  app.add_option("--postcode", words->postcode, "a postcode")->type_name("CODE");
  const auto pair = [&](const char* name, const char* help) {
    CLI::App* const verb = app.add_subcommand(name, help);
    verb->add_option("a", words->a, "one of the two")->required()->type_name("ID");
    verb->add_option("b", words->b, "the other")->required()->type_name("ID");
    verb->add_option("--reason", words->reason, "how you know")->required()->type_name("TEXT");
    return verb;
  };
  app.require_subcommand(0, 1);
  const auto* const link = pair("link", "they are one person; both records stay as they are");
  const auto* const not_same = pair("not-same", "they are two people: nobody is asked again");
  const auto* const unlink = pair("unlink", "take the last decision on them back");
  return [words, link, not_same, unlink](Context& context) {
    if (link->parsed()) return decide(context, *words, Decide::same);
    if (not_same->parsed()) return decide(context, *words, Decide::not_same);
    if (unlink->parsed()) return decide(context, *words, Decide::undo);
    return duplicates(context, *words);
  };
}

Action declare_due(CLI::App& app) {
  const auto words = std::make_shared<DueWords>();
  app.add_option("--on", words->on, "from that day; today unless told")->type_name("DATE");
  app.add_option("--days", words->days, "so many days ahead")->capture_default_str()->check(CLI::Range(0, 3660));
  return [words](Context& context) { return due(context, *words); };
}

}  // namespace wayside::cli
