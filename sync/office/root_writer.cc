#include "sync/office/root_writer.h"

#include "core/crypto/crypto.h"

namespace wayside::office {

Result<void> check_pages(const membership::Log& log, const recovery::OrganisationSecrets& secrets) {
  const auto& found = log.found();
  if (!found || secrets.organisation != log.organisation() ||
      crypto::sign_public(secrets.root_seed) != found->root_public ||
      crypto::box_public(secrets.recovery_secret) != found->recovery_public) {
    return fail(Errc::not_permitted, "organisation " + to_text(secrets.organisation));
  }
  return log.office() ? Result<void>{} : fail(Errc::corrupt, "membership names no office");
}

Result<void> RootWriter::append(membership::EntryKind kind) {
  const std::int64_t now_ms = env_.clock.wall_ms();
  const membership::Entry entry{store_.log().organisation(), store_.log().size(), store_.log().head(), now_ms,
                                membership::SignerKind::root, {}, std::move(kind)};
  // What a caller over the network may not do is no question here.
  Caller operator_at_the_desk;
  operator_at_the_desk.standing = Standing::device;
  return store_.append(operator_at_the_desk, membership::sign_entry(entry, root_seed_), now_ms);
}

}  // namespace wayside::office
