#include "sync/office/backup.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/value.h"
#include "platform/atomic_file.h"
#include "sync/office/desk.h"
#include "sync/office/keys.h"

namespace wayside::office {
namespace {

using attachments::Blobs;
using platform::Files;
using platform::Path;

constexpr std::size_t kCopiedAtOnce = std::size_t{1} << 20;
constexpr std::size_t kMaxFactsBytes = std::size_t{64} << 10;

Result<void> copy_file(Files& files, const Path& from, const Path& to) {
  WAYSIDE_TRY(const auto in, files.open(from, platform::OpenMode::read));
  WAYSIDE_TRY(const auto out, files.open(to, platform::OpenMode::create_new));
  Bytes piece(kCopiedAtOnce, '\0');
  for (std::uint64_t at = 0;;) {
    WAYSIDE_TRY(const std::size_t got, in->read_at(at, piece));
    if (got == 0) break;
    WAYSIDE_OK(out->write_at(at, BytesView(piece).substr(0, got)));
    at += got;
  }
  return out->sync();
}

/// Every part is held against its address. How many were not what theirs says.
Result<std::uint64_t> copy_parts(Files& files, const Path& from, const Path& to) {
  Blobs source(files, from);
  Blobs target(files, to);
  std::uint64_t damaged = 0;
  WAYSIDE_TRY(const Blobs::Names names, source.list());
  for (const Digest& each : names.whole) {
    const auto chunk = source.get(each);
    if (!chunk && chunk.error().code == Errc::not_found) continue;   // erased just now
    if (!chunk && chunk.error().code != Errc::corrupt) return std::unexpected(chunk.error());
    if (chunk) WAYSIDE_OK(target.put(*chunk));
    else ++damaged;
  }
  return damaged;
}

/// Parts that were copied for nothing, and their folders.
void remove_parts(Files& files, const Path& folder) {
  Blobs blobs(files, folder);
  const auto names = blobs.list();
  if (!names) return;
  for (const Digest& each : names->whole) {
    (void)blobs.remove(each);
    (void)files.remove(blobs.path_of(each).parent_path());   // when it was the last one there
  }
  for (const Path& each : names->others) (void)files.remove(each);
  (void)files.remove(folder / "blobs");
}

/// Reads all of it as an office does that begins to serve. What it holds.
Result<Figures> check(platform::Env& env, const Path& folder) {
  const Path file = DataFolder::store_in(folder);
  {
    WAYSIDE_TRY(const auto database, store::Database::open_plain(env, file, store::Database::Mode::existing));
    WAYSIDE_OK(database->check_integrity());
  }
  WAYSIDE_TRY(const OfficeKeys keys, load_keys(env.files, DataFolder::keys_in(folder)));
  WAYSIDE_TRY(const auto store, LedgerStore::open(env, file));
  const auto& named = store->log().office();
  if (!named || named->tls_pin != keys.tls_pin()) {
    return fail(Errc::corrupt, DataFolder::keys_in(folder).string() + " is not the key that membership names");
  }
  return store->figures();
}

Result<void> write_facts(platform::Env& env, const Path& folder, const BackupFacts& facts) {
  auto json = nlohmann::ordered_json::parse(figures_json(facts.figures, facts.made_ms));
  json["made_ms"] = facts.made_ms;
  return platform::write_atomically(env.files, DataFolder::backup_mark_in(folder), json.dump() + "\n");
}

/// When a backup was made. Nothing: it is a copy of a data folder.
Result<std::optional<std::int64_t>> made_ms(Files& files, const Path& folder) {
  const Path mark = DataFolder::backup_mark_in(folder);
  if (!files.exists(mark)) return std::optional<std::int64_t>{};
  WAYSIDE_TRY(const Bytes text, platform::read_all(files, mark, kMaxFactsBytes));
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("made_ms") || !json.at("made_ms").is_number_integer()) return fail(Errc::corrupt, mark.string());
  return std::optional(json.at("made_ms").get<std::int64_t>());
}

/// The store of an office, served or not.
Result<void> copy_store(platform::Env& env, const Path& data, const Path& to) {
  auto own = DataFolder::use(env.files, data);
  if (own) {
    WAYSIDE_TRY(const auto store, LedgerStore::open(env, own->store()));
    return store->copy_to(to);
  }
  if (own.error().code != Errc::busy) return std::unexpected(own.error());
  WAYSIDE_TRY(const Path copy, ask_for_copy(env, data));
  WAYSIDE_OK(copy_file(env.files, copy, to));
  return env.files.remove(copy);
}

Result<BackupFacts> fill_backup(platform::Env& env, const Path& data, const Path& to) {
  BackupFacts facts{env.clock.wall_ms(), {}, 0};
  WAYSIDE_OK(copy_store(env, data, DataFolder::store_in(to)));
  WAYSIDE_TRY(const OfficeKeys keys, load_keys(env.files, DataFolder::keys_in(data)));
  WAYSIDE_OK(save_keys(env.files, DataFolder::keys_in(to), keys));
  // After the store: a part that comes meanwhile is too many, and none is missing.
  WAYSIDE_TRY(facts.damaged_parts, copy_parts(env.files, data, to));
  WAYSIDE_TRY(facts.figures, check(env, to));
  WAYSIDE_OK(write_facts(env, to, facts));
  WAYSIDE_OK(env.files.sync_folder(to));
  return facts;
}

Result<BackupFacts> fill_office(platform::Env& env, const Path& from, const DataFolder& data) {
  const Path folder = data.store().parent_path();
  const Path store = DataFolder::store_in(from);
  BackupFacts facts;
  WAYSIDE_OK(copy_file(env.files, store, data.store()));
  // Of a copied data folder: what was committed last may stand there alone.
  const Path log = store.string() + "-wal";
  if (env.files.exists(log)) WAYSIDE_OK(copy_file(env.files, log, data.store().string() + "-wal"));
  WAYSIDE_TRY(const OfficeKeys keys, load_keys(env.files, DataFolder::keys_in(from)));
  WAYSIDE_OK(save_keys(env.files, data.keys(), keys));
  WAYSIDE_TRY(facts.damaged_parts, copy_parts(env.files, from, folder));
  WAYSIDE_OK(check(env, folder));
  WAYSIDE_TRY(const auto made, made_ms(env.files, from));
  {
    WAYSIDE_TRY(const auto opened, LedgerStore::open(env, data.store()));
    WAYSIDE_TRY(const std::int64_t newest_ms, opened->newest_entry_ms());
    facts.made_ms = made.value_or(newest_ms);
    WAYSIDE_OK(opened->begin_generation(GenerationId::random(env.random), env.clock.wall_ms(), facts.made_ms));
    WAYSIDE_TRY(facts.figures, opened->figures());
  }
  WAYSIDE_OK(platform::write_atomically(env.files, data.figures(), figures_json(facts.figures, env.clock.wall_ms())));
  WAYSIDE_OK(env.files.sync_folder(folder));
  return facts;
}

}  // namespace

Result<BackupFacts> make_backup(platform::Env& env, const Path& data, const Path& to) {
  WAYSIDE_OK(env.files.make_folders(to));
  WAYSIDE_TRY(const auto there, env.files.list(to));
  if (!there.empty()) return fail(Errc::already_exists, to.string());
  auto facts = fill_backup(env, data, to);
  if (facts) return facts;
  remove_parts(env.files, to);
  for (const char* suffix : {"", "-wal"}) (void)env.files.remove(DataFolder::store_in(to).string() + suffix);
  for (const Path& file : {DataFolder::keys_in(to), DataFolder::backup_mark_in(to), to}) (void)env.files.remove(file);
  return facts;
}

Result<BackupFacts> restore_office(platform::Env& env, const Path& from, const Path& data) {
  if (!env.files.exists(DataFolder::store_in(from))) return fail(Errc::not_found, from.string());
  if (!env.files.exists(DataFolder::keys_in(from))) return fail(Errc::corrupt, DataFolder::keys_in(from).string() + " is missing");
  if (env.files.exists(DataFolder::mark_in(from))) return fail(Errc::corrupt, DataFolder::mark_in(from).string());
  WAYSIDE_TRY(auto folder, DataFolder::begin(env.files, data));
  auto facts = fill_office(env, from, folder);
  Result<void> done = facts ? folder.finish() : Result<void>(std::unexpected(facts.error()));
  if (done) return facts;
  remove_parts(env.files, data);
  folder.abandon();
  return std::unexpected(done.error());
}

}  // namespace wayside::office
