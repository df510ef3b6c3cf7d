// Counts what runs on libuv's pool, so that the process can wait for it before it takes llama.cpp's globals down.
#pragma once
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>

namespace corrsynth {

class PoolGate {
  public:
    // Tells what is inside to hurry and waits for it.
    void close() {
        closed_ = true;
        std::unique_lock<std::mutex> lock(mutex_);
        changed_.wait(lock, [this] { return n_inside_ == 0; });
    }
    const std::atomic<bool> & closed() const { return closed_; }

  private:
    friend class PoolVisit;
    void enter() {
        const std::lock_guard<std::mutex> lock(mutex_);
        ++n_inside_;
    }
    void leave() {
        const std::lock_guard<std::mutex> lock(mutex_);
        --n_inside_;
        changed_.notify_all();
    }
    std::atomic<bool> closed_{false};
    std::mutex mutex_;
    std::condition_variable changed_;
    int n_inside_ = 0;
};

// Inside from its construction to its end, however that comes about: a gate that somebody forgot to leave never closes.
class PoolVisit {
  public:
    explicit PoolVisit(std::shared_ptr<PoolGate> gate) : gate_(std::move(gate)) { gate_->enter(); }
    PoolVisit(PoolVisit && other) noexcept = default;  // the other is no visit any more
    PoolVisit & operator=(PoolVisit &&) = delete;
    ~PoolVisit() {
        if (gate_) gate_->leave();
    }

  private:
    std::shared_ptr<PoolGate> gate_;
};

}  // namespace corrsynth
