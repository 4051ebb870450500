#include "ui/app/worker.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "ui/app/codec.h"
#include "ui/app/tuning.h"

namespace wayside::app {
namespace {

/// One thing to do. Exactly one of the two is set.
struct Task {
  std::optional<pb::Command> command;
  std::optional<SecretString> passphrase;
  bool draft_kept = false;  ///< kept ahead of its turn; kept again, in order, when that comes
};

bool is_draft(const Task& task) {
  return task.command && (task.command->has_keep_draft() || task.command->has_keep_decision());
}
bool is_lock(const Task& task) { return task.command && task.command->has_lock(); }
/// A passphrase: somebody is back, and waits for no courier of the night.
bool ends_long_work(const Task& task) {
  return task.passphrase || (task.command && (task.command->has_lock() || task.command->has_stop_reconcile() ||
                                              task.command->has_stop_fetch()));
}
/// What may be done between two steps of long work: all but what ends it, or is such work itself.
bool is_ordinary(const Task& task) {
  return task.command && !ends_long_work(task) && !task.command->has_reconcile() && !task.command->has_fetch_file();
}
/// What is still done when the window has gone away.
bool saves_work(const Task& task) {
  return is_draft(task) || (task.command && (task.command->has_discard_draft() || task.command->has_save() ||
                                             task.command->has_decide() || task.command->has_keep_settings()));
}
/// What nobody waits for any more once a lock is queued behind it.
bool is_moot_before_lock(const Task& task) { return !is_lock(task) && !saves_work(task); }

class Worker final : public WorkerLink, private Clerk::Watcher {
 public:
  Worker(platform::Env env, Setup setup)
      : thread_([this, env, kept = std::move(setup)]() mutable { work(env, std::move(kept)); }) {}

  ~Worker() override {
    {
      const std::lock_guard hold(mutex_);
      ending_ = true;
      wakeup_ = nullptr;
    }
    something_to_do_.notify_one();
    thread_.join();
  }

  void send(Bytes bytes) override {
    auto command = decode_command(bytes);
    wipe(bytes);
    if (command) push({*std::move(command), std::nullopt});
  }

  void unlock(SecretString passphrase) override { push({std::nullopt, std::move(passphrase)}); }

  std::shared_ptr<const Bytes> latest() override {
    const std::lock_guard hold(mutex_);
    return latest_;
  }

  void set_wakeup(std::function<void()> wakeup) override {
    const std::lock_guard hold(mutex_);
    wakeup_ = std::move(wakeup);
  }

 private:
  void push(Task task) {
    {
      const std::lock_guard hold(mutex_);
      const bool search = task.command && task.command->has_search();
      if (is_lock(task)) std::erase_if(queue_, is_moot_before_lock);
      if (search && !queue_.empty() && queue_.back().command && queue_.back().command->has_search()) queue_.pop_back();
      queue_.push_back(std::move(task));
    }
    something_to_do_.notify_one();
  }

  /// The next task; nothing when there is none, after waiting for one for a few minutes unless `busy`.
  std::optional<Task> take(bool busy) {
    std::unique_lock hold(mutex_);
    if (!busy) something_to_do_.wait_for(hold, std::chrono::milliseconds(kNightLook_ms), [this] { return ending_ || !queue_.empty(); });
    if (queue_.empty()) return std::nullopt;
    Task task = std::move(queue_.front());
    queue_.pop_front();
    return task;
  }

  /// The next task, unless it is one that long work must not do by the way.
  std::optional<Task> take_ordinary() {
    const std::lock_guard hold(mutex_);
    if (queue_.empty() || !is_ordinary(queue_.front())) return std::nullopt;
    Task task = std::move(queue_.front());
    queue_.pop_front();
    return task;
  }

  bool ending() {
    const std::lock_guard hold(mutex_);
    return ending_;
  }

  void work(platform::Env env, Setup setup) {
    Clerk::Watcher& watcher = *this;
    clerk_.emplace(env, std::move(setup), watcher);  // here: what it reads of the folder keeps no window waiting
    news();
    bool more_to_do = true;
    while (!ending()) {
      std::optional<Task> task = take(more_to_do);
      if (!task && more_to_do) {
        more_to_do = clerk_->idle_slice();
        continue;
      }
      if (!task) {
        more_to_do = !ending() && clerk_->night_slice();
        if (more_to_do) news();
        continue;
      }
      perform(*task);
      news();
      more_to_do = true;
    }
    while (std::optional<Task> task = take(true)) {
      if (saves_work(*task)) perform(*task);
    }
    pb::Command lock;
    lock.mutable_lock();
    clerk_->handle(lock);
    news();  // what was on the screen goes
    clerk_.reset();
  }

  void perform(Task& task) {
    if (task.passphrase) {
      clerk_->unlock(*std::move(task.passphrase));
      return;
    }
    clerk_->handle(*task.command);
    wipe(*task.command);
  }

  // ---- Clerk::Watcher: called on the worker's thread, in the middle of work ----

  void news() override {
    pb::Snapshot snapshot = clerk_->snapshot();
    auto bytes = encode_wiping(snapshot);
    wipe(snapshot);
    std::function<void()> wakeup;
    {
      const std::lock_guard hold(mutex_);
      latest_.swap(bytes);
      wakeup = wakeup_;
    }
    // `bytes` now holds the one before: it is wiped here unless the window still reads it.
    bytes.reset();
    if (wakeup) wakeup();
  }

  bool go_on() override {
    std::vector<pb::Command> drafts;
    bool stop = false;
    {
      const std::lock_guard hold(mutex_);
      stop = ending_;
      for (Task& task : queue_) {
        if (is_draft(task) && !task.draft_kept) {
          task.draft_kept = true;
          drafts.push_back(*task.command);
        }
        stop = stop || ends_long_work(task);
      }
    }
    for (pb::Command& draft : drafts) {
      clerk_->keep_typed(draft);
      wipe(draft);
    }
    if (!drafts.empty()) news();
    return !stop;
  }

  bool let_others() override {
    while (go_on()) {
      std::optional<Task> task = take_ordinary();
      if (!task) return true;
      perform(*task);
      news();
    }
    return false;
  }

  std::mutex mutex_;
  std::condition_variable something_to_do_;
  std::deque<Task> queue_;
  std::shared_ptr<const Bytes> latest_ = std::make_shared<const Bytes>();
  std::function<void()> wakeup_;
  bool ending_ = false;
  std::optional<Clerk> clerk_;  ///< made, used and ended by the thread
  std::thread thread_;  ///< last: it uses all of the above
};

}  // namespace

std::unique_ptr<WorkerLink> make_worker(platform::Env env, Setup setup) {
  return std::make_unique<Worker>(env, std::move(setup));
}

}  // namespace wayside::app
