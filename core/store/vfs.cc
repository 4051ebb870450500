#include "core/store/vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

namespace wayside::store {

struct Vfs::State {
  platform::Env env;
  sqlite3_vfs vfs{};
  std::optional<Error> fault;
  Syncs syncs;

  int failed(const Error& error, int io_code) {
    if (!fault) fault = error;
    return error.code == Errc::disk_full ? SQLITE_FULL : io_code;
  }
};

namespace {

constexpr int kMaxPathBytes = 4096;

/// The write-ahead log grows by this much at a time. A sync after each save that makes a file longer must also write the
/// file system's own journal, which on a busy disk takes as long again as the save.
constexpr std::uint64_t kLogStep_bytes = 256 * 1024;

/// SQLite allocates szOsFile bytes and knows only the first member.
struct OpenFile {
  sqlite3_file base;
  Vfs::State* state;
  platform::File* file;
  bool is_wal;
  std::uint64_t log_end;           ///< of the write-ahead log: zeros stand ahead of what was written up to here
  platform::Path* folder_to_sync;  ///< set until a file that was made here is durable by name
};

OpenFile& as_open(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }
Vfs::State& state_of(sqlite3_vfs* vfs) { return *static_cast<Vfs::State*>(vfs->pAppData); }

int close(sqlite3_file* file) {
  OpenFile& open = as_open(file);
  delete open.file;
  delete open.folder_to_sync;
  return SQLITE_OK;
}

int read(sqlite3_file* file, void* out, int amount, sqlite3_int64 offset) {
  OpenFile& open = as_open(file);
  const auto wanted = static_cast<std::size_t>(amount);
  const auto got = open.file->read_at(static_cast<std::uint64_t>(offset), {static_cast<char*>(out), wanted});
  if (!got) return open.state->failed(got.error(), SQLITE_IOERR_READ);
  if (*got == wanted) return SQLITE_OK;
  std::memset(static_cast<char*>(out) + *got, 0, wanted - *got);
  return SQLITE_IOERR_SHORT_READ;
}

/// SQLite stops reading its log at the first frame that is none, so zeros behind the last are no frame to it. Where there
/// is no room for them, the log goes on without.
void grow_log(OpenFile& open, std::uint64_t needed) {
  static const std::string kZeros(kLogStep_bytes, '\0');
  if (!open.is_wal || needed <= open.log_end) return;
  const auto now = open.file->size();
  open.log_end = (needed / kLogStep_bytes + 1) * kLogStep_bytes;
  if (now && *now < open.log_end) (void)open.file->write_at(*now, std::string_view(kZeros).substr(0, open.log_end - *now));
}

int write(sqlite3_file* file, const void* bytes, int amount, sqlite3_int64 offset) {
  OpenFile& open = as_open(file);
  grow_log(open, static_cast<std::uint64_t>(offset) + static_cast<std::uint64_t>(amount));
  const auto done = open.file->write_at(static_cast<std::uint64_t>(offset),
                                        {static_cast<const char*>(bytes), static_cast<std::size_t>(amount)});
  return done ? SQLITE_OK : open.state->failed(done.error(), SQLITE_IOERR_WRITE);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  OpenFile& open = as_open(file);
  open.log_end = 0;
  const auto done = open.file->truncate(static_cast<std::uint64_t>(size));
  return done ? SQLITE_OK : open.state->failed(done.error(), SQLITE_IOERR_TRUNCATE);
}

int sync(sqlite3_file* file, int) {
  OpenFile& open = as_open(file);
  ++(open.is_wal ? open.state->syncs.wal : open.state->syncs.store);
  if (const auto done = open.file->sync(); !done) return open.state->failed(done.error(), SQLITE_IOERR_FSYNC);
  if (open.folder_to_sync != nullptr) {
    const auto done = open.state->env.files.sync_folder(*open.folder_to_sync);
    if (!done) return open.state->failed(done.error(), SQLITE_IOERR_DIR_FSYNC);
    delete open.folder_to_sync;
    open.folder_to_sync = nullptr;
  }
  return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  OpenFile& open = as_open(file);
  const auto got = open.file->size();
  if (!got) return open.state->failed(got.error(), SQLITE_IOERR_FSTAT);
  *size = static_cast<sqlite3_int64>(*got);
  return SQLITE_OK;
}

int lock(sqlite3_file*, int) { return SQLITE_OK; }
int check_reserved(sqlite3_file*, int* reserved) { return *reserved = 0, SQLITE_OK; }
int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return 4096; }
int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

const sqlite3_io_methods kMethods = {1,    close, read,           write,   truncate,    sync,           file_size,
                                     lock, lock,  check_reserved, control, sector_size, characteristics,
                                     nullptr, nullptr, nullptr, nullptr, nullptr, nullptr};

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  Vfs::State& state = state_of(vfs);
  OpenFile& out = as_open(file);
  out = OpenFile{{nullptr}, &state, nullptr, (flags & SQLITE_OPEN_WAL) != 0, 0, nullptr};
  // A file without a name is a temporary one: temp_store=MEMORY leaves none, and in clear none may be written.
  if (name == nullptr) return SQLITE_CANTOPEN;
  const platform::Path path(name);
  const bool create = (flags & SQLITE_OPEN_CREATE) != 0;
  const bool made = create && !state.env.files.exists(path);
  auto opened = state.env.files.open(path, create ? platform::OpenMode::create : platform::OpenMode::read_write);
  if (!opened) return state.failed(opened.error(), SQLITE_CANTOPEN);
  out.file = std::move(*opened).release();
  if (made) out.folder_to_sync = new platform::Path(path.parent_path());
  out.base.pMethods = &kMethods;
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
  Vfs::State& state = state_of(vfs);
  if (const auto done = state.env.files.remove(name); !done) return state.failed(done.error(), SQLITE_IOERR_DELETE);
  if (sync_folder != 0) {
    const auto done = state.env.files.sync_folder(platform::Path(name).parent_path());
    if (!done) return state.failed(done.error(), SQLITE_IOERR_DIR_FSYNC);
  }
  return SQLITE_OK;
}

int access(sqlite3_vfs* vfs, const char* name, int, int* out) {
  *out = state_of(vfs).env.files.exists(name) ? 1 : 0;
  return SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* name, int size, char* out) {
  if (static_cast<int>(std::strlen(name)) >= size) return SQLITE_CANTOPEN;
  std::strcpy(out, name);
  return SQLITE_OK;
}

int randomness(sqlite3_vfs* vfs, int size, char* out) {
  state_of(vfs).env.random.fill({reinterpret_cast<unsigned char*>(out), static_cast<std::size_t>(size)});
  return size;
}

int sleep_us(sqlite3_vfs*, int) { return 0; }
int last_error(sqlite3_vfs*, int, char*) { return 0; }

int time_ms(sqlite3_vfs* vfs, sqlite3_int64* out) {
  constexpr sqlite3_int64 kJulian1970Ms = 210866760000000;
  *out = kJulian1970Ms + state_of(vfs).env.clock.wall_ms();
  return SQLITE_OK;
}

int time_days(sqlite3_vfs* vfs, double* out) {
  sqlite3_int64 ms = 0;
  time_ms(vfs, &ms);
  *out = static_cast<double>(ms) / 86400000.0;
  return SQLITE_OK;
}

}  // namespace

Vfs::Vfs(platform::Env& env) : state_(new State{env, {}, std::nullopt, {}}) {
  static std::atomic<int> count{0};
  name_ = "wayside-" + std::to_string(++count);
  sqlite3_vfs& vfs = state_->vfs;
  vfs.iVersion = 2;
  vfs.szOsFile = sizeof(OpenFile);
  vfs.mxPathname = kMaxPathBytes;
  vfs.zName = name_.c_str();
  vfs.pAppData = state_.get();
  vfs.xOpen = open;
  vfs.xDelete = remove;
  vfs.xAccess = access;
  vfs.xFullPathname = full_path;
  vfs.xRandomness = randomness;
  vfs.xSleep = sleep_us;
  vfs.xCurrentTime = time_days;
  vfs.xGetLastError = last_error;
  vfs.xCurrentTimeInt64 = time_ms;
  sqlite3_vfs_register(&vfs, 0);
}

Vfs::~Vfs() { sqlite3_vfs_unregister(&state_->vfs); }

std::optional<Error> Vfs::take_fault() { return std::exchange(state_->fault, std::nullopt); }

Vfs::Syncs Vfs::syncs() const { return state_->syncs; }

}  // namespace wayside::store
