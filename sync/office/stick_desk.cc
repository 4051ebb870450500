#include "sync/office/stick_desk.h"

#include <algorithm>
#include <thread>

#include "platform/atomic_file.h"
#include "sync/office/data_folder.h"
#include "sync/office/tuning.h"
#include "sync/stick/messages.h"
#include "sync/wire/tuning.h"

namespace wayside::office {
namespace {

using platform::Path;

constexpr char kVersion = 1;
constexpr std::size_t kNumberBytes = 16, kStatusBytes = 4;
constexpr std::size_t kAskedBeginning = 1 + kNumberBytes + PublicKey::size_bytes + 1;
constexpr std::size_t kAnswerBeginning = 1 + kNumberBytes + kStatusBytes;
constexpr std::uint64_t kMostBytes = wire::kMaxStickMessageBytes + 1024;
constexpr int kOk = 200, kNotThere = 404, kBad = 400;

Path asked_in(const Path& data) { return data / "stick.asked"; }
Path answer_in(const Path& data) { return data / "stick.answer"; }

Bytes encode_answer(const Bytes& number, const Reply& reply) {
  Bytes out = Bytes(1, kVersion) + number;
  for (unsigned i = 0; i < kStatusBytes; ++i) out += static_cast<char>(static_cast<unsigned>(reply.status) >> (8 * i));
  return out + reply.body;
}

Result<Reply> decode_answer(BytesView bytes, const Bytes& number) {
  if (bytes.size() < kAnswerBeginning || bytes.front() != kVersion || bytes.substr(1, kNumberBytes) != number)
    return fail(Errc::bad_input, "an answer of the office that is served");
  Reply out{0, Bytes(bytes.substr(kAnswerBeginning))};
  for (unsigned i = 0; i < kStatusBytes; ++i) out.status |= static_cast<unsigned char>(bytes[1 + kNumberBytes + i]) << (8 * i);
  return out;
}

/// What a stick may ask, and nothing else.
bool is_of_stick(std::string_view path) {
  constexpr std::uint32_t kKinds = 4;
  for (std::uint32_t kind = 1; kind <= kKinds; ++kind) {
    if (path == stick::path_of(kind)) return true;
  }
  return false;
}

Reply answer_to(const AskedAtDesk& asked, Service& service, const membership::Log& log) {
  if (asked.path.empty()) {
    const auto roster = roster_of(log);
    return roster ? Reply{kOk, encode_roster(*roster)} : Reply{kNotThere, {}};
  }
  return is_of_stick(asked.path) ? service.answer(asked.courier, asked.path, asked.body) : Reply{kBad, {}};
}

}  // namespace

Bytes encode_asked(const AskedAtDesk& asked) {
  Bytes out = Bytes(1, kVersion) + asked.number + asked.courier.str();
  out += static_cast<char>(asked.path.size());
  return out + asked.path + asked.body;
}

Result<AskedAtDesk> decode_asked(BytesView bytes) {
  const auto bad = [] { return fail(Errc::bad_input, "a question at the desk"); };
  if (bytes.size() < kAskedBeginning || bytes.front() != kVersion) return bad();
  const std::size_t path_bytes = static_cast<unsigned char>(bytes[kAskedBeginning - 1]);
  if (bytes.size() < kAskedBeginning + path_bytes) return bad();
  return AskedAtDesk{Bytes(bytes.substr(1, kNumberBytes)), *PublicKey::from(bytes.substr(1 + kNumberBytes, PublicKey::size_bytes)),
                     std::string(bytes.substr(kAskedBeginning, path_bytes)), Bytes(bytes.substr(kAskedBeginning + path_bytes))};
}

Result<ServedOffice> ServedOffice::reach(platform::Env& env, const Path& data) {
  WAYSIDE_TRY(auto lock, env.files.lock(data / "desk.lock"));
  for (const Path& old : {asked_in(data), answer_in(data)}) WAYSIDE_OK(env.files.remove(old));
  return ServedOffice(env, data, std::move(lock));
}

ServedOffice::~ServedOffice() {
  if (!lock_) return;
  for (const Path& left : {asked_in(data_), answer_in(data_)}) (void)env_->files.remove(left);
}

Result<Roster> ServedOffice::roster() {
  WAYSIDE_TRY(const Reply reply, ask({}, {}, {}));
  if (reply.status != kOk) return fail(Errc::corrupt, "membership names no office");
  return decode_roster(reply.body);
}

Result<Reply> ServedOffice::ask(const PublicKey& courier, std::string_view path, BytesView body) {
  platform::Files& files = env_->files;
  const AskedAtDesk asked{crypto::random_bytes(env_->random, kNumberBytes), courier, std::string(path), Bytes(body)};
  WAYSIDE_OK(files.remove(answer_in(data_)));
  WAYSIDE_OK(platform::write_for_now(files, asked_in(data_), encode_asked(asked)));
  WAYSIDE_OK(wait_for_answer());
  WAYSIDE_TRY(const Bytes answer, platform::read_all(files, answer_in(data_), kMostBytes));
  return decode_answer(answer, asked.number);
}

/// Whether the office is served still is asked now and then only: to ask is to take its lock for a moment.
Result<void> ServedOffice::wait_for_answer() {
  const std::int64_t asked_ms = env_->clock.monotonic_ms();
  std::int64_t looked_ms = asked_ms;
  while (!env_->files.exists(answer_in(data_))) {
    const std::int64_t now_ms = env_->clock.monotonic_ms();
    if (now_ms - asked_ms > kDeskPatience_ms) return fail(Errc::later, data_.string());
    if (now_ms - looked_ms > kStickWatch_ms) {
      looked_ms = now_ms;
      const bool served = !DataFolder::use(env_->files, data_).has_value();
      if (!served && !env_->files.exists(answer_in(data_))) return fail(Errc::busy, data_.string());
    }
    std::this_thread::sleep_for(kStickPause);
  }
  return {};
}

bool answer_at_desk(platform::Env& env, const Path& data, Service& service, const membership::Log& log) {
  if (!env.files.exists(asked_in(data))) return false;
  const auto bytes = platform::read_all(env.files, asked_in(data), kMostBytes);
  const auto asked = bytes ? decode_asked(*bytes) : fail(Errc::bad_input);
  (void)env.files.remove(asked_in(data));
  if (!asked) return false;
  return platform::write_for_now(env.files, answer_in(data), encode_answer(asked->number, answer_to(*asked, service, log))).has_value();
}

}  // namespace wayside::office
