#include "core/casework/recipient_of_case.h"

#include <algorithm>

#include "core/casework/rules/adapters.h"
#include "core/casework/rules/consent.h"

namespace wayside::casework {
namespace {

using rules::HarmerCard;
using rules::Reason;

void append(std::vector<std::string>& to, std::vector<std::string> more) {
  std::ranges::move(more, std::back_inserter(to));
}

HarmerCard card_of(const Fact& who) {
  HarmerCard out;
  out.forenames = who.all_texts("forename");
  out.surnames = who.all_texts("surname");
  out.other_names = who.all_texts("also_known_as");
  append(out.other_names, who.all_texts("alias"));
  out.work = who.all_texts("employers");
  append(out.places, who.all_texts("address"));
  append(out.places, who.all_texts("known_places"));
  out.phones = who.all_texts("phone");
  out.emails = who.all_texts("email");
  return out;
}

const Fact* find(const CaseFacts& facts, std::string_view type, const RecordId& id) {
  const auto& all = facts.of(type);
  const auto found = std::ranges::find(all, id, &Fact::id);
  return found == all.end() ? nullptr : &*found;
}

bool causes_harm(const Fact& relationship, std::string_view role_field) {
  return std::ranges::any_of(relationship.all_texts(role_field),
                             [](const auto& role) { return role == "harmer" || role == "both_alleged"; });
}

bool holds_tenancy_with(const CaseFacts& facts, const RecordId& landlord) {
  return std::ranges::any_of(facts.of("household"), [&](const Fact& home) {
    const auto landlords = home.fields.records("landlord_organisation");
    if (std::ranges::find(landlords, landlord) == landlords.end()) return false;
    return std::ranges::any_of(home.all_texts("tenure_holder"), [](const auto& who) { return who == "JOINT_PERP" || who == "PERP_SOLE"; });
  });
}

bool said_no(const CaseFacts& facts, const std::string& recipient, rules::Day on) {
  std::vector<rules::Consent> entries;
  for (const Fact& each : facts.of("consent")) entries.push_back(rules::consent_from(each.key(), each.fields));
  const auto sharing = rules::may_share(entries, recipient, on);
  return std::ranges::any_of(sharing.reasons, [](const Reason& reason) { return reason.rule == "refused"; });
}

void add_once(std::vector<Reason>& to, Reason reason) {
  if (std::ranges::find(to, reason) == to.end()) to.push_back(std::move(reason));
}

}  // namespace

std::vector<HarmerCard> harmers_of(const CaseFacts& facts) {
  std::vector<HarmerCard> out;
  for (const Fact& each : facts.of("perpetrator")) out.push_back(card_of(each));
  for (const Fact& relationship : facts.of("relationship")) {
    for (const auto& [role, who] : {std::pair{"role_a", "person_a"}, std::pair{"role_b", "person_b"}}) {
      if (!causes_harm(relationship, role)) continue;
      for (const RecordId& id : relationship.fields.records(who)) {
        for (const auto* type : {"person", "child"}) {   // perpetrators are there already
          if (const Fact* found = find(facts, type, id)) out.push_back(card_of(*found));
        }
      }
    }
  }
  return out;
}

rules::RecipientCard recipient_card(const Fact& organisation) {
  rules::RecipientCard out;
  out.names = organisation.all_texts("name");
  out.contact_names = organisation.all_texts("contact_name");
  out.phones = organisation.all_texts("phone");
  out.emails = organisation.all_texts("email");
  const auto is = [&](std::string_view field, std::string_view code) {
    return std::ranges::any_of(organisation.all_texts(field), [&](const auto& each) { return each == code; });
  };
  out.private_landlord = is("kind", "private_landlord") || is("landlord_kind", "private");
  return out;
}

std::vector<Reason> against_sharing(const CaseFacts& facts, const Fact& organisation, std::string_view also_called, rules::Day on) {
  std::vector<Reason> out;
  const auto card = recipient_card(organisation);
  for (const HarmerCard& harmer : harmers_of(facts)) {
    for (Reason& reason : rules::links(harmer, card)) add_once(out, std::move(reason));
  }
  if (holds_tenancy_with(facts, organisation.id)) {
    add_once(out, {rules::Answer::no, "tenancy", "The person who causes harm holds a tenancy with it, alone or with her."});
  }
  std::vector<std::string> names = card.names;
  if (!also_called.empty()) names.emplace_back(also_called);
  for (const auto& name : names) {
    if (said_no(facts, name, on)) {
      add_once(out, {rules::Answer::no, "refused", "She refused or withdrew consent to share with it, or it was unsafe to ask."});
    }
  }
  return out;
}

std::vector<RecordId> landlords_of(const CaseFacts& facts) {
  std::vector<RecordId> out;
  for (const auto& [type, field] : {std::pair{"household", "landlord_organisation"}, std::pair{"tenancy_risk", "landlord"},
                                    std::pair{"managed_move", "landlord"}}) {
    for (const Fact& each : facts.of(type)) {
      for (const RecordId& id : each.fields.records(field)) {
        if (std::ranges::find(out, id) == out.end()) out.push_back(id);
      }
    }
  }
  return out;
}

}  // namespace wayside::casework
