// The decode thread of one generation and its two doors: groups come in, events go out.
#pragma once
#include <napi.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <variant>

#include "engine/error.h"
#include "engine/generate.h"

namespace corrsynth {

struct WantEvent {};
struct EndEvent {
    Counters counters;
    std::optional<EngineError> error;
};
using Event = std::variant<WantEvent, GroupResult, Counters, EndEvent>;

class GenerationThread : private GroupExchange, public std::enable_shared_from_this<GenerationThread> {
  public:
    GenerationThread(Models models, GenerationOptions options);
    ~GenerationThread() override { stop(); }

    // Starts decoding; on_event is called through a thread-safe function, which owns a share of this until it is gone.
    // Throws a Napi::Error with the engine's code when no thread can be had.
    void start(Napi::Env env, const Napi::Function & on_event);

    // All of these on the JavaScript thread.
    void answer(std::optional<GroupRequest> request);
    void cancel();
    void stop();  // cancels and waits for the thread; twice is harmless
    void keep_alive(Napi::Env env, bool alive);

  private:
    using Self = std::shared_ptr<GenerationThread>;
    static void call_js(Napi::Env env, Napi::Function on_event, Self * self, Event * event);
    using EventQueue = Napi::TypedThreadSafeFunction<Self, Event, call_js>;
    static void stop_at_exit(void * self);
    void end(Napi::Env env);

    // On the decode thread.
    void run();
    bool next(GroupRequest & request) override;
    void finished(GroupResult result) override { send(std::move(result)); }
    void progress(const Counters & counters) override;
    void send(Event event);

    const Models models_;
    const GenerationOptions options_;
    std::atomic<bool> cancelled_{false};
    EventQueue events_;
    bool ended_ = false;  // JavaScript thread: the end event was delivered, events_ is going
    Counters counters_;   // decode thread
    std::chrono::steady_clock::time_point last_progress_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool answered_ = false;  // guarded by mutex_, as is answer_
    std::optional<GroupRequest> answer_;
    std::thread thread_;
};

}  // namespace corrsynth
