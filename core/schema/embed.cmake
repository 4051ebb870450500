# Writes OUTPUT, a C++ source that holds the files below FOLDER named by FILES (separated by commas) as text.
# cmake -DFOLDER=… -DFILES=a,b -DOUTPUT=… -P embed.cmake
string(REPLACE "," ";" files "${FILES}")
set(source "#include \"core/schema/schema.h\"\n\nnamespace wayside::schema {\n\n")
string(APPEND source "const std::vector<SchemaFile>& builtin_files() {\n  static const std::vector<SchemaFile> files{\n")
foreach(file IN LISTS files)
  # Semicolons and brackets mean something to CMake's lists; hex keeps every byte as it is.
  file(READ "${FOLDER}/${file}" hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" text "${hex}")
  string(REGEX REPLACE "(\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..)" "\\1\"\n     \"" text "${text}")
  string(LENGTH "${hex}" digits)
  math(EXPR size "${digits} / 2")
  string(APPEND source "    {\"${file}\", {\"${text}\", ${size}}},\n")
endforeach()
string(APPEND source "  };\n  return files;\n}\n\n}  // namespace wayside::schema\n")
file(WRITE "${OUTPUT}" "${source}")
