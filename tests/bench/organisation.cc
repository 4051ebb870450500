#include "tests/bench/organisation.h"

#include <chrono>
#include <fstream>
#include <iostream>
#include <thread>

namespace wayside::bench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr const char* kPassphrase = "a passphrase for benchmarks only";

void write_file(const fs::path& path, std::string_view text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
}

}  // namespace

void say(const std::string& line) { std::cerr << line << std::endl; }

platform::Path program(const char* name) { return fs::read_symlink("/proc/self/exe").parent_path() / name; }

std::string letter(int device) { return std::string(1, static_cast<char>('A' + device)); }

Organisation::Organisation(platform::Path work) : work_(std::move(work)) {
  fs::remove_all(work_);
  fs::create_directories(work_);
  setenv("WAYSIDE_KEYS", (work_ / "keys").c_str(), 1);
  write_file(work_ / "passphrase", kPassphrase);
}

platform::Path Organisation::home(int device) const { return work_ / ("home-" + letter(device)); }

void Organisation::found() {
  say("office");
  const std::string data_folder = data().string();
  const Finished init = run(program("wayside-office"), {"init", "--data", data_folder, "--org", "Benchmark", "--address", "127.0.0.1:0",
                                                        "--recovery-out", (work_ / "recovery").string()});
  if (init.exit_code != 0) throw std::runtime_error("wayside-office init failed");
  write_file(work_ / "ticket-A", init.out);
  const fs::path port_file = work_ / "port";
  auto started = platform::ChildProcess::start({.program = program("wayside-office"),
                                                .arguments = {"serve", "--data", data_folder, "--listen", "127.0.0.1:0", "--port-file", port_file.string()}});
  if (!started) throw std::runtime_error("wayside-office serve failed");
  office_process_.emplace(*std::move(started));
  for (int tries = 0; !fs::exists(port_file); ++tries) {
    if (tries > 1000) throw std::runtime_error("the office did not come up");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  std::string port;
  std::ifstream(port_file) >> port;
  office_ = "127.0.0.1:" + port;
}

void Organisation::cli(int device, std::vector<std::string> arguments) {
  std::vector<std::string> all{"--home", home(device).string(), "--passphrase-file", (work_ / "passphrase").string(),
                               "--office", office_};
  all.insert(all.end(), arguments.begin(), arguments.end());
  if (run(program("wayside-cli"), all).exit_code != 0) throw std::runtime_error("wayside-cli " + arguments.front() + " failed");
}

void Organisation::join(int device) {
  const std::string ticket = (work_ / ("ticket-" + letter(device))).string();
  if (device > 0) cli(0, {"invite", "--role", "advocate", "--user", "Device " + letter(device), "--out", ticket});
  cli(device, {"join", ticket, "--device-name", "Device " + letter(device)});
}

json Organisation::open(int device) {
  const auto index = static_cast<std::size_t>(device);
  if (devices_.size() <= index) devices_.resize(index + 1);
  devices_[index] = std::make_unique<JsonChild>(program("wayside-bench"), std::vector<std::string>{"device"});
  return devices_[index]->ask({{"do", "open"}, {"home", home(device).string()}, {"passphrase_file", (work_ / "passphrase").string()}});
}

}  // namespace wayside::bench
