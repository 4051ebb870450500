#pragma once

#include <catch2/catch_test_macros.hpp>

#include "core/ledger/envelope.h"
#include "sync/courier/courier.h"
#include "sync/spool/inbox.h"
#include "sync/spool/outbox.h"
#include "tests/support/fake_env.h"
#include "tests/sync/session/office_model.h"

namespace wayside::courier::testing {

using session::testing::OfficeModel;
using session::testing::Writer;
using session::testing::Written;

inline const spool::Layout kLayout{"/home/spool"};

template <class T>
T need(Result<T> result) {
  INFO((result ? std::string() : std::string(name_of(result.error().code)) + ": " + result.error().detail));
  REQUIRE(result);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

inline LedgerId case_ledger(char letter) { return *LedgerId::from(Bytes(LedgerId::size_bytes, letter)); }

inline void make_spool(platform::Files& files, const spool::Layout& layout, const OrganisationId& organisation,
                       const DeviceId& device) {
  need(spool::write_office(files, layout, {"office.example:8443", *Digest::from(Bytes(32, 'p')), organisation, device,
                                           *PublicKey::from(Bytes(32, 'c'))}));
  SecretBytes key(32);
  key.data()[0] = 1;
  need(spool::write_courier_key(files, layout, key));
}

inline wire::pb::CourierJob sync_job(std::uint64_t stop_after_pages = 0, const spool::Layout& layout = kLayout) {
  wire::pb::CourierJob job;
  job.set_spool(layout.root.string());
  job.mutable_sync()->set_stop_after_pages(stop_after_pages);
  return job;
}

inline Errc error_of(const wire::pb::CourierDone& done) { return static_cast<Errc>(done.error()); }

/// One device: its disk, its line to the office model, and a vault in the smallest form that keeps its promises:
/// what is saved is durable in `ledger_`, what is folded is durable in `held_` before it is marked.
class Device {
 public:
  explicit Device(OfficeModel& office, std::uint64_t seed = 1)
      : office_(office), env_(seed), writer_(office.organisation(), office.random()) {
    make_spool(env_.files, kLayout, office.organisation(), writer_.device());
    env_.network.answer_with(office.handler(writer_.device()));
  }

  support::FakeEnv& world() { return env_; }
  Writer& writer() { return writer_; }
  Controls controls;

  EnvelopeId save(const LedgerId& to, std::size_t bytes = 100) {
    ledger_.push_back(writer_.write(to, bytes));
    return ledger_.back().id;
  }
  /// As a vault does when it opens: what the ledger has and neither the outbox nor the office.
  Result<void> fill_outbox() {
    WAYSIDE_TRY(auto outbox, spool::Outbox::open(env_.files, kLayout));
    for (const Written& each : ledger_)
      if (!acknowledged_.contains(each.id)) WAYSIDE_OK(outbox.append(each.id, each.parcel));
    return outbox.drop_answered();
  }
  /// Reads the inbox into what is held, then marks it.
  Result<void> fold() {
    WAYSIDE_TRY(auto inbox, spool::InboxReader::open(env_.files, kLayout));
    std::uint64_t last = 0;
    while (true) {
      WAYSIDE_TRY(const auto page, inbox.next());
      if (!page) break;
      take(page->page);
      last = page->number;
    }
    return last == 0 ? Result<void>{} : inbox.mark_folded(last);
  }
  wire::pb::CourierDone carry(const wire::pb::CourierJob& job) { return run_job(job, env_.env(), nullptr, controls); }
  wire::pb::CourierDone sync(std::uint64_t stop_after_pages = 0) { return carry(sync_job(stop_after_pages)); }

  /// Everything that the cursor claims is folded, or lies in the inbox.
  void check_inbox_covers_cursor() {
    const spool::Cursor cursor = need(spool::read_cursor(env_.files, kLayout));
    auto held = held_;
    spool::SegmentReader reader(env_.files, kLayout.inbox(), 0);
    while (const auto payload = need(reader.next())) {
      wire::pb::InboxFrame frame;
      REQUIRE(frame.ParseFromString(*payload));
      for (const auto& delivery : frame.page().deliveries()) held.insert({*LedgerId::from(delivery.ledger()), delivery.lsn()});
    }
    for (const auto& [id, point] : cursor.ledgers)
      for (std::uint64_t lsn = 1; lsn <= point.lsn; ++lsn) REQUIRE(held.contains({id, lsn}));
  }
  void check_holds_all() {
    for (const auto& row : office_.rows()) CHECK(held_.contains({row.ledger, row.lsn}));
    for (const Written& each : ledger_) CHECK(office_.holds(each.id));
  }
  [[nodiscard]] std::size_t held() const { return held_.size(); }

 private:
  void take(const wire::pb::PullAnswer& page) {
    for (const auto& delivery : page.deliveries()) {
      held_.insert({*LedgerId::from(delivery.ledger()), delivery.lsn()});
      if (const auto id = EnvelopeId::from(delivery.id())) acknowledged_.insert(*id);
    }
  }

  OfficeModel& office_;
  support::FakeEnv env_;
  Writer writer_;
  std::vector<Written> ledger_;
  std::set<std::pair<LedgerId, std::uint64_t>> held_;
  std::set<EnvelopeId> acknowledged_;
};

}  // namespace wayside::courier::testing
