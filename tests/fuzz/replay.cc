#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

/// Runs a fuzz target without libFuzzer, so that every compiler builds it and every test run exercises it: over the
/// files of the folders named, each whole, cut and with single bytes changed, under every first byte up to 31.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

/// Places of one file that are spoilt, so that a large golden file costs no more than a small one.
constexpr std::size_t kMaxPlaces = 500;

std::size_t run(const std::string& content) {
  std::size_t runs = 0;
  std::string input = " " + content;
  const auto once = [&](const std::string& bytes) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    ++runs;
  };
  for (char choice = 0; choice < 32; ++choice) {
    input[0] = choice;
    const std::size_t stride = 1 + input.size() / kMaxPlaces;
    for (std::size_t at = 1; at < input.size(); at += stride) {
      once(input.substr(0, at));
      for (const int flip : {0x01, 0x80, 0xff}) {
        std::string spoilt = input;
        spoilt[at] = static_cast<char>(spoilt[at] ^ flip);
        once(spoilt);
      }
    }
    once(input);
  }
  return runs;
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t runs = 0;
  for (int i = 1; i < argc; ++i) {
    for (const auto& file : std::filesystem::directory_iterator(argv[i])) {
      std::ifstream in(file.path(), std::ios::binary);
      const std::string content{std::istreambuf_iterator<char>(in), {}};
      // A version byte stands before most formats; without it a message is read as a frame is.
      runs += run(content) + run(content.substr(content.empty() ? 0 : 1));
    }
  }
  std::printf("%zu runs\n", runs);
  return runs > 1000 ? 0 : 1;
}
