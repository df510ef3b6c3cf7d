// Work on a thread of libuv's pool, and the promise that it settles.
#pragma once
#include <napi.h>

#include <memory>
#include <optional>

#include "addon/addon.h"
#include "addon/convert.h"

namespace corrsynth {

// Runs `work` on libuv's pool and settles a promise with what `make` turns it into on the JavaScript thread, or with an
// error that has a code, whatever either of them throws.
class PromiseWorker : public Napi::AsyncWorker {
  public:
    // failed: begins the message of an exception that is not the engine's, e.g. "The model cannot be loaded".
    PromiseWorker(Napi::Env env, const char * failed)
        : Napi::AsyncWorker(env),
          deferred_(Napi::Promise::Deferred::New(env)),
          pool_(AddonData::of(env).pool),
          visit_(pool_),
          failed_(failed) {}

    // Queues the work and gives its promise. The worker deletes itself when it is done.
    static Napi::Value run(std::unique_ptr<PromiseWorker> worker) {
        const Napi::Promise promise = worker->deferred_.Promise();
        worker->Queue();
        worker.release();
        return promise;
    }

  protected:
    const std::atomic<bool> & must_hurry() const { return pool_->closed(); }
    virtual void work() = 0;
    virtual Napi::Value make(Napi::Env env) = 0;

  private:
    void Execute() override {
        const PoolVisit visit = std::move(visit_);  // over before the JavaScript thread hears of the end: it may wait
        try {
            work();
        } catch (...) {
            error_ = current_error(failed_);
        }
    }
    void OnOK() override {
        if (error_) return reject(*error_);
        try {
            deferred_.Resolve(make(Env()));
        } catch (const Napi::Error & error) {
            deferred_.Reject(error.Value());
        } catch (...) {
            reject(current_error(failed_));
        }
    }
    void OnError(const Napi::Error & error) override { reject(EngineError(ErrorCode::kInternal, error.Message())); }
    void reject(const EngineError & error) { deferred_.Reject(to_js_error(Env(), error.code(), error.what()).Value()); }

    Napi::Promise::Deferred deferred_;
    const std::shared_ptr<PoolGate> pool_;
    PoolVisit visit_;  // from now on: what is queued will run
    const char * const failed_;
    std::optional<EngineError> error_;
};

}  // namespace corrsynth
