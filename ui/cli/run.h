#pragma once

#include <string>
#include <vector>

#include "ui/cli/verb.h"

namespace wayside::cli {

/// Reads the words of a command line (without the program's name), does what they say and returns the exit code.
int run(const std::vector<std::string>& words, Surroundings& surroundings);

/// One verb with its words, in a context that is there already, as a batch has it. Wrong words are Errc::usage.
Result<Exit> run_verb(const std::vector<std::string>& words, Context& context);

}  // namespace wayside::cli
