#include "core/casework/rules/matching_parts.h"
#include "core/casework/rules/wording.h"

namespace wayside::casework::rules {
namespace {

/// Only what gives a roof has room, pets and stairs; an offer of support or of works at home has none to speak of.
bool gives_a_roof(const Service& service) { return service.kind != "support" && service.kind != "sanctuary"; }

/// " (printed: 14-16)", where the source's words are kept.
std::string as_printed(const std::string& words) { return words.empty() ? "" : " (printed: " + words + ")"; }

/// For a need that the directory says nothing about.
void ask_unsaid(const Service& service, std::string_view rule, std::string_view what, Verdict& verdict) {
  if (gives_a_roof(service)) verdict.ask(rule, "Ask about " + std::string(what) + ": the directory does not say.");
}

void match_family_size(const Household& household, const Service& service, Verdict& verdict) {
  if (!service.largest_family_size) return;
  const bool with_adults = service.family_size_counts_adults.value_or(true);
  const auto size = size_of(household, with_adults);
  if (size <= *service.largest_family_size) return;
  verdict.bar("family_size", "Takes families of up to " + std::to_string(*service.largest_family_size) +
                                 (with_adults ? ", adults counted" : ", children only counted") + "; this one has " +
                                 std::to_string(size) + ".");
}

std::string years(const std::optional<std::int64_t>& limit) {
  return limit && *limit < kNoAgeLimit ? std::to_string(*limit) : std::string("any age");
}

/// What the limits say of one child who is, or may be, a son.
Answer son_answer(const Member& child, const std::optional<std::int64_t>& certain,
                  const std::optional<std::int64_t>& possible) {
  const auto within = [&](const std::optional<std::int64_t>& limit) {
    return limit && (*limit >= kNoAgeLimit || (child.age && *child.age <= *limit));
  };
  if (within(certain)) return Answer::yes;
  if (within(possible) || !child.age || child.sex == Sex::not_stated) return Answer::ask;
  return Answer::no;
}

void match_pets(const Household& household, const Service& service, Verdict& verdict) {
  if (!has_pets(household) || service.pets == "yes") return;
  const auto words = as_printed(printed(service, "pets"));
  if (service.pets == "no") return verdict.bar("pets", "Takes no pets" + words + ".");
  if (service.pets != "some") return ask_unsaid(service, "pets", "pets", verdict);
  std::string units;
  if (service.pets_units && service.units)
    units = ": " + std::to_string(*service.pets_units) + " of " + std::to_string(*service.units);
  verdict.ask("pets", "Only some units take pets" + units + words + ". Ask whether one of them is free.");
}

void match_nrpf(const Household& household, const Service& service, Verdict& verdict) {
  if (!household.nrpf || service.nrpf == "yes") return;
  const auto words = as_printed(printed(service, "nrpf"));
  if (service.nrpf == "no") return verdict.bar("nrpf", "Takes nobody without recourse to public funds" + words + ".");
  if (service.nrpf == "case_by_case")
    return verdict.ask("nrpf", "Decides case by case about no recourse to public funds" + words + ".");
  if (service.nrpf != "if_funded") return ask_unsaid(service, "nrpf", "no recourse to public funds", verdict);
  verdict.ask("nrpf", "Takes a household without recourse to public funds if somebody pays: " +
                          (service.nrpf_funder.empty() ? "ask who would" : service.nrpf_funder) +
                          ". Draft a funding request" + words + ".");
}

void match_wheelchair(const Household& household, const Service& service, Verdict& verdict) {
  if (!household.wheelchair) return;
  if (!service.wheelchair_units) return ask_unsaid(service, "wheelchair", "units for a wheelchair", verdict);
  if (*service.wheelchair_units == 0) verdict.bar("wheelchair", "Has no unit for a wheelchair.");
}

void match_overnight(const Household& household, const Service& service, Verdict& verdict) {
  if (!household.overnight_security) return;
  if (!service.overnight_security) return ask_unsaid(service, "overnight", "overnight staff", verdict);
  if (!*service.overnight_security) verdict.bar("overnight", "Has no overnight staff or security.");
}

/// Southampton strategy 2021-24: refuge rents price out women in employment. Leicester 2022-25: personal contributions
/// and the benefit cap.
void match_in_work(const Household& household, const Service& service, Verdict& verdict) {
  std::vector<std::string> parts;
  std::int64_t total = 0;
  const auto part = [&](const std::optional<std::int64_t>& pence, std::string_view what) {
    if (pence.value_or(0) <= 0) return;
    total += *pence;
    parts.push_back(std::string(what) + " " + pounds(*pence));
  };
  part(service.weekly_rent_pence, "rent");
  part(service.service_charge_pence, "service charge");
  part(service.personal_contribution_pence, "personal contribution");
  if (parts.empty()) return;
  const auto cost = pounds(total) + " a week" + (parts.size() > 1 ? " (" + listed(parts) + ")" : " (" + parts[0] + ")");
  if (household.in_work.value_or(false)) verdict.ask("in_work", "In work: ask what she would pay of " + cost + ".");
  else verdict.note("in_work", "Costs " + cost + ".");
}

}  // namespace

void match_sons(const std::vector<Member>& children, const SonsLimit& limit, Verdict& verdict) {
  const auto possible = std::max(limit.certain, limit.possible);  // nothing is below any number
  if (!possible) return;
  auto answer = Answer::yes;
  for (const auto& child : children) {
    if (child.sex != Sex::female) answer = std::min(answer, son_answer(child, limit.certain, possible));
  }
  if (answer == Answer::yes) return;
  const auto words = as_printed(limit.printed_words);
  if (answer == Answer::no)
    return verdict.bar("sons_age", "Takes sons up to " + years(possible) + " only" + words + ".");
  const auto from = limit.certain ? "certainly up to " + years(limit.certain) + ", " : std::string();
  verdict.ask("sons_age", "Takes sons " + from + "perhaps up to " + years(possible) + words +
                              ": ask about every son, or child of unknown age or sex, beyond that.");
}

void match_place(const Household& household, const Service& service, Verdict& verdict) {
  match_family_size(household, service, verdict);
  match_sons(household.children,
             {service.sons_max_age_certain, service.sons_max_age_possible, printed(service, "boys_limit")}, verdict);
  match_pets(household, service, verdict);
  match_nrpf(household, service, verdict);
  match_wheelchair(household, service, verdict);
  match_overnight(household, service, verdict);
  match_in_work(household, service, verdict);
}

}  // namespace wayside::casework::rules
