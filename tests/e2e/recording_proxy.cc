#include "tests/e2e/recording_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <list>
#include <stdexcept>
#include <vector>

namespace wayside::e2e {
namespace {

using platform::Descriptor;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

Descriptor connect_to(std::uint16_t port) {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback(port);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) socket.close();
  return socket;
}

bool send_all(int to, BytesView bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

struct Pair {
  Descriptor device, office;
};

/// Hands on what has come; false once that side has ended.
bool hand_on(int from, int to, Bytes& record, std::mutex& mutex) {
  std::array<char, 64 * 1024> chunk;
  const ssize_t got = ::recv(from, chunk.data(), chunk.size(), 0);
  if (got <= 0) return false;
  const BytesView bytes(chunk.data(), static_cast<std::size_t>(got));
  {
    const std::lock_guard lock(mutex);
    record.append(bytes);
  }
  return send_all(to, bytes);
}

}  // namespace

RecordingProxy::RecordingProxy(const std::string& office)
    : office_port_(static_cast<std::uint16_t>(std::stoi(office.substr(office.rfind(':') + 1)))),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      stop_(::eventfd(0, EFD_CLOEXEC)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      ::listen(listener_.get(), 16) != 0 ||
      ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no proxy");
  }
  address_ = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  thread_ = std::thread([this] { serve(); });
}

RecordingProxy::~RecordingProxy() {
  ::eventfd_write(stop_.get(), 1);
  thread_.join();
}

void RecordingProxy::serve() {
  std::list<Pair> pairs;
  for (;;) {
    std::vector<pollfd> wanted{{stop_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}};
    for (const Pair& pair : pairs) {
      wanted.push_back({pair.device.get(), POLLIN, 0});
      wanted.push_back({pair.office.get(), POLLIN, 0});
    }
    if (::poll(wanted.data(), wanted.size(), -1) < 0) continue;
    if (wanted[0].revents != 0) return;
    std::size_t at = 2;
    for (auto pair = pairs.begin(); pair != pairs.end(); at += 2) {
      const bool whole =
          (wanted[at].revents == 0 || hand_on(pair->device.get(), pair->office.get(), sent_, mutex_)) &&
          (wanted[at + 1].revents == 0 || hand_on(pair->office.get(), pair->device.get(), answered_, mutex_));
      pair = whole ? std::next(pair) : pairs.erase(pair);
    }
    if (wanted[1].revents == 0) continue;
    Pair made{Descriptor(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)), connect_to(office_port_)};
    if (made.device.is_open() && made.office.is_open()) pairs.push_back(std::move(made));
  }
}

Bytes RecordingProxy::sent() const {
  const std::lock_guard lock(mutex_);
  return sent_;
}

Bytes RecordingProxy::answered() const {
  const std::lock_guard lock(mutex_);
  return answered_;
}

}  // namespace wayside::e2e
