#include "addon/generation_thread.h"

#include "addon/convert.h"

namespace corrsynth {
namespace {

constexpr std::chrono::milliseconds kProgressInterval(100);

Napi::Object to_js(Napi::Env env, const Event & event) {
    Napi::Object out = Napi::Object::New(env);
    if (std::holds_alternative<WantEvent>(event)) {
        out["type"] = "want";
    } else if (const auto * result = std::get_if<GroupResult>(&event)) {
        out["type"] = "group";
        out["result"] = corrsynth::to_js(env, *result);
    } else if (const auto * counters = std::get_if<Counters>(&event)) {
        out["type"] = "progress";
        out["counters"] = corrsynth::to_js(env, *counters);
    } else if (const auto * end = std::get_if<EndEvent>(&event)) {
        out["type"] = "end";
        out["counters"] = corrsynth::to_js(env, end->counters);
        if (end->error) out["error"] = to_js_error(env, end->error->code(), end->error->what()).Value();
    }
    return out;
}

}  // namespace

GenerationThread::GenerationThread(Models models, GenerationOptions options)
    : models_(std::move(models)), options_(std::move(options)) {}

void GenerationThread::start(Napi::Env env, const Napi::Function & on_event) {
    auto share = std::make_unique<Self>(shared_from_this());
    events_ = EventQueue::New(env, on_event, "corrsynth.Generation", 0, 1, share.get(),
                              [](Napi::Env, void *, Self * self) { delete self; });
    share.release();
    // The environment can end (a terminated worker, process.exit) while the thread decodes. Hooks run last in, first
    // out, so this one stops the thread before the queue it writes to, made just above, is taken down.
    napi_add_env_cleanup_hook(env, stop_at_exit, this);
    try {
        thread_ = std::thread([this] { run(); });
    } catch (...) {
        const EngineError error = current_error("The decode thread cannot be started");
        end(env);
        events_.Release();  // nobody will write to it, and as long as somebody might it keeps the process
        throw to_js_error(env, error.code(), error.what());
    }
}

void GenerationThread::stop_at_exit(void * self) { static_cast<GenerationThread *>(self)->stop(); }

void GenerationThread::end(Napi::Env env) {
    ended_ = true;
    napi_remove_env_cleanup_hook(env, stop_at_exit, this);
    if (thread_.joinable()) thread_.join();  // it has nothing left to do
}

void GenerationThread::run() {
    EndEvent end;
    try {
        end.counters = generate(models_, options_, *this, cancelled_);
    } catch (...) {
        end.counters = counters_;
        end.error = current_error("The decode thread failed");
    }
    send(std::move(end));
    events_.Release();
}

bool GenerationThread::next(GroupRequest & request) {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        answered_ = false;
    }
    send(WantEvent{});
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return answered_ || cancelled_; });
    if (cancelled_ || !answer_) return false;
    request = std::move(*answer_);
    answer_.reset();
    return true;
}

void GenerationThread::progress(const Counters & counters) {
    counters_ = counters;
    const auto now = std::chrono::steady_clock::now();
    if (now - last_progress_ < kProgressInterval) return;
    last_progress_ = now;
    send(counters);
}

void GenerationThread::send(Event event) {
    auto * owned = new Event(std::move(event));
    if (events_.NonBlockingCall(owned) != napi_ok) delete owned;  // the environment is closing: nobody listens
}

void GenerationThread::call_js(Napi::Env env, Napi::Function on_event, Self * self, Event * event) {
    const std::unique_ptr<Event> owned(event);
    if (!env || !on_event) return;  // the environment is closing
    if (std::holds_alternative<EndEvent>(*owned)) (*self)->end(env);
    on_event.Call({to_js(env, *owned)});
}

void GenerationThread::answer(std::optional<GroupRequest> request) {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        answered_ = true;
        answer_ = std::move(request);
    }
    changed_.notify_one();
}

void GenerationThread::cancel() {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        cancelled_ = true;
    }
    changed_.notify_one();
}

void GenerationThread::stop() {
    cancel();
    if (thread_.joinable()) thread_.join();
}

void GenerationThread::keep_alive(Napi::Env env, bool alive) {
    if (ended_) return;
    if (alive) {
        events_.Ref(env);
    } else {
        events_.Unref(env);
    }
}

}  // namespace corrsynth
