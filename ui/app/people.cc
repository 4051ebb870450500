#include "ui/app/people.h"

#include <algorithm>

#include "ui/app/references.h"
#include "ui/app/tuning.h"
#include "ui/app/words.h"

namespace wayside::app {

std::string author_name(const vault::Vault& vault, const ledger::Author& author) {
  return author.user == vault.identity().user ? "You" : vault.user_name(author.user);
}

pb::HeldValue held_value(vault::Vault& vault, const schema::Field* field, const ledger::Shown& shown,
                         std::int64_t now_ms) {
  static const schema::Field kUnknown{};
  pb::HeldValue out;
  out.set_dot(ledger::to_bytes(shown.held->dot));
  out.set_text(display(vault, field != nullptr ? *field : kUnknown, shown.value, now_ms));
  out.set_author(author_name(vault, shown.held->author));
  out.set_when(short_time(wall_ms(shown.held->author.time), now_ms));
  out.set_device(vault.device_name(shown.held->dot.device));
  return out;
}

const ledger::Shown* current(const casework::ShownField& shown) {
  if (shown.view.values.empty()) return nullptr;
  const bool append = shown.field != nullptr && shown.field->policy == schema::Policy::append;
  return append ? &shown.view.values.back() : &shown.view.values.front();
}

std::string changed_by(const vault::Vault& vault, const ledger::FieldView& view, const std::vector<ledger::Dot>& seen,
                       std::int64_t now_ms) {
  const auto newest =
      std::ranges::max_element(view.values, {}, [](const ledger::Shown& each) { return each.held->author.time; });
  if (newest == view.values.end() || newest->held->author.user == vault.identity().user) return {};
  const bool unseen = std::ranges::find(seen, newest->held->dot) == seen.end();
  const std::int64_t at_ms = wall_ms(newest->held->author.time);
  if (!unseen && now_ms - at_ms > kNewsOfOthers_ms) return {};
  return author_name(vault, newest->held->author) + " changed this on " + short_day(at_ms, now_ms);
}

pb::Risk risk_of(const Value& level) {
  const auto* code = std::get_if<Code>(&level);
  if (code == nullptr) return pb::risk_high;
  if (code->code == "NOT_ASSESSED") return pb::risk_none;
  if (code->code == "STANDARD") return pb::risk_low;
  return code->code == "MEDIUM" ? pb::risk_medium : pb::risk_high;
}

}  // namespace wayside::app
