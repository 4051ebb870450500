#pragma once

// toml++ 3.0 asserts what a file may well break ("[[[" ends the program), and then checks it again and says so. The
// assertions are off, also where NDEBUG is not set: a person's file never ends the program.
#define TOML_ASSERT(expr) static_cast<void>(0)
#include <toml++/toml.h>
