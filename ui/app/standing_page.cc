#include "ui/app/standing_page.h"

#include <algorithm>
#include <array>
#include <map>

#include "core/casework/closing.h"
#include "core/casework/contact_of_case.h"
#include "core/casework/due.h"
#include "core/casework/journey_of_case.h"
#include "core/casework/risk_of_case.h"
#include "core/casework/rules/wording.h"
#include "core/schema/display.h"
#include "core/schema/validate.h"
#include "ui/app/due_words.h"
#include "ui/app/reason_words.h"
#include "ui/app/sentences.h"
#include "ui/app/tuning.h"
#include "ui/app/words.h"

namespace wayside::app {
namespace {

namespace rules = casework::rules;
using casework::CaseFacts;
using casework::Fact;

/// One case on one day, and how its parts say things.
class Page {
 public:
  Page(vault::Vault& vault, const CaseFacts& facts, std::int64_t now_ms)
      : vault_(vault), facts_(facts), now_ms_(now_ms), today_(*rules::day_of(iso_day(now_ms))) {}

  Result<pb::Standing> read() {
    add("Risk", &Page::risk);
    add("Safe contact", &Page::contact);
    add("Due", &Page::due);
    add("Where she has lived", &Page::journey);
    if (!facts_.of("referral").empty()) add("Referrals", &Page::referrals);
    add("Closing the case", &Page::closing);
    return std::move(out_);
  }

 private:
  using Part = Result<void> (Page::*)(pb::StandingPart&);

  void add(std::string heading, Part read_part) {
    pb::StandingPart part;
    part.set_heading(heading);
    if (const auto done = (this->*read_part)(part); !done) {
      part.Clear();
      part.set_heading(heading);
      part.set_mark(pb::mark_ask);
      part.set_sentence(done.error().code == Errc::bad_input ? "These records cannot all be true: " +
                                                                   named(done.error().detail) + ". Correct one of them."
                                                             : sentence(done.error()));
    }
    *out_.add_parts() = std::move(part);
  }

  static pb::StandingLine& line(pb::StandingPart& part, pb::Mark mark, std::string text, std::string second = {},
                                const RecordId* record = nullptr) {
    pb::StandingLine& out = *part.add_lines();
    out.set_mark(mark);
    out.set_text(std::move(text));
    out.set_second(std::move(second));
    if (record != nullptr) out.set_record_id(record->str());
    return out;
  }
  std::string named(std::string_view text) const { return plain_reason(text, names_, now_ms_); }
  std::string day(rules::Day day) const { return short_day(rules::iso(day), now_ms_); }
  std::string label_of(std::string_view type, std::string_view field_name, const std::string& code) const {
    const schema::RecordType* of = schema::current().type(type);
    const schema::Field* field = of == nullptr ? nullptr : of->field(field_name);
    return code.empty() || field == nullptr ? code : schema::display(*field, Code{code});
  }

  Result<void> risk(pb::StandingPart& part);
  Result<void> contact(pb::StandingPart& part);
  Result<void> due(pb::StandingPart& part);
  Result<void> journey(pb::StandingPart& part);
  Result<void> referrals(pb::StandingPart& part);
  Result<void> closing(pb::StandingPart& part);

  vault::Vault& vault_;
  const CaseFacts& facts_;
  std::int64_t now_ms_;
  rules::Day today_;
  std::map<std::string, std::string> names_;  ///< how records are called in the rules' sentences
  pb::Standing out_;
};

Result<void> Page::risk(pb::StandingPart& part) {
  for (const Fact& each : facts_.of("risk_assessment")) {
    const auto on = each.fields.day("assessed_on");
    names_[each.key()] = on ? "of " + day(*on) : "without a day";
  }
  WAYSIDE_TRY(const auto found, casework::risk_of_case(vault_, facts_));
  using rules::RiskLevel;
  const RiskLevel level = found.effective.level;
  part.set_mark(level == RiskLevel::high       ? pb::mark_danger
                : level == RiskLevel::medium   ? pb::mark_attention
                : level == RiskLevel::standard ? pb::mark_quiet
                                               : pb::mark_ask);
  part.set_sentence(level == RiskLevel::high       ? "High risk."
                    : level == RiskLevel::medium   ? "Medium risk."
                    : level == RiskLevel::standard ? "Standard risk."
                                                   : "Nobody has assessed the risk yet.");
  if (found.repeat)
    line(part, pb::mark_danger, "A new incident within 12 months of the last MARAC referral: refer it as a repeat.");
  if (found.next_review)
    line(part, *found.next_review < today_ ? pb::mark_danger : pb::mark_due,
         *found.next_review < today_ ? "Its review is overdue since " + day(*found.next_review) + "."
                                     : "To be reviewed on " + day(*found.next_review) + ".");
  for (const auto& reason : found.effective.reasons) {
    if (reason.rule != "counts")
      line(part, reason.answer == rules::Answer::yes ? pb::mark_none : pb::mark_ask, named(reason.sentence));
  }
  for (const auto& each : found.assessments) {
    const bool counts = found.effective.counting.contains(to_text(each.id));
    std::string text = named(std::string(rules::code_of(each.level)));
    text = "Assessed as " + text + (each.assessed_on ? " on " + day(*each.assessed_on) : "") +
           (counts ? ", and it counts" : ", since replaced");
    std::string second = std::to_string(each.ticks) + " yes, " + std::to_string(each.dont_know) + " not known, " +
                         std::to_string(each.not_asked) + " not asked";
    if (each.ticks + each.noes + each.dont_know + each.not_asked == 0)
      second = "No answers of a questionnaire are recorded with it";
    if (!each.is_signed) second += ". Not signed";
    if (!each.not_scored.empty()) second += ". Not scored by its questionnaire: " + each.not_scored;
    for (const auto& reason : each.score ? each.score->reasons : std::vector<rules::Reason>{})
      second += (second.ends_with('.') ? " " : ". ") + named(reason.sentence);
    line(part, counts ? pb::mark_information : pb::mark_quiet, text, second, &each.id);
  }
  return {};
}

Result<void> Page::contact(pb::StandingPart& part) {
  const auto card = casework::contact_card(facts_, today_);
  part.set_mark(card.any_way ? pb::mark_information : pb::mark_danger);
  part.set_sentence(card.any_way ? "The safest way stands first." : "No number or address is recorded as safe.");
  for (const auto& warning : card.warnings) line(part, pb::mark_danger, named(warning));
  for (const auto& each : card.lines) {
    std::string second = each.sentence;
    if (!each.times.empty()) second += " " + each.times + (each.times.ends_with('.') ? "" : ".");
    if (!each.code_word.empty()) second += " Code word: " + each.code_word + ".";
    if (each.check_again) second += " Ask her again whether this is still safe.";
    const bool never = each.rule == rules::ContactRule::never;
    line(part,
         never              ? pb::mark_no
         : each.check_again ? pb::mark_ask
                            : pb::mark_done,
         label_of("contact_method", "method", each.method) + " " + each.address, second);
  }
  return {};
}

Result<void> Page::due(pb::StandingPart& part) {
  WAYSIDE_TRY(const auto all, casework::due_list(vault_, today_, kDaysAhead));
  int late = 0, count = 0;
  for (const auto& item : all.items) {
    if (item.case_id != facts_.id()) continue;
    const bool overdue = !item.due || *item.due < today_;
    ++count;
    late += overdue ? 1 : 0;
    line(part, overdue ? pb::mark_danger : pb::mark_due, named(item.sentence), due_when(item.due, today_, now_ms_),
         &item.record);
  }
  part.set_mark(late > 0 ? pb::mark_danger : count > 0 ? pb::mark_due : pb::mark_done);
  const std::string until = "by " + day(today_ + std::chrono::days(kDaysAhead));
  part.set_sentence(count == 0
                        ? "Nothing is due " + until + "."
                        : counted(static_cast<std::uint64_t>(count), "thing is", "things are") + " due " + until +
                              (late > 0 ? ", " + std::to_string(late) + " of them now or overdue." : "."));
  return {};
}

Result<void> Page::journey(pb::StandingPart& part) {
  for (const Fact& stay : facts_.of("stay"))
    names_[stay.key()] = "the stay at " + in_sentence(label_of("stay", "place_type", stay.fields.text("place_type")));
  WAYSIDE_TRY(const auto found, casework::journey_of_case(facts_, today_));
  const auto& journey = found.journey;
  for (const auto& stay : journey.stays) {
    const auto id = id_from_text<RecordId>(stay.id);
    std::string second = label_of("stay", "tenure", stay.tenure);
    const auto move_on = rules::move_on(stay, today_);
    if (move_on.days_waiting)
      second += (second.empty() ? "" : ". ") + std::string("Ready to move on, waiting ") +
                rules::counted(*move_on.days_waiting, "day", "days");
    line(part, pb::mark_quiet,
         label_of("stay", "place_type", stay.place_type) + ": " + day(stay.start) + " to " +
             (stay.end ? day(*stay.end) : "now"),
         second, id ? &*id : nullptr);
    for (const auto& flag : journey.flags) {
      if (flag.earlier == stay.id) line(part, pb::mark_ask, named(casework::sentence_of(flag)));
    }
  }
  for (const RecordId& id : found.without_start)
    line(part, pb::mark_ask, "No start is recorded: this stay cannot be placed.", names_[to_text(id)], &id);
  const bool asks = !journey.flags.empty() || !found.without_start.empty();
  part.set_mark(asks || journey.stays.empty() ? pb::mark_ask : pb::mark_done);
  std::string text = journey.stays.empty() ? "No stay with a start is recorded."
                                           : counted(static_cast<std::uint64_t>(journey.moves), "move", "moves") + ".";
  if (journey.settled_on) text += " Settled on " + day(*journey.settled_on) + ".";
  if (!journey.flags.empty())
    text += " " + counted(journey.flags.size(), "gap or overlap", "gaps or overlaps") + " to ask about.";
  part.set_sentence(text);
  return {};
}

/// Outgoing referrals that have not been sent yet, and what each of them still needs.
Result<void> Page::referrals(pb::StandingPart& part) {
  const schema::RecordType& type = *schema::current().type("referral");
  int waiting = 0, lacking = 0;
  for (const Fact& referral : facts_.of("referral")) {
    const auto outcome = referral.fields.text("outcome");
    if (!outcome.empty() && outcome != "DRAFT") continue;
    ++waiting;
    const auto content = casework::content_of(type, referral.shown->row.state);
    std::string lacks;
    for (const schema::Field* field : schema::missing(type, content.filled, schema::Required::to_send))
      lacks += (lacks.empty() ? "" : ", ") + in_sentence(field->label);
    lacking += lacks.empty() ? 0 : 1;
    const std::string title = label_of("referral", "requested_offer", referral.fields.text("requested_offer"));
    line(part, lacks.empty() ? pb::mark_done : pb::mark_ask,
         (title.empty() ? "Referral" : title) + (lacks.empty() ? ": it can be sent" : ": not ready to be sent"),
         lacks.empty() ? "" : "It lacks " + lacks, &referral.id);
  }
  part.set_mark(lacking > 0 ? pb::mark_ask : pb::mark_done);
  part.set_sentence(waiting == 0 ? "None waits to be sent."
                                 : counted(static_cast<std::uint64_t>(waiting), "referral is", "referrals are") +
                                       " not sent yet.");
  return {};
}

Result<void> Page::closing(pb::StandingPart& part) {
  if (facts_.own().text("status") == "closed") {
    part.set_mark(pb::mark_quiet);
    part.set_sentence("This case is closed.");
    return {};
  }
  WAYSIDE_TRY(const auto found, casework::may_close(vault_, facts_, "asked before it is closed", today_));
  part.set_mark(mark_of(found.verdict.answer));
  part.set_sentence(found.verdict.answer == rules::Answer::yes ? "Nothing stands in the way of closing it."
                    : found.verdict.answer == rules::Answer::no
                        ? "It cannot be closed yet."
                        : "It can be closed, once somebody has thought about this.");
  for (const auto& reason : found.verdict.reasons) {
    if (reason.rule != "missing") line(part, mark_of(reason.answer), named(reason.sentence));
  }
  for (std::size_t i = 0; i < found.gaps.size();) {  // those of one record stand together
    const casework::Gap& first = found.gaps[i];
    std::string fields;
    for (; i < found.gaps.size() && found.gaps[i].record == first.record; ++i)
      fields += (fields.empty() ? "" : ", ") + in_sentence(found.gaps[i].field->label);
    line(part, pb::mark_no, first.type->label + ": needed to close, and empty", fields, &first.record);
  }
  return {};
}

}  // namespace

Result<pb::Standing> read_standing(vault::Vault& vault, const RecordId& case_id, std::int64_t now_ms) {
  WAYSIDE_TRY(const CaseFacts facts, CaseFacts::read(vault, case_id));
  return Page(vault, facts, now_ms).read();
}

}  // namespace wayside::app
