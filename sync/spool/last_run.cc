#include "sync/spool/last_run.h"

#include "platform/atomic_file.h"
#include "sync/wire/codec.h"

namespace wayside::spool {
namespace {

constexpr char kVersion = 1;
constexpr std::uint64_t kMaxBytes = 256;

}  // namespace

Result<void> write_last_run(platform::Files& files, const Layout& layout, const LastRun& run) {
  wire::pb::NightRun message;
  message.set_ended_ms(run.ended_ms);
  message.set_error(run.error ? static_cast<std::uint32_t>(*run.error) : 0);
  message.set_sent(run.sent);
  message.set_fetched(run.fetched);
  message.set_reached_ms(run.reached_ms);
  return platform::write_atomically(files, layout.last_run(), Bytes(1, kVersion) + message.SerializeAsString());
}

std::optional<LastRun> read_last_run(platform::Files& files, const Layout& layout) {
  const auto bytes = platform::read_all(files, layout.last_run(), kMaxBytes);
  if (!bytes || bytes->empty() || bytes->front() != kVersion) return std::nullopt;
  const auto message = wire::decode_plain<wire::pb::NightRun>(BytesView(*bytes).substr(1));
  if (!message) return std::nullopt;
  LastRun run{message->ended_ms(), std::nullopt, message->sent(), message->fetched(), message->reached_ms()};
  if (message->error() != 0) run.error = static_cast<Errc>(message->error());
  return run;
}

}  // namespace wayside::spool
