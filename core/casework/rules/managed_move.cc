#include "core/casework/rules/managed_move.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/casework/rules/text_key.h"
#include "core/casework/rules/wording.h"

namespace wayside::casework::rules {
namespace {

constexpr std::size_t kShortestName = 3;
constexpr std::size_t kLongestNumber = 6;  ///< digits in a row that are no phone number

std::string digits_of(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c >= '0' && c <= '9') out += c;
  }
  return out;
}

/// The longest run of digits, where blanks, hyphens and brackets between them do not end it.
std::size_t longest_number(std::string_view text) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9') longest = std::max(longest, ++run);
    else if (c != ' ' && c != '-' && c != '(' && c != ')') run = 0;
  }
  return longest;
}

std::string without_blanks(std::string key) {
  std::erase(key, ' ');
  return key;
}

/// A name's parts as words, or whose: "Zoe's". "Li" is too short to look for alone, but not the whole of "Li Na".
bool names_somebody(std::string_view text, const std::vector<std::string>& names) {
  const auto key = latin_key(text);
  const auto words = words_of(key);
  for (const auto& name : names) {
    const auto name_key = latin_key(name);
    const auto parts = words_of(name_key);
    const bool part = std::ranges::any_of(parts, [&](std::string_view each) {
      return each.size() >= kShortestName && std::ranges::any_of(words, [&](std::string_view word) {
               return word == each || (word.size() == each.size() + 1 && word.starts_with(each) && word.ends_with('s'));
             });
    });
    const bool whole = parts.size() > 1 && (" " + key + " ").find(" " + name_key + " ") != std::string::npos;
    if (part || whole) return true;
  }
  return false;
}

Result<void> check_text(std::string_view field, std::string_view text, const Identifying& who) {
  const auto refuse = [&](std::string_view what) {
    return fail(Errc::bad_input, std::string(field) + ": " + std::string(what));
  };
  if (names_somebody(text, who.names)) return refuse("names somebody; the request goes out without a name");
  if (text.find('@') != std::string_view::npos) return refuse("holds an e-mail address");
  if (longest_number(text) > kLongestNumber) return refuse("holds a long number, such as a telephone's");
  const auto digits = digits_of(text);
  for (const auto& number : who.numbers) {
    const auto theirs = digits_of(number);
    if (theirs.size() >= kShortestName && digits.find(theirs) != std::string::npos)
      return refuse("holds a number that belongs to somebody");
  }
  const auto key = without_blanks(latin_key(text));
  for (const auto& other : who.other) {
    const auto theirs = without_blanks(latin_key(other));
    if (theirs.size() >= kShortestName && key.find(theirs) != std::string::npos)
      return refuse("holds an address or another mark of somebody");
  }
  return {};
}

Result<void> check_all(const PropertyRequest& request, const Identifying& who) {
  WAYSIDE_OK(check_text("property_request", request.words, who));
  WAYSIDE_OK(check_text("floor", request.floor, who));
  WAYSIDE_OK(check_text("adaptations", request.adaptations, who));
  for (const auto& area : request.areas_wanted) WAYSIDE_OK(check_text("areas_wanted", area, who));
  for (const auto& area : request.unsafe_areas) WAYSIDE_OK(check_text("unsafe_areas", area, who));
  return {};
}

std::string sorted_list(std::vector<std::string> all) {
  std::ranges::sort(all);
  return listed(all);
}

}  // namespace

Result<std::string> property_request(const PropertyRequest& request, const Identifying& identifying) {
  if (request.bedrooms && (*request.bedrooms < 0 || *request.bedrooms > 20))
    return fail(Errc::bad_input, "bedrooms: needs a number from 0 to 20");
  WAYSIDE_OK(check_all(request, identifying));
  std::string out;
  const auto line = [&](std::string_view head, const std::string& text) {
    if (!text.empty()) out += std::string(head) + ": " + text + "\n";
  };
  line("Wanted", request.words);
  if (request.bedrooms) line("Bedrooms", std::to_string(*request.bedrooms));
  line("Floor", request.floor);
  line("Adaptations", request.adaptations);
  line("Areas wanted", sorted_list(request.areas_wanted));
  line("Areas that are not safe", sorted_list(request.unsafe_areas));
  return out;
}

Verdict managed_move_standing(const ManagedMove& move) {
  Verdict out;
  const bool social = move.tenure.starts_with("LA_") || move.tenure.starts_with("RP_");
  const bool known = !move.tenure.empty() && move.tenure != "NOT_KNOWN";
  if (move.kind == "RECIPROCAL" || move.kind == "MANAGED_TRANSFER") {
    if (known && !social) out.bar("tenure", "Is for social tenancies only.");
    else if (!known) out.ask("tenure", "Is for social tenancies; the tenure is not known.");
  }
  if (move.landlord_approval == "refused") out.bar("approval", "The landlord refuses.");
  else if (move.landlord_approval != "given" && move.landlord_approval != "not_needed")
    out.ask("approval", "The landlord has not approved yet.");
  if (!move.moved && move.tenancy_kept == false)
    out.ask("tenancy", "The tenancy is given up before the move: get advice at once on how to keep it.");
  else if (!move.moved && known) out.note("tenancy", "Do not give up the tenancy meanwhile.");
  out.sort();
  return out;
}

std::vector<std::pair<std::string, std::int64_t>> properties_owed(const std::vector<PropertyOwed>& all) {
  std::map<std::string, std::int64_t> balance;
  std::set<std::string> seen;
  for (const auto& each : all) {
    if (each.settled || !seen.insert(each.id).second) continue;
    balance[each.organisation] += each.owed_to_us ? 1 : -1;
  }
  std::erase_if(balance, [](const auto& each) { return each.second == 0; });
  return {balance.begin(), balance.end()};
}

}  // namespace wayside::casework::rules
