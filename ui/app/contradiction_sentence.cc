#include "ui/app/contradiction_sentence.h"

namespace wayside::app {
namespace {

/// Enough of a head to tell two apart by eye; --json and `verify` have all of it.
std::string short_head(const Digest& head) { return to_text(head).substr(0, 16); }

std::string whose(const vault::Vault& vault, const DeviceId& device) {
  const membership::DeviceInfo* info = vault.membership().device(device);
  const std::string name = vault.device_name(device);
  return info == nullptr ? name : name + " (" + vault.user_name(info->entry.user) + ")";
}

std::string what(const vault::Vault& vault, const LedgerId& ledger) {
  const bool is_log = ledger.view() == vault.identity().organisation.view();
  return is_log ? "the list of members" : "ledger " + to_text(ledger);
}

}  // namespace

std::string contradiction_sentence(const vault::Vault& vault, const vault::Contradiction& found) {
  const std::string device = whose(vault, found.device);
  const std::string theirs = std::to_string(found.theirs.lsn), ours = std::to_string(found.ours.lsn);
  std::string out;
  if (found.kind == vault::Contradiction::Kind::withheld) {
    out = "The office keeps changes from this device: the device " + device + " has signed that " + what(vault, found.ledger) + " goes to entry " +
          theirs + " (head " + short_head(found.theirs.head) + "), and the office shows " + ours + " here (head " +
          short_head(found.ours.head) + ").";
  } else {
    out = "The office shows two histories: the device " + device + " has signed that " + what(vault, found.ledger) + " stood at head " +
          short_head(found.theirs.head) + " after entry " + theirs + ", and here it stands at " + short_head(found.ours.head) + " after entry " +
          ours + ".";
  }
  return out + " Nothing here was changed or lost. Either the office shows people different things, or that device states what is not so: "
               "compare with its owner what you both see, and tell your administrator today.";
}

std::string_view contradiction_name(vault::Contradiction::Kind kind) {
  return kind == vault::Contradiction::Kind::withheld ? "withheld" : "another_history";
}

}  // namespace wayside::app
