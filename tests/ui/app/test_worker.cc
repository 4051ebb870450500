#include <catch2/catch_test_macros.hpp>

#include <condition_variable>
#include <mutex>

#include "tests/ui/app/clerk_desk.h"
#include "ui/app/worker.h"

namespace wayside::app::tests {
namespace {

/// The window's side of the line: waits for what it waits for.
class Window {
 public:
  Window(platform::Env env, Setup setup) : link_(make_worker(env, std::move(setup))) {
    link_->set_wakeup([this] {
      const std::lock_guard hold(mutex_);
      ++news_;
      changed_.notify_all();
    });
  }
  ~Window() { link_.reset(); }

  void send(const pb::Command& command) { link_->send(encode(command)); }
  WorkerLink& link() { return *link_; }
  pb::Snapshot latest() {
    const auto bytes = link_->latest();
    return bytes->empty() ? pb::Snapshot() : *decode_snapshot(*bytes);
  }
  /// The first snapshot from now on for which `wanted` holds.
  template <class Wanted>
  pb::Snapshot wait_for(Wanted wanted) {
    std::unique_lock hold(mutex_);
    for (;;) {
      const auto before = news_;
      hold.unlock();
      const pb::Snapshot shown = latest();
      if (wanted(shown)) return shown;
      hold.lock();
      changed_.wait(hold, [&] { return news_ != before; });
    }
  }
  pb::Snapshot unlocked() {
    link_->unlock(support::typed(Fleet::kPassphrase));
    return wait_for([](const pb::Snapshot& shown) { return shown.vault() == pb::Snapshot::open; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t news_ = 0;
  std::unique_ptr<WorkerLink> link_;
};

struct Threaded : AtWork {
  Threaded() {
    id = priya();
    amina.vault.reset();
  }
  pb::Command open() const {
    pb::Command command;
    command.mutable_open_case()->set_case_id(id.str());
    return command;
  }
  static pb::Command keep(const pb::Form& form, const std::string& address) {
    pb::Command command;
    command.mutable_keep_draft()->set_form_id(form.form_id());
    type(form, {{"address", {address}}}, *command.mutable_keep_draft()->mutable_fields());
    return command;
  }
  static pb::Command lock() {
    pb::Command command;
    command.mutable_lock()->set_quick_exit(true);
    return command;
  }
  static pb::Command reconcile() {
    pb::Command command;
    command.mutable_reconcile();
    return command;
  }
  RecordId id;
};

/// An office that keeps the line open until it is told to stop.
Result<reconcile::Outcome> until_stopped(vault::Vault&, const reconcile::Options& options) {
  reconcile::Outcome out;
  options.progress({reconcile::Progress::Phase::fetching, 1, 100});
  while (!options.stop_asked()) std::this_thread::yield();
  out.stopped_early = true;
  return out;
}

bool is_locked(const pb::Snapshot& shown) { return shown.vault() == pb::Snapshot::locked; }

}  // namespace

TEST_CASE("a worker opens, shows and locks, with rising numbers") {
  Threaded desk;
  Window window(desk.amina.world->env(), desk.setup);
  const auto first = window.wait_for(is_locked).number();
  const auto opened = window.unlocked();
  CHECK(opened.number() > first);
  window.send(desk.open());
  const auto shown = window.wait_for([](const pb::Snapshot& news) { return news.has_case_(); });
  CHECK(shown.case_().name() == "Priya Shah");
  window.send(Threaded::lock());
  CHECK_FALSE(window.wait_for(is_locked).has_case_());
}

TEST_CASE("bytes that are no command change nothing, and the line goes on") {
  Threaded desk;
  Window window(desk.amina.world->env(), desk.setup);
  window.unlocked();
  window.link().send("garbage");
  window.link().send(std::string(100, '\xff'));
  window.send(desk.open());
  CHECK(window.wait_for([](const pb::Snapshot& news) { return news.has_case_(); }).vault() == pb::Snapshot::open);
}

TEST_CASE("drafts sent just before quick exit are there when the vault is opened again") {
  Threaded desk;
  Window window(desk.amina.world->env(), desk.setup);
  window.unlocked();
  window.send(desk.open());
  const pb::Form form =
      window.wait_for([](const pb::Snapshot& news) { return news.case_().has_form(); }).case_().form();
  for (int i = 0; i < 20; ++i) window.send(Threaded::keep(form, "9 Orchard Way, draft " + std::to_string(i)));
  window.send(Threaded::lock());
  window.wait_for(is_locked);
  window.unlocked();
  window.send(desk.open());
  const pb::Snapshot again = window.wait_for([](const pb::Snapshot& news) { return news.case_().has_form(); });
  CHECK(AtWork::field(again.case_().form(), "address").items(0) == "9 Orchard Way, draft 19");
}

TEST_CASE("during a reconcile drafts are kept, forms saved and cases opened, and a lock ends it") {
  Threaded desk;
  desk.setup.reconcile = until_stopped;
  Window window(desk.amina.world->env(), desk.setup);
  window.unlocked();
  window.send(desk.open());
  const pb::Form form =
      window.wait_for([](const pb::Snapshot& news) { return news.case_().has_form(); }).case_().form();
  window.send(Threaded::reconcile());
  window.wait_for([](const pb::Snapshot& news) { return news.reconcile().phase() == pb::ReconcileState::fetching; });
  window.send(Threaded::keep(form, "9 Orchard Way"));
  const pb::Snapshot kept =
      window.wait_for([](const pb::Snapshot& news) { return !news.case_().form().draft_kept().empty(); });
  CHECK(kept.reconcile().phase() == pb::ReconcileState::fetching);  // it is still going on
  pb::Command save;
  save.mutable_save()->set_form_id(form.form_id());
  AtWork::type(form, {{"address", {"9 Orchard Way"}}}, *save.mutable_save()->mutable_fields());
  window.send(save);
  const pb::Snapshot saved = window.wait_for([](const pb::Snapshot& news) {
    return news.case_().has_form() && AtWork::field(news.case_().form(), "address").values(0).text() == "9 Orchard Way";
  });
  CHECK(saved.reconcile().phase() == pb::ReconcileState::fetching);
  pb::Command find;
  find.mutable_search()->set_text("Nobody of that name");
  window.send(find);
  const pb::Snapshot found = window.wait_for([](const pb::Snapshot& news) { return news.caseload().rows_size() == 0; });
  CHECK(found.reconcile().phase() == pb::ReconcileState::fetching);
  window.send(Threaded::reconcile());   // it is under way already
  window.send(Threaded::lock());
  window.wait_for(is_locked);
  window.unlocked();
  window.send(desk.open());
  const pb::Snapshot again = window.wait_for([](const pb::Snapshot& news) { return news.case_().has_form(); });
  CHECK(AtWork::field(again.case_().form(), "address").values(0).text() == "9 Orchard Way");
  CHECK_FALSE(again.case_().form().restored_draft());
}

TEST_CASE("what is typed in a review during a reconcile is kept at once") {
  Threaded desk;
  desk.fleet.reopen(desk.amina);
  support::edit(desk.amina, desk.person, "address", Text{"Flat 2, Mill Lane"});
  support::edit(desk.ben, desk.person, "address", Text{"9 Orchard Way"});
  desk.fleet.reconcile();
  desk.amina.vault.reset();
  desk.setup.reconcile = until_stopped;
  Window window(desk.amina.world->env(), desk.setup);
  const pb::Snapshot opened = window.unlocked();
  REQUIRE(opened.reviews().open() == 1);
  pb::Command open;
  open.mutable_open_review()->set_review_id(opened.reviews().rows(0).review_id());
  window.send(open);
  window.wait_for([](const pb::Snapshot& news) { return news.reviews().has_detail(); });
  window.send(Threaded::reconcile());
  window.wait_for([](const pb::Snapshot& news) { return news.reconcile().phase() == pb::ReconcileState::fetching; });
  pb::Command typed;
  typed.mutable_keep_decision()->set_review_id(opened.reviews().rows(0).review_id());
  typed.mutable_keep_decision()->set_reason("Her sister");
  window.send(typed);
  const pb::Snapshot kept =
      window.wait_for([](const pb::Snapshot& news) { return !news.reviews().detail().draft_kept().empty(); });
  CHECK(kept.reconcile().phase() == pb::ReconcileState::fetching);  // it is still going on
  window.send(Threaded::lock());
  window.wait_for(is_locked);
  window.unlocked();
  window.send(open);
  const pb::Snapshot again = window.wait_for([](const pb::Snapshot& news) { return news.reviews().has_detail(); });
  CHECK(again.reviews().detail().draft().reason() == "Her sister");
}

TEST_CASE("a stopped reconcile says that it is paused") {
  Threaded desk;
  desk.setup.reconcile = [](vault::Vault&, const reconcile::Options& options) -> Result<reconcile::Outcome> {
    reconcile::Outcome out;
    options.progress({});
    while (!options.stop_asked()) std::this_thread::yield();
    out.stopped_early = true;
    return out;
  };
  Window window(desk.amina.world->env(), desk.setup);
  window.unlocked();
  window.send(Threaded::reconcile());
  window.wait_for([](const pb::Snapshot& news) { return news.reconcile().phase() == pb::ReconcileState::preparing; });
  pb::Command stop;
  stop.mutable_stop_reconcile();
  window.send(stop);
  CHECK(
      window.wait_for([](const pb::Snapshot& news) { return news.reconcile().phase() == pb::ReconcileState::stopped; })
          .vault() == pb::Snapshot::open);
}

TEST_CASE("a window that goes away leaves its last words as drafts and its saves saved") {
  Threaded desk;
  pb::Form form;
  {
    Window window(desk.amina.world->env(), desk.setup);
    window.unlocked();
    window.send(desk.open());
    form = window.wait_for([](const pb::Snapshot& news) { return news.case_().has_form(); }).case_().form();
    window.send(Threaded::keep(form, "9 Orchard Way"));
  }
  Clerk& clerk = desk.start();
  CHECK(clerk.is_open());
  desk.open_case(desk.id);
  CHECK(AtWork::field(desk.form(), "address").items(0) == "9 Orchard Way");
}

TEST_CASE("settings chosen just before the window goes away are kept") {
  Threaded desk;
  {
    Window window(desk.amina.world->env(), desk.setup);
    pb::Command command;
    command.mutable_keep_settings()->mutable_settings()->set_text_percent(150);
    window.send(command);
    window.send(Threaded::lock());
  }
  Window window(desk.amina.world->env(), desk.setup);
  CHECK(window.wait_for(is_locked).settings().text_percent() == 150);
}

TEST_CASE("of searches in a row the last is answered") {
  Threaded desk;
  Window window(desk.amina.world->env(), desk.setup);
  window.unlocked();
  for (const char* text : {"p", "pr", "pri", "priy", "priya"}) {
    pb::Command command;
    command.mutable_search()->set_text(text);
    window.send(command);
  }
  CHECK(window.wait_for([](const pb::Snapshot& news) { return news.caseload().text() == "priya"; })
            .caseload()
            .matching() == 1);
}

}  // namespace wayside::app::tests
