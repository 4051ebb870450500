#include "sync/office/init.h"

#include <algorithm>

#include "core/recovery/papers.h"
#include "platform/atomic_file.h"
#include "sync/office/data_folder.h"
#include "sync/office/founding.h"

namespace wayside::office {
namespace {

using platform::Path;

bool lies_within(const Path& file, const Path& folder) {
  const Path inner = std::filesystem::weakly_canonical(std::filesystem::absolute(file));
  Path outer = std::filesystem::weakly_canonical(std::filesystem::absolute(folder));
  if (!outer.has_filename()) outer = outer.parent_path();  // a slash at its end
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

Result<void> write_office(const DataFolder& data, const Founding& founding, platform::Env& env) {
  WAYSIDE_OK(save_keys(env.files, data.keys(), founding.keys));
  {
    WAYSIDE_TRY(const auto store, LedgerStore::create(env, data.store(), founding.generation, founding.entries));
    WAYSIDE_TRY(const Figures figures, store->figures());
    WAYSIDE_OK(platform::write_atomically(env.files, data.figures(), figures_json(figures, env.clock.wall_ms())));
  }
  return env.files.sync_folder(data.store().parent_path());
}

std::vector<Path> pages_of(const InitCommand& command) {
  std::vector<Path> out;
  if (!command.recovery_out.empty()) out.push_back(command.recovery_out);
  if (!command.shares_out.empty()) {
    for (Path& each : recovery::share_files(command.shares_out)) out.push_back(std::move(each));
  }
  return out;
}

/// On a failure none of them is there.
Result<void> save_pages(const InitCommand& command, const recovery::OrganisationSecrets& secrets, platform::Env& env) {
  if (!command.recovery_out.empty()) WAYSIDE_OK(recovery::save_page(env.files, command.recovery_out, recovery::page_text(secrets)));
  if (command.shares_out.empty()) return {};
  auto saved = [&]() -> Result<void> {
    WAYSIDE_TRY(const auto shares, recovery::split(secrets, env.clock.wall_ms(), env.random));
    return recovery::save_shares(env.files, command.shares_out, shares);
  }();
  if (!saved && !command.recovery_out.empty()) (void)env.files.remove(command.recovery_out);
  return saved;
}

}  // namespace

std::expected<void, Failure> make_office(const InitCommand& command, platform::Env& env, const HandOver& hand_over) {
  const auto failed = [](Doing doing, Error error) { return std::unexpected(Failure{doing, std::move(error)}); };
  const std::vector<Path> pages = pages_of(command);
  if (pages.empty()) return failed(Doing::recovery_file, {Errc::usage, {}});
  for (const Path& page : pages) {
    if (env.files.exists(page)) return failed(Doing::recovery_file, {Errc::already_exists, page.string()});
    if (lies_within(page, command.data)) return failed(Doing::recovery_file, {Errc::not_permitted, page.string()});
  }
  auto founding = found_organisation(command.organisation, command.first_admin, command.address, env.clock, env.random);
  if (!founding) return failed(Doing::init, founding.error());
  auto data = DataFolder::begin(env.files, command.data);
  if (!data) return failed(Doing::init, data.error());
  if (auto saved = save_pages(command, founding->recovery, env); !saved) {
    data->abandon();
    return failed(Doing::recovery_file, std::move(saved).error());
  }
  auto made = write_office(*data, *founding, env);
  if (made) made = hand_over(membership::ticket_text(founding->first_ticket));
  if (made) made = data->finish();
  if (!made) {
    for (const Path& page : pages) (void)env.files.remove(page);
    data->abandon();
    return failed(Doing::init, std::move(made).error());
  }
  return {};
}

}  // namespace wayside::office
