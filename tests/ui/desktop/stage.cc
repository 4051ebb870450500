// The desktop with a worker of invented people, for tests that drive a real window with real keys:
//   wayside-stage COMMAND-LOG [FRAME-LOG] [SIZE]
// Any passphrase but "wrong" opens it. Each command it is sent becomes a line of COMMAND-LOG.

#include <cstdio>
#include <functional>
#include <memory>
#include <string>

#include "platform/clock_and_random.h"
#include "platform/files_posix.h"
#include "tests/support/sample_snapshots.h"
#include "ui/desktop/run.h"

namespace {

using namespace wayside;
namespace pb = wayside::app::pb;

class StageLink : public app::WorkerLink {
 public:
  StageLink(platform::Clock& clock, std::FILE* log) : clock_(clock), log_(log) { publish(support::sample_locked()); }

  void send(Bytes bytes) override {
    pb::Command command;
    command.ParseFromString(bytes);
    std::string line = command.ShortDebugString();
    std::fprintf(log_, "%lld %s\n", static_cast<long long>(clock_.monotonic_ms()), line.c_str());
    std::fflush(log_);
    answer(command);
  }
  void unlock(SecretString passphrase) override {
    if (passphrase.view() == "wrong") publish(support::sample_wrong_passphrase(clock_.monotonic_ms(), 2000));
    else publish(support::sample_open());
  }
  std::shared_ptr<const Bytes> latest() override { return latest_; }
  void set_wakeup(std::function<void()> wakeup) override { wakeup_ = std::move(wakeup); }

 private:
  void answer(const pb::Command& command) {
    if (command.has_lock()) return publish(support::sample_locked());
    if (command.has_open_case())
      return publish(command.open_case().case_id().empty() ? support::sample_open() : support::sample_case());
    if (command.has_new_case()) return publish(support::sample_new_case());
    if (command.has_new_record()) return publish(support::sample_case_notes());
    if (command.has_open_review()) return publish(support::sample_review());
    if (command.has_open_history()) return publish(support::sample_history());
    if (command.has_reconcile()) return publish(support::sample_reconcile_running());
    if (command.has_stop_reconcile()) return publish(support::sample_reconcile_idle());
    if (command.has_search()) {
      pb::Snapshot found = command.search().text().empty() ? support::sample_open() : support::sample_search();
      found.mutable_caseload()->set_text(command.search().text());
      found.mutable_caseload()->set_filter(command.search().filter());
      publish(found);
    }
  }
  void publish(const pb::Snapshot& snapshot) {
    latest_ = std::make_shared<const Bytes>(snapshot.SerializeAsString());
    if (wakeup_) wakeup_();
  }

  platform::Clock& clock_;
  std::FILE* log_;
  std::shared_ptr<const Bytes> latest_;
  std::function<void()> wakeup_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const auto session = platform::make_session_events();
  if (!session) return 2;
  std::FILE* log = std::fopen(argv[1], "w");
  if (!log) return 2;
  platform::SystemClock clock;
  platform::PosixFiles files;
  desktop::RunOptions options;
  if (argc > 2) options.frame_log = argv[2];
  options.width = 1024;
  options.height = 600;
  if (argc > 3 && std::sscanf(argv[3], "%dx%d", &options.width, &options.height) != 2) return 2;
  StageLink link(clock, log);
  const int code = desktop::run_desktop(link, **session, clock, files, options);
  std::fclose(log);
  return code;
}
