#include "tests/e2e/kill_day.h"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <csignal>
#include <fstream>

#include "platform/descriptor.h"
#include "tests/support/caseload.h"

namespace wayside::e2e {
namespace {

using platform::ChildProcess;
using platform::Descriptor;
using Instant = std::chrono::steady_clock::time_point;

constexpr std::uint64_t kLookForCourier_us = 300;
constexpr double kLate = 1.1;          // so that the very end is hit too; a kill that comes after it is tried again
constexpr double kNewestWeight = 0.3;  // of a duration in what is usual
constexpr int kTriesPerPoint = 4;

constexpr std::uint64_t kPatience_us = kPatience_ms * 1000;

Instant now() { return std::chrono::steady_clock::now(); }
double us_since(Instant then) { return std::chrono::duration<double, std::micro>(now() - then).count(); }

double usual(double before_us, double newest_us) {
  return before_us == 0 ? newest_us : before_us + kNewestWeight * (newest_us - before_us);
}

Descriptor process_of(pid_t pid) { return Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))); }

/// True when the process has ended before so many microseconds were over.
bool ends_within(int process, std::uint64_t us) {
  pollfd wanted{process, POLLIN, 0};
  const timespec patience{static_cast<time_t>(us / 1'000'000), static_cast<long>(us % 1'000'000 * 1000)};
  return ::ppoll(&wanted, 1, &patience, nullptr) > 0;
}

/// Not so between fork and exec, nor of the helper by which a sanitizer looks for leaks: both bear their parent's words.
bool is_courier(const fs::path& process) {
  std::ifstream file(process / "cmdline");
  const std::string words((std::istreambuf_iterator<char>(file)), {});
  return words.find(std::string("\0courier\0", 9)) != std::string::npos;
}

/// The courier that a process has started; 0 when it has none.
pid_t courier_of(pid_t parent) {
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const pid_t pid = static_cast<pid_t>(std::strtol(entry.path().filename().c_str(), nullptr, 10));
    if (pid <= parent) continue;  // numbers start anew after some millions: then this kill is too late
    std::ifstream stat(entry.path() / "stat");
    std::string text;
    std::getline(stat, text);
    const auto name_end = text.rfind(')');  // "PID (NAME) STATE PARENT …"; the name may hold anything
    if (name_end == std::string::npos || name_end + 4 > text.size()) continue;
    if (std::strtol(text.c_str() + name_end + 4, nullptr, 10) == parent && is_courier(entry.path())) return pid;
  }
  return 0;
}

std::string part_id(const json& nested_case, const std::string& part) {
  if (part == "case") return nested_case.at("id");
  if (part == "note") return nested_case.at("notes").at(0).at("id");
  return nested_case.at(part).at("id");
}

std::set<std::string> ids_of(const std::string& cases_ndjson) {
  std::set<std::string> ids;
  for (const json& each : json_lines(cases_ndjson)) {
    for (const char* part : {"case", "person", "risk", "plan"}) ids.insert(part_id(each, part));
    for (const json& note : each.at("notes")) ids.insert(note.at("id").get<std::string>());
  }
  return ids;
}

std::set<std::string> written(const json& history) {
  std::set<std::string> all;
  for (const json& entry : history.at("entries")) {
    if (entry.at("value").is_string())
      all.insert(entry.at("field").get<std::string>() + "=" + entry.at("value").get<std::string>());
  }
  return all;
}

}  // namespace

KillDay::KillDay(const KillPlan& plan) : plan_(plan), stage_(plan.cli), random_(plan.seed) {
  stage_.found();
  Home& first = stage_.join("device0", stage_.ticket("first"));
  devices_.push_back({&first, {}, {}, {}, {}});
  for (int i = 1; i < plan_.devices; ++i) {
    Home& next = stage_.invite_and_join(first, "device" + std::to_string(i), "advocate");
    devices_.push_back({&next, {}, {}, {}, {}});
  }
  import_common();
}

void KillDay::import_common() {
  const auto caseload = support::make_caseload({static_cast<std::uint32_t>(plan_.common_cases), 3});
  common_ = json_lines(caseload.cases);
  const fs::path file = stage_.root() / "common.ndjson";
  write_file(file, caseload.cases);
  (void)devices_.front().home->batch({"import " + file.string() + " --map standard", "sync"});
  for (std::size_t i = 1; i < devices_.size(); ++i) (void)devices_[i].home->sync();
}

std::string KillDay::token() { return "token " + std::to_string(++tokens_) + " of " + std::to_string(plan_.seed); }

std::string KillDay::some_common(const char* part) { return part_id(common_.at(draw(common_.size())), part); }

// ---- What a device does ----

KillDay::Line KillDay::import_line(Device& device) {
  support::CaseloadOptions options{2, 3};
  options.seed = 1000 + ++imports_;  // ids come from the seed
  const std::string cases = support::make_caseload(options).cases;
  Import import{ids_of(cases), (stage_.root() / ("import-" + std::to_string(imports_) + ".ndjson")).string()};
  write_file(import.path, cases);
  device.tried.push_back(import);
  return {"import " + import.path + " --map standard", {}, {}, import.path, {}};
}

std::vector<KillDay::Line> KillDay::piece_of_work(Device& device, const json& reviews) {
  std::vector<Line> lines;
  const auto edit = [&](const std::string& record, const std::string& field) {
    const std::string value = token();
    lines.push_back({"edit " + record + " --set '" + field + "=" + value + "'", field, value, {}, record});
  };
  for (int i = 0; i < 6; ++i) {
    switch (draw(8)) {
      case 0: {
        const std::string value = token();
        lines.push_back({"put case --set status=open --set 'reference=" + value + "'", "reference", value, {}, {}});
        break;
      }
      case 1: {
        const std::string value = token();
        const std::string in =
            device.own_cases.empty() ? some_common("case") : device.own_cases[draw(device.own_cases.size())];
        lines.push_back(
            {"put note --case " + in + " --set at=2026-05-04T09:30:00Z --set kind=office --set 'text=" + value + "'",
             "text",
             value,
             {},
             {}});
        break;
      }
      case 2: edit(some_common("person"), "address"); break;
      case 3: edit(some_common("plan"), "goal"); break;
      case 4: edit(some_common("note"), "text"); break;
      case 5:
        if (draw(4) == 0) lines.push_back(import_line(device));
        break;
      case 6:
        for (const json& review : reviews) {
          if (review.at("kind") != "values" || draw(2) == 0) continue;
          const std::string value = token();
          lines.push_back(
              {"review resolve " + review.at("id").get<std::string>() + " --reason asked --set '" + value + "'",
               review.at("field"),
               value,
               {},
               review.at("record")});
          break;
        }
        break;
      default: lines.push_back({"sync", {}, {}, {}, {}}); break;
    }
  }
  lines.push_back({"sync", {}, {}, {}, {}});
  return lines;
}

void KillDay::write_down(Device& device, const std::vector<Line>& lines, const std::vector<json>& answers) {
  REQUIRE(answers.size() <= lines.size());
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const json& answer = answers[i];
    const Line& line = lines[i];
    if (answer.contains("error")) {
      // Only the line to the office is cut, and a review may have been decided by a line before.
      INFO(line.text << ": " << answer.dump());
      const std::string code = answer.at("error").at("code");
      if (line.text == "sync") CHECK((code == "unreachable" || code == "io"));
      else CHECK((line.text.starts_with("review resolve") && code == "not_found"));
      continue;
    }
    if (line.text == "sync") {
      ++tally_.syncs;
      CHECK(answer.at("quarantined") == 0);
      continue;
    }
    if (!line.import_file.empty()) {
      ++tally_.imports;
      for (const json& id : answer.at("ids")) device.imported.insert(id.get<std::string>());
      continue;
    }
    const std::string record = line.record.empty() ? answer.at("ids").at(0).get<std::string>() : line.record;
    if (line.text.starts_with("put case")) device.own_cases.push_back(record);
    device.promises.push_back({record, line.field, line.value});
    ++tally_.promises;
  }
}

// ---- Killing ----

bool KillDay::kill_courier(const ChildProcess& child, int process) {
  auto spared = draw(2);
  for (;;) {
    if (const pid_t courier = courier_of(child.pid()); courier > 0) {
      const Descriptor courier_process = process_of(courier);
      // It carries for about as long as a save takes with all that belongs to it.
      const auto delay_us = spared > 0 ? kPatience_us : draw(static_cast<std::uint64_t>(working_us_ / 4) + 1);
      if (!ends_within(courier_process.get(), delay_us)) {
        return ::syscall(SYS_pidfd_send_signal, courier_process.get(), SIGKILL, nullptr, 0) == 0;
      }
      spared -= spared > 0 ? 1 : 0;
    }
    if (ends_within(process, kLookForCourier_us)) return false;
  }
}

bool KillDay::kill(Victim victim, ChildProcess& child, double usual_us) {
  const Descriptor process = process_of(child.pid());
  if (victim == Victim::courier) {
    const bool hit = kill_courier(child, process.get());
    tally_.killed_courier += hit ? 1 : 0;
    return hit;
  }
  if (ends_within(process.get(), draw(static_cast<std::uint64_t>(usual_us * kLate) + 1))) return false;
  ++(victim == Victim::office ? tally_.killed_office : tally_.killed_cli);
  if (victim == Victim::office) stage_.kill_office();
  else child.kill();
  return true;
}

void KillDay::one_point(bool calibrating) {
  Device& device = devices_[draw(devices_.size())];
  const bool while_opening = !calibrating && draw(8) == 0;
  const auto chance = draw(4);
  const Victim victim = chance < 2 || (chance == 2 && while_opening) ? Victim::cli
                        : chance == 2                                ? Victim::courier
                                                                     : Victim::office;

  const Instant start = now();
  ChildProcess child = device.home->start({"batch", "-", "--json", "--keep-going"});
  // Feeding one that has been killed is no failure: it has promised nothing.
  (void)child.write("review list\n", kPatience_ms);
  bool hit = while_opening && kill(victim, child, opening_us_);
  const auto greeting = child.read_line(kPatience_ms);
  REQUIRE(greeting);
  std::vector<Line> lines;
  if (*greeting) {
    if (!while_opening) opening_us_ = usual(opening_us_, us_since(start));
    lines = piece_of_work(device, json::parse(**greeting).at("reviews"));
    std::string script;
    for (const Line& line : lines) script += line.text + "\n";
    const Instant begun = now();
    (void)child.write(script, kPatience_ms);
    child.close_input();
    if (calibrating) REQUIRE(child.wait(kPatience_ms));
    else hit = hit || kill(victim, child, working_us_);
    if (!hit) working_us_ = usual(working_us_, us_since(begun));  // it went on to its end
  }
  auto out = child.read_rest(kPatience_ms);
  const auto end = child.wait(kPatience_ms);
  REQUIRE(out);
  REQUIRE(end);
  INFO("the device said: " << child.errors());
  if (victim != Victim::cli) {  // whoever else dies, a device says so and ends by itself
    CHECK(end->signal == 0);
    CHECK((end->code == 0 || end->code == 1 || end->code == 4 || end->code == 5));
  }
  out->resize(out->rfind('\n') + 1);  // npos + 1 is 0
  write_down(device, lines, json_lines(*out));
  if (!stage_.office_runs()) stage_.serve();
}

void KillDay::play() {
  one_point(true);
  for (; tally_.killed() < plan_.points && tally_.tried < plan_.points * kTriesPerPoint; ++tally_.tried) {
    INFO("seed " << plan_.seed << ", try " << tally_.tried);
    one_point(false);
  }
}

// ---- Asking for what was promised ----

namespace {

constexpr std::array kImportedTypes{"case", "person", "note", "risk_assessment", "support_plan"};

}  // namespace

/// One opening for all questions, since opening is what takes long.
KillDay::Answers KillDay::ask_for_all(const Home& where, std::vector<std::string> first,
                                      const std::vector<const Device*>& authors) {
  std::vector<std::string> records;
  for (const Device* author : authors) {
    for (const Promise& promise : author->promises) records.push_back(promise.record);
  }
  std::sort(records.begin(), records.end());
  records.erase(std::unique(records.begin(), records.end()), records.end());
  std::vector<std::string> questions = std::move(first);
  const std::size_t asked_first = questions.size();
  for (const char* type : kImportedTypes) questions.push_back(std::string("list ") + type);
  for (const std::string& record : records) questions.push_back("history " + record);

  auto all = where.batch(questions);
  Answers answers;
  auto answer = all.begin();
  for (std::size_t i = 0; i < asked_first; ++i) answers.first.push_back(*answer++);
  for (std::size_t i = 0; i < kImportedTypes.size(); ++i, ++answer) {
    for (const json& record : answer->at("records")) answers.records.insert(record.at("id").get<std::string>());
  }
  for (const std::string& record : records) answers.written[record] = written(*answer++);
  return answers;
}

void KillDay::check_promises(const Answers& there, const std::vector<const Device*>& authors) {
  for (const Device* author : authors) {
    for (const Promise& promise : author->promises) {
      INFO(author->home->name() << " saved " << promise.field << "=" << promise.value << " of " << promise.record);
      CHECK(there.written.at(promise.record).contains(promise.field + "=" + promise.value));
    }
    for (const std::string& id : author->imported) CHECK(there.records.contains(id));
    for (const Import& import : author->tried) {
      const auto count = std::count_if(import.ids.begin(), import.ids.end(),
                                       [&](const auto& id) { return there.records.contains(id); });
      INFO(import.path << ": " << count << " of " << import.ids.size() << " records");
      CHECK((count == 0 || count == static_cast<std::ptrdiff_t>(import.ids.size())));
    }
  }
}

void KillDay::check_own_promises() const {
  for (const Device& device : devices_) {
    INFO("looked for on " << device.home->name());
    check_promises(ask_for_all(*device.home, {}, {&device}), {&device});
  }
}

void KillDay::check_after_reconciling() const {
  for (int round = 0; round < 2; ++round) {
    for (const Device& device : devices_) CHECK(device.home->sync().at("quarantined") == 0);
  }
  std::vector<const Device*> everybody;
  for (const Device& device : devices_) everybody.push_back(&device);
  json digest;
  for (const Device& device : devices_) {
    INFO("looked for on " << device.home->name());
    const Answers answers = ask_for_all(*device.home, {"sync", "verify", "digest"}, everybody);
    CHECK(answers.first[0].at("pushed").at("envelopes") == 0);
    CHECK(answers.first[1].at("ok") == true);
    CHECK(answers.first[1].at("pending") == 0);
    if (digest.is_null()) digest = answers.first[2];
    CHECK(answers.first[2] == digest);
    check_promises(answers, everybody);
  }
}

}  // namespace wayside::e2e
