#include <algorithm>

#include "core/casework/waiting_changes.h"
#include "core/schema/display.h"
#include "core/schema/validate.h"
#include "core/vault/audit.h"
#include "core/vault/ingest.h"
#include "sync/enrol/taking_away.h"
#include "ui/cli/command_line.h"
#include "ui/cli/office_line.h"
#include "ui/cli/shapes.h"
#include "ui/cli/verb.h"
#include "ui/cli/words.h"

// review list | show | resolve

namespace wayside::cli {
namespace {

using casework::ReviewItem;
using casework::ReviewKind;
using nlohmann::json;
using vault::Vault;

std::string_view kind_name(ReviewKind kind) {
  switch (kind) {
    case ReviewKind::values: return "values";
    case ReviewKind::archived_edit: return "archived_edit";
    case ReviewKind::quarantined: return "quarantined";
  }
  return "unknown";
}

/// A review with the record that it is about, unless it is about an envelope.
struct Opened {
  ReviewItem item;
  std::optional<casework::ShownRecord> record;
  const casework::ShownField* field = nullptr;  ///< in `record`
};

Result<Opened> open_review(Vault& vault, const ReviewItem& item) {
  Opened out{item, std::nullopt, nullptr};
  if (item.kind == ReviewKind::quarantined) return out;
  WAYSIDE_TRY(out.record, casework::get(vault, item.record));
  const auto found = std::ranges::find(out.record->fields, item.field, &casework::ShownField::id);
  if (found != out.record->fields.end()) out.field = &*found;
  return out;
}

json review_json(const Vault& vault, const Opened& review) {
  const ReviewItem& item = review.item;
  json out{{"id", to_hex(item.id)}, {"kind", kind_name(item.kind)}, {"since", iso_time(item.since_ms)}};
  if (!review.record) {
    out["why"] = wayside::name_of(item.why);
    out["device"] = item.device ? json(vault.device_name(*item.device)) : json();
    return out;
  }
  out["record"] = to_text(item.record);
  out["type"] = type_name(*review.record);
  out["case"] = review.record->case_id ? json(to_text(*review.record->case_id)) : json();
  out["field"] = review.field == nullptr ? std::to_string(item.field) : name_of(*review.field);
  return out;
}

std::string question(const Opened& review) {
  if (!review.record && review.item.why == Errc::removed) return "A change came whose author had no right to write it, or had lost it by then: accept it?";
  if (!review.record) return "A change was kept apart: it could not be checked";
  const std::string whose = " of " + title_of(*review.record);
  if (review.item.kind == ReviewKind::archived_edit) return "Archived, and changed by somebody since" + whose;
  const auto* field = review.field == nullptr ? nullptr : review.field->field;
  return "Which " + (field == nullptr ? "field " + std::to_string(review.item.field) : field->label) + whose + "?";
}

Result<ReviewItem> find_review(Vault& vault, const std::string& word) {
  const Bytes id = from_hex(word);
  WAYSIDE_TRY(const auto all, casework::reviews(vault));
  const auto found = std::ranges::find_if(all, [&](const ReviewItem& item) { return !id.empty() && item.id == id; });
  if (found == all.end())
    return fail(Errc::not_found, "review " + word + "; somebody may have decided it. `review list` shows what waits");
  return *found;
}

json waiting_json(const Vault& vault, const casework::WaitingChange& change) {
  return {{"id", to_hex(change.id)},
          {"kind", "waiting"},
          {"since", iso_time(change.since_ms)},
          {"waits_for", casework::name_of(change.waits_for)},
          {"device", change.device ? json(vault.device_name(*change.device)) : json()}};
}

std::string waiting_words(const casework::WaitingChange& change) {
  return "A change waits since " + iso_time(change.since_ms).substr(0, 10) + " for " + std::string(casework::in_words(change.waits_for)) +
         ". It goes from this list by itself when that comes; ask its author to `sync`, and tell your administrator if it stays";
}

/// One of those changes; nothing when `word` names none.
Result<std::optional<casework::WaitingChange>> find_waiting(Vault& vault, const std::string& word) {
  const Bytes id = from_hex(word);
  WAYSIDE_TRY(const auto all, casework::waiting_too_long(vault));
  const auto found = std::ranges::find_if(all, [&](const auto& each) { return !id.empty() && each.id == id; });
  return found == all.end() ? std::nullopt : std::optional(*found);
}

Result<Exit> list_reviews(Context& context) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto items, casework::reviews(*vault));
  if (!items.empty()) WAYSIDE_OK(vault::note_listed(*vault, 0, items.size()));
  auto all = json::array();
  for (const ReviewItem& item : items) {
    WAYSIDE_TRY(const Opened review, open_review(*vault, item));
    if (context.json()) all.push_back(review_json(*vault, review));
    else context.say(to_hex(item.id) + "   " + question(review));
  }
  WAYSIDE_TRY(const auto waiting, casework::waiting_too_long(*vault));
  for (const auto& each : waiting) {
    if (context.json()) all.push_back(waiting_json(*vault, each));
    else context.say(to_hex(each.id) + "   " + waiting_words(each));
  }
  const std::size_t count = items.size() + waiting.size();
  if (context.json()) context.print({{"count", count}, {"reviews", std::move(all)}});
  else if (count == 0) context.say("Nothing waits for a decision.");
  return count == 0 ? Exit::done : Exit::waits;
}

Result<Exit> show_review(Context& context, const std::string& word) {
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto waiting, find_waiting(*vault, word));
  if (waiting) {
    if (context.json()) context.print(waiting_json(*vault, *waiting));
    else context.say(waiting_words(*waiting));
    return Exit::done;
  }
  WAYSIDE_TRY(const ReviewItem item, find_review(*vault, word));
  WAYSIDE_TRY(const Opened review, open_review(*vault, item));
  if (review.record) WAYSIDE_OK(note_shown(*vault, *review.record));
  if (context.json()) {
    json out = review_json(*vault, review);
    out["values"] = review.field == nullptr ? json::array() : values_json(*vault, review.field->view);
    context.print(out);
    return Exit::done;
  }
  context.say(question(review));
  if (review.record) context.say("record " + to_text(item.record));
  else context.say("It is kept as it came (" + std::string(wayside::name_of(item.why)) + "). Tell your administrator.");
  if (review.field == nullptr) return Exit::done;
  for (const auto& value : review.field->view.values) context.say(value_line(*vault, review.field->field, value));
  return Exit::done;
}

struct ResolveWords {
  std::string id, keep, set, reason;
  bool accept = false, decline = false, has_set = false, all = false;
};

Result<void> resolve_by_value(Vault& vault, const ReviewItem& item, const ResolveWords& words) {
  WAYSIDE_TRY(const auto row, vault.store().record(item.record));
  if (!row) return fail(Errc::not_found, "record " + to_text(item.record));
  const auto* field = schema::current().field(row->state.type, item.field);
  if (field == nullptr) return fail(Errc::newer_format, "the field that this review is about");
  WAYSIDE_TRY(const Value value, schema::parse_field(*field, words.set));
  return casework::resolve_set(vault, item.id, value, words.reason);
}

/// Accepting brings every save in, on every device; declining keeps it out. Both are entries of the membership log.
Result<Exit> resolve_kept_apart(Context& context, Vault& vault, const ReviewItem& item, const ResolveWords& words) {
  if (!words.accept && !words.decline) return fail(Errc::usage, "A change that was kept apart is taken in with --accept or left out with --decline");
  if (!item.device) return fail(Errc::not_permitted, "this names no device; it stays as it came");
  std::vector<EnvelopeId> envelopes;
  WAYSIDE_TRY(const auto waiting, casework::reviews(vault));
  for (const ReviewItem& each : waiting) {
    const bool wanted = each.id == item.id || (words.all && each.kind == ReviewKind::quarantined && each.device == item.device && each.why == item.why);
    const auto id = EnvelopeId::from(each.id);
    if (wanted && id) envelopes.push_back(*id);
  }
  WAYSIDE_TRY(const auto line, line_to_office(context, vault));
  if (line == nullptr) return fail(Errc::not_permitted, "this vault has no office");
  WAYSIDE_OK(enrol::decide(vault, *item.device, envelopes, words.accept, words.reason, *line));
  if (context.json()) context.print({{"id", to_hex(item.id)}, {"accepted", words.accept}, {"envelopes", envelopes.size()}, {"resolved", true}});
  else if (words.accept) context.say(std::to_string(envelopes.size()) + (envelopes.size() == 1 ? " change was" : " changes were") + " taken in. Other devices take it in with their next `sync`.");
  else context.say(std::to_string(envelopes.size()) + (envelopes.size() == 1 ? " change stays" : " changes stay") + " out. Nothing of it is deleted.");
  return Exit::done;
}

Result<Exit> resolve(Context& context, const ResolveWords& words) {
  if ((words.keep.empty() ? 0 : 1) + (words.has_set ? 1 : 0) + (words.accept ? 1 : 0) + (words.decline ? 1 : 0) != 1) {
    return fail(Errc::usage, "Say what you decide: --keep DOT for one of the values, --set VALUE for another; --accept or --decline for "
                             "a change that was kept apart");
  }
  WAYSIDE_OK(check_text("--reason", words.reason));
  WAYSIDE_TRY(auto* vault, context.vault());
  WAYSIDE_TRY(const auto waiting, find_waiting(*vault, words.id));
  if (waiting) return fail(Errc::usage, "Nobody decides that: it goes from the list when what it waits for comes (`review show`)");
  WAYSIDE_TRY(const ReviewItem item, find_review(*vault, words.id));
  if (item.kind == ReviewKind::quarantined) return resolve_kept_apart(context, *vault, item, words);
  if (words.accept || words.decline || words.all)
    return fail(Errc::usage, "--accept, --decline and --all are for changes that were kept apart");
  if (words.has_set) {
    WAYSIDE_OK(resolve_by_value(*vault, item, words));
  } else {
    const auto dot = ledger::dot_from_text(words.keep);
    if (!dot) return fail(Errc::usage, as_typed(words.keep) + " is no dot. `review show` has one for each value");
    WAYSIDE_OK(casework::resolve_keep(*vault, item.id, *dot, words.reason));
  }
  if (context.json()) context.print({{"id", to_hex(item.id)}, {"record", to_text(item.record)}, {"resolved", true}});
  else context.say("Decided. The other values stay in the history.");
  return Exit::done;
}

}  // namespace

Action declare_review(CLI::App& app) {
  const auto words = std::make_shared<ResolveWords>();
  app.require_subcommand(1);
  CLI::App* const list_verb = app.add_subcommand("list", "what waits; exit code 4 when something does");
  CLI::App* const show_verb = app.add_subcommand("show", "one review, with its values side by side");
  CLI::App* const resolve_verb = app.add_subcommand("resolve", "decide one");
  for (CLI::App* const each : {show_verb, resolve_verb}) each->add_option("id", words->id, "the review")->required();
  resolve_verb->add_option("--keep", words->keep, "the value to keep")->type_name("DOT");
  CLI::Option* const set = resolve_verb->add_option("--set", words->set, "another value instead")->type_name("VALUE");
  resolve_verb->add_flag("--accept", words->accept, "take in a change that was kept apart (online, administrators)");
  resolve_verb->add_flag("--decline", words->decline, "leave it out");
  resolve_verb->add_flag("--all", words->all, "with --accept or --decline: all that waits of the same device for the same reason");
  resolve_verb->add_option("--reason", words->reason, "why")->type_name("TEXT")->required();
  return [words, list_verb, show_verb, set](Context& context) {
    words->has_set = set->count() > 0;
    if (list_verb->parsed()) return list_reviews(context);
    return show_verb->parsed() ? show_review(context, words->id) : resolve(context, *words);
  };
}

}  // namespace wayside::cli
