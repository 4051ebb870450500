#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/casework/rules/answer.h"
#include "core/casework/rules/dates.h"

/// The card that is shown before each contact: which way is safe, and what to mind first.
///
/// Sources: MARAC forms (safe number, best time, safe to leave a message), Leicester strategy 2022-25 and Dorset
/// 2021-24 (self-harm alert on the card).
namespace wayside::casework::rules {

/// In the order of protection, as the code list safe_contact_rule ranks them. A code that is not known ranks as
/// `never`.
enum class ContactRule { ok, no_message, ok_times, text_codeword, via_third_party, never };
ContactRule contact_rule_from(std::string_view code);

struct ContactMethod {
  std::string method, address;  ///< phone, text, email …; the number or address
  ContactRule rule = ContactRule::never;
  std::string times, code_word;
  std::optional<Day> checked;  ///< last asked of the person herself
};

struct SafeContactFacts {
  std::vector<ContactMethod> methods = {};
  bool self_harm_alert = false;
  std::string crisis_plan = {};
  bool confidential_address = false;
  bool visit_warning = false;  ///< a warning for visiting staff stands in the perpetrator's compartment
};

struct SafeContactSettings {
  int check_again_after_days = 28;  ///< proposed; no strategy says
};

struct ContactLine {
  std::string method, address, sentence;  ///< "Text only, with the code word."
  ContactRule rule = ContactRule::never;
  std::string times, code_word;
  bool check_again = false;  ///< not asked for long, or never
};

struct SafeContactCard {
  std::vector<std::string> warnings;  ///< read these first
  std::vector<ContactLine> lines;     ///< the safest way first; never-use last, shown so that nobody tries
  bool any_way = false;               ///< false: there is no safe way, and the first warning says so
};

/// One number with two rules has the stricter; its times and code word are those of the stricter rule. Any order of
/// methods.
SafeContactCard safe_contact_card(const SafeContactFacts& facts, Day on, const SafeContactSettings& settings = {});

}  // namespace wayside::casework::rules
