#include "sync/office/commands.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "platform/atomic_file.h"
#include "sync/office/admit.h"
#include "sync/office/data_folder.h"
#include "sync/office/desk.h"
#include "sync/office/http_server.h"
#include "sync/office/keep_branch.h"
#include "sync/office/sentences.h"
#include "sync/office/stick_desk.h"
#include "sync/office/tuning.h"

namespace wayside::office {
namespace {

using platform::Path;

/// Not through stdio: its buffer would keep a copy of the secret.
Result<void> print_secret(const SecretBytes& text) {
  BytesView rest = text.view();
  while (!rest.empty()) {
    const ssize_t put = ::write(STDOUT_FILENO, rest.data(), rest.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return fail(Errc::io, "standard output");
    rest.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

Result<void> tell_port(platform::Files& files, const std::optional<Path>& file, std::uint16_t port) {
  return file ? platform::write_atomically(files, *file, std::to_string(port) + "\n") : Result<void>{};
}

/// A status that is a little old is better than none, so a failure here stops nothing.
void write_figures(const DataFolder& data, LedgerStore& store, platform::Env& env) {
  if (const auto figures = store.figures()) {
    (void)platform::write_atomically(env.files, data.figures(), figures_json(*figures, env.clock.wall_ms()));
  }
}

/// What a served office does between the requests of its line.
struct Attendance {
  platform::Env& env;
  const DataFolder& data;
  LedgerStore& store;
  Service& service;
  std::int64_t looked_ms = 0, stick_ms = -kStickStays_ms - 1;

  /// How long until it looks again.
  std::chrono::milliseconds look() {
    const std::int64_t now_ms = env.clock.monotonic_ms();
    if (answer_at_desk(env, data.folder(), service, store.log())) stick_ms = now_ms;
    const bool at_stick = now_ms - stick_ms <= kStickStays_ms;
    const std::chrono::milliseconds interval = kFiguresInterval;
    if (!at_stick || now_ms - looked_ms >= interval.count()) {
      looked_ms = now_ms;
      const bool asked = look_at_desk(env, data.folder(), store);
      if (service.take_changed() || asked) write_figures(data, store, env);
    }
    return at_stick ? kStickPause : interval;
  }
};

/// An office that is not served, held while something is done to it.
struct Held {
  DataFolder data;
  std::unique_ptr<LedgerStore> store;
};

Result<Held> hold(const Path& folder, platform::Env& env) {
  WAYSIDE_TRY(auto data, DataFolder::use(env.files, folder));
  WAYSIDE_TRY(auto store, LedgerStore::open(env, data.store()));
  return Held{std::move(data), std::move(store)};
}

Result<std::string> read_figures(const Path& folder, platform::Env& env) {
  const auto office = hold(folder, env);
  if (!office && office.error().code == Errc::busy) {
    return platform::read_all(env.files, DataFolder::figures_in(folder), 64 << 10);
  }
  if (!office) return std::unexpected(office.error());
  WAYSIDE_TRY(const Figures figures, office->store->figures());
  return figures_json(figures, env.clock.wall_ms());
}

void tell_of_shares(const Path& folder) {
  std::fprintf(stderr,
               "%s holds three pages, of which any two open every case: print each, give each to somebody else to lock\n"
               "away, and delete the files.\n",
               folder.c_str());
}

}  // namespace

int run_init(const InitCommand& command, platform::Env& env) {
  const auto made = make_office(command, env, print_secret);
  if (!made) return report(made.error().doing, made.error().error);
  std::fprintf(stderr, "The organisation is founded.\n");
  if (!command.recovery_out.empty()) {
    std::fprintf(stderr, "%s opens every case: print it, lock it away, delete it.\n", command.recovery_out.c_str());
  }
  if (!command.shares_out.empty()) tell_of_shares(command.shares_out);
  std::fprintf(stderr, "The ticket above admits the first administrator and is valid for 7 days.\n");
  return kDone;
}

int run_shares(const SharesCommand& command, platform::Env& env) {
  const auto secrets = recovery::read_papers(env, command.papers);
  if (!secrets) return report(Doing::papers, secrets.error());
  const auto shares = recovery::split(*secrets, env.clock.wall_ms(), env.random);
  if (!shares) return report(Doing::papers, shares.error());
  if (const auto saved = recovery::save_shares(env.files, command.out, *shares); !saved) {
    return report(Doing::recovery_file, saved.error());
  }
  tell_of_shares(command.out);
  std::fprintf(stderr, "Pages that were made before go on to open it: burn those that are not wanted any more.\n");
  return kDone;
}

int run_combine(const CombineCommand& command, platform::Env& env) {
  const auto secrets = recovery::read_papers(env, command.papers);
  if (!secrets) return report(Doing::papers, secrets.error());
  if (const auto saved = recovery::save_page(env.files, command.out, recovery::page_text(*secrets)); !saved) {
    return report(Doing::recovery_file, saved.error());
  }
  std::fprintf(stderr, "%s opens every case: print it, lock it away, delete it.\n", command.out.c_str());
  return kDone;
}

int run_admit(const AdmitCommand& command, platform::Env& env) {
  const auto secrets = recovery::read_papers(env, command.papers);
  if (!secrets) return report(Doing::papers, secrets.error());
  const auto office = hold(command.data, env);
  if (!office) return report(Doing::serve, office.error());
  const auto admission = admit_with_pages(env, *office->store, *secrets, command.admin);
  if (!admission) {
    const Errc code = admission.error().code;
    const bool of_name = code == Errc::bad_input || code == Errc::too_large;
    return report(of_name ? Doing::init : code == Errc::not_permitted ? Doing::papers : Doing::serve, admission.error());
  }
  write_figures(office->data, *office->store, env);
  if (const auto printed = print_secret(membership::ticket_text(admission->ticket)); !printed) {
    return report(Doing::serve, printed.error());
  }
  if (!admission->names_readable) {
    std::fprintf(stderr, "Names of people and teams from before stay unreadable: this organisation was founded by an early version.\n");
  }
  std::fprintf(stderr,
               "The ticket above admits an administrator of every team and is valid for 7 days. Serve again, `wayside-cli join`\n"
               "with it, then `wayside-cli recovery cases` with the same pages opens the cases. Every device is told.\n");
  return kDone;
}

int run_branch(const BranchCommand& command, platform::Env& env) {
  std::vector<EntryHash> refused;
  for (const std::string& each : command.refuse) {
    const auto hash = EntryHash::from(from_hex(each));
    if (!hash) {
      std::fprintf(stderr, "--refuse: that is no entry's hash: 64 digits and letters a to f. Copy it from what `sync` said.\n");
      return kFailed;
    }
    refused.push_back(*hash);
  }
  const auto secrets = recovery::read_papers(env, command.papers);
  if (!secrets) return report(Doing::papers, secrets.error());
  const auto office = hold(command.data, env);
  if (!office) return report(Doing::serve, office.error());
  const auto done = keep_branch(env, *office->store, *secrets, command.entry, refused);
  if (!done && done.error().code == Errc::not_found) {
    std::fprintf(stderr, "--entry: this office's membership log has no such entry. Take the number from what `sync` said.\n");
    return kFailed;
  }
  if (!done && done.error().code == Errc::already_exists) {
    std::fprintf(stderr, "--refuse: this office holds that entry itself. What it holds is what is kept: name the entries of the device's log.\n");
    return kFailed;
  }
  if (!done) return report(done.error().code == Errc::not_permitted ? Doing::papers : Doing::serve, done.error());
  write_figures(office->data, *office->store, env);
  std::fprintf(stderr, *done == 0 ? "These entries were refused before. Nothing has changed.\n"
                                  : "This office's membership log is kept. Serve again: devices that hold the other one change over with their next\n"
                                    "reconcile, and every device is told that the recovery pages were used.\n");
  return kDone;
}

int run_serve(const ServeCommand& command, platform::Env& env) {
  auto data = DataFolder::use(env.files, command.data);
  if (!data) return report(Doing::serve, data.error());
  auto keys = load_keys(env.files, data->keys());
  if (!keys) return report(Doing::serve, keys.error());
  auto store = LedgerStore::open(env, data->store());
  if (!store) return report(Doing::serve, store.error());
  const auto& named = (*store)->log().office();
  if (!named || named->tls_pin != keys->tls_pin()) {
    return report(Doing::serve, {Errc::corrupt, data->keys().string() + " is not the key that membership names"});
  }
  const auto address = parse_address(command.listen.value_or(named->address));
  if (!address) return report(Doing::listen, address.error());

  if (command.attachments_gib) (*store)->set_part_share(*command.attachments_gib << 30);
  (*store)->set_envelope_share(command.envelopes_gib ? *command.envelopes_gib << 30 : kEnvelopeShareBytes,
                               command.envelopes_a_day_mib ? *command.envelopes_a_day_mib << 20 : kEnvelopeDayShareBytes);
  Service service(env.clock, **store, *std::move(keys));
  if (command.requests_a_minute) service.set_request_rate(*command.requests_a_minute);
  const auto server = HttpServer::listen(*address, service);
  if (!server) return report(Doing::listen, server.error());
  if (const auto told = tell_port(env.files, command.port_file, (*server)->port()); !told) {
    return report(Doing::listen, told.error());
  }
  (*server)->stop_on_signals();   // before anybody is told that it serves
  std::fprintf(stderr, "listening on %s\n", (*server)->endpoint().c_str());
  write_figures(*data, **store, env);
  Attendance attendance{env, *data, **store, service};
  (*server)->run([&attendance] { return attendance.look(); });
  write_figures(*data, **store, env);
  return kDone;
}

int run_status(const StatusCommand& command, platform::Env& env) {
  const auto figures = read_figures(command.data, env);
  if (!figures) return report(Doing::status, figures.error());
  if (command.json) {
    std::printf("%s\n", figures->c_str());
    return std::fflush(stdout) == 0 ? kDone : kFailed;
  }
  const auto json = nlohmann::ordered_json::parse(*figures, nullptr, false);
  if (!json.is_object()) return report(Doing::status, {Errc::corrupt, "figures.json"});
  for (const auto& [name, value] : json.items()) {
    std::printf("%-20s %s\n", name.c_str(),
                value.is_string() ? value.get<std::string>().c_str() : value.dump().c_str());
  }
  return std::fflush(stdout) == 0 ? kDone : kFailed;
}

}  // namespace wayside::office
