#include "core/casework/writing.h"

#include <algorithm>

#include "core/schema/validate.h"

namespace wayside::casework {
namespace {

using ledger::FieldView;
using ledger::Write;
using schema::Policy;

Result<void> check_all(const schema::Field& field, const std::vector<Value>& values) {
  for (const Value& value : values) {
    if (const auto checked = schema::check(field, value); !checked) return std::unexpected(Error(checked.error()));
  }
  return {};
}

bool is_empty(const Value& value) {
  const Text* text = std::get_if<Text>(&value);
  return text != nullptr && text->utf8.empty();
}

Write added(const schema::Field& field, const Value& value) {
  Write write;
  write.field = field.id;
  if (!is_empty(value)) write.value = encode(value);
  return write;
}

/// A union: each new item is a write of its own; taking one away names every dot of it that was shown.
std::vector<Write> union_writes(const FieldChange& change, const FieldView& view) {
  std::vector<Value> add = change.add;
  std::vector<Value> remove = change.remove;
  const auto has = [](const std::vector<Value>& list, const Value& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
  };
  if (change.sets) {
    add.insert(add.end(), change.set.begin(), change.set.end());
    for (const ledger::Shown& shown : view.values) {
      if (!has(change.set, shown.value)) remove.push_back(shown.value);
    }
  }
  std::vector<Write> out;
  for (const ledger::Shown& shown : view.values) {
    if (!has(remove, shown.value)) continue;
    Write write;
    write.field = change.field->id;
    write.supersedes = shown.dots;
    out.push_back(std::move(write));
  }
  for (const Value& value : add) {
    const bool there = std::any_of(view.values.begin(), view.values.end(),
                                   [&](const ledger::Shown& shown) { return shown.value == value; });
    Write write = added(*change.field, value);
    const bool twice = std::any_of(out.begin(), out.end(), [&](const Write& each) { return each.value == write.value; });
    if (!there && !twice && !write.value.empty()) out.push_back(std::move(write));
  }
  return out;
}

/// An entry never changes; a correction points to the one it corrects and takes nothing away.
std::vector<Write> append_writes(const FieldChange& change, const FieldView& view) {
  std::vector<Write> out;
  for (const Value& value : change.set) {
    Write write = added(*change.field, value);
    if (write.value.empty()) continue;
    if (change.corrects) write.corrects = change.corrects;
    else if (!view.values.empty()) write.corrects = view.values.back().held->dot;
    out.push_back(std::move(write));
  }
  return out;
}

/// What the author was shown is superseded by the first write; several values of one save stand together.
std::vector<Write> replacing_writes(const FieldChange& change, std::vector<Dot> shown) {
  std::vector<Write> out;
  for (const Value& value : change.set) out.push_back(added(*change.field, value));
  if (out.empty()) {
    Write cleared;
    cleared.field = change.field->id;
    out.push_back(std::move(cleared));
  }
  out.front().supersedes = std::move(shown);
  std::erase_if(out, [](const Write& write) { return write.value.empty() && write.supersedes.empty(); });
  return out;
}

/// Only what was on the screen counts: what arrived under an open form is not seen, so not superseded.
ledger::FieldState as_shown(const ledger::FieldState* state, const std::optional<std::vector<Dot>>& shown) {
  ledger::FieldState out;
  if (state == nullptr) return out;
  for (const ledger::Held& held : state->held) {
    if (!shown || std::find(shown->begin(), shown->end(), held.dot) != shown->end()) out.held.push_back(held);
  }
  return out;
}

}  // namespace

Result<std::vector<Write>> writes_for(const FieldChange& change, const ledger::FieldState* state) {
  const schema::Field& field = *change.field;
  WAYSIDE_OK(check_all(field, change.set));
  WAYSIDE_OK(check_all(field, change.add));
  if (!field.several && change.set.size() > 1) return fail(Errc::bad_input, field.name + ": takes one value");
  if (field.policy != Policy::union_set && (!change.add.empty() || !change.remove.empty())) {
    return fail(Errc::bad_input, field.name + ": items can be added to and removed from lists only. Use --set");
  }
  const ledger::FieldState seen = as_shown(state, change.shown);
  const FieldView view = ledger::view(&field, seen);
  switch (field.policy) {
    case Policy::union_set: return union_writes(change, view);
    case Policy::append: return append_writes(change, view);
    case Policy::review:
    case Policy::protective:
    case Policy::steps:
    case Policy::desk:
    case Policy::latest: return replacing_writes(change, change.shown ? *change.shown : view.dots());
  }
  return fail(Errc::bad_input, field.name);
}

bool needs_reason(const FieldChange& change, const ledger::FieldState* state) {
  if (change.field->policy != Policy::protective) return false;
  const ledger::FieldState seen = as_shown(state, change.shown);
  const FieldView view = ledger::view(change.field, seen);
  if (change.sets && change.set.empty()) return !view.values.empty();
  return std::any_of(change.set.begin(), change.set.end(),
                     [&](const Value& value) { return ledger::lowers_protection(*change.field, view, value); });
}

}  // namespace wayside::casework
