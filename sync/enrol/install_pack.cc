#include "sync/enrol/install_pack.h"

#include <algorithm>

#include "core/packs/sealed.h"
#include "sync/enrol/log_writer.h"

namespace wayside::enrol {
namespace {

Result<void> check_pack(const vault::Vault& vault, const packs::Pack& pack, const CheckQuestionnaire& check) {
  WAYSIDE_OK(packs::schema_with(vault.packs(), pack));
  for (const packs::PackFile* file : pack.questionnaires()) {
    if (const auto good = check(file->text); !good) {
      const std::string& what = good.error().detail;
      return fail(good.error().code, file->path + (what.starts_with("line ") ? " " : " line 1: ") + what);
    }
  }
  return {};
}

}  // namespace

Result<SignedFile> sign_pack(vault::Vault& vault, const platform::Path& folder, const CheckQuestionnaire& check) {
  if (!membership::administers(vault.role())) return fail(Errc::not_permitted, "only an administrator signs a pack");
  WAYSIDE_TRY(packs::Pack pack, packs::read_folder(vault.env().files, folder));
  WAYSIDE_OK(check_pack(vault, pack, check));
  WAYSIDE_TRY(Bytes sealed, packs::seal(vault.keys().member_key.view(), pack, vault.env().random));
  const auto& me = vault.identity();
  return SignedFile{std::move(pack), encode(packs::sign(me.organisation, me.device, vault.keys().sign_seed, std::move(sealed)))};
}

Result<packs::Pack> install_pack(vault::Vault& vault, BytesView file, const CheckQuestionnaire& check, MembershipLine* line) {
  WAYSIDE_TRY(const packs::SignedPack signed_pack, packs::parse_signed(file));
  LogWriter writer(vault, line);
  WAYSIDE_OK(writer.fetch());
  WAYSIDE_OK(packs::check_signer(signed_pack, vault.membership()));
  WAYSIDE_TRY(packs::Pack pack, packs::open(vault.keys().member_key.view(), signed_pack.sealed));
  // The line may have been cut after the office took it: then asking again is not asking twice.
  const membership::Pack entry = packs::entry_of(signed_pack.sealed);
  const auto is_there = [&](const membership::PackInfo& each) { return each.entry.hash == entry.hash; };
  if (std::ranges::any_of(vault.membership().packs(), is_there)) return pack;
  WAYSIDE_OK(writer.append(entry, [&] { return check_pack(vault, pack, check); }));
  return pack;
}

}  // namespace wayside::enrol
