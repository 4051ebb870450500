#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Groups of people that services are for: ethnic groups, countries, needs.
namespace wayside::casework::rules {

/// False for nothing, "not stated", "not known", PNTS, NOT_ASKED and the like: an answer, but none to match by.
bool is_stated(std::string_view answer);

/// A set of Census 2021 ethnic groups (ethnic_group_tb): bit n stands for code n, 1 to 19.
using EthnicGroups = std::uint32_t;
inline constexpr EthnicGroups kWhiteGroups = 0x1Fu << 13;  ///< 13 to 17
inline constexpr EthnicGroups kWhiteBritish = 1u << 13;
inline constexpr EthnicGroups kAllGroups = 0x7FFFFu << 1;

/// A code, a code of the standard workload's list ("White Other"), or a heading ("White", "Mixed"): every group that it
/// may mean. 0 where nothing is stated or the words are not known.
EthnicGroups ethnic_groups(std::string_view text);
EthnicGroups ethnic_groups(const std::vector<std::string>& all);

/// The same country, by code or English name. "A8" holds the eight states that joined the EU in 2004 (Peterborough
/// strategy 2024-27: Eastern European IDVA).
bool country_within(std::string_view country, std::string_view listed);

/// Whether the words name a need_category: "MENTAL_HEALTH", "mental health".
bool is_need(std::string_view words);
bool has_need(const std::vector<std::string>& needs, std::string_view words);

}  // namespace wayside::casework::rules
