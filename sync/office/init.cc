#include "sync/office/init.h"

#include <algorithm>

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

}  // namespace

std::expected<void, Failure> make_office(const InitCommand& command, platform::Env& env, const HandOver& hand_over) {
  const auto failed = [](Doing doing, Error error) { return std::unexpected(Failure{doing, std::move(error)}); };
  if (env.files.exists(command.recovery_out)) {
    return failed(Doing::recovery_file, {Errc::already_exists, command.recovery_out.string()});
  }
  if (lies_within(command.recovery_out, command.data)) {
    return failed(Doing::recovery_file, {Errc::not_permitted, command.recovery_out.string()});
  }
  auto founding = found_organisation(command.organisation, command.first_admin, command.address, env.clock, env.random);
  if (!founding) return failed(Doing::init, founding.error());
  auto data = DataFolder::begin(env.files, command.data);
  if (!data) return failed(Doing::init, data.error());
  if (auto saved = save_recovery(env.files, command.recovery_out, founding->recovery); !saved) {
    data->abandon();
    return failed(Doing::recovery_file, std::move(saved).error());
  }
  auto made = write_office(*data, *founding, env);
  if (made) made = hand_over(membership::ticket_text(founding->first_ticket));
  if (made) made = data->finish();
  if (!made) {
    (void)env.files.remove(command.recovery_out);
    data->abandon();
    return failed(Doing::init, std::move(made).error());
  }
  return {};
}

}  // namespace wayside::office
