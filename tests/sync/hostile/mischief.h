#pragma once

#include <string>

#include "tests/sync/hostile/hostile_world.h"

/// What an office, or whoever stands in its place, may do to what passes through its hands: it sees every request and
/// every answer, keeps them, has the office's own keys, and holds no key of a case.
namespace wayside::hostile {

class Mischief {
 public:
  /// Cases with a number below this cut one message of Ben's night after each of its bytes; higher ones mix everything.
  static std::uint64_t cuts(const World& world);
  Mischief(const World& world, std::uint64_t number);

  /// Between Ben's courier and the office.
  Result<platform::HttpAnswer> pass(const platform::HttpCall& call);

  [[nodiscard]] const std::vector<std::string>& faults() const { return faults_; }  ///< what requests gave away
  [[nodiscard]] std::uint64_t altered() const { return altered_; }
  [[nodiscard]] bool rolled_back() const { return calls_ > rolls_back_after_; }
  [[nodiscard]] bool altered_requests() const { return altered_requests_; }
  [[nodiscard]] Office& office();
  /// What was done, for a person.
  [[nodiscard]] std::string story() const;

 private:
  using PullMove = void (Mischief::*)(wire::pb::PullAnswer&);
  using PushMove = void (Mischief::*)(wire::pb::PushAnswer&);
  using BytesMove = void (Mischief::*)(Bytes&);
  struct NamedPull {
    const char* name;
    PullMove move;
  };
  struct NamedPush {
    const char* name;
    PushMove move;
  };
  struct NamedBytes {
    const char* name;
    BytesMove move;
  };
  static const std::vector<NamedPull> kPullMoves;
  static const std::vector<NamedPush> kPushMoves;
  static const std::vector<NamedBytes> kBytesMoves;

  platform::HttpAnswer honest_answer(std::uint64_t here, const platform::HttpCall& call);
  Bytes altered_request(const std::string& path, const Bytes& body);
  Bytes altered_answer(const std::string& path, const Bytes& body);
  void note(const char* what);
  std::uint64_t below(std::uint64_t bound) { return random_.below(bound); }
  bool percent(unsigned chance) { return below(100) < chance; }

  // ---- Of bytes ----
  void flip_bits(Bytes& bytes);
  void cut(Bytes& bytes);
  void extend(Bytes& bytes);
  void repeat_a_piece(Bytes& bytes);
  void empty(Bytes& bytes);
  void rubbish(Bytes& bytes);
  void another_answer(Bytes& bytes);

  // ---- Of a page ----
  void drop_delivery(wire::pb::PullAnswer& page);
  void repeat_delivery(wire::pb::PullAnswer& page);
  void reorder(wire::pb::PullAnswer& page);
  void renumber(wire::pb::PullAnswer& page);
  void swap_parcels(wire::pb::PullAnswer& page);
  void swap_ledgers(wire::pb::PullAnswer& page);
  void swap_grants(wire::pb::PullAnswer& page);
  void drop_grants(wire::pb::PullAnswer& page);
  void forge_grant(wire::pb::PullAnswer& page);
  void foreign_envelope(wire::pb::PullAnswer& page);
  void spoil_envelope(wire::pb::PullAnswer& page);
  void cut_envelope(wire::pb::PullAnswer& page);
  void spoil_signature(wire::pb::PullAnswer& page);
  void spoil_grant(wire::pb::PullAnswer& page);
  void later_version(wire::pb::PullAnswer& page);
  void name_another_id(wire::pb::PullAnswer& page);
  void claim_own(wire::pb::PullAnswer& page);
  void drop_entry(wire::pb::PullAnswer& page);
  void spoil_entry(wire::pb::PullAnswer& page);
  void reorder_entries(wire::pb::PullAnswer& page);
  void forge_entry(wire::pb::PullAnswer& page);
  void say_more(wire::pb::PullAnswer& page);
  void say_equal(wire::pb::PullAnswer& page);
  void move_position(wire::pb::PullAnswer& page);
  void another_generation(wire::pb::PullAnswer& page);
  void drop_heads(wire::pb::PullAnswer& page);
  void old_heads(wire::pb::PullAnswer& page);
  void forge_heads(wire::pb::PullAnswer& page);
  void empty_page(wire::pb::PullAnswer& page);

  // ---- Of an answer to a push ----
  void change_status(wire::pb::PushAnswer& answer);
  void change_lsn(wire::pb::PushAnswer& answer);
  void drop_status(wire::pb::PushAnswer& answer);

  wire::pb::Delivery* any_delivery(wire::pb::PullAnswer& page, bool with_parcel);
  const HonestParcel& any_honest();

  const World& world_;
  support::FakeRandom random_;
  std::uint64_t number_;
  unsigned boldness_;
  std::uint64_t strikes_at_;        ///< this call in any case
  std::uint64_t rolls_back_after_;  ///< calls until the office is yesterday's
  std::uint64_t calls_ = 0, altered_ = 0;
  bool altered_requests_ = false;
  std::uint64_t recorded_ = 0;  ///< calls that were answered as in the honest night
  std::unique_ptr<Office> office_;
  std::vector<Bytes> answers_;  ///< of this session
  std::vector<std::string> faults_, done_;
};

}  // namespace wayside::hostile
