// What llama.cpp maps of a model's files is read while it runs. A file that is cut shorter, or whose disk fails, is no
// longer there to be read: the system says so by SIGBUS, which ends the process unless somebody takes it.
#pragma once
#include <string>
#include <vector>

namespace corrsynth {

// While one lives, what is missing of the files' mappings is read as zeros, and was_lost() tells it. Any other SIGBUS
// goes where it went before. Linux alone; elsewhere it does nothing. Serves 1,024 mappings at a time, later ones not.
class FileGuard {
  public:
    // The first file of a model, or the only one; the others of a split model are found by their names.
    explicit FileGuard(const std::string & path);
    ~FileGuard();
    FileGuard(const FileGuard &) = delete;
    FileGuard & operator=(const FileGuard &) = delete;

    // Finds what is mapped of the files now, in place of what was found before. Takes a lock, and reads /proc.
    void look();

    // From the moment that something was read as zeros. Any thread may ask.
    bool was_lost() const;

  private:
    void forget();
    std::vector<std::string> paths_;  // as the system writes them
    std::vector<int> places_;         // in the table that the signal's handler reads
    bool was_lost_ = false;           // by a mapping that is forgotten
};

}  // namespace corrsynth
