#include "core/vault/solo.h"

#include "core/membership/names.h"

namespace wayside::vault {
namespace {

constexpr std::string_view kTeamName = "main";

/// Signs entry after entry with one root, each on the head of the last.
class Founder {
 public:
  Founder(OrganisationId organisation, const SecretBytes& root, platform::Clock& clock)
      : organisation_(organisation), root_(root), clock_(clock) {}

  void append(membership::EntryKind kind) {
    entries_.push_back(membership::sign_entry(
        {organisation_, entries_.size(), head_, clock_.wall_ms(), membership::SignerKind::root, {}, std::move(kind)}, root_));
    head_ = entries_.back().hash;
  }
  [[nodiscard]] std::vector<membership::SignedEntry> finish() && { return std::move(entries_); }

 private:
  OrganisationId organisation_;
  const SecretBytes& root_;
  platform::Clock& clock_;
  std::vector<membership::SignedEntry> entries_;
  std::optional<EntryHash> head_;
};

}  // namespace

DeviceKeys make_device_keys(platform::Random& random, SecretBytes member_key) {
  DeviceKeys keys;
  keys.sign_seed = crypto::random_secret(random, crypto::kKeyBytes);
  keys.box_secret = crypto::random_secret(random, crypto::kKeyBytes);
  keys.courier_seed = crypto::random_secret(random, crypto::kKeyBytes);
  keys.draft_secret = crypto::random_secret(random, crypto::kKeyBytes);
  keys.member_key = member_key.empty() ? crypto::random_secret(random, crypto::kKeyBytes) : std::move(member_key);
  return keys;
}

Result<membership::DeviceEntry> device_entry(const Identity& identity, const DeviceKeys& keys, std::optional<TicketId> ticket,
                                             std::string_view device_name, platform::Random& random) {
  membership::DeviceEntry entry;
  entry.device = identity.device;
  entry.incarnation = identity.incarnation;
  entry.sign_public = crypto::sign_public(keys.sign_seed);
  entry.box_public = crypto::box_public(keys.box_secret);
  entry.courier_public = crypto::sign_public(keys.courier_seed);
  entry.user = identity.user;
  entry.ticket = ticket;
  WAYSIDE_TRY(entry.sealed_name, membership::seal_name(keys.member_key.view(), device_name, random));
  entry.proof = crypto::sign(keys.sign_seed, membership::device_proof_message(identity.organisation, entry));
  return entry;
}

Result<std::unique_ptr<Vault>> create_solo(platform::Env& env, const platform::Path& home, const SecretString& passphrase,
                                           std::string_view user_name, std::string_view device_name) {
  platform::Random& random = env.random;
  const Identity identity{OrganisationId::random(random), UserId::random(random), DeviceId::random(random), IncarnationId::random(random)};
  const SecretBytes root = crypto::random_secret(random, crypto::kKeyBytes);
  const TeamId team = TeamId::random(random);
  const crypto::BoxPair epoch = crypto::new_box_pair(random);
  const crypto::BoxPair recovery = crypto::new_box_pair(random);

  NewVault made{identity, make_device_keys(random, {}), std::string(device_name), std::nullopt, std::nullopt, root.clone(),
                recovery.secret.clone(), {}};
  made.keys.epochs.push_back({team, 1, epoch.secret.clone()});
  // Names are checked before anything is made.
  WAYSIDE_TRY(membership::DeviceEntry device, device_entry(identity, made.keys, std::nullopt, device_name, random));
  WAYSIDE_TRY(Bytes sealed_user, membership::seal_name(made.keys.member_key.view(), user_name, random));
  WAYSIDE_TRY(Bytes sealed_team, membership::seal_name(made.keys.member_key.view(), kTeamName, random));
  device.role = membership::Role::admin;
  device.teams = {team};
  // Without a ticket the log takes the user's name from the device; with one worker on one device they are the same.
  device.sealed_name = sealed_user;

  Founder founder(identity.organisation, root, env.clock);
  founder.append(membership::Found{crypto::sign_public(root), recovery.public_key, LedgerId::random(random), sealed_user});
  founder.append(membership::Team{team, sealed_team, LedgerId::random(random)});
  founder.append(membership::Epoch{team, 1, epoch.public_key, {}, {}, {}});
  founder.append(device);
  made.founding = std::move(founder).finish();
  return Vault::create(env, home, passphrase, std::move(made));
}

}  // namespace wayside::vault
