#include "core/recovery/papers.h"

#include "platform/atomic_file.h"

namespace wayside::recovery {
namespace {

constexpr std::uint64_t kMaxFileBytes = 4096;

/// The page in one file, read by `parse`. An error names the file.
template <class Page>
Result<Page> read_file(platform::Files& files, const platform::Path& file, Result<Page> (*parse)(const SecretBytes&)) {
  const auto text = platform::read_secret(files, file, kMaxFileBytes);
  if (!text && text.error().code == Errc::too_large)
    return fail(Errc::bad_input, file.string() + ": too long for such a page");
  if (!text) return std::unexpected(text.error());
  auto page = parse(*text);
  if (!page) return fail(page.error().code, file.string() + ": " + page.error().detail);
  return page;
}

}  // namespace

std::vector<platform::Path> share_files(const platform::Path& folder) {
  std::vector<platform::Path> out;
  for (std::size_t i = 1; i <= kShares; ++i) out.push_back(folder / ("share-" + std::to_string(i) + ".txt"));
  return out;
}

Result<void> save_shares(platform::Files& files, const platform::Path& folder, const ShareSet& shares) {
  const auto paths = share_files(folder);
  for (const platform::Path& each : paths) {
    if (files.exists(each)) return fail(Errc::already_exists, each.string());
  }
  WAYSIDE_OK(files.make_folders(folder));
  for (std::size_t i = 0; i < kShares; ++i) {
    const auto saved = save_page(files, paths[i], share_text(shares[i]));
    if (saved) continue;
    for (std::size_t before = 0; before < i; ++before) (void)files.remove(paths[before]);
    return saved;
  }
  return {};
}

Result<OrganisationSecrets> read_papers(platform::Env& env, const Papers& papers) {
  if (!papers.page.empty() && papers.shares.empty()) return read_file(env.files, papers.page, parse_page);
  if (!papers.page.empty() || papers.shares.size() != kSharesNeeded) {
    return fail(Errc::usage, "Name the recovery page with --recovery, or two of its shares, each with --share");
  }
  WAYSIDE_TRY(const Share one, read_file(env.files, papers.shares[0], parse_share));
  WAYSIDE_TRY(const Share other, read_file(env.files, papers.shares[1], parse_share));
  auto both = combine(one, other, env.random);
  if (!both)
    return fail(both.error().code,
                papers.shares[0].string() + " and " + papers.shares[1].string() + ": " + both.error().detail);
  return both;
}

Result<Kit> read_kit(platform::Files& files, const platform::Path& file) { return read_file(files, file, parse_kit); }

}  // namespace wayside::recovery
