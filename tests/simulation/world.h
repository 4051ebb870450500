#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/casework/casebook.h"
#include "core/vault/audit.h"
#include "sync/enrol/membership_line.h"
#include "sync/wire/wire.pb.h"
#include "tests/simulation/law.h"
#include "tests/simulation/machine.h"
#include "tests/simulation/oracle.h"
#include "tests/simulation/step.h"

namespace wayside::simulation {

/// A promise that was broken. `kind` stays the same while a story is made shorter.
struct Violation {
  std::string kind;
  std::string text;
};

struct Outcome {
  std::optional<Violation> violation;
  std::map<Deed, std::uint64_t> counts;  ///< deeds done, and faults that took place
  std::uint64_t steps = 0;
  std::uint64_t saves = 0;        ///< accepted
  std::uint64_t requests = 0;     ///< that reached the office
  std::uint64_t lost_writes = 0;  ///< to a disk that lost its power before they were durable
  std::uint64_t torn_writes = 0;  ///< of those, written in part
  Digest digest;                  ///< of what all honest devices hold in the end
};

/// One device: a machine, a vault, and what its worker has on the screen.
struct Seat {
  unsigned number = 0;
  unsigned original = 0;  ///< the seat that this one is a copy of, or itself
  std::string name;
  std::unique_ptr<Machine> machine;
  std::unique_ptr<vault::Vault> vault;  ///< nothing while it is closed

  /// A form as it was opened: what was on the screen does not change under it.
  struct Form {
    RecordId record;
    std::vector<std::pair<std::uint32_t, std::vector<ledger::Dot>>> shown;  ///< by field
    std::uint64_t dice = 0;
  };
  std::vector<Form> forms;

  bool away = false;  ///< no network
  bool disk_limited = false;
  /// Meets the next thing that is done here.
  std::optional<std::uint64_t> power_fails_after, disk_error_after, courier_killed_after;  ///< disk operations
  struct LineFault {
    Deed deed;
    unsigned request;
    std::uint64_t dice;
  };
  std::vector<LineFault> line_faults;
  unsigned requests = 0;                                  ///< of the reconcile under way
  std::map<std::string, std::deque<Bytes>> old_answers;   ///< by path
  bool contradicted = false;                              ///< the office repeated what it had said before
  bool lied_to = false;                                   ///< the office altered what it was given
  std::optional<std::map<std::string, Bytes>> old_store;  ///< a copy that somebody made
  std::unique_ptr<Machine> backup;                        ///< of all that stands on its disk
  std::optional<DeviceId> device;  ///< once its vault was open
  Law law;                         ///< as its vault holds the log (law_of)
  std::size_t looked = 0;          ///< openings of cases that its log of reads has taken
  bool alarmed = false;  ///< it has told its worker that the office is not to be trusted

  [[nodiscard]] support::FakeFiles& files() const { return *machine->files; }
};

/// Runs a plan. One thread, no clock, no disk, no network, no randomness but its own.
class World {
 public:
  using Tell = std::function<void(const std::string& sentence)>;
  /// `tell` is given each thing that happens in plain words; it may be empty.
  World(const Plan& plan, Tell tell);
  ~World();
  Outcome run();

 private:
  // world.cc
  void perform(const Step& step);
  void befall(Seat& seat, const Step& step, Dice dice);
  void jump_clock(Seat& seat, Dice dice);
  void perform_on(Seat& seat, const Step& step);
  void pass_time(std::int64_t ms);
  bool open(Seat& seat);
  void arm(Seat& seat);
  void after_deed(Seat& seat);
  void lose_power(Seat& seat, std::uint64_t dice);
  Seat& seat_of(const Step& step);
  // copies.cc: a device that lives twice
  void put_old_store_back(Seat& seat);
  void clone(Seat& seat);
  void restore(Seat& seat);
  void expect_noticed(Seat& seat, std::uint64_t envelopes_before);
  void mark_what_went(Seat& seat);
  std::set<EnvelopeId> held_by_office();
  void add_written_anew(Seat& seat, std::set<EnvelopeId>& present);
  void add_what_they_stand_for(std::set<EnvelopeId>& present);
  [[nodiscard]] bool excused(const Seat& seat) const;
  /// A save that went with a disk, or whose only other copy an office lost that was put back too.
  [[nodiscard]] bool is_excused(const ModelSave& save) const { return save.gone || (save.at_risk && office_went_back_); }
  void count(Deed deed) { ++outcome_.counts[deed]; }
  void tell(const std::string& sentence);
  [[noreturn]] void violate(std::string kind, std::string text);

  // work.cc: what people do
  void work(Seat& seat, const Step& step);
  void new_case(Seat& seat, Dice dice);
  void new_record(Seat& seat, Dice dice);
  void edit(Seat& seat, Dice dice);
  void open_form(Seat& seat, Dice dice);
  bool look_at(Seat& seat, const ledger::RecordRow& row);
  void save_form(Seat& seat, Dice dice);
  void save(Seat& seat, const Seat::Form& form, Dice dice);
  void archive(Seat& seat, Dice dice, bool undo);
  void decide(Seat& seat, Dice dice);
  void newer_version(Seat& seat, Dice dice);
  void search(Seat& seat, Dice dice);
  std::optional<ledger::RecordRow> some_record(Seat& seat, Dice& dice,
                                               const std::function<bool(const schema::RecordType*)>& wanted);
  /// Does `act`, and writes down what became of it.
  void attempt(Seat& seat, ModelSave model, const std::function<Result<void>()>& act);
  /// Looks in the vault for a save whose outcome was not told. True when it is there.
  bool look_for(Seat& seat, std::size_t number);
  bool look_for_newest(Seat& seat, std::size_t number);
  void look_for_all(Seat& seat);

  // wire.cc: the office and the lines to it
  bool reconcile(Seat& seat, bool in_peace);
  void courier_alone(Seat& seat);
  void judge_trouble(Seat& seat, const std::string& doing, const Error& error, bool was_excused);
  wire::pb::CourierDone carry(Seat& seat, const wire::pb::CourierJob& job, const SecretBytes* key);
  Result<platform::HttpAnswer> network(Seat& seat, const platform::HttpCall& call);
  std::optional<office::Reply> ask_office(const PublicKey& client, const std::string& path, BytesView body);
  bool office_is_up();
  void deliver_late_requests(bool all);
  void end_of_line_faults(Seat& seat);
  bool lie(Seat& seat, Deed deed, Dice dice, office::Reply& reply);
  void office_deed(const Step& step);
  void roll_office_back(Dice dice);
  void restore_office();
  void confirm_restored_office();

  // members.cc: what administrators do
  class Line;
  bool administer(Seat& seat, const std::string& doing, const std::string& words,
                  const std::function<Result<void>(enrol::MembershipLine&)>& act);
  void renew_epochs(Seat& seat, bool was_excused);
  void change_role(Seat& seat, Dice dice);
  void appoint(Seat& admin);
  void set_role(Seat& admin, Dice dice);
  void remove(Seat& admin, Dice dice, bool whole_member);
  void leave_team(Seat& admin, Dice dice);
  void decide_late(Seat& admin, Dice dice, bool accept);
  bool settle_late_work();
  bool decide_branches();
  std::set<EnvelopeId> counting_here(Seat& seat, const std::set<DeviceId>& authors);

  // apart.cc: which envelopes count, and who is out, by the simulator's own reading of the membership log
  const Law& law_of(Seat& seat);
  void learn_from_office();
  void note_written(Seat& seat, const ModelSave& save);
  bool is_out(Seat& seat);
  bool stands_outside(Seat& seat);
  [[nodiscard]] bool is_erased(const Law& law, const EnvelopeId& id) const;
  [[nodiscard]] bool counts(const Law& law, const EnvelopeId& id) const;
  /// Of `present` what counts as the membership log stands on that device.
  std::set<EnvelopeId> counting(Seat& seat, const std::set<EnvelopeId>& present);
  void check_apart(Seat& seat);
  void check_reads_nothing_new(Seat& out, Seat& reader);

  // filing.cc
  struct File {
    RecordId of_case;
    Bytes content;
    std::set<std::string> parts{};   ///< names of its sealed parts, as files
  };
  enum class Parts { all_there, may_come };
  void attach(Seat& seat, Dice dice);
  void note_file(std::size_t number, const RecordId& id);
  bool look_for_file(Seat& seat, std::size_t number);
  void check_files(Seat& seat, Parts parts);
  void fetch_files(Seat& seat, bool in_peace);
  void check_files_erased();

  // erasing.cc
  void erase(Seat& admin, Dice dice);
  void check_nothing_is_left(Seat& seat);
  void check_office_forgot();

  // carrying.cc: cases that a device does not carry for a while
  void put_down(Seat& seat, Dice dice);
  void put_down(Seat& seat, const RecordId& id);
  void all_put_down();
  void take_up(Seat& seat, Dice dice);
  void take_all_up(Seat& seat);
  void assign(Seat& seat, Dice dice);
  void change_mode(Seat& seat);
  /// Not all of what that envelope stands in is on this device, by its own choice.
  bool is_elsewhere(Seat& seat, const EnvelopeId& id);
  void check_put_down(Seat& seat);

  // newcomers.cc
  void invite(Seat& admin, Dice dice);
  void join(const Step& step);
  void try_to_join(Seat& seat, bool in_peace);
  void admit(Seat& seat, std::unique_ptr<vault::Vault> vault);
  void turn_away(Seat& seat, Errc why);
  void publish(Seat& seat);
  /// Whether what it shows rests on what a colleague's device folded, and was not compared yet.
  bool shows_what_is_unverified(Seat& seat);
  void leave_unknown(Seat& seat);

  // liar.cc
  struct Liar;
  void lie_as_member(Seat& seat, const Step& step);

  // checks.cc
  /// Of addresses: the envelope that grants their key may come later than a case's.
  enum class Keys { all_there, may_come };
  void check(Seat& seat);
  void check_values(Seat& seat, const std::set<EnvelopeId>& present, Keys keys);
  bool may_stay_sealed(const Place& place, const std::vector<Bytes>& values);
  void verify(Seat& seat);
  void check_office();
  void come_to_rest();
  void all_join();
  void check_at_rest();
  void check_reads_are_told();
  void check_delivered(Seat& seat, const std::set<EnvelopeId>& at_office);
  std::set<EnvelopeId> envelopes_in(Seat& seat);    ///< and those of which the content was written anew
  std::set<EnvelopeId> written_in(Seat& seat);

  Plan plan_;
  Tell tell_;
  Outcome outcome_;
  Oracle oracle_;
  Law law_;                                         ///< as the office holds the log
  std::map<EnvelopeId, Law::Written> written_;      ///< where each save stands
  std::map<std::size_t, File> files_;               ///< by the number of their save
  std::map<LedgerId, LedgerId> parents_;            ///< of each compartment its case's ledger
  Office office_;
  std::vector<std::unique_ptr<Seat>> seats_;
  std::vector<std::unique_ptr<Seat>> newcomers_;    ///< they have a ticket, and have not joined yet
  std::size_t invited_ = 0;
  const Step* now_ = nullptr;
  bool office_limited_ = false;
  std::optional<std::uint64_t> office_power_fails_after_, office_disk_error_after_;
  bool office_trouble_ = false;  ///< during the deed under way
  bool line_trouble_ = false;
  struct LateRequest {
    std::uint32_t due;
    PublicKey client;
    std::string path;
    Bytes body;
  };
  std::vector<LateRequest> late_;
  std::unique_ptr<support::FakeFiles> office_backup_;
  bool office_went_back_ = false;
  std::unique_ptr<support::FakeFiles> operators_backup_;
  bool office_was_restored_ = false;
  std::shared_ptr<Liar> liar_;
  struct WrittenAnew {
    Law::Written written;
    std::set<ledger::EnvelopeStem> stems{};   ///< of what it stands for
  };
  std::map<EnvelopeId, WrittenAnew> written_anew_;
  std::map<RecordId, std::string> names_;  ///< "case 1", for the story
};

/// How many entries of that kind the log of reads of `device` holds, as one can read it there.
std::size_t reads_of(vault::Vault& reader, const DeviceId& device, vault::AuditWhat what);

/// Its fields are the program's own: nobody edits them.
bool is_attachment(const schema::RecordType& type);

/// Runs a plan from its beginning.
Outcome play(const Plan& plan, const World::Tell& tell = {});

}  // namespace wayside::simulation
