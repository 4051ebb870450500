#include "core/casework/due.h"

#include <algorithm>
#include <set>

#include "core/casework/rules/adapters.h"
#include "core/casework/rules/check_in.h"
#include "core/casework/rules/risk.h"
#include "core/casework/rules/wording.h"

namespace wayside::casework {
namespace {

using rules::Day;

/// A field that holds a day on which somebody has to look again.
struct ReviewField {
  std::string_view type, field, kind, says;
};
constexpr ReviewField kReviews[] = {
    {"risk_assessment", "next_review", "risk_review", "Review the risk."},
    {"safety_plan", "review_date", "plan_review", "Review the safety plan."},
    {"support_plan", "review_date", "plan_review", "Review the support plan."},
    {"self_harm_alert", "review_date", "self_harm_review", "Review the self-harm alert."},
    {"plan_action", "due", "action", "An action of the plan is due."},
    {"marac_action", "due", "action", "An action of MARAC is due."},
    {"consent", "expires", "consent", "A consent ends."},
    {"hold", "review_date", "hold_review", "Review the legal hold."},
    {"equipment_loan", "due", "loan", "Equipment is to come back."},
    {"equipment_loan", "expires", "loan", "Equipment expires."},
    {"hearing", "at", "hearing", "A hearing."},
    {"appointment", "at", "appointment", ""},
    {"referral", "needed_by", "referral", "A referral needs its answer."},
    {"referral", "held_until", "bed_held", "A place is held until then."},
};

bool is_over(const Fact& fact) {
  static const std::set<std::string, std::less<>> kOver{"done",     "cancelled", "moved",     "returned", "lost",    "broken",
                                                        "closed",   "ACCEPTED",  "PLACED",    "DECLINED", "REFUSED", "WITHDRAWN",
                                                        "withdrawn"};
  for (const auto* field : {"status", "outcome", "decision"}) {
    if (field == std::string_view("outcome") && fact.shown->type->name != "referral") continue;
    if (kOver.contains(fact.fields.text(field))) return true;
  }
  return fact.shown->type->name == "hold" && !fact.fields.flag("legal_hold").value_or(true);
}

class Collector {
 public:
  Collector(Vault& vault, Day on, int days) : vault_(vault), on_(on), until_(on + std::chrono::days(days)) {}

  Result<DueList> all() {
    WAYSIDE_TRY(const auto cases, facts_of_type(vault_, "case"));
    for (const Fact& each : cases.facts) {
      if (each.fields.text("status") == "closed") closed_.insert(each.id.str());
    }
    for (const auto& review : kReviews) WAYSIDE_OK(reviews(review));
    WAYSIDE_OK(tasks());
    WAYSIDE_OK(orders());
    WAYSIDE_OK(clocks());
    WAYSIDE_OK(sanctuary());
    WAYSIDE_OK(repeats());
    WAYSIDE_OK(alarms());
    std::ranges::stable_sort(out_.items, {}, [](const DueItem& item) { return std::pair(item.due.value_or(Day::min()), to_text(item.record)); });
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool closed(const Fact& fact) const { return closed_.contains(fact.case_id.str()); }

  void add(std::string kind, const Fact& fact, Day due, std::string sentence) {
    if (due > until_) return;
    out_.items.push_back({std::move(kind), fact.id, fact.case_id, due, std::move(sentence)});
  }

  Result<void> reviews(const ReviewField& review) {
    WAYSIDE_TRY(const auto all, facts_of_type(vault_, review.type));
    for (const Fact& fact : all.facts) {
      if (is_over(fact) || (closed(fact) && review.type != "hold")) continue;
      auto due = fact.fields.day(review.field);
      if (const auto ms = fact.fields.time_ms(review.field)) due = day_of_ms(*ms);
      const bool is_event = review.kind == "hearing" || review.kind == "bed_held" || review.kind == "appointment";
      if (!due || (is_event && *due < on_)) continue;
      add(std::string(review.kind), fact, *due, review.says.empty() ? fact.fields.text("what") : std::string(review.says));
    }
    return {};
  }

  Result<void> tasks() {
    WAYSIDE_TRY(const auto all, facts_of_type(vault_, "task"));
    for (const Fact& task : all.facts) {
      const auto due = task.fields.day("due");
      const auto kind = task.fields.text("kind");
      const bool follow_up = kind.starts_with("follow_up");
      if (is_over(task) || !due || (closed(task) && !follow_up)) continue;
      add(follow_up ? "follow_up" : "task", task, *due, task.fields.text("what"));
    }
    return {};
  }

  Result<void> orders() {
    WAYSIDE_TRY(const auto all, facts_of_type(vault_, "order"));
    for (const Fact& fact : all.facts) {
      if (closed(fact)) continue;
      const auto standing = rules::order_standing(rules::order_from(fact.key(), fact.fields), on_);
      for (const auto& reason : standing.reasons) out_.items.push_back({"order", fact.id, fact.case_id, standing.ends_on, reason.sentence});
      // Before the rule's own alarm, for who asks far ahead.
      if (standing.reasons.empty() && standing.ends_on) add("order", fact, *standing.ends_on, "An order ends on " + rules::iso(*standing.ends_on) + ".");
    }
    return {};
  }

  Result<void> clocks() {
    WAYSIDE_TRY(const auto all, facts_of_type(vault_, "immigration_status"));
    for (const Fact& fact : all.facts) {
      if (closed(fact)) continue;
      const auto standing = rules::nrpf_standing(rules::immigration_from(fact.fields), on_);
      for (const auto& clock : standing.clocks) {
        if (!clock.alarm && clock.ends_on > until_) continue;   // the rule's own alarm is earlier than most who ask
        out_.items.push_back({"nrpf_clock", fact.id, fact.case_id, clock.ends_on,
                              "The " + clock.what + (clock.days_left < 0 ? " ended on " : " ends on ") + rules::iso(clock.ends_on) + ": see the adviser."});
      }
    }
    return {};
  }

  Result<void> sanctuary() {
    WAYSIDE_TRY(const auto all, facts_of_type(vault_, "sanctuary_request"));
    for (const Fact& fact : all.facts) {
      if (closed(fact)) continue;
      auto request = rules::sanctuary_request_from(fact.fields, {});
      for (const auto* field : {"check_3_months", "check_6_months"}) {
        if (const auto done = fact.fields.day(field)) request.checks_done.push_back(*done);
      }
      const auto progress = rules::sanctuary_progress(request, on_);
      if (progress.first_check_due) add("sanctuary_check", fact, *progress.first_check_due, "Check the sanctuary works after 3 months.");
      if (progress.second_check_due) add("sanctuary_check", fact, *progress.second_check_due, "Check the sanctuary works after 6 months.");
      if (request.needed_by && !request.completed) add("sanctuary_works", fact, *request.needed_by, "The sanctuary works are needed by then.");
    }
    return {};
  }

  /// Until 12 months after a referral to MARAC another incident makes it a repeat.
  Result<void> repeats() {
    WAYSIDE_TRY(const auto referrals, facts_of_type(vault_, "marac"));
    WAYSIDE_TRY(const auto incidents, facts_of_type(vault_, "incident"));
    for (const Fact& fact : referrals.facts) {
      const auto sent = fact.fields.day("sent_on");
      if (!sent || closed(fact) || *sent > on_) continue;
      const auto until = rules::repeat_flag_until(*sent);
      const bool again = std::ranges::any_of(incidents.facts, [&](const Fact& incident) {
        const auto ms = incident.fields.time_ms("at");
        return incident.case_id == fact.case_id && ms && day_of_ms(*ms) > *sent && day_of_ms(*ms) <= std::min(until, on_);
      });
      const auto newer = std::ranges::any_of(referrals.facts, [&](const Fact& other) {
        return other.case_id == fact.case_id && other.fields.day("sent_on").value_or(Day::min()) > *sent;
      });
      if (newer || on_ > until) continue;
      if (again) out_.items.push_back({"marac_repeat", fact.id, fact.case_id, std::nullopt, "A new incident within 12 months: refer to MARAC as a repeat."});
      else add("marac_repeat_ends", fact, until, "Until " + rules::iso(until) + " a new incident is a repeat.");
    }
    return {};
  }

  Result<void> alarms() {
    WAYSIDE_TRY(const auto appointments, facts_of_type(vault_, "appointment"));
    WAYSIDE_TRY(const auto check_ins, facts_of_type(vault_, "check_in"));
    for (auto& item : alarms_of(appointments.facts, check_ins.facts, vault_.env().clock.wall_ms())) out_.items.push_back(std::move(item));
    return {};
  }

  Vault& vault_;
  Day on_, until_;
  std::set<Bytes> closed_;
  DueList out_;
};

/// The device and moment of a record's first write: what the same device had written before, its author had seen.
std::optional<std::pair<ledger::Dot, std::uint64_t>> written(const Fact& fact) {
  for (const auto& field : fact.shown->fields) {
    if (!field.view.values.empty()) return std::pair{field.view.values.front().held->dot, field.view.values.front().held->author.time};
  }
  return std::nullopt;
}

std::set<std::string> seen_before(const Fact& entry, const std::vector<const Fact*>& all) {
  std::set<std::string> out;
  const auto own = written(entry);
  for (const Fact* other : all) {
    const auto theirs = written(*other);
    if (own && theirs && theirs->first.device == own->first.device && theirs->second < own->second) out.insert(other->key());
  }
  return out;
}

}  // namespace

std::vector<DueItem> alarms_of(const std::vector<Fact>& appointments, const std::vector<Fact>& check_ins, std::int64_t now_ms) {
  std::vector<DueItem> out;
  for (const Fact& appointment : appointments) {
    std::vector<const Fact*> of_it;
    for (const Fact& each : check_ins) {
      const auto to = each.fields.records("appointment");
      if (std::ranges::find(to, appointment.id) != to.end()) of_it.push_back(&each);
    }
    if (of_it.empty()) continue;
    rules::LoneVisit visit{appointment.fields.text("who"), {}, appointment.fields.text("status") == "cancelled"};
    if (const auto* back_by = appointment.shown->find("back_by")) {
      for (const auto& value : back_by->view.values) {
        if (const auto* instant = std::get_if<Instant>(&value.value)) visit.back_by_ms.push_back(instant->ms);
      }
    }
    std::vector<rules::CheckIn> entries;
    for (const Fact* each : of_it) {
      const auto kind = rules::check_in_kind_from(each->fields.text("kind")).value_or(rules::CheckInKind::help);
      auto who = each->fields.text("who");
      if (who.empty()) who = visit.worker;
      entries.push_back({each->key(), kind, each->fields.time_ms("at").value_or(0), std::move(who), seen_before(*each, of_it)});
    }
    const auto standing = rules::check_in_standing(visit, entries, now_ms);
    if (standing.alarm == rules::Alarm::none) continue;
    for (const auto& reason : standing.reasons) {
      out.push_back({standing.alarm == rules::Alarm::raised ? "alarm" : "check_in", appointment.id, appointment.case_id, std::nullopt, reason.sentence});
    }
  }
  return out;
}

Result<DueList> due_list(Vault& vault, Day on, int days) { return Collector(vault, on, days).all(); }

}  // namespace wayside::casework
