#include "core/membership/role.h"

#include <array>
#include <utility>

namespace wayside::membership {
namespace {
constexpr std::array<std::pair<Role, std::string_view>, 5> kNames{{{Role::none, "none"},
                                                                   {Role::advocate, "advocate"},
                                                                   {Role::desk, "desk"},
                                                                   {Role::manager, "manager"},
                                                                   {Role::admin, "admin"}}};
}  // namespace

std::string_view name_of(Role role) {
  for (const auto& [each, name] : kNames) {
    if (each == role) return name;
  }
  return "unknown";
}

std::optional<Role> role_from_name(std::string_view name) {
  for (const auto& [role, each] : kNames) {
    if (each == name && role != Role::none) return role;
  }
  return std::nullopt;
}

}  // namespace wayside::membership
