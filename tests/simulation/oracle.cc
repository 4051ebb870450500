#include "tests/simulation/oracle.h"

#include <algorithm>
#include <stdexcept>

namespace wayside::simulation {

std::size_t Oracle::add(ModelSave save) {
  saves_.push_back(std::move(save));
  return saves_.size() - 1;
}

void Oracle::accept(std::size_t number, const std::vector<EnvelopeId>& envelope_of_write) {
  ModelSave& save = saves_.at(number);
  save.state = ModelSave::State::accepted;
  for (std::size_t i = 0; i < save.writes.size(); ++i) {
    ModelWrite& write = save.writes[i];
    write.envelope = envelope_of_write.at(i);
    by_stem_[ledger::stem_of(*write.envelope)].push_back({number, i});
    const bool known = std::ranges::any_of(records_, [&](const Record& each) { return each.id == write.record; });
    if (!known) records_.push_back({write.record, write.type});
  }
}

std::map<Place, std::vector<Bytes>> Oracle::expected(const std::set<EnvelopeId>& present) const {
  const auto is_here = [&](const ModelSave& save, const ModelWrite& write) {
    return save.state == ModelSave::State::accepted && present.contains(*write.envelope);
  };
  std::set<WriteId> taken_away;
  for (const ModelSave& save : saves_) {
    for (const ModelWrite& write : save.writes) {
      if (is_here(save, write)) taken_away.insert(write.shown.begin(), write.shown.end());
    }
  }
  std::map<Place, std::vector<Bytes>> out;
  for (std::size_t number = 0; number < saves_.size(); ++number) {
    for (std::size_t i = 0; i < saves_[number].writes.size(); ++i) {
      const ModelWrite& write = saves_[number].writes[i];
      if (!is_here(saves_[number], write)) continue;
      auto& values = out[{write.record, write.field}];
      if (!write.value.empty() && !taken_away.contains({number, i})) values.push_back(write.value);
    }
  }
  for (auto& [place, values] : out) std::sort(values.begin(), values.end());
  return out;
}

std::vector<WriteId> Oracle::writes_at(const Place& place, const std::vector<ledger::Dot>& dots,
                                       const std::optional<Bytes>& value) const {
  std::vector<WriteId> out;
  for (const ledger::Dot& dot : dots) {
    const auto found = by_stem_.find(dot.envelope);
    if (found == by_stem_.end()) continue;
    for (const WriteId& id : found->second) {
      const ModelWrite& write = saves_.at(id.save).writes.at(id.index);
      const bool here = write.record == place.record && write.field == place.field && !write.value.empty();
      if (here && (!value || write.value == *value)) out.push_back(id);
    }
  }
  return out;
}

std::optional<EnvelopeId> Oracle::envelope_of(const ledger::EnvelopeStem& stem) const {
  const auto found = by_stem_.find(stem);
  if (found == by_stem_.end()) return std::nullopt;
  const WriteId& first = found->second.front();
  return saves_.at(first.save).writes.at(first.index).envelope;
}

std::set<EnvelopeId> Oracle::envelopes_of(const ModelSave& save) {
  std::set<EnvelopeId> out;
  for (const ModelWrite& write : save.writes) {
    if (write.envelope) out.insert(*write.envelope);
  }
  return out;
}

}  // namespace wayside::simulation
