// The JavaScript object that stands for one running generation: a thread of its own, groups in, events out.
#pragma once
#include <napi.h>

#include <memory>

namespace corrsynth {

class GenerationThread;

// new Generation(model, options, onEvent, second) starts decoding at once; second is a model with the same tokens for
// the rows of source 1, or undefined. onEvent(event) is called on the JavaScript thread,
// in order, with { type } one of
//   "want"      the thread waits for submit() or decline()
//   "group"     result: a finished group
//   "progress"  counters: at most ten times a second
//   "end"       counters, and error {code, message} unless every group was finished; always the last event
class JsGeneration : public Napi::ObjectWrap<JsGeneration> {
  public:
    static Napi::Function constructor(Napi::Env env);
    explicit JsGeneration(const Napi::CallbackInfo & info);
    ~JsGeneration() override;

  private:
    void submit(const Napi::CallbackInfo & info);   // (index, Int32Array[], Int32Array[]?) the group that was wanted
    void decline(const Napi::CallbackInfo & info);  // () no group for now
    void cancel(const Napi::CallbackInfo & info);   // () ends within one graph operation; "end" follows
    void ref(const Napi::CallbackInfo & info);      // () the generation keeps the process alive (the default)
    void unref(const Napi::CallbackInfo & info);
    std::shared_ptr<GenerationThread> thread_;
};

}  // namespace corrsynth
