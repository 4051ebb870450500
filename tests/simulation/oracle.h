#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/ledger/dot.h"
#include "core/ledger/record_state.h"

/// What was promised: every save that a device took, and of each write what its author was shown. From that alone, and
/// from which envelopes a device has, follows what each field has to hold there: all that was written, less what
/// somebody superseded who was shown it. None of the engine's folding is used for it.
namespace wayside::simulation {

/// One write of one save.
struct WriteId {
  std::size_t save = 0;
  std::size_t index = 0;
  friend auto operator<=>(const WriteId&, const WriteId&) = default;
};

struct ModelWrite {
  RecordId record;
  std::uint32_t type = 0;
  std::uint32_t field = 0;
  Bytes value;                         ///< encoded; empty: only takes away
  std::vector<WriteId> shown;          ///< of what was on the screen, that which it takes away
  std::optional<EnvelopeId> envelope;  ///< where it stands, once that is known
};

struct ModelSave {
  enum class State {
    unknown,   ///< it ended with a fault: all of it is there, or nothing
    accepted,  ///< the device said so, or had it when it was looked at
    refused,   ///< not there when it was looked at; the power may still bring it back, whole
  };
  unsigned author = 0;
  std::string words;  ///< "edit of note 3"
  std::vector<ModelWrite> writes;
  State state = State::unknown;
  bool gone = false;     ///< with a disk that an older copy was put back over, and never at the office
  bool at_risk = false;  ///< the same, and the office has it: it comes back from there
};

struct Place {
  RecordId record;
  std::uint32_t field = 0;
  friend auto operator<=>(const Place&, const Place&) = default;
};

class Oracle {
 public:
  std::size_t add(ModelSave save);
  [[nodiscard]] const std::vector<ModelSave>& saves() const { return saves_; }
  ModelSave& save(std::size_t number) { return saves_.at(number); }
  /// Where each write of an accepted save stands.
  void accept(std::size_t number, const std::vector<EnvelopeId>& envelope_of_write);

  /// What each field holds on a device that has `present`, as a sorted list of encoded values.
  [[nodiscard]] std::map<Place, std::vector<Bytes>> expected(const std::set<EnvelopeId>& present) const;
  /// Which writes of a field those on a screen are; with `value`, those of them that wrote it.
  [[nodiscard]] std::vector<WriteId> writes_at(const Place& place, const std::vector<ledger::Dot>& dots,
                                               const std::optional<Bytes>& value = std::nullopt) const;
  /// Envelopes of this stem, if a save stands there.
  [[nodiscard]] std::optional<EnvelopeId> envelope_of(const ledger::EnvelopeStem& stem) const;
  [[nodiscard]] bool knows(const ledger::EnvelopeStem& stem) const { return by_stem_.contains(stem); }
  /// Envelopes of a save, each once.
  [[nodiscard]] static std::set<EnvelopeId> envelopes_of(const ModelSave& save);
  /// Records of accepted saves, in the order in which they were made, with their types.
  struct Record {
    RecordId id;
    std::uint32_t type = 0;
  };
  [[nodiscard]] const std::vector<Record>& records() const { return records_; }

 private:
  std::vector<ModelSave> saves_;
  std::map<ledger::EnvelopeStem, std::vector<WriteId>> by_stem_;
  std::vector<Record> records_;
};

}  // namespace wayside::simulation
