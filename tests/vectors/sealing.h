#pragma once

#include <functional>

#include "core/ledger/envelope.h"
#include "tests/vectors/organisation.h"

/// Envelopes as a vault seals them, and as none would: with one thing wrong and the rest right.
namespace wayside::vectors {

class Sealing {
 public:
  explicit Sealing(Organisation& organisation) : org_(organisation), box_(organisation.random) {}

  /// The header of the place `seq` of that device in that ledger; `prev` names the envelope before it.
  [[nodiscard]] ledger::Header header(const Member& author, const LedgerId& ledger, std::uint64_t seq,
                                      const std::optional<EnvelopeId>& prev, std::string_view membership_head) const;

  Bytes grant(const LedgerId& ledger, membership::ReaderKind kind, BytesView reader, const PublicKey& key);
  Bytes team_grant(const LedgerId& ledger);
  Bytes recovery_grant(const LedgerId& ledger);
  Bytes device_grant(const LedgerId& ledger, const Member& reader);

  /// With the case key of the header's ledger, unless another is given.
  vault::Parcel seal(ledger::Header header, const ledger::ChangeSet& change, const Member& author,
                     std::vector<Bytes> grants = {});
  vault::Parcel seal_plain(const ledger::Header& header, BytesView change_set, BytesView key, const Member& author,
                           std::vector<Bytes> grants = {});

  /// The same header, key and grants with other bytes inside of the encryption.
  static vault::Parcel with_padded(const vault::Parcel& parcel, BytesView padded, const Member& author);
  /// The same bytes inside, with a header that `change` has changed (before its commit is computed) and signed anew.
  static vault::Parcel with_header(const vault::Parcel& parcel,
                                   const std::function<void(Bytes& without_commit)>& change, const Member& author,
                                   BytesView behind_commit = {});
  static vault::Parcel with_ciphertext(const vault::Parcel& parcel, const std::function<void(Bytes&)>& change,
                                       const Member& author);
  static Bytes padded_of(const vault::Parcel& parcel);  ///< what stands inside of the encryption

 private:
  Organisation& org_;
  crypto::SessionBox box_;
};

SecretBytes case_key(const LedgerId& ledger);
KeyGenerationId generation_of(const LedgerId& ledger);
EnvelopeId id_of(const vault::Parcel& parcel);

}  // namespace wayside::vectors
