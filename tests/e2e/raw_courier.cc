#include "tests/e2e/raw_courier.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "sync/spool/outbox.h"
#include "sync/wire/codec.h"

namespace wayside::e2e {
namespace {

std::optional<std::string> no_variable(const char*) { return std::nullopt; }

}  // namespace

RawCourier::RawCourier(const Stage& stage, const Home& home)
    : layout_(home.path() / "spool"), address_(stage.address_for_devices()), network_(no_variable) {
  platform::Env env = real_.env();
  auto office = spool::read_office(env.files, layout_);
  auto key = spool::read_courier_key(env.files, layout_);
  REQUIRE(office);
  REQUIRE(key);
  office_ = *std::move(office);
  key_ = *std::move(key);
}

std::vector<wire::pb::Parcel> RawCourier::outbox() {
  platform::Env env = real_.env();
  spool::OutboxReader reader(env.files, layout_, 0);
  const auto frames = reader.next(10'000, std::size_t{64} << 20);
  REQUIRE(frames);
  std::vector<wire::pb::Parcel> parcels;
  for (const auto& frame : *frames) parcels.push_back(frame.parcel());
  return parcels;
}

platform::HttpAnswer RawCourier::post(Bytes body, const std::string& path) {
  platform::HttpCall call{.address = address_, .path = path, .body = std::move(body), .client_key = &key_};
  std::copy(as_uchar(office_.tls_pin.view()), as_uchar(office_.tls_pin.view()) + 32, call.office_pin.begin());
  const auto answer = network_.post(call);
  if (!answer) FAIL(name_of(answer.error().code) << " " << answer.error().detail);
  return *answer;
}

std::vector<wire::pb::Delivery> RawCourier::pull_all() {
  std::vector<wire::pb::Delivery> out;
  wire::pb::PullRequest request;
  request.set_frontier(Bytes(32, '\0'));
  request.set_whole(true);
  for (bool more = true; more;) {
    const auto answer = post(wire::encode(request), "/v1/pull");
    REQUIRE(answer.status == 200);
    const auto page = wire::decode<wire::pb::PullAnswer>(answer.body);
    REQUIRE(page);
    for (const auto& each : page->deliveries()) out.push_back(each);
    request.set_generation(page->generation());
    request.set_position(page->position());
    request.set_membership(request.membership() + static_cast<std::uint64_t>(page->membership_size()));
    more = page->more();
  }
  return out;
}

std::vector<wire::pb::Taken::Status> RawCourier::push(const std::vector<wire::pb::Parcel>& parcels) {
  wire::pb::PushRequest request;
  for (const auto& parcel : parcels) *request.add_parcels() = parcel;
  const auto answer = post(wire::encode(request));
  REQUIRE(answer.status == 200);
  const auto taken = wire::decode<wire::pb::PushAnswer>(answer.body);
  REQUIRE(taken);
  std::vector<wire::pb::Taken::Status> out;
  for (const auto& each : taken->taken()) out.push_back(each.status());
  return out;
}

}  // namespace wayside::e2e
