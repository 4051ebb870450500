#include "ui/cli/stick_words.h"

#include <ostream>

#include "core/base/value.h"
#include "ui/cli/amounts.h"

namespace wayside::cli {
namespace {

using nlohmann::json;
using reconcile::Stick;

json written_json(std::uint64_t written, std::uint64_t left) { return {{"written", written}, {"left", left}}; }

/// "3 changes and 2 parts of attachments"; empty when there are none.
std::string changes_and_parts(std::uint64_t changes, std::uint64_t parts) {
  std::string out = changes > 0 ? count_of(changes, "change", "changes") : "";
  if (changes > 0 && parts > 0) out += " and ";
  return parts > 0 ? out + count_of(parts, "part", "parts") + " of attachments" : out;
}

std::string taken_words(const Stick& stick) {
  const std::string time = stick.answered_ms > 0 ? iso_time(stick.answered_ms) : "";
  if (stick.whole) return "Taken off the stick: all that the office had for this device at " + time + ".";
  if (stick.taken && !time.empty())
    return "Taken off the stick: a part of what the office had for this device at " + time + ". The rest comes with the next journey.";
  if (stick.taken || time.empty()) return "The stick holds no answer of the office for this device yet.";
  return "The stick holds no new answer of the office. The newest that was taken is of " + time + ".";
}

std::string written_words(const Stick& stick) {
  const std::string what = changes_and_parts(stick.envelopes, stick.parts);
  std::string out = stick.wrote ? "Written on the stick for the office: " : "For the office there lies on the stick already: ";
  out += (what.empty() ? "the question what is new" : what + ", and the question what is new");
  if (stick.wanted > 0) out += ", and a request for " + count_of(stick.wanted, "part", "parts") + " of attachments";
  return out + " (" + count_of(stick.files, "file", "files") + ", " + size_of(stick.bytes) +
         "). Take it to the office, where `wayside-office stick` answers it, then run this again with it.";
}

}  // namespace

json stick_json(const Stick& stick) {
  return {{"taken", stick.taken},
          {"whole", stick.whole},
          {"answered", stick.answered_ms > 0 ? json(iso_time(stick.answered_ms)) : json()},
          {"wrote", stick.wrote},
          {"files", stick.files},
          {"bytes", stick.bytes},
          {"envelopes", written_json(stick.envelopes, stick.envelopes_left)},
          {"parts", written_json(stick.parts, stick.parts_left)},
          {"wanted", stick.wanted},
          {"fetched", stick.parts_fetched},
          {"not_there", stick.parts_not_there},
          {"full", stick.full},
          {"spoilt", stick.spoilt},
          {"put_aside", stick.put_aside}};
}

void say_stick(Context& context, const Stick& stick) {
  context.say(taken_words(stick));
  if (stick.parts_fetched > 0) context.say("Parts of attachments that came with it: " + std::to_string(stick.parts_fetched) + ".");
  if (stick.put_aside > 0) context.say("Older answers that say nothing any more were taken off it, too.");
  if (stick.files > 0) context.say(written_words(stick));
}

void warn_stick(Context& context, const Stick& stick) {
  if (stick.full) {
    const std::string left = changes_and_parts(stick.envelopes_left, stick.parts_left);
    context.err() << "The stick is full: " << (left.empty() ? "not all that is to be asked" : left)
                  << " did not fit. Everything is kept here. Free some space on it or take another one, then run this again.\n";
  }
  if (stick.spoilt > 0) {
    context.err() << count_of(stick.spoilt, "file", "files")
                  << " for this device cannot be read to the end. Nothing is lost: what they say is asked for again.\n";
  }
  if (stick.parts_not_there > 0) {
    context.err() << "The office does not have every attachment yet that was asked for. Ask again when the colleagues who added "
                     "them have reconciled.\n";
  }
}

}  // namespace wayside::cli
