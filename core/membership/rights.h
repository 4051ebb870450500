#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/membership/log.h"

/// Who may do what with a ledger: one table. Every device asks it about every envelope that it takes in, whoever writes asks it
/// before sealing, and the office asks it with as much as the office can see. What it answers follows from envelopes and the
/// membership log alone, as the log stood at the head that an envelope names. docs/SYNC_PROTOCOL.md says the same in words.
namespace wayside::membership {

/// What a ledger is for.
enum class Realm : std::uint8_t {
  organisation,   ///< the one ledger that membership names for everybody
  team,           ///< a team's own ledger, which membership names
  of_case,        ///< a case, of the team that its first envelope names
  compartment,    ///< what only that team reads of a case, and the keys of its single fields
  unopened,       ///< no envelope that counts has said yet what it is for
};
inline constexpr std::size_t kRealms = 5;

/// How somebody stands to it.
enum class Standing : std::uint8_t {
  own,            ///< a member of the team it is for; of the organisation's ledger, and of one that nobody opened: of any team
  guest,          ///< a member of a team that it is shared with
  stranger,       ///< neither, or no member
};
inline constexpr std::size_t kStandings = 2;   ///< with any right at all

enum class Right : std::uint8_t {
  read,           ///< be given it by the office
  write,          ///< her envelopes count
  make_key,       ///< the grants that her envelopes bring count, and with them the keys that she makes
  share,          ///< a grant of hers to a team beside the ledger's own lets that team read and write
  restrict_,      ///< leave it to named workers, of whom there may be fewer than before, or give it back to the team
};
inline constexpr std::size_t kRights = 5;

/// The least role that has each right; nothing: nobody.
struct RightsRow {
  Realm realm;
  Standing standing;
  std::array<std::optional<Role>, kRights> least;   ///< by Right
};

inline constexpr std::optional<Role> kAdvocate = Role::advocate, kManager = Role::manager, kNobody = std::nullopt;
inline constexpr std::array<RightsRow, kRealms * kStandings> kRightsTable{{
    //                                            read       write      make_key   share      restrict
    {Realm::organisation, Standing::own,         {kAdvocate, kAdvocate, kAdvocate, kNobody,   kNobody}},
    {Realm::organisation, Standing::guest,       {kNobody,   kNobody,   kNobody,   kNobody,   kNobody}},
    {Realm::team,         Standing::own,         {kAdvocate, kAdvocate, kAdvocate, kNobody,   kNobody}},
    {Realm::team,         Standing::guest,       {kNobody,   kNobody,   kNobody,   kNobody,   kNobody}},
    {Realm::of_case,      Standing::own,         {kAdvocate, kAdvocate, kAdvocate, kAdvocate, kManager}},
    {Realm::of_case,      Standing::guest,       {kAdvocate, kAdvocate, kAdvocate, kNobody,   kNobody}},
    {Realm::compartment,  Standing::own,         {kAdvocate, kAdvocate, kAdvocate, kNobody,   kNobody}},
    {Realm::compartment,  Standing::guest,       {kNobody,   kNobody,   kNobody,   kNobody,   kNobody}},
    {Realm::unopened,     Standing::own,         {kAdvocate, kAdvocate, kAdvocate, kNobody,   kNobody}},
    {Realm::unopened,     Standing::guest,       {kNobody,   kNobody,   kNobody,   kNobody,   kNobody}},
}};

/// Each realm and standing has its row, in order, so that a row is found by its place.
constexpr bool is_total(const std::array<RightsRow, kRealms * kStandings>& table) {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].realm) != i / kStandings || static_cast<std::size_t>(table[i].standing) != i % kStandings) return false;
  }
  return true;
}
static_assert(is_total(kRightsTable));

/// A team that a ledger is shared with, and the newest head under which a grant said so that counts.
struct SharedWith { TeamId team; std::uint64_t head = 0; };

/// What a ledger is, to whoever judges.
struct LedgerPlace {
  LedgerId ledger;
  Realm realm = Realm::unopened;
  std::vector<TeamId> own{};            ///< its team; at the office perhaps several, of which one is it
  std::vector<SharedWith> shared{};     ///< cases
  std::optional<LedgerId> of{};         ///< compartments: their case's ledger, which is restricted for both
  std::vector<UserId> named{};          ///< workers to whom its own envelopes leave it, until an entry says otherwise
};

/// The organisation's ledger or a team's own, when it is one of these.
std::optional<LedgerPlace> named_place(const Log& log, const LedgerId& ledger);

/// Whether the ledger was shared with that team as the log stood after entry `number`: no entry between the grant's head and then
/// withdrew it.
bool shared_at(const Log& log, const LedgerPlace& place, const TeamId& team, std::uint64_t number);

/// Who alone reads and writes it, as the log stood after entry `number`; nobody: whoever its team and grants say.
std::vector<UserId> circle_at(const Log& log, const LedgerPlace& place, std::uint64_t number);

/// As the log stood after entry `number`.
Standing standing_at(const Log& log, const LedgerPlace& place, const UserId& user, std::uint64_t number);
bool may(const Log& log, Right right, const LedgerPlace& place, const UserId& user, std::uint64_t number);

std::string_view name_of(Realm realm);

}  // namespace wayside::membership
