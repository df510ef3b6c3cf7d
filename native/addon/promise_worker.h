// Work on a thread of libuv's pool, and the promise that it settles.
#pragma once
#include <napi.h>

#include <memory>

#include "addon/addon.h"
#include "addon/convert.h"

namespace corrsynth {

// Runs `work` on libuv's pool and settles a promise with what `make` turns it into on the JavaScript thread.
class PromiseWorker : public Napi::AsyncWorker {
  public:
    explicit PromiseWorker(Napi::Env env)
        : Napi::AsyncWorker(env), deferred_(Napi::Promise::Deferred::New(env)), pool_(AddonData::of(env).pool) {
        pool_->enter();
    }
    Napi::Promise promise() const { return deferred_.Promise(); }

  protected:
    const std::atomic<bool> & must_hurry() const { return pool_->closed(); }
    virtual void work() = 0;
    virtual Napi::Value make(Napi::Env env) = 0;

  private:
    void Execute() override {
        try {
            work();
        } catch (const EngineError & error) {
            code_ = error.code();
            SetError(error.what());
        }
        pool_->leave();
    }
    void OnOK() override { deferred_.Resolve(make(Env())); }
    void OnError(const Napi::Error & error) override {
        deferred_.Reject(to_js_error(Env(), code_, error.Message()).Value());
    }

    Napi::Promise::Deferred deferred_;
    const std::shared_ptr<PoolGate> pool_;
    ErrorCode code_ = ErrorCode::kDecode;
};

}  // namespace corrsynth
