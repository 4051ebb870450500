#include "platform/log.h"

#include <spdlog/sinks/null_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>

#include "platform/system_error.h"

namespace wayside::platform {
namespace {

constexpr std::size_t kFileLimitBytes = std::size_t{1} << 20;
constexpr std::size_t kOlderFiles = 1;
constexpr char kLine[] = "%Y-%m-%dT%H:%M:%S.%e %l %v";

std::string line_of(Word event, Log::Fields fields) {
  std::string line(event.text());
  for (const LogField& field : fields) {
    line.append(" ").append(field.name()).append("=").append(field.value());
  }
  return line;
}

}  // namespace

struct Log::Sink {
  explicit Sink(spdlog::sink_ptr sink) : logger("wayside", std::move(sink)) {
    logger.set_pattern(kLine, spdlog::pattern_time_type::utc);
    logger.set_level(spdlog::level::info);
    logger.flush_on(spdlog::level::info);  // a log that a crash takes with it explains no crash
    logger.set_error_handler([](const std::string&) {});
  }
  void write(spdlog::level::level_enum level, Word event, Fields fields) {
    logger.log(level, spdlog::string_view_t(line_of(event, fields)));
  }
  spdlog::logger logger;
};

Log::Log(std::unique_ptr<Sink> sink) : sink_(std::move(sink)) {}
Log::~Log() = default;
Log::Log(Log&&) noexcept = default;
Log& Log::operator=(Log&&) noexcept = default;

Log Log::to_stderr() { return Log(std::make_unique<Sink>(std::make_shared<spdlog::sinks::stderr_sink_mt>())); }

Log Log::to_nowhere() { return Log(std::make_unique<Sink>(std::make_shared<spdlog::sinks::null_sink_mt>())); }

Result<Log> Log::to_file(const Path& path) {
  spdlog::file_event_handlers on;
  on.after_open = [](const spdlog::filename_t&, std::FILE* file) { ::fchmod(::fileno(file), S_IRUSR | S_IWUSR); };
  try {
    auto sink =
        std::make_shared<spdlog::sinks::rotating_file_sink_mt>(path.string(), kFileLimitBytes, kOlderFiles, false, on);
    return Log(std::make_unique<Sink>(std::move(sink)));
  } catch (const spdlog::spdlog_ex&) {
    return system_failure(errno, Access::writing, "opening", path);
  }
}

void Log::info(Word event, Fields fields) const { sink_->write(spdlog::level::info, event, fields); }
void Log::warn(Word event, Fields fields) const { sink_->write(spdlog::level::warn, event, fields); }
void Log::error(Word event, Fields fields) const { sink_->write(spdlog::level::err, event, fields); }

}  // namespace wayside::platform
