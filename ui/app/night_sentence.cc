#include "ui/app/night_sentence.h"

#include "ui/app/sentences.h"
#include "ui/app/words.h"

namespace wayside::app {
namespace {

constexpr std::int64_t kOverdue_ms = std::int64_t{2} * 24 * 60 * 60 * 1000;

std::string changes(std::uint64_t count) { return counted(count, "change", "changes"); }

std::string only_here(std::uint64_t waiting) {
  if (waiting == 0) return {};
  return " " + changes(waiting) + (waiting == 1 ? " is" : " are") + " only on this device.";
}

std::string what_moved(const spool::LastRun& run) {
  if (run.sent + run.fetched == 0) return "nothing new, here or at the office.";
  if (run.fetched == 0) return changes(run.sent) + " went to the office.";
  if (run.sent == 0) return changes(run.fetched) + " came from the office.";
  return changes(run.sent) + " went to the office, and " + std::to_string(run.fetched) + " came.";
}

std::string what_failed(const Error& error) {
  switch (error.code) {
    case Errc::unreachable: return "the office could not be reached.";
    case Errc::later: return "the office was busy.";
    default: return "it did not work. " + sentence(error);
  }
}

std::string capitalised(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') text.front() = static_cast<char>(text.front() - 'a' + 'A');
  return text;
}

}  // namespace

std::string night_sentence(const spool::LastRun& run, std::uint64_t waiting, std::int64_t now_ms) {
  const std::string when = capitalised(how_long_ago(run.ended_ms, now_ms)) + ": ";
  return when + (run.error ? what_failed({*run.error, {}}) + only_here(waiting) : what_moved(run));
}

std::string overdue_sentence(std::int64_t reconciled_ms, std::uint64_t waiting, std::int64_t now_ms) {
  if (reconciled_ms == 0) return waiting == 0 ? std::string() : "This device has never reconciled." + only_here(waiting);
  if (now_ms - reconciled_ms < kOverdue_ms) return {};
  return "Last reconciled " + how_long_ago(reconciled_ms, now_ms) + "." + only_here(waiting);
}

}  // namespace wayside::app
