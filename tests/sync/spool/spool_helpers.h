#pragma once

#include <catch2/catch_test_macros.hpp>

#include "sync/spool/inbox.h"
#include "sync/spool/outbox.h"
#include "tests/support/fake_env.h"

namespace wayside::spool::testing {

inline const Layout kLayout{"/home/spool"};

/// The value, or a failed test that says why not.
template <class T>
T need(Result<T> result) {
  INFO((result ? std::string() : std::string(name_of(result.error().code)) + ": " + result.error().detail));
  REQUIRE(result);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

/// A file with exactly these bytes, made or overwritten, without a fault or a sync.
inline void put(support::FakeFiles& files, const platform::Path& path, Bytes bytes) {
  need(files.make_folders(path.parent_path()));
  need(files.open(path, platform::OpenMode::create));
  files.tamper(path, std::move(bytes));
}

template <class IdType>
IdType id_of(char letter) {
  return *IdType::from(Bytes(IdType::size_bytes, letter));
}

inline EnvelopeId envelope_id(std::uint64_t number) {
  Bytes bytes(EnvelopeId::size_bytes, '\x5A');
  for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(number >> (8 * i));
  return *EnvelopeId::from(bytes);
}

inline wire::pb::Parcel parcel(std::uint64_t number, std::size_t bytes = 600) {
  wire::pb::Parcel out;
  out.set_envelope(std::to_string(number) + Bytes(bytes, static_cast<char>('a' + number % 26)));
  out.add_grants("grant of " + std::to_string(number));
  return out;
}

inline wire::pb::PullAnswer page(std::uint64_t number, std::size_t bytes = 600) {
  wire::pb::PullAnswer out;
  out.set_generation(Bytes(16, 'g'));
  out.set_position(number);
  auto& delivery = *out.add_deliveries();
  delivery.set_lsn(number);
  delivery.set_ledger(Bytes(16, 'l'));
  *delivery.mutable_parcel() = parcel(number, bytes);
  return out;
}

/// A change that says: `pages` inbox frames are contained.
inline wire::pb::CursorFrame containing(std::uint64_t inbox_number) {
  wire::pb::CursorFrame change;
  change.set_generation(Bytes(16, 'g'));
  change.set_inbox_number(inbox_number);
  change.set_position(inbox_number);
  auto& ledger = *change.add_ledgers();
  ledger.set_ledger(Bytes(16, 'l'));
  ledger.set_lsn(inbox_number);
  ledger.set_head(Bytes(32, 'h'));
  return change;
}

}  // namespace wayside::spool::testing
