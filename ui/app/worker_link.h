#pragma once

#include <functional>
#include <memory>

#include "platform/bytes.h"
#include "platform/secret_bytes.h"

namespace wayside::app {

/// The window's end of the line to the worker, which owns the vault. Plain encoded messages both ways
/// (messages.proto), so that the worker can be a thread today and a process later.
/// No call waits for the worker: the window never misses a frame for it.
class WorkerLink {
 public:
  virtual ~WorkerLink() = default;
  /// Queues an encoded Command. Commands are worked off in order.
  virtual void send(Bytes command) = 0;
  /// Queues an attempt to unlock. The passphrase stays in guarded memory and is wiped when it was tried.
  virtual void unlock(SecretString passphrase) = 0;
  /// The newest encoded Snapshot; empty before the first. The bytes never change once published.
  virtual std::shared_ptr<const Bytes> latest() = 0;
  /// `wakeup` is called, from the worker's thread, after each new snapshot. It must return at once.
  virtual void set_wakeup(std::function<void()> wakeup) = 0;
};

}  // namespace wayside::app
