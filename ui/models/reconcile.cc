#include "ui/models/reconcile.h"

#include <algorithm>

namespace wayside::models {
namespace {

using Phase = pb::ReconcileState;

/// Which of the three steps a phase stands in.
int step_of(Phase::Phase phase) {
  switch (phase) {
    case Phase::preparing: return 0;
    case Phase::sending: return 1;
    case Phase::fetching:
    case Phase::folding:
    case Phase::sending_files: return 2;
    case Phase::done: return 3;
    default: return -1;
  }
}

}  // namespace

void ReconcileModel::take(const pb::Snapshot& snapshot) {
  shown_ = snapshot.reconcile();
  now_ms_ = snapshot.now_ms();
  decisions_ = snapshot.reviews().open();
  office_ = snapshot.office();
}

bool ReconcileModel::running() const {
  return shown_.phase() == Phase::preparing || shown_.phase() == Phase::sending || shown_.phase() == Phase::fetching ||
         shown_.phase() == Phase::folding || shown_.phase() == Phase::sending_files;
}

std::string ReconcileModel::headline() const {
  if (!office_) return "This casebook has no office";
  if (!shown_.sentence().empty()) return shown_.sentence();
  switch (shown_.phase()) {
    case Phase::preparing: return "Reaching the office";
    case Phase::sending: return "Sending your changes";
    case Phase::fetching: return "Receiving the office's news";
    case Phase::folding: return "Checking what came";
    case Phase::sending_files: return "Sending attachments";
    case Phase::done: return "Everything is with the office";
    case Phase::failed: return "The office was not reached";
    case Phase::stopped: return "Paused";
    default: break;
  }
  if (shown_.waiting() == 0) return "Nothing waits for the office";
  return shown_.waiting() == 1 ? "1 change is kept here and waits for the office"
                               : std::to_string(shown_.waiting()) + " changes are kept here and wait for the office";
}

std::string ReconcileModel::explanation() const {
  if (!office_) return "Everything you save stays on this device.";
  if (running()) return "You can keep working or close the lid. It carries on from here.";
  if (shown_.phase() == Phase::stopped) return "Nothing is lost. It carries on from where it stopped.";
  std::string out = "Last reconciled: " + (shown_.last_when().empty() ? std::string("never") : shown_.last_when()) + ".";
  const std::uint32_t changes = shown_.unreceipted();
  if (changes > 0) {
    out += " " + std::to_string(changes) + (changes == 1 ? " change is" : " changes are") +
           " here and at the office, and not yet with enough colleagues.";
  }
  return out;
}

std::optional<float> ReconcileModel::share() const {
  if (shown_.phase() == Phase::done) return 1.0f;
  if (shown_.total_units() == 0) return std::nullopt;
  return std::min(1.0f, static_cast<float>(shown_.done_units()) / static_cast<float>(shown_.total_units()));
}

std::string ReconcileModel::time_left() const {
  const std::int64_t elapsed_ms = now_ms_ - shown_.started_ms();
  if (!running() || elapsed_ms < 1000 || shown_.done_units() == 0 || shown_.total_units() <= shown_.done_units())
    return {};
  const double left_ms = static_cast<double>(elapsed_ms) *
                         static_cast<double>(shown_.total_units() - shown_.done_units()) /
                         static_cast<double>(shown_.done_units());
  if (left_ms < 60'000) return "less than a minute";
  const auto minutes = static_cast<long>(left_ms / 60'000 + 0.5);
  if (minutes < 2) return "about a minute";
  return minutes < 90 ? "about " + std::to_string(minutes) + " minutes"
                      : "about " + std::to_string((minutes + 30) / 60) + " hours";
}

std::array<ReconcileModel::Step, 3> ReconcileModel::steps() const {
  std::array<Step, 3> steps{{{"Reaching the office", StepState::next, ""},
                             {"Sending", StepState::next, ""},
                             {"Receiving and checking", StepState::next, ""}}};
  const int now = step_of(shown_.phase());
  const std::uint64_t left = shown_.total_units() - std::min(shown_.done_units(), shown_.total_units());
  for (int i = 0; i < 3; ++i) {
    Step& step = steps[static_cast<std::size_t>(i)];
    step.state = i < now ? StepState::done : i == now ? StepState::now : StepState::next;
    if (i == now && left > 0) step.right = std::to_string(left) + " left";
    if (i == now + 1 && now >= 0) step.right = "next";
  }
  if (shown_.phase() == Phase::sending_files) steps[2].label = "Sending attachments";
  if (now > 0) steps[0].label = "Reached the office";
  if (now > 1) steps[1].label = "Sent";
  if (now > 2) steps[2].label = "Received and checked";
  return steps;
}

std::string ReconcileModel::button_label() const {
  if (running()) return "Pause";
  if (shown_.phase() == Phase::stopped) return "Carry on";
  return shown_.phase() == Phase::failed ? "Try again" : "Reconcile now";
}

void ReconcileModel::press(Commands& out) const {
  if (running()) out.stop_reconcile();
  else out.reconcile();
}

}  // namespace wayside::models
