#include "tests/simulation/many.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <sstream>
#include <stdexcept>

namespace wayside::simulation {
namespace {

double processor_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// One line: numbers by name. Violations follow, two lines each.
std::string encode(const Tally& tally) {
  std::ostringstream out;
  out << tally.seeds << ' ' << tally.steps << ' ' << tally.saves << ' ' << tally.requests << ' ' << tally.lost_writes
      << ' ' << tally.torn_writes << ' ' << tally.seconds << ' ' << tally.counts.size();
  for (const auto& [deed, count] : tally.counts) out << ' ' << static_cast<unsigned>(deed) << ' ' << count;
  out << ' ' << tally.broken.size() << '\n';
  for (const auto& [seed, violation] : tally.broken)
    out << seed << '\n' << violation.kind << '\n' << violation.text << '\n';
  return out.str();
}

bool add(std::istream& in, Tally& tally) {
  Tally part;
  std::size_t counts = 0;
  std::size_t broken = 0;
  if (!(in >> part.seeds >> part.steps >> part.saves >> part.requests >> part.lost_writes >> part.torn_writes >>
        part.seconds >> counts))
    return false;
  for (; counts > 0; --counts) {
    unsigned deed = 0;
    std::uint64_t count = 0;
    in >> deed >> count;
    tally.counts[static_cast<Deed>(deed)] += count;
  }
  in >> broken;
  for (; broken > 0; --broken) {
    std::uint64_t seed = 0;
    Violation violation;
    in >> seed >> std::ws;
    std::getline(in, violation.kind);
    std::getline(in, violation.text);
    tally.broken[seed] = std::move(violation);
  }
  tally.seeds += part.seeds;
  tally.steps += part.steps;
  tally.saves += part.saves;
  tally.requests += part.requests;
  tally.lost_writes += part.lost_writes;
  tally.torn_writes += part.torn_writes;
  tally.seconds += part.seconds;
  return true;
}

void play_one(std::uint64_t seed, Tally& tally) {
  Outcome outcome = play(make_plan(seed));
  ++tally.seeds;
  tally.steps += outcome.steps;
  tally.saves += outcome.saves;
  tally.requests += outcome.requests;
  tally.lost_writes += outcome.lost_writes;
  tally.torn_writes += outcome.torn_writes;
  for (const auto& [deed, count] : outcome.counts) tally.counts[deed] += count;
  if (outcome.violation) tally.broken[seed] = *std::move(outcome.violation);
}

struct Job {
  pid_t process = 0;
  int out = -1;
};

Job start(std::uint64_t first, std::uint64_t end, unsigned step, bool stop_at_first, volatile std::uint64_t& now) {
  std::array<int, 2> pipe_ends{};
  if (pipe(pipe_ends.data()) != 0) throw std::runtime_error("pipe");
  Job job{fork(), pipe_ends[0]};
  if (job.process < 0) throw std::runtime_error("fork");
  if (job.process > 0) {
    ::close(pipe_ends[1]);
    return job;
  }
  ::close(pipe_ends[0]);
  Tally tally;
  for (std::uint64_t seed = first; seed < end; seed += step) {
    now = seed;
    play_one(seed, tally);
    if (stop_at_first && !tally.broken.empty()) break;
  }
  tally.seconds = processor_seconds();
  const std::string text = encode(tally);
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t written = ::write(pipe_ends[1], text.data() + at, text.size() - at);
    if (written <= 0) _exit(1);
    at += static_cast<std::size_t>(written);
  }
  _exit(0);
}

}  // namespace

Tally play_many(std::uint64_t first, std::uint64_t seeds, unsigned jobs, bool stop_at_first) {
  (void)foundation();  // once, for all of them
  const std::size_t bytes = jobs * sizeof(std::uint64_t);
  auto* now =
      static_cast<std::uint64_t*>(mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  if (now == MAP_FAILED) throw std::runtime_error("mmap");
  std::vector<Job> running;
  for (unsigned i = 0; i < jobs; ++i) running.push_back(start(first + i, first + seeds, jobs, stop_at_first, now[i]));
  Tally tally;
  for (unsigned i = 0; i < jobs; ++i) {
    std::string text;
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = ::read(running[i].out, buffer.data(), buffer.size())) > 0;)
      text.append(buffer.data(), static_cast<std::size_t>(got));
    ::close(running[i].out);
    int status = 0;
    waitpid(running[i].process, &status, 0);
    std::istringstream in(text);
    if (status != 0 || !add(in, tally))
      tally.broken[now[i]] = {"the program died", "the program died of signal " +
                                                      std::to_string(WIFSIGNALED(status) ? WTERMSIG(status) : 0)};
  }
  munmap(now, bytes);
  return tally;
}

std::string figures_of(const Tally& tally) {
  std::ostringstream text;
  text << tally.seeds << " seeds, " << tally.steps << " steps, " << tally.saves << " saves, " << tally.requests
       << " requests to the office; " << tally.lost_writes << " writes lost and " << tally.torn_writes
       << " torn with the power; " << std::llround(tally.seconds) << " s of one core; " << tally.broken.size()
       << " seeds broke a promise.\n\n";
  std::string out = text.str();
  for (const bool faults : {true, false}) {
    out += faults ? "| fault | times |\n|---|---:|\n" : "\n| deed | times |\n|---|---:|\n";
    for (unsigned i = 0; i < static_cast<unsigned>(Deed::count_); ++i) {
      const DeedTraits& traits = traits_of(static_cast<Deed>(i));
      const auto found = tally.counts.find(traits.deed);
      if (traits.fault == faults && found != tally.counts.end())
        out += "| " + std::string(traits.name) + " | " + std::to_string(found->second) + " |\n";
    }
  }
  return out;
}

}  // namespace wayside::simulation
