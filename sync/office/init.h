#pragma once

#include <expected>
#include <functional>
#include <string>

#include "platform/env.h"
#include "sync/office/sentences.h"

namespace wayside::office {

struct InitCommand {
  platform::Path data;
  std::string organisation;
  std::string address;  ///< HOST:PORT that tickets will say
  platform::Path recovery_out;   ///< the whole page; empty: none, then there are shares
  std::string first_admin = "Administrator";
  platform::Path shares_out{};   ///< a folder for three shares; empty: none
};

struct Failure {
  Doing doing;
  Error error;
};

/// Gives the first admin's ticket to whoever asked for the office.
using HandOver = std::function<Result<void>(const SecretBytes& ticket_text)>;

/// Makes an organisation and its office. Root key and recovery secret go to `recovery_out`, or in shares to
/// `shares_out`, and nowhere else; member key and the first epoch's secret go into the ticket and nowhere else.
///
/// Whole when it returns: recovery pages, ticket and office are all durable or handed over. On a failure nothing is left
/// behind. After a crash the folder holds no office, or one that says it is unfinished, or a whole one.
std::expected<void, Failure> make_office(const InitCommand& command, platform::Env& env, const HandOver& hand_over);

}  // namespace wayside::office
