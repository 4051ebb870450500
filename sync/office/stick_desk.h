#pragma once

#include <memory>

#include "sync/office/roster.h"
#include "sync/office/service.h"

/// A stick at an office that is being served. Its store no second program may open, so whoever visits the stick
/// (stick_visit.h) asks the serving program, question by question, by files in the office's folder (desk.h), which only the
/// office's own user may write. It answers between two requests of the line: nobody waits for a slow stick.
///
///     stick.asked      u8 version = 1 ‖ number 16 ‖ courier key 32 ‖ u8 length of the path ‖ path ‖ body; no path: who the devices are
///     stick.answer     u8 version = 1 ‖ number 16 ‖ u32le status ‖ body
///
/// Neither outlives a power failure, nor has to: a question that was not answered is on the stick still.
namespace wayside::office {

struct AskedAtDesk {
  Bytes number;        ///< 16, random
  PublicKey courier;
  std::string path;
  Bytes body;
};
Bytes encode_asked(const AskedAtDesk& asked);
/// Errc::bad_input.
Result<AskedAtDesk> decode_asked(BytesView bytes);

/// For whoever asks.
class ServedOffice {
 public:
  /// Errc::busy when somebody else is at the desk.
  static Result<ServedOffice> reach(platform::Env& env, const platform::Path& data);
  ServedOffice(ServedOffice&&) = default;
  ~ServedOffice();

  // Errors: busy (the office is not served any more), later (it does not look), and those of this machine's disk.
  Result<Roster> roster();
  Result<Reply> ask(const PublicKey& courier, std::string_view path, BytesView body);

 private:
  ServedOffice(platform::Env& env, platform::Path data, std::unique_ptr<platform::File> lock)
      : env_(&env), data_(std::move(data)), lock_(std::move(lock)) {}
  Result<void> wait_for_answer();

  platform::Env* env_;
  platform::Path data_;
  std::unique_ptr<platform::File> lock_;
};

/// In the office that is served. True when it answered: the next question follows at once.
bool answer_at_desk(platform::Env& env, const platform::Path& data, Service& service, const membership::Log& log);

}  // namespace wayside::office
