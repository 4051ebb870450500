#include "core/membership/entry.h"

#include "core/crypto/crypto.h"
#include "core/membership/formats.pb.h"

namespace wayside::membership {
namespace {

constexpr char kVersion = 1;
constexpr std::string_view kHashDomain = "wayside/membership-entry/1";
constexpr std::string_view kProofDomain = "wayside/device-proof/1";
constexpr std::size_t kSignatureBytes = 64;

// ---- To the wire: one overload a kind ----

void put(pb::EntryBody&, const UnknownKind&) {}
void put(pb::EntryBody& out, const Found& in) {
  pb::Found& found = *out.mutable_found();
  found.set_root_public(in.root_public.str());
  found.set_recovery_public(in.recovery_public.str());
  found.set_organisation_ledger(in.organisation_ledger.str());
  found.set_sealed_name(in.sealed_name);
}
void put(pb::EntryBody& out, const Team& in) {
  out.mutable_team()->set_team(in.team.str());
  out.mutable_team()->set_sealed_name(in.sealed_name);
  out.mutable_team()->set_ledger(in.ledger.str());
}
void put(pb::EntryBody& out, const Epoch& in) {
  pb::Epoch& epoch = *out.mutable_epoch();
  epoch.set_team(in.team.str());
  epoch.set_number(in.number);
  epoch.set_public_key(in.public_key.str());
  for (const DeviceWrap& wrap : in.wraps) {
    epoch.add_wraps()->set_device(wrap.device.str());
    epoch.mutable_wraps()->rbegin()->set_sealed(wrap.sealed);
  }
  epoch.set_previous_secret(in.previous_secret);
  for (const TicketId& ticket : in.tickets) epoch.add_tickets(ticket.str());
}
void put(pb::EntryBody& out, const TicketEntry& in) {
  pb::Ticket& ticket = *out.mutable_ticket();
  ticket.set_ticket(in.ticket.str());
  ticket.set_public_key(in.public_key.str());
  ticket.set_user(in.user.str());
  ticket.set_sealed_name(in.sealed_name);
  ticket.set_role(static_cast<std::uint32_t>(in.role));
  for (const TeamId& team : in.teams) ticket.add_teams(team.str());
  ticket.set_expires_ms(in.expires_ms);
}
void put(pb::EntryBody& out, const DeviceEntry& in) {
  pb::Device& device = *out.mutable_device();
  device.set_device(in.device.str());
  device.set_incarnation(in.incarnation.str());
  device.set_sign_public(in.sign_public.str());
  device.set_box_public(in.box_public.str());
  device.set_courier_public(in.courier_public.str());
  device.set_user(in.user.str());
  if (in.ticket) device.set_ticket(in.ticket->str());
  device.set_sealed_name(in.sealed_name);
  device.set_proof(in.proof.str());
  device.set_role(static_cast<std::uint32_t>(in.role));
  for (const TeamId& team : in.teams) device.add_teams(team.str());
}
void put(pb::EntryBody& out, const RoleEntry& in) {
  pb::Role& role = *out.mutable_role();
  role.set_user(in.user.str());
  role.set_role(static_cast<std::uint32_t>(in.role));
  if (in.team) role.set_team(in.team->str());
  role.set_leaves(in.leaves);
  role.set_pin(in.pin);
}
void put(pb::EntryBody& out, const Removal& in) {
  pb::Removal& removal = *out.mutable_removal();
  if (in.device) removal.set_device(in.device->str());
  if (in.user) removal.set_user(in.user->str());
  removal.set_sealed_reason(in.sealed_reason);
  removal.set_pin(in.pin);
}
void put(pb::EntryBody& out, const Countersign& in) {
  for (const EnvelopeId& id : in.envelopes) out.mutable_countersign()->add_envelopes(id.str());
  out.mutable_countersign()->set_accept(in.accept);
  out.mutable_countersign()->set_sealed_reason(in.sealed_reason);
}
void put(pb::EntryBody& out, const Branch& in) {
  out.mutable_branch()->set_kept(in.kept.str());
  out.mutable_branch()->set_refused(in.refused.str());
}
void put(pb::EntryBody& out, const Erase& in) {
  out.mutable_erase()->set_ledger(in.ledger.str());
  out.mutable_erase()->set_sealed_reason(in.sealed_reason);
}
void put(pb::EntryBody& out, const OfficeKey& in) {
  out.mutable_office_key()->set_tls_pin(in.tls_pin.str());
  out.mutable_office_key()->set_sign_public(in.sign_public.str());
  out.mutable_office_key()->set_address(in.address);
}
void put(pb::EntryBody& out, const Pack& in) {
  out.mutable_pack()->set_name(in.name);
  out.mutable_pack()->set_version(in.version);
  out.mutable_pack()->set_hash(in.hash.str());
  out.mutable_pack()->set_sealed(in.sealed);
}
void put(pb::EntryBody& out, const Withdraw& in) {
  pb::Withdraw& withdraw = *out.mutable_withdraw();
  withdraw.set_ledger(in.ledger.str());
  withdraw.set_team(in.team.str());
  for (const TeamId& reader : in.readers) withdraw.add_readers(reader.str());
  withdraw.set_sealed_reason(in.sealed_reason);
  withdraw.set_pin(in.pin);
}

void put(pb::EntryBody& out, const Restrict& in) {
  pb::Restrict& restrict = *out.mutable_restrict();
  for (const LedgerId& ledger : in.ledgers) restrict.add_ledgers(ledger.str());
  for (const UserId& user : in.users) restrict.add_users(user.str());
  restrict.set_sealed_reason(in.sealed_reason);
  restrict.set_pin(in.pin);
}

// ---- From the wire. A wrong length anywhere makes the whole entry bad ----

class Reader {
 public:
  template <class IdType>
  IdType id(const std::string& bytes) {
    const auto value = IdType::from(bytes);
    good_ = good_ && value.has_value();
    return value.value_or(IdType{});
  }
  template <class IdType>
  std::optional<IdType> optional_id(const std::string& bytes) {
    if (bytes.empty()) return std::nullopt;
    return id<IdType>(bytes);
  }
  template <class IdType, class Repeated>
  std::vector<IdType> ids(const Repeated& list) {
    std::vector<IdType> out;
    for (const std::string& bytes : list) out.push_back(id<IdType>(bytes));
    return out;
  }
  Role role(std::uint32_t number) {
    good_ = good_ && number <= static_cast<std::uint32_t>(Role::admin);
    return static_cast<Role>(number);
  }

  Epoch epoch(const pb::Epoch& in) {
    Epoch out{id<TeamId>(in.team()), in.number(), id<PublicKey>(in.public_key()), {}, in.previous_secret(), {}};
    for (const auto& wrap : in.wraps()) out.wraps.push_back({id<DeviceId>(wrap.device()), wrap.sealed()});
    out.tickets = ids<TicketId>(in.tickets());
    return out;
  }

  DeviceEntry device(const pb::Device& in) {
    return {id<DeviceId>(in.device()),         id<IncarnationId>(in.incarnation()), id<PublicKey>(in.sign_public()),
            id<PublicKey>(in.box_public()),    id<PublicKey>(in.courier_public()),  id<UserId>(in.user()),
            optional_id<TicketId>(in.ticket()), in.sealed_name(),                   id<Signature>(in.proof()),
            role(in.role()),                   ids<TeamId>(in.teams())};
  }

  EntryKind kind(const pb::EntryBody& in) {
    using Case = pb::EntryBody::KindCase;
    switch (in.kind_case()) {
      case Case::kFound:
        return Found{id<PublicKey>(in.found().root_public()), id<PublicKey>(in.found().recovery_public()),
                     id<LedgerId>(in.found().organisation_ledger()), in.found().sealed_name()};
      case Case::kTeam: return Team{id<TeamId>(in.team().team()), in.team().sealed_name(), id<LedgerId>(in.team().ledger())};
      case Case::kEpoch: return epoch(in.epoch());
      case Case::kTicket:
        return TicketEntry{id<TicketId>(in.ticket().ticket()), id<PublicKey>(in.ticket().public_key()),
                           id<UserId>(in.ticket().user()),     in.ticket().sealed_name(),
                           role(in.ticket().role()),           ids<TeamId>(in.ticket().teams()),
                           in.ticket().expires_ms()};
      case Case::kDevice: return device(in.device());
      case Case::kRole:
        return RoleEntry{id<UserId>(in.role().user()), role(in.role().role()), optional_id<TeamId>(in.role().team()),
                         in.role().leaves(), in.role().pin()};
      case Case::kRemoval:
        return Removal{optional_id<DeviceId>(in.removal().device()), optional_id<UserId>(in.removal().user()),
                       in.removal().sealed_reason(), in.removal().pin()};
      case Case::kCountersign:
        return Countersign{ids<EnvelopeId>(in.countersign().envelopes()), in.countersign().accept(),
                           in.countersign().sealed_reason()};
      case Case::kBranch: return Branch{id<EntryHash>(in.branch().kept()), id<EntryHash>(in.branch().refused())};
      case Case::kErase: return Erase{id<LedgerId>(in.erase().ledger()), in.erase().sealed_reason()};
      case Case::kOfficeKey:
        return OfficeKey{id<Digest>(in.office_key().tls_pin()), id<PublicKey>(in.office_key().sign_public()),
                         in.office_key().address()};
      case Case::kPack: return Pack{in.pack().name(), in.pack().version(), id<Digest>(in.pack().hash()),
                                     in.pack().sealed()};
      case Case::kWithdraw:
        return Withdraw{id<LedgerId>(in.withdraw().ledger()), id<TeamId>(in.withdraw().team()),
                        ids<TeamId>(in.withdraw().readers()), in.withdraw().sealed_reason(), in.withdraw().pin()};
      case Case::kRestrict:
        return Restrict{ids<LedgerId>(in.restrict().ledgers()), ids<UserId>(in.restrict().users()), in.restrict().sealed_reason(), in.restrict().pin()};
      case Case::KIND_NOT_SET: break;
    }
    return UnknownKind{};
  }

  [[nodiscard]] bool good() const { return good_; }

 private:
  bool good_ = true;
};

EntryHash hash_of(BytesView body) { return *EntryHash::from(crypto::hash(kHashDomain, {body}).view()); }

}  // namespace

SignedEntry sign_entry(const Entry& entry, const SecretBytes& signer_seed) {
  pb::EntryBody body;
  body.set_organisation(entry.organisation.str());
  body.set_number(entry.number);
  if (entry.previous) body.set_previous(entry.previous->str());
  body.set_time_ms(entry.time_ms);
  body.set_signer_kind(static_cast<pb::EntryBody::SignerKind>(entry.signer_kind));
  body.set_signer(entry.signer);
  std::visit([&body](const auto& kind) { put(body, kind); }, entry.kind);

  const Bytes encoded = body.SerializeAsString();
  SignedEntry out{entry, hash_of(encoded), {}, {}};
  out.signature = crypto::sign(signer_seed, out.hash.view());
  out.bytes.push_back(kVersion);
  for (int shift = 0; shift < 32; shift += 8) out.bytes.push_back(static_cast<char>(encoded.size() >> shift));
  out.bytes.append(encoded).append(out.signature.view());
  return out;
}

Result<SignedEntry> parse_entry(BytesView bytes) {
  if (bytes.size() > kMaxEntryBytes) return fail(Errc::too_large, "membership entry");
  if (bytes.size() < 1 + 4 + kSignatureBytes) return fail(Errc::bad_input, "membership entry length");
  if (bytes[0] != kVersion) return fail(Errc::newer_format, "membership entry version");
  std::size_t length = 0;
  for (int i = 0; i < 4; ++i) length |= std::size_t{static_cast<unsigned char>(bytes[1 + i])} << (8 * i);
  if (length != bytes.size() - 1 - 4 - kSignatureBytes) return fail(Errc::bad_input, "membership entry length");
  const BytesView encoded = bytes.substr(5, length);

  pb::EntryBody body;
  if (!body.ParseFromArray(encoded.data(), static_cast<int>(encoded.size()))) return fail(Errc::bad_input, "membership entry");
  Reader reader;
  SignedEntry out;
  out.entry.organisation = reader.id<OrganisationId>(body.organisation());
  out.entry.number = body.number();
  out.entry.previous = reader.optional_id<EntryHash>(body.previous());
  out.entry.time_ms = body.time_ms();
  out.entry.signer_kind = static_cast<SignerKind>(body.signer_kind());
  out.entry.signer = body.signer();
  out.entry.kind = reader.kind(body);
  if (!reader.good()) return fail(Errc::bad_input, "membership entry id");
  out.hash = hash_of(encoded);
  out.signature = *Signature::from(bytes.substr(5 + length));
  out.bytes = Bytes(bytes);
  return out;
}

bool signed_by(const SignedEntry& entry, const PublicKey& signer) {
  return crypto::verify(signer, entry.hash.view(), entry.signature);
}

Bytes device_proof_message(const OrganisationId& organisation, const DeviceEntry& device) {
  const Bytes ticket = device.ticket ? device.ticket->str() : Bytes{};
  return crypto::hash(kProofDomain, {organisation.view(), device.device.view(), device.incarnation.view(),
                                     device.sign_public.view(), device.box_public.view(),
                                     device.courier_public.view(), device.user.view(), ticket})
      .str();
}

}  // namespace wayside::membership
