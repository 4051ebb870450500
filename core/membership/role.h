#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace wayside::membership {

/// Numbers are part of the membership format. A higher role holds the rights of those below it.
enum class Role : std::uint32_t { none = 0, advocate = 1, desk = 2, manager = 3, admin = 4 };

std::string_view name_of(Role role);
std::optional<Role> role_from_name(std::string_view name);

/// Allocates scarce things and writes `desk` fields.
inline bool writes_desk_fields(Role role) { return role >= Role::desk; }
/// Appends to the membership log, of some kind; which role signs which kind is one table, in entry.h.
inline bool administers(Role role) { return role == Role::admin; }

}  // namespace wayside::membership
