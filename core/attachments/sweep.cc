#include <map>
#include <set>

#include "core/attachments/attachments.h"
#include "core/attachments/blobs.h"
#include "core/attachments/content_field.h"
#include "core/vault/unsent_parts.h"

namespace wayside::attachments {
namespace {

Result<bool> envelopes_wait(Vault& vault) {
  store::Query count = vault.store().database().query("SELECT (SELECT count(*) FROM pending) + (SELECT count(*) FROM quarantine)");
  WAYSIDE_TRY(const bool row, count.next());
  return row && count.integer(0) > 0;
}

}  // namespace

Result<Sweep> sweep(Vault& vault, bool remove) {
  Sweep out;
  const schema::RecordType* const type = schema::current().type(kTypeName);
  if (type == nullptr) return fail(Errc::unknown_type, std::string(kTypeName));
  Blobs blobs(vault.env().files, vault.home());
  std::set<Digest> named;
  WAYSIDE_TRY(const auto rows, vault.store().records_of_type(type->id));
  for (const ledger::RecordRow& row : rows) {
    const auto content = content_of(row);
    ++out.attachments;
    if (!content) out.unreadable.push_back(row.id);
    if (!content || !*content) continue;
    for (const Digest& part : (*content)->chunks) {
      named.insert(part);
      ++out.parts;
      const auto chunk = blobs.get(part);
      if (chunk) continue;
      if (chunk.error().code == Errc::not_found) out.missing.push_back({row.id, part});
      else if (chunk.error().code == Errc::corrupt) out.damaged.push_back({row.id, part});
      else return std::unexpected(chunk.error());
    }
  }
  // Of a snapshot published here no record tells.
  WAYSIDE_TRY(const auto unsent, vault::unsent_parts(vault));
  for (const vault::UnsentParts& each : unsent) named.insert(each.addresses.begin(), each.addresses.end());
  WAYSIDE_TRY(const Blobs::Names names, blobs.list());
  out.orphans = names.others;
  for (const Digest& each : names.whole) {
    if (!named.contains(each)) out.orphans.push_back(blobs.path_of(each));
  }
  if (!remove) return out;
  WAYSIDE_TRY(const bool wait, envelopes_wait(vault));
  out.kept = wait || !out.unreadable.empty();
  if (out.kept) return out;
  for (const platform::Path& orphan : out.orphans) {
    WAYSIDE_OK(vault.env().files.remove(orphan));
    ++out.removed;
  }
  return out;
}

}  // namespace wayside::attachments
