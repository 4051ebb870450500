#include <algorithm>

#include "core/attachments/attachments.h"
#include "core/attachments/sealed_file.h"
#include "sync/reconcile/attachments.h"
#include "tests/simulation/world.h"

// Files kept with a case: added, sent a part at a time, fetched by a colleague when she asks. What anybody opens is, byte for
// byte, what was added.

namespace wayside::simulation {
namespace {

using ModelState = ModelSave::State;

constexpr std::uint32_t kNameField = 16;
constexpr std::size_t kSmallFile_bytes = 20'000;
constexpr std::size_t kLargeFile_bytes = 1'100'000;   // more than one part

std::string name_of_file(std::size_t number) { return "file " + std::to_string(number); }

Bytes some_bytes(Dice& dice) {
  Bytes out("a file\n");
  for (std::size_t left = dice.one_in(10) ? kLargeFile_bytes : 1 + dice.below(kSmallFile_bytes); left > 0; --left) {
    out.push_back(static_cast<char>('a' + dice.below(26)));
  }
  return out;
}

std::set<std::string> parts_on(const support::FakeFiles& files) {
  std::set<std::string> out;
  for (const auto& [path, bytes] : files.contents()) {
    if (path.find("/blobs/") != std::string::npos) out.insert(platform::Path(path).filename().string());
  }
  return out;
}

}  // namespace

bool is_attachment(const schema::RecordType& type) { return type.name == attachments::kTypeName; }

void World::attach(Seat& seat, Dice dice) {
  const auto target =
      some_record(seat, dice, [](const schema::RecordType* type) { return type != nullptr && type->name == "case"; });
  if (!target) return;
  ModelSave model;
  model.author = seat.number;
  model.words = "attaches a file to " + names_[target->id];
  const std::size_t number = oracle_.add(std::move(model));
  File& file = files_[number];
  file.of_case = target->id;
  file.content = some_bytes(dice);
  attachments::NewAttachment what;
  what.case_id = target->id;
  what.name = name_of_file(number);
  what.kind = "letter";
  what.file_name = "letter.txt";
  const auto before = parts_on(seat.files());
  const auto added = attachments::add(*seat.vault, what, file.content);
  const bool can_look = !seat.files().is_off();
  if (can_look) seat.files().forget_faults();
  tell(seat.name + ": " + oracle_.save(number).words + ", " + std::to_string(file.content.size()) + " bytes (save " + std::to_string(number) +
       (added ? ")." : ") is not taken: " + std::string(name_of(added.error().code)) + "."));
  if (added) {
    std::ranges::set_difference(parts_on(seat.files()), before, std::inserter(file.parts, file.parts.end()));
    note_file(number, added->id);
    oracle_.save(number).state = ModelState::accepted;
    if (can_look && !look_for(seat, number)) violate("save lost", seat.name + " attached a file, and it is not there");
    return;
  }
  if (!excused(seat) && !stands_outside(seat)) violate("save refused", seat.name + " cannot attach a file: " + added.error().detail);
  if (can_look && !look_for_file(seat, number)) oracle_.save(number).state = ModelState::refused;
}

void World::note_file(std::size_t number, const RecordId& id) {
  names_[id] = name_of_file(number);
  const auto* type = schema::current().type(attachments::kTypeName);
  oracle_.save(number).writes = {{id, type->id, kNameField, encode(Value(Text{name_of_file(number)})), {}, {}}};
}

/// Of a file whose outcome was not told: by its name, among the files of the case.
bool World::look_for_file(Seat& seat, std::size_t number) {
  const auto row = need(seat.vault->store().record(files_.at(number).of_case));
  if (!row) return false;
  for (const auto& each : need(attachments::list(*seat.vault, row->id))) {
    if (each.name != name_of_file(number)) continue;
    note_file(number, each.id);
    return look_for(seat, number);
  }
  return false;
}

/// Whatever is here of a file that is here as a whole opens, and is what was added.
void World::check_files(Seat& seat, Parts parts) {
  const std::set<EnvelopeId> present = envelopes_in(seat);
  for (const auto& [number, file] : files_) {
    const ModelSave& save = oracle_.saves()[number];
    // Late work is accepted one by one: what is said of a file may count where the file itself does not.
    const auto envelopes = Oracle::envelopes_of(save);
    if (!std::ranges::all_of(envelopes, [&](const EnvelopeId& id) { return present.contains(id); })) continue;
    if (save.writes.empty() || !need(seat.vault->store().record(save.writes.front().record))) continue;
    const RecordId& id = save.writes.front().record;
    const auto attached = attachments::get(*seat.vault, id);
    if (!attached && attached.error().code == Errc::not_found) continue;   // a record of it that was archived alone, say
    const auto held = need(std::move(attached));
    const bool whole = held.parts_here == held.parts;
    // The disk that held its parts was put back, and a courier by itself had sent no more than the record of it.
    if (!whole && !save.at_risk && (save.author == seat.number || parts == Parts::all_there))
      violate("file lost", seat.name + " lacks a part of " + names_[id] + " of " + seats_.at(save.author)->name);
    if (!whole) continue;
    const auto opened = attachments::open(*seat.vault, id);
    if (!opened || *opened != file.content)
      violate("file altered", names_[id] + " on " + seat.name + (opened ? " is not what was added" : " cannot be opened: " + opened.error().detail));
  }
}

void World::fetch_files(Seat& seat, bool in_peace) {
  const bool was_excused = !in_peace && (excused(seat) || seat.away);
  const auto missing = need(attachments::all_missing_parts(*seat.vault));
  if (missing.empty()) return;
  wayside::reconcile::Options options;
  options.carry = [&](const wire::pb::CourierJob& job) -> Result<wire::pb::CourierDone> { return carry(seat, job, nullptr); };
  const auto fetched = wayside::reconcile::fetch_parts(*seat.vault, missing, options);
  end_of_line_faults(seat);
  tell(seat.name + " fetches colleagues' files: " +
       (fetched ? std::to_string(fetched->parts.envelopes) + " parts." : std::string(name_of(fetched.error().code)) + " (" + fetched.error().detail + ")."));
  if (!fetched) judge_trouble(seat, "fetching files", fetched.error(), was_excused);
  if (seat.files().is_off()) return;
  seat.files().forget_faults();
  check_files(seat, Parts::may_come);
  arm(seat);
}

/// No part of an erased case's files is left on any disk that has heard of it.
void World::check_files_erased() {
  std::vector<std::pair<std::string, std::set<std::string>>> disks{{"the office", parts_on(*office_.machine().files)}};
  for (const auto& seat : seats_) {
    if (!stands_outside(*seat) && !seat->alarmed) disks.emplace_back(seat->name, parts_on(seat->files()));
  }
  for (const auto& [number, file] : files_) {
    const auto envelopes = Oracle::envelopes_of(oracle_.saves()[number]);
    if (envelopes.empty() || !is_erased(law_, *envelopes.begin())) continue;
    for (const auto& [whose, parts] : disks) {
      const bool left = std::ranges::any_of(file.parts, [&](const std::string& part) { return parts.contains(part); });
      if (left) violate("not erased", whose + " still has a part of a file of an erased case");
    }
  }
}

}  // namespace wayside::simulation
