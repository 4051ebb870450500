#include "sync/courier/stick_mail.h"

namespace wayside::courier {

using stick::Direction;

StickMail::Key StickMail::key_of(const stick::Label& label) {
  return {label.about.str(), (std::uint64_t{label.kind} << 32) | label.number};
}

Result<void> StickMail::look() {
  own_.clear();
  answers_.clear();
  WAYSIDE_TRY(const auto names, folder_.names());
  WAYSIDE_OK(sweep(names.unfinished));
  for (const std::string& name : names.whole) {
    const auto first = folder_.first_bytes(name);
    if (!first) continue;
    if (const auto answer = seals_.open_head(Direction::to_device, *first)) {
      answers_[answer->label.about][answer->label.number] = name;
    } else if (const auto question = seals_.open_head(Direction::to_office, *first)) {
      // A torn one is written anew.
      const bool counts = folder_.has_size(name, question->file_bytes()) &&
                          own_.emplace(key_of(question->label), File{name, question->file_bytes()}).second;
      if (!counts) (void)folder_.remove(name);
    }
  }
  return {};
}

/// One that is too short to be told from anybody else's stays: it takes no room to speak of.
Result<void> StickMail::sweep(const std::vector<std::string>& unfinished) {
  for (const std::string& name : unfinished) {
    const auto first = folder_.first_bytes(name);
    if (first && seals_.open_head(Direction::to_office, *first)) (void)folder_.remove(name);
  }
  return {};
}

std::optional<wire::pb::StickAnswer> StickMail::answer(const Digest& request, std::uint32_t page) {
  const auto pages = answers_.find(request);
  if (pages == answers_.end()) return std::nullopt;
  const auto name = pages->second.find(page);
  if (name == pages->second.end()) return std::nullopt;
  const auto first = folder_.first_bytes(name->second);
  const auto head = first ? seals_.open_head(Direction::to_device, *first) : std::nullopt;
  const auto file = head ? folder_.read(name->second, head->file_bytes()) : fail(Errc::corrupt);
  const auto message = file ? stick::open_message(*head, *file) : fail(Errc::corrupt);
  auto answer = message ? stick::open_answer(*message, seals_.pair()) : fail(Errc::corrupt);
  if (answer && answer->request() == request.view() && answer->page() == page) return *std::move(answer);
  spoilt_.insert(name->second);
  return std::nullopt;
}

Result<void> StickMail::write(const stick::Label& question, BytesView signed_message, platform::Random& random) {
  WAYSIDE_TRY(const Bytes sealed, seals_.seal(Direction::to_office, question, signed_message, random));
  WAYSIDE_TRY(std::string name, folder_.write(sealed, random));
  own_[key_of(question)] = {std::move(name), sealed.size()};
  return {};
}

Result<void> StickMail::remove_questions_but(const std::vector<stick::Label>& kept) {
  std::set<Key> keys;
  for (const stick::Label& each : kept) keys.insert(key_of(each));
  for (auto file = own_.begin(); file != own_.end();) {
    if (keys.contains(file->first)) {
      ++file;
      continue;
    }
    WAYSIDE_OK(folder_.remove(file->second.name));
    file = own_.erase(file);
  }
  return {};
}

Result<void> StickMail::remove_answers(const Digest& request) {
  const auto pages = answers_.find(request);
  if (pages == answers_.end()) return {};
  for (const auto& [page, name] : pages->second) WAYSIDE_OK(folder_.remove(name));
  answers_.erase(pages);
  return {};
}

Result<std::size_t> StickMail::remove_answers_but(const std::set<Digest>& awaited) {
  std::vector<Digest> gone;
  for (const auto& [request, pages] : answers_) {
    if (!awaited.contains(request)) gone.push_back(request);
  }
  for (const Digest& each : gone) WAYSIDE_OK(remove_answers(each));
  return gone.size();
}

std::uint64_t StickMail::bytes() const {
  std::uint64_t all = 0;
  for (const auto& [key, file] : own_) all += file.bytes;
  return all;
}

}  // namespace wayside::courier
