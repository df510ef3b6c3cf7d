// A shared library opened at run time; it stays loaded, since what it made may outlive everything here.
#pragma once
#include <string>

namespace corrsynth {

class SharedLibrary {
  public:
    // `message` becomes the reason when the file cannot be opened; function() then gives null.
    SharedLibrary(const std::string & path, std::string & message);

    template <typename Function>
    Function function(const char * name) const {
        return reinterpret_cast<Function>(address(name));
    }

  private:
    void * address(const char * name) const;
    void * handle_ = nullptr;
};

}  // namespace corrsynth
