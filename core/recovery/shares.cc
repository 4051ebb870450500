#include "core/recovery/shares.h"

#include <memory>

extern "C" {
#include <libgfshare.h>  // has no such mark itself
}

#include "core/base/secret_text.h"
#include "core/base/value.h"
#include "core/crypto/crypto.h"

namespace wayside::recovery {
namespace {

constexpr std::string_view kProofDomain = "wayside/recovery-share/1";
constexpr std::size_t kSecretBytes = 32;
constexpr std::array<unsigned char, kShares> kNumbers{1, 2, 3};
constexpr std::int64_t kDay_ms = 86'400'000;

/// The library's parameters are not const; it only reads what it is given.
unsigned char* only_read(const unsigned char* data) { return const_cast<unsigned char*>(data); }

/// The library asks a plain function for randomness; this is whose it is while a call lasts.
thread_local platform::Random* random_of_call = nullptr;

void fill_from_call(unsigned char* buffer, unsigned int count) { random_of_call->fill({buffer, count}); }

/// While it lives, the library draws from `random`. It has no way of its own but random(3), and that only when asked.
class Randomness {
 public:
  explicit Randomness(platform::Random& random) {
    random_of_call = &random;
    gfshare_fill_rand = fill_from_call;
  }
  ~Randomness() { random_of_call = nullptr; }
  Randomness(const Randomness&) = delete;
  Randomness& operator=(const Randomness&) = delete;
};

struct Free {
  void operator()(gfshare_ctx* context) const { gfshare_ctx_free(context); }  // overwrites what it held
};
using Context = std::unique_ptr<gfshare_ctx, Free>;

SecretBytes both(const OrganisationSecrets& secrets) {
  SecretWriter out(kPartBytes);
  out.add(secrets.root_seed.view()).add(secrets.recovery_secret.view());
  return copy_secret(out.view());
}

SecretBytes proof_of(const Share& share, const SecretBytes& secret) {
  const SecretBytes proven = proven_bytes(share);
  const Digest digest = crypto::keyed_hash(secret.view(), kProofDomain, {proven.view()});
  return copy_secret(digest.view().substr(0, kProofBytes));
}

std::string day_of(const Share& share) { return iso_time(share.day * kDay_ms).substr(0, 10); }

}  // namespace

Result<ShareSet> split(const OrganisationSecrets& secrets, std::int64_t now_ms, platform::Random& random) {
  const Randomness randomness(random);
  const Context context(gfshare_ctx_init_enc(only_read(kNumbers.data()), kShares, kSharesNeeded, kPartBytes));
  if (!context) return fail(Errc::out_of_memory, "recovery shares");
  const SecretBytes secret = both(secrets);
  gfshare_ctx_enc_setsecret(context.get(), only_read(secret.data()));
  const auto set = decltype(Share::set)::random(random);
  ShareSet out;
  for (std::size_t i = 0; i < kShares; ++i) {
    Share& share = out[i];
    share.organisation = secrets.organisation;
    share.set = set;
    share.number = kNumbers[i];
    share.day = static_cast<std::uint32_t>(now_ms / kDay_ms);
    share.part = SecretBytes(kPartBytes);
    gfshare_ctx_enc_getshare(context.get(), static_cast<unsigned char>(i), share.part.data());
    share.proof = proof_of(share, secret);
  }
  return out;
}

Result<OrganisationSecrets> combine(const Share& one, const Share& other, platform::Random& random) {
  if (one.organisation != other.organisation) {
    return fail(Errc::bad_input, "the two pages are of two organisations, " + to_text(one.organisation) + " and " +
                                     to_text(other.organisation));
  }
  if (one.set != other.set) {
    return fail(Errc::bad_input, "the two pages are of two sets, made on " + day_of(one) + " and on " + day_of(other) +
                                     "; only pages of one set fit together");
  }
  if (one.number == other.number)
    return fail(Errc::bad_input, "both are page " + std::to_string(one.number) + "; two different pages are needed");

  const Randomness randomness(random);
  const std::array<unsigned char, 2> numbers{static_cast<unsigned char>(one.number),
                                             static_cast<unsigned char>(other.number)};
  const Context context(gfshare_ctx_init_dec(only_read(numbers.data()), numbers.size(), kPartBytes));
  if (!context) return fail(Errc::out_of_memory, "recovery shares");
  gfshare_ctx_dec_giveshare(context.get(), 0, only_read(one.part.data()));
  gfshare_ctx_dec_giveshare(context.get(), 1, only_read(other.part.data()));
  SecretBytes secret(kPartBytes);
  gfshare_ctx_dec_extract(context.get(), secret.data());
  if (!proof_of(one, secret).equals(one.proof) || !proof_of(other, secret).equals(other.proof)) {
    return fail(
        Errc::bad_input,
        "the two pages do not fit together although each line is right: one of them was not made with the other");
  }
  return OrganisationSecrets{one.organisation, copy_secret(secret.view().substr(0, kSecretBytes)),
                             copy_secret(secret.view().substr(kSecretBytes))};
}

}  // namespace wayside::recovery
