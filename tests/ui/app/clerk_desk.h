#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/support/fleet.h"
#include "ui/app/clerk.h"
#include "ui/app/codec.h"

/// A clerk at work on Amina's vault, with Ben's vault beside it; the test plays the window.
namespace wayside::app::tests {

using support::Device;
using support::Fleet;

/// Lets long work pass, unless the test says otherwise.
struct QuietWatcher : Clerk::Watcher {
  void news() override {
    ++told;
    if (on_news) on_news();
  }
  bool go_on() override { return on_go_on ? on_go_on() : true; }
  bool let_others() override { return go_on(); }
  int told = 0;
  std::function<void()> on_news;
  std::function<bool()> on_go_on;
};

class AtWork {
 public:
  AtWork() : amina(fleet.add("Amina")), ben(fleet.add("Ben")) {
    fleet.append(membership::OfficeKey{Digest{}, PublicKey{}, "127.0.0.1:1"});
    fleet.share_membership();
    setup.home = amina.home;
    setup.reconcile = [this](vault::Vault& vault, const reconcile::Options& options) {
      return reconcile(vault, options);
    };
  }
  AtWork(const AtWork&) = delete;

  /// Amina's vault leaves the fleet and comes under a clerk.
  Clerk& start() {
    amina.vault.reset();
    clerk = std::make_unique<Clerk>(amina.world->env(), setup, watcher);
    clerk->unlock(support::typed(Fleet::kPassphrase));
    return *clerk;
  }
  /// What the worker's next program run does after this one ended.
  Clerk& restart() {
    clerk.reset();
    return start();
  }

  pb::Snapshot now() { return clerk->snapshot(); }
  pb::Form form() { return now().case_().form(); }
  static const pb::FormField& field(const pb::Form& form, std::string_view name) {
    for (const auto& each : form.fields()) {
      if (each.name() == name) return each;
    }
    throw std::logic_error("no field " + std::string(name));
  }

  using Typed = std::vector<std::pair<std::string, std::vector<std::string>>>;
  static void type(const pb::Form& form, const Typed& typed, google::protobuf::RepeatedPtrField<pb::FieldText>& out) {
    for (const auto& [name, items] : typed) {
      pb::FieldText& text = *out.Add();
      text.set_field(field(form, name).field());
      for (const auto& item : items) text.add_items(item);
    }
  }

  void open_case(const RecordId& id) {
    pb::Command command;
    command.mutable_open_case()->set_case_id(id.str());
    clerk->handle(command);
  }
  void open_record(const RecordId& id) {
    pb::Command command;
    command.mutable_open_record()->set_record_id(id.str());
    clerk->handle(command);
  }
  void new_record(const RecordId& case_id, const std::string& type) {
    pb::Command command;
    command.mutable_new_record()->set_case_id(case_id.str());
    command.mutable_new_record()->set_type(type);
    clerk->handle(command);
  }
  void new_case() {
    pb::Command command;
    command.mutable_new_case();
    clerk->handle(command);
  }
  void keep(const pb::Form& form, const Typed& typed, const std::string& reason = "") {
    pb::Command command;
    command.mutable_keep_draft()->set_form_id(form.form_id());
    command.mutable_keep_draft()->set_reason(reason);
    type(form, typed, *command.mutable_keep_draft()->mutable_fields());
    clerk->handle(command);
  }
  void discard(const pb::Form& form) {
    pb::Command command;
    command.mutable_discard_draft()->set_form_id(form.form_id());
    clerk->handle(command);
  }
  void save(const pb::Form& form, const Typed& typed, const std::string& reason = "") {
    pb::Command command;
    command.mutable_save()->set_form_id(form.form_id());
    command.mutable_save()->set_reason(reason);
    type(form, typed, *command.mutable_save()->mutable_fields());
    clerk->handle(command);
  }
  pb::Caseload search(const std::string& text, const std::string& filter = "") {
    pb::Command command;
    command.mutable_search()->set_text(text);
    command.mutable_search()->set_filter(filter);
    clerk->handle(command);
    return now().caseload();
  }
  void lock(bool quick_exit = false) {
    pb::Command command;
    command.mutable_lock()->set_quick_exit(quick_exit);
    clerk->handle(command);
  }
  void press_reconcile() {
    pb::Command command;
    command.mutable_reconcile();
    clerk->handle(command);
  }
  void open_review(const std::string& id) {
    pb::Command command;
    command.mutable_open_review()->set_review_id(id);
    clerk->handle(command);
  }
  void keep_decision(const pb::Decide& undecided) {
    pb::Command command;
    *command.mutable_keep_decision() = undecided;
    clerk->handle(command);
  }
  void decide(const pb::Decide& decision) {
    pb::Command command;
    *command.mutable_decide() = decision;
    clerk->handle(command);
  }

  /// A case with its person in both vaults, written by Amina before the clerk begins.
  RecordId priya() {
    const RecordId id = support::put_case(amina, "C-0101");
    person = support::put(amina, id, "person",
                          {{"forename", Text{"Priya"}},
                           {"surname", Text{"Shah"}},
                           {"town", Text{"Leicester"}},
                           {"dob", Date{"1991-03-14"}},
                           {"address", Text{"4 Priory Close"}}});
    fleet.reconcile();
    return id;
  }

  Fleet fleet;
  Device& amina;
  Device& ben;
  Setup setup;
  QuietWatcher watcher;
  std::unique_ptr<Clerk> clerk;
  RecordId person;
  /// Runs in the middle of the next reconcile, before Ben's news is folded.
  std::function<void()> meanwhile;
  std::optional<Error> office_says;

 private:
  /// Ben's news reaches the vault as a courier brings it; nothing of ours is taken by an office.
  Result<reconcile::Outcome> reconcile(vault::Vault& vault, const reconcile::Options& options) {
    options.progress({reconcile::Progress::Phase::sending, 0, 3});
    if (meanwhile) meanwhile();
    reconcile::Outcome out;
    if (options.stop_asked()) {
      out.stopped_early = true;
      return out;
    }
    if (office_says) return std::unexpected(*office_says);
    WAYSIDE_TRY(auto writing, vault.begin());
    vault::Ingest ingest(vault, writing);
    for (const auto& parcel : Fleet::all_of(ben)) WAYSIDE_OK(ingest.parcel(parcel));
    out.applied_change_sets = ingest.totals().applied;
    WAYSIDE_OK(std::move(writing).commit());
    options.progress({reconcile::Progress::Phase::folding, 3, 3});
    out.pushed.envelopes = 2;
    WAYSIDE_TRY(out.open_reviews, casework::open_reviews(vault));
    return out;
  }
};

}  // namespace wayside::app::tests
