#pragma once

#include <map>
#include <set>

#include "sync/stick/folder.h"
#include "sync/stick/messages.h"

namespace wayside::courier {

/// What lies on a stick between this device and its office, found by trying every file that may be one.
class StickMail {
 public:
  StickMail(stick::Folder folder, stick::Seals seals) : folder_(std::move(folder)), seals_(std::move(seals)) {}

  /// Also removes what an earlier run of this device left unfinished, and what was cut short since. A file that cannot be opened is not there.
  Result<void> look();

  [[nodiscard]] bool is_answered(const Digest& request) const { return answers_.contains(request); }
  /// One page of an answer. Nothing when it is not there, is torn, or was not signed by the office: `spoilt` counts those.
  std::optional<wire::pb::StickAnswer> answer(const Digest& request, std::uint32_t page);

  [[nodiscard]] bool lies_here(const stick::Label& question) const { return own_.contains(key_of(question)); }
  /// Errors: those of Folder::write.
  Result<void> write(const stick::Label& question, BytesView signed_message, platform::Random& random);
  /// Questions of this device but these. They were answered, or are asked otherwise now.
  Result<void> remove_questions_but(const std::vector<stick::Label>& kept);
  /// Answers to these, once what they brought is durable.
  Result<void> remove_answers(const Digest& request);
  /// All others: nothing here waits for them. How many questions they answered.
  Result<std::size_t> remove_answers_but(const std::set<Digest>& awaited);
  Result<void> sync() { return folder_.sync(); }

  [[nodiscard]] const stick::Seals& seals() const { return seals_; }
  [[nodiscard]] std::uint64_t spoilt() const { return spoilt_.size(); }
  [[nodiscard]] std::uint64_t files() const { return own_.size(); }
  [[nodiscard]] std::uint64_t bytes() const;

 private:
  struct File { std::string name; std::uint64_t bytes = 0; };
  using Key = std::pair<Bytes, std::uint64_t>;   ///< about, kind and number
  static Key key_of(const stick::Label& label);
  Result<void> sweep(const std::vector<std::string>& unfinished);

  stick::Folder folder_;
  stick::Seals seals_;
  std::map<Key, File> own_;
  std::map<Digest, std::map<std::uint32_t, std::string>> answers_;
  std::set<std::string> spoilt_;
};

}  // namespace wayside::courier
